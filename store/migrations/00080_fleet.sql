-- +goose Up
-- Fleets: one operation on many cases, and what became of each of them.
CREATE TABLE fleets (
  id         text        PRIMARY KEY,
  kind       text        NOT NULL,
  place      text        NOT NULL,
  actor      text        NOT NULL, -- JSON
  digest     text        NOT NULL,
  created_at timestamptz NOT NULL,
  state      text        NOT NULL,
  undo_until timestamptz
);
CREATE INDEX fleets_created ON fleets (created_at DESC, id);

CREATE TABLE fleet_items (
  fleet_id text    NOT NULL REFERENCES fleets (id),
  n        integer NOT NULL,
  case_id  text    NOT NULL,
  type     text    NOT NULL,
  body     text    NOT NULL, -- JSON
  undo     text    NOT NULL, -- JSON; empty where nothing takes it back
  outcome  text    NOT NULL,
  code     text    NOT NULL DEFAULT '',
  message  text    NOT NULL DEFAULT '',
  PRIMARY KEY (fleet_id, n)
);

GRANT SELECT, INSERT, UPDATE ON fleets, fleet_items TO guitu_app;
