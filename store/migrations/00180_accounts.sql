-- +goose Up
-- Who may sign in. A row is signed (mac) with a key that the database does not have, so that
-- whoever can write to the database alone makes no account, no session and no passkey.
CREATE TABLE accounts (
  id             text        PRIMARY KEY, -- of the person in the registry
  role           text        NOT NULL,
  place          text        NOT NULL,
  organisation   text        NOT NULL,
  name           bytea,                   -- under the key of the system
  password       text        NOT NULL,    -- argon2id; empty: none
  must_change    boolean     NOT NULL,
  password_until timestamptz,             -- of a one-time password
  totp           bytea,                   -- under the key of the system
  totp_confirmed boolean     NOT NULL,
  disabled       boolean     NOT NULL,
  created_at     timestamptz NOT NULL,
  mac            bytea       NOT NULL,
  totp_step      bigint      NOT NULL DEFAULT 0 -- the last one used: a code is good once
);
CREATE INDEX accounts_place ON accounts (place text_pattern_ops, id);

CREATE TABLE sessions (
  id           text        PRIMARY KEY,
  hash         bytea       NOT NULL UNIQUE, -- sha256 of the token: nobody finds the token here
  account      text        NOT NULL REFERENCES accounts (id),
  created_at   timestamptz NOT NULL,
  seen_at      timestamptz NOT NULL,
  idle_end     timestamptz NOT NULL,
  absolute_end timestamptz NOT NULL,
  address      text        NOT NULL,
  agent        text        NOT NULL,
  mac          bytea       NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_end ON sessions (absolute_end);

CREATE TABLE passkeys (
  id         bytea       PRIMARY KEY, -- of the credential
  account    text        NOT NULL REFERENCES accounts (id),
  label      text        NOT NULL,
  credential bytea       NOT NULL, -- JSON: public key and counter
  created_at timestamptz NOT NULL,
  used_at    timestamptz,
  mac        bytea       NOT NULL
);
CREATE INDEX passkeys_account ON passkeys (account);

-- What a sign-in in several steps has to remember, encrypted: it is taken once and ends soon.
CREATE TABLE ceremonies (
  hash bytea       PRIMARY KEY,
  data bytea       NOT NULL,
  until timestamptz NOT NULL
);

-- Attempts that failed, by a keyed hash of account or address.
CREATE TABLE sign_in_failures (
  subject  bytea       PRIMARY KEY,
  failures integer     NOT NULL,
  last_at  timestamptz NOT NULL,
  until    timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON accounts TO guitu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, passkeys, ceremonies, sign_in_failures TO guitu_app;
