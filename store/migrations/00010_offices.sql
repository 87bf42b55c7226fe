-- +goose Up
-- The history of places and workers. A fact says what is so from a day on; a later one
-- about the same day says it better, and both stay.

CREATE TABLE office_facts (
  position    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject     text        NOT NULL, -- place/110101001, worker/w-1
  valid_from  date        NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor       text        NOT NULL, -- JSON
  command     text        NOT NULL, -- id: it acts once
  digest      text        NOT NULL,
  data        json        NOT NULL
);
CREATE UNIQUE INDEX office_facts_command ON office_facts (subject text_pattern_ops, command);
CREATE TRIGGER office_facts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON office_facts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Names of staff, encrypted under the master key. The history holds none.
CREATE TABLE worker_names (
  worker     text  PRIMARY KEY,
  ciphertext bytea NOT NULL
);

-- The facts about workers folded: where each was active, from and to which day.
CREATE TABLE worker_periods (
  worker        text    NOT NULL,
  from_day      date    NOT NULL,
  to_day        date,
  place         text    NOT NULL,
  post          text    NOT NULL,
  qualification text    NOT NULL,
  case_limit    integer NOT NULL,
  PRIMARY KEY (worker, from_day)
);
CREATE INDEX worker_periods_place ON worker_periods (place text_pattern_ops, worker);

CREATE INDEX cases_worker ON cases (worker, case_id);

GRANT SELECT, INSERT ON office_facts TO guitu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON worker_names, worker_periods TO guitu_app;
