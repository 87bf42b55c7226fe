-- +goose Up
-- Cases that moved between streets are few: evaluation finds where they had been.
CREATE INDEX case_events_moved ON case_events (case_id) WHERE type = 'transfer_accepted';

-- Who took which figures out of the system, and what for.
CREATE TABLE exports (
  position bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL,
  actor    text        NOT NULL, -- JSON
  kind     text        NOT NULL,
  place    text        NOT NULL,
  filter   jsonb       NOT NULL,
  purpose  text        NOT NULL,
  rows     integer     NOT NULL,
  digest   text        NOT NULL -- sha256 of the file
);
CREATE TRIGGER exports_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON exports TO guitu_app;
