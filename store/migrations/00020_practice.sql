-- +goose Up
-- The work of the offices that is no case, in versions: supervision, training, publicity.

CREATE TABLE practice_records (
  id           text        NOT NULL,
  version      integer     NOT NULL, -- from 1, without a gap
  kind         text        NOT NULL,
  place        text        NOT NULL,
  organisation text        NOT NULL, -- of the partner with access to a programme; else empty
  programme    text        NOT NULL, -- of a session; else empty
  case_id      text        NOT NULL, -- that a supervision is about; else empty
  withdrawn    boolean     NOT NULL,
  day          date        NOT NULL, -- on which it counts
  workers      text[]      NOT NULL,
  data         jsonb       NOT NULL,
  reason       text        NOT NULL, -- of a correction; about a client it is kept in texts
  actor        text        NOT NULL, -- JSON
  recorded_at  timestamptz NOT NULL,
  command      text        NOT NULL,
  digest       text        NOT NULL,
  PRIMARY KEY (id, version),
  UNIQUE (id, command)
);
CREATE INDEX practice_records_place ON practice_records (kind, place text_pattern_ops, id);
CREATE INDEX practice_records_day ON practice_records (day);
CREATE TRIGGER practice_records_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_records FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
CREATE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> 1 + coalesce((SELECT max(version) FROM practice_records WHERE id = NEW.id), 0) THEN
    RAISE EXCEPTION 'version % does not follow', NEW.version;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER practice_records_next BEFORE INSERT ON practice_records FOR EACH ROW EXECUTE FUNCTION next_version();

-- The last version of each record.
CREATE VIEW practice AS SELECT r.* FROM practice_records r
WHERE NOT EXISTS (SELECT 1 FROM practice_records n WHERE n.id = r.id AND n.version = r.version + 1);

ALTER TABLE tokens ADD COLUMN organisation text NOT NULL DEFAULT '';

GRANT SELECT, INSERT ON practice_records TO guitu_app;
GRANT SELECT ON practice TO guitu_app;
