#!/bin/sh
# Brings Temporal's two databases to the schema of this release. Runs at every start:
# what is there already is left alone.
set -eu
SQL_PASSWORD=$(cat "$SQL_PASSWORD_FILE")
export SQL_PASSWORD

for pair in temporal:temporal temporal_visibility:visibility; do
	database=${pair%%:*}
	schema=${SCHEMA_DIR:-/etc/temporal/schema}/postgresql/v12/${pair##*:}/versioned
	temporal-sql-tool --database "$database" setup-schema --version 0.0
	temporal-sql-tool --database "$database" update-schema --schema-dir "$schema"
done
