-- +goose Up
-- The verification that somebody asked for over the API: there is one at a time, and the last stays
-- to be seen. What it found goes to verifications, with the cases of its first findings.
CREATE TABLE verification_jobs (
  slot       boolean     PRIMARY KEY DEFAULT true CHECK (slot), -- one row alone
  id         text        NOT NULL,
  place      text        NOT NULL,
  every_case boolean     NOT NULL,
  asked_by   text        NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  done       integer     NOT NULL DEFAULT 0,
  total      integer     NOT NULL DEFAULT 0,
  ended_at   timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON verification_jobs TO guitu_app;
