-- +goose Up
-- What guitu verify last found right of each case: the head of its ledger, the versions of its
-- rows, the rules, and the run of its workflow. A case of which all are the same is not asked
-- again. Each row is signed with a key that the database does not have: one that was written by
-- another hand counts for nothing.
CREATE TABLE sound_cases (
  case_id  text        PRIMARY KEY,
  seq      bigint      NOT NULL,
  hash     bytea       NOT NULL,
  versions text        NOT NULL,
  rules    text        NOT NULL,
  run      text        NOT NULL, -- empty: the case was closed
  found_at timestamptz NOT NULL,
  mac      bytea       NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON sound_cases TO guitu_app;
