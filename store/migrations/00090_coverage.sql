-- +goose Up
-- The watch over coverage: gaps while they live, and what was found when.
CREATE TABLE coverage_gaps (
  case_id    text        NOT NULL,
  kind       text        NOT NULL,
  place      text        NOT NULL,
  worker     text        NOT NULL,
  first_seen timestamptz NOT NULL,
  told       integer     NOT NULL DEFAULT 0, -- how many offices were told, from the station upwards
  PRIMARY KEY (case_id, kind)
);

-- One row a place and change: a place whose figures stay the same adds none.
CREATE TABLE coverage_runs (
  place    text        NOT NULL,
  taken_at timestamptz NOT NULL,
  open     integer     NOT NULL,
  covered  integer     NOT NULL,
  gaps     json        NOT NULL, -- kind -> number
  PRIMARY KEY (place, taken_at)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON coverage_gaps TO guitu_app;
GRANT SELECT, INSERT ON coverage_runs TO guitu_app;
