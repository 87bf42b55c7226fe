-- +goose Up
-- Keys for what belongs to no case: names of staff, reasons in the read log, targets of
-- subscriptions. Each is wrapped by a master key; the last that writes encrypts, all decrypt.
-- A master key under which entries of the read log stand for good is kept here when another
-- took its place: it writes nothing.
CREATE TABLE system_keys (
  n       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  wrapped bytea       NOT NULL,
  writes  boolean     NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON system_keys TO guitu_app;

-- Who changes keys: guitu_keys, which the login of the API and the workers is no member of.
-- +goose StatementBegin
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guitu_keys') THEN
    CREATE ROLE guitu_keys NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles are shared by all databases of a server
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$ BEGIN EXECUTE format('GRANT guitu_keys TO %I', current_user); END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO guitu_keys;
GRANT SELECT, UPDATE ON case_keys, system_keys, worker_names, subscriptions, clients, client_changes, texts, practice_texts, snoozes, papers, paper_drafts TO guitu_keys;
GRANT INSERT ON system_keys TO guitu_keys;
GRANT SELECT ON cases, audit TO guitu_keys;
