-- +goose Up
-- How far the review of a look has climbed, and when somebody heard of it last. Reviews of which the
-- city was told before stand on the rung that told it.
ALTER TABLE break_glass ADD COLUMN rung smallint NOT NULL DEFAULT 0, ADD COLUMN told_at timestamptz;
UPDATE break_glass SET rung = 3, told_at = now() WHERE overdue;
GRANT UPDATE (rung, told_at) ON break_glass TO guitu_app;
