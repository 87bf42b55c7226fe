-- +goose Up
-- How the client stands to those who help, the step of the outreach that is due, and open crises.

ALTER TABLE cases
  ADD COLUMN engagement    text    NOT NULL DEFAULT '',
  ADD COLUMN outreach_step text    NOT NULL DEFAULT '',
  ADD COLUMN crises        integer NOT NULL DEFAULT 0;
UPDATE cases SET engagement = 'engaged' WHERE phase NOT IN ('released', 'terminated');
