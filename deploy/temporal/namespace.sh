#!/bin/sh
# Registers the namespace and the search attributes of a case, and waits until the
# server knows them. Runs at every start: what is there already is left alone.
set -eu
made=
ATTRIBUTES="CasePhase CaseRisk CasePlace CaseWorker CaseEscalation"

# again COMMAND... tries once a second for two minutes.
again() {
	tries=0
	until "$@" >/tmp/again 2>&1; do
		tries=$((tries + 1))
		if [ "$tries" -ge 120 ]; then
			cat /tmp/again >&2
			return 1
		fi
		sleep 1
	done
}

namespace_exists() {
	temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" ||
		temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
}

# A new namespace reaches the server's cache some seconds after it was made.
attribute_is_known() {
	temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" | grep -qw "$1"
}

attribute_exists() {
	attribute_is_known "$1" && return
	made=1
	temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$1" --type Keyword
}

# The list above is read from the database; this asks the frontend's own memory.
attributes_are_served() {
	query="WorkflowId = 'none'"
	for name in $ATTRIBUTES; do
		query="$query AND $name IS NULL"
	done
	temporal workflow count --namespace "$TEMPORAL_NAMESPACE" --query "$query"
}

again temporal operator cluster health
again namespace_exists
for name in $ATTRIBUTES; do
	again attribute_exists "$name"
done
again attributes_are_served
# The other services look every two seconds.
[ -z "$made" ] || sleep 5
echo "namespace $TEMPORAL_NAMESPACE is ready"
