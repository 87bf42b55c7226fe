#!/bin/sh
# Registers the namespace and the search attributes of a case, and waits until the
# server knows them. Runs at every start: what is there already is left alone.
set -eu
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
	attribute_is_known "$1" ||
		temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$1" --type Keyword
}

again temporal operator cluster health
again namespace_exists
for name in $ATTRIBUTES; do
	again attribute_exists "$name"
done
for name in $ATTRIBUTES; do
	again attribute_is_known "$name"
done
echo "namespace $TEMPORAL_NAMESPACE is ready"
