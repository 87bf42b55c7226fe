-- +goose Up
-- Which form, in which version, says what: the digest of every definition that was ever in use,
-- so that a released version cannot change, and the definitions that offices released by the API.
CREATE TABLE form_definitions (
  form       text        NOT NULL,
  version    integer     NOT NULL,
  digest     text        NOT NULL,
  definition json,                 -- NULL: a file of the program, or of the office's folder
  actor      text        NOT NULL, -- "role place id"; empty for files
  at         timestamptz NOT NULL,
  PRIMARY KEY (form, version)
);
CREATE TRIGGER form_definitions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON form_definitions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was answered, with the head and the scores, encrypted under the key of the case. A row
-- counts once its command is in the ledger.
CREATE TABLE form_answers (
  case_id    text        NOT NULL,
  command_id text        NOT NULL,
  filing     uuid        NOT NULL UNIQUE DEFAULT gen_random_uuid(), -- by which the figures know it
  form       text        NOT NULL,
  version    integer     NOT NULL,
  about      date        NOT NULL, -- the day of what it is about
  at         timestamptz NOT NULL,
  ciphertext bytea       NOT NULL,
  PRIMARY KEY (case_id, command_id)
);

-- The coded answers for figures, by pseudonym: no case, no text.
CREATE TABLE form_figures (
  filing uuid    NOT NULL REFERENCES form_answers (filing) ON DELETE CASCADE,
  line   integer NOT NULL,
  person bytea   NOT NULL, -- keyed hash of the case
  place  text    NOT NULL,
  month  date    NOT NULL,
  form   text    NOT NULL,
  field  text    NOT NULL,
  code   text    NOT NULL,
  number integer,
  PRIMARY KEY (filing, line)
);
CREATE INDEX form_figures_form ON form_figures (form, month, place text_pattern_ops);

-- With the key of a case go its answers, and what figures know of them.
-- +goose StatementBegin
CREATE FUNCTION forget_forms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM form_answers WHERE case_id = OLD.case_id;
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER case_keys_forget_forms AFTER DELETE ON case_keys FOR EACH ROW EXECUTE FUNCTION forget_forms();

GRANT SELECT, INSERT ON form_definitions, form_figures TO guitu_app;
GRANT SELECT, INSERT, DELETE ON form_answers TO guitu_app;
GRANT SELECT, UPDATE ON form_answers TO guitu_keys; -- who changes keys writes them anew
