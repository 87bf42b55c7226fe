-- +goose Up
-- Readers follow the ledger and the outbox in the order of (tx, position), up to what is
-- settled: see store/follow.go, which also says why nothing is passed over. tx is the
-- number of the transaction that wrote the row, raised by the shift of its era: see store/era.go.

CREATE FUNCTION ledger_shift() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint';
CREATE FUNCTION ledger_tx() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT pg_current_xact_id()::text::bigint + ledger_shift()';
-- Below settled no transaction is under way; from next on none has begun.
CREATE FUNCTION ledger_settled() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ledger_shift()';
CREATE FUNCTION ledger_next() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + ledger_shift()';

ALTER TABLE case_events ALTER COLUMN tx DROP DEFAULT, ALTER COLUMN tx TYPE bigint USING tx::text::bigint;
ALTER TABLE case_events ALTER COLUMN tx SET DEFAULT ledger_tx();
ALTER TABLE notices ALTER COLUMN tx DROP DEFAULT, ALTER COLUMN tx TYPE bigint USING tx::text::bigint;
ALTER TABLE notices ALTER COLUMN tx SET DEFAULT ledger_tx();

-- Rows lie in about the order in which they were written, so that a summary of ranges
-- finds the end of either column. position is there for ids from before this release.
DROP INDEX case_events_position;
CREATE INDEX case_events_order ON case_events USING brin (tx, position) WITH (pages_per_range = 8, autosummarize = on);
CREATE INDEX notices_order ON notices USING brin (tx) WITH (pages_per_range = 8, autosummarize = on);

-- A subscription follows whole transactions. What it may have passed over is looked at
-- again; what was delivered has its row and is not delivered twice.
UPDATE subscriptions s SET cursor = least(ledger_settled(),
  (SELECT min(n.tx) FROM notices n WHERE n.position > greatest(s.since, s.cursor - 1000)));
ALTER TABLE subscriptions DROP COLUMN since;
COMMENT ON COLUMN subscriptions.cursor IS 'notices of transactions below it were looked at, or are older than the subscription';
