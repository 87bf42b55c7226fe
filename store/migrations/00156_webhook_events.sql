-- +goose Up
-- Subscriptions to changes of cases, beside those to notices: what was asked for, and the types
-- of events in the ledger that it stands for. Their deliveries are of events, whose positions
-- are others than those of notices.
ALTER TABLE subscriptions ADD COLUMN events text[] NOT NULL DEFAULT '{}'; -- empty: it is to notices
ALTER TABLE subscriptions ADD COLUMN ledger text[] NOT NULL DEFAULT '{}';
