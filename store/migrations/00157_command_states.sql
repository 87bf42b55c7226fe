-- +goose Up
-- What became of the commands of an actor, where the ledger does not say it: those that were left
-- with the engine, those that were refused, and those whose fact was known. Kept for 30 days.
CREATE TABLE command_states (
  actor      text        NOT NULL,
  command_id text        NOT NULL,
  case_id    text        NOT NULL,
  type       text        NOT NULL,
  state      text        NOT NULL,
  seq        bigint      NOT NULL DEFAULT 0, -- of the record that has the fact
  refusal    jsonb,                          -- code, message, field and citation: no text of a person
  at         timestamptz NOT NULL,
  PRIMARY KEY (actor, command_id, case_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON command_states TO guitu_app;

-- A command is found by its key alone.
CREATE INDEX commands_id ON commands USING hash (command_id);
