-- +goose Up
-- What each guitu verify has found: when, of how many cases, how many findings of which kind. No
-- case is named.
CREATE TABLE verifications (
  at     timestamptz PRIMARY KEY,
  result jsonb       NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON verifications TO guitu_app;
