-- +goose Up
-- The rows of tables that only grow, and of accounts, tokens and looks at identities, signed with a
-- key that the database does not have: one that was changed, put in or taken away is found, whoever
-- did it. One row here for each, and their sum in a bucket of ledger_sums.
CREATE TABLE row_heads (
  bucket integer NOT NULL,
  key    text    NOT NULL,
  mac    bytea   NOT NULL,
  PRIMARY KEY (bucket, key)
);
GRANT SELECT, INSERT, UPDATE ON row_heads TO guitu_app, guitu_tokens;
GRANT SELECT, UPDATE ON ledger_sums TO guitu_tokens;

-- n is -2 where there are rows from before: guitu rebuild signs these, once, and counts from then on.
INSERT INTO ledger_sums (bucket, n) VALUES
  (259, CASE WHEN EXISTS (SELECT FROM office_facts) THEN -2 ELSE 0 END),
  (260, CASE WHEN EXISTS (SELECT FROM practice_records) THEN -2 ELSE 0 END),
  (261, CASE WHEN EXISTS (SELECT FROM form_definitions) THEN -2 ELSE 0 END),
  (262, CASE WHEN EXISTS (SELECT FROM exports) THEN -2 ELSE 0 END),
  (263, CASE WHEN EXISTS (SELECT FROM accounts) THEN -2 ELSE 0 END),
  (264, CASE WHEN EXISTS (SELECT FROM tokens) THEN -2 ELSE 0 END),
  (265, CASE WHEN EXISTS (SELECT FROM break_glass) THEN -2 ELSE 0 END);

-- What became of the commands of a case goes with its keys.
GRANT SELECT, DELETE ON command_states TO guitu_keys;
-- A refusal may say again what somebody wrote: it stands under the key of the system.
ALTER TABLE command_states ADD COLUMN sealed bytea;
