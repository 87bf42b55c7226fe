-- +goose Up
-- What was changed of who a client is. The change itself, with its values, its reason and who
-- decided, is encrypted under the key of the case; beside it stands what a list of waiting
-- changes needs.
CREATE TABLE client_changes (
  case_id    text        NOT NULL,
  n          integer     NOT NULL,
  state      text        NOT NULL, -- waiting, acted, declined
  fields     text[]      NOT NULL, -- their names, no values
  actor      text        NOT NULL, -- "role place id" of who told it
  at         timestamptz NOT NULL,
  ciphertext bytea       NOT NULL,
  PRIMARY KEY (case_id, n)
);
CREATE INDEX client_changes_waiting ON client_changes (case_id, n) WHERE state = 'waiting';

-- The requests that changed a client, each once. They share their keys with the commands of
-- the case.
CREATE TABLE client_commands (
  case_id    text      NOT NULL,
  command_id text      NOT NULL,
  digest     text      NOT NULL,
  changes    integer[] NOT NULL,
  PRIMARY KEY (case_id, command_id)
);

-- By what a client is found: keyed hashes. NULL where nobody has made them yet (guitu reindex),
-- empty where the case is sealed or void.
ALTER TABLE clients ADD COLUMN terms bigint[];
CREATE INDEX clients_terms ON clients USING gin (terms) WITH (fastupdate = off);

GRANT SELECT, INSERT, UPDATE, DELETE ON client_changes TO guitu_app;
GRANT SELECT, INSERT, DELETE ON client_commands TO guitu_app;
