-- +goose Up
-- The read log: who read which file, identity, paper, list or export. Each process that writes
-- has a chain of its own (writer, n); the signatures need a key that the database does not have.
CREATE TABLE audit (
  position   bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
  writer     text        NOT NULL,
  n          bigint      NOT NULL,
  at         timestamptz NOT NULL,
  actor      text        NOT NULL,
  place      text        NOT NULL, -- of the actor
  actor_id   text        NOT NULL,
  operation  text        NOT NULL,
  subject    text        NOT NULL,
  cases      text[]      NOT NULL,
  reason     bytea,                -- under the master key: it may name somebody
  address    text        NOT NULL,
  request_id text        NOT NULL,
  mac        bytea       NOT NULL, -- over the one before and all fields
  PRIMARY KEY (writer, n)
);
CREATE INDEX audit_subject ON audit (subject, position);
CREATE INDEX audit_cases ON audit USING gin (cases) WHERE cases <> '{}';
CREATE INDEX audit_actor ON audit (actor_id, position);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO ledger_sums (bucket) VALUES (257);
GRANT SELECT, INSERT ON audit TO guitu_app;
