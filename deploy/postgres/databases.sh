#!/bin/sh
# Runs once, when the data directory is new: roles and databases. Temporal and Guitu
# cannot read each other's. guitu_owner owns Guitu's schema and is used by "guitu migrate"
# alone; guitu, the login of the workers, has the rights of guitu_app: it may
# add to the ledger and can neither change nor delete what is in it, make no token and take
# no key away. guitu_api, the login of the API, has those of guitu_scoped: it reads the ledger,
# and of clients what lies in the scope of a request. Tokens are made as guitu_tokens, which the
# owner alone may become.
set -eu
secret() { cat "${SECRETS_DIR:-/run/secrets}/$1"; }
psql --username postgres --set ON_ERROR_STOP=1 --quiet \
	--set temporal="$(secret temporal_password)" --set owner="$(secret guitu_owner_password)" --set guitu="$(secret guitu_password)" --set api="$(secret guitu_api_password)" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE ROLE guitu_app NOLOGIN;
CREATE ROLE guitu_scoped NOLOGIN;
CREATE ROLE guitu_tokens NOLOGIN;
CREATE ROLE guitu_keys NOLOGIN;
CREATE ROLE guitu_owner LOGIN CREATEROLE PASSWORD :'owner';
GRANT guitu_app, guitu_scoped, guitu_tokens, guitu_keys TO guitu_owner WITH ADMIN OPTION;
CREATE ROLE guitu LOGIN PASSWORD :'guitu' IN ROLE guitu_app;
CREATE ROLE guitu_api LOGIN PASSWORD :'api' IN ROLE guitu_scoped;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE guitu OWNER guitu_owner;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, guitu FROM PUBLIC;
GRANT CONNECT ON DATABASE guitu TO guitu, guitu_api;
SQL
