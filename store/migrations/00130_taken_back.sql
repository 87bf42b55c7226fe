-- +goose Up
-- The events that a revision took back: they stay in the ledger and hold no longer. One that
-- took the place of another is still referred to by the sequence of that one: instead is the
-- event that holds under it. Written with the ledger and rebuilt from it.
CREATE TABLE taken_back (
  case_id text   NOT NULL,
  seq     bigint NOT NULL,
  instead bigint,
  PRIMARY KEY (case_id, seq)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON taken_back TO guitu_app;

-- Cases that were lived again: evaluation has the order of such a life from when things happened.
CREATE INDEX case_events_revised ON case_events (case_id) WHERE type = 'life_revised';

-- What reached back when it was told: figures that were taken away before it may be others now.
CREATE INDEX case_events_reaching_back ON case_events (recorded_at)
  WHERE command <> '' AND recorded_at - occurred_at > interval '24 hours' OR type IN ('life_revised', 'case_voided');
