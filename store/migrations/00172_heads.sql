-- +goose Up
-- The heads of the ledger, signed with a key that the database does not have, so that a case
-- that was rewritten, cut or removed is found, whoever did it. One row a case, and for each
-- bucket of cases the sum (exclusive or) of another signature of each head in it.
CREATE TABLE case_heads (
  case_id text   PRIMARY KEY,
  seq     bigint NOT NULL,
  mac     bytea  NOT NULL
);
CREATE TABLE ledger_sums (
  bucket integer  PRIMARY KEY,
  n      bigint   NOT NULL DEFAULT 0,
  sum    bit(256) NOT NULL DEFAULT repeat('0', 256)::bit(256)
) WITH (fillfactor = 20);
-- 0 to 255 are of cases, 256 of exports.
INSERT INTO ledger_sums (bucket) SELECT generate_series(0, 256);
ALTER TABLE exports ADD COLUMN mac bytea; -- NULL in rows from before
GRANT SELECT, INSERT, UPDATE ON case_heads TO guitu_app;
GRANT SELECT, UPDATE ON ledger_sums TO guitu_app;
