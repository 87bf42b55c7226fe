-- +goose Up
-- The ledger, the read models that are written with it, and what is encrypted.

-- +goose StatementBegin
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guitu_app') THEN
    CREATE ROLE guitu_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles are shared by all databases of a server
END $$;
-- +goose StatementEnd

CREATE TABLE case_events (
  position    bigint      GENERATED ALWAYS AS IDENTITY,
  case_id     text        NOT NULL,
  seq         bigint      NOT NULL,
  type        text        NOT NULL,
  recorded_at timestamptz NOT NULL,
  occurred_at timestamptz NOT NULL,
  actor       text        NOT NULL, -- JSON, later "role place id"; empty for the engine itself
  command     text        NOT NULL, -- id; empty where time brought the event
  data        json        NOT NULL, -- the exact text is hashed
  hash        bytea       NOT NULL, -- sha256 over the hash before it and this event
  tx          xid8        NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (case_id, seq)
);
CREATE INDEX case_events_position ON case_events USING brin (position) WITH (pages_per_range = 8, autosummarize = on);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
-- +goose StatementEnd
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE commands (
  case_id    text   NOT NULL,
  command_id text   NOT NULL,
  digest     text   NOT NULL,
  last_seq   bigint NOT NULL,
  PRIMARY KEY (case_id, command_id)
);

-- One row a case: the head of its ledger and the row of every board and list.
CREATE TABLE cases (
  case_id      text PRIMARY KEY,
  seq          bigint NOT NULL,
  hash         bytea  NOT NULL,
  measure      text NOT NULL,
  phase        text NOT NULL,
  place        text NOT NULL,
  worker       text NOT NULL,
  risk         text NOT NULL,
  policy       text NOT NULL, -- id@version
  served_on    date,
  reported_on  date,
  term_end     date,
  released_on  date,
  last_contact date,
  next_kind    text NOT NULL,
  next_due     date,
  overdue      integer NOT NULL,
  escalations  integer NOT NULL,
  top_rung     text NOT NULL,
  violations   integer NOT NULL,
  wake_at      timestamptz,
  opened_at    timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX cases_place ON cases (place text_pattern_ops, case_id);

CREATE TABLE obligations (
  case_id text    NOT NULL,
  kind    text    NOT NULL,
  n       integer NOT NULL,
  opens   date    NOT NULL,
  due     date    NOT NULL,
  due_at  timestamptz,
  expires date,
  status  text    NOT NULL,
  ground  text    NOT NULL,
  test    bigint  NOT NULL,
  cite    text    NOT NULL,
  met_on  date,
  PRIMARY KEY (case_id, kind, n)
) WITH (fillfactor = 90);

CREATE TABLE escalations (
  case_id    text        NOT NULL,
  id         bigint      NOT NULL,
  obligation text        NOT NULL,
  rung       integer     NOT NULL,
  role       text        NOT NULL,
  opened_at  timestamptz NOT NULL,
  told_at    timestamptz NOT NULL,
  next_at    timestamptz,
  promise    date,
  acked_by   text        NOT NULL,
  closed_at  timestamptz,
  closing    text        NOT NULL,
  PRIMARY KEY (case_id, id)
);
CREATE INDEX escalations_open ON escalations (case_id) WHERE closed_at IS NULL;

-- The outbox.
CREATE TABLE notices (
  position   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    text        NOT NULL,
  seq        bigint      NOT NULL,
  created_at timestamptz NOT NULL,
  role       text        NOT NULL,
  place      text        NOT NULL,
  worker     text        NOT NULL,
  type       text        NOT NULL,
  channel    text        NOT NULL,
  escalation bigint      NOT NULL,
  obligation text        NOT NULL,
  tx         xid8        NOT NULL DEFAULT pg_current_xact_id()
);

CREATE TABLE places (
  code   text PRIMARY KEY,
  parent text NOT NULL,
  level  text NOT NULL,
  name   text NOT NULL
);

-- Who the clients are, and what people wrote: each encrypted under the key of its case.
CREATE TABLE case_keys (
  case_id text  PRIMARY KEY,
  wrapped bytea NOT NULL -- a keyset, encrypted by the master key
);
CREATE TABLE clients (
  case_id     text  PRIMARY KEY,
  ciphertext  bytea NOT NULL,
  content     bytea NOT NULL, -- keyed hash of the content, to tell the same from another
  id_index    bytea NOT NULL  -- keyed hash of the ID number
);
CREATE INDEX clients_id ON clients (id_index);
CREATE TABLE texts (
  case_id    text  NOT NULL,
  command_id text  NOT NULL,
  field      text  NOT NULL,
  ciphertext bytea NOT NULL,
  PRIMARY KEY (case_id, command_id, field)
);

CREATE TABLE tokens (
  hash       bytea       PRIMARY KEY,
  actor      text        NOT NULL,
  role       text        NOT NULL,
  place      text        NOT NULL,
  label      text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA public TO guitu_app;
GRANT SELECT, INSERT ON case_events, commands, notices TO guitu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON cases, obligations, escalations, case_keys, clients, texts, tokens TO guitu_app;
GRANT SELECT ON places TO guitu_app;
-- +goose StatementBegin
DO $$ BEGIN EXECUTE format('GRANT guitu_app TO %I', current_user); END $$;
-- +goose StatementEnd
