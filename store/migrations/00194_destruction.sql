-- +goose Up
-- Destruction (销毁, 档案法 21): proposed with an appraisal, confirmed by another person with the
-- approval. What was written of it is encrypted: it may name somebody.
CREATE TABLE destructions (
  id           text        PRIMARY KEY,
  appraisal    bytea       NOT NULL, -- under the key of the system
  proposed_by  text        NOT NULL,
  proposed_at  timestamptz NOT NULL,
  approval     bytea,                -- the number of the approval, under the key of the system
  confirmed_by text,
  confirmed_at timestamptz,
  CHECK (confirmed_by <> proposed_by)
);
-- The list. A line is signed when its case is destroyed, and the sum of all (bucket 258) shows
-- one that is gone.
CREATE TABLE destruction_cases (
  case_id     text        PRIMARY KEY,
  destruction text        NOT NULL REFERENCES destructions,
  place       text        NOT NULL,
  measure     text        NOT NULL,
  opened_on   date        NOT NULL,
  sealed_on   date        NOT NULL,
  papers      integer     NOT NULL, -- numbers in the books
  destroyed   timestamptz,
  mac         bytea
);
INSERT INTO ledger_sums (bucket) VALUES (258);
GRANT SELECT ON destructions, destruction_cases TO guitu_app;
GRANT SELECT, INSERT, UPDATE ON destructions, destruction_cases TO guitu_keys;
GRANT DELETE ON destruction_cases TO guitu_keys; -- of a list that nobody confirmed
GRANT SELECT, UPDATE ON ledger_sums TO guitu_keys;
GRANT DELETE ON case_keys, clients, client_changes, texts, practice_texts, snoozes, paper_drafts, inquiries TO guitu_keys;
GRANT SELECT, DELETE ON client_commands, leave_requests TO guitu_keys;
