-- +goose Up
-- What is written about a client in a record of the practice has a place of its own. Under
-- the ids of commands, which callers choose, a caller could read it, and be there before it.
CREATE TABLE practice_texts (
  case_id    text    NOT NULL,
  id         text    NOT NULL, -- of the record
  version    integer NOT NULL,
  field      text    NOT NULL,
  ciphertext bytea   NOT NULL, -- under the key of the case
  PRIMARY KEY (id, version, field)
);
GRANT SELECT, INSERT ON practice_texts TO guitu_app;

WITH moved AS (
  DELETE FROM texts t USING practice_records r
  WHERE r.case_id = t.case_id AND r.case_id <> '' AND t.command_id = r.id || '/' || r.version AND t.field IN ('note', 'reason')
  RETURNING t.case_id, r.id, r.version, t.field, t.ciphertext
)
INSERT INTO practice_texts (case_id, id, version, field, ciphertext) SELECT * FROM moved;

-- Fleets give their commands under reserved ids; those from before go on under the ids with
-- which they began, so that a case which had its turn is not asked again.
ALTER TABLE fleets ADD COLUMN reserved boolean NOT NULL DEFAULT false;
ALTER TABLE fleets ALTER COLUMN reserved SET DEFAULT true;

-- The id under which a worker was registered, which was one that a caller could choose.
ALTER TABLE office_facts DISABLE TRIGGER office_facts_append_only;
UPDATE office_facts SET command = 'worker registered' WHERE subject LIKE 'worker/%' AND command = 'register' AND data->>'change' = 'registered';
ALTER TABLE office_facts ENABLE TRIGGER office_facts_append_only;
