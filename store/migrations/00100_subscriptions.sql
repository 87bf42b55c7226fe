-- +goose Up
-- Notices beyond the inbox: who has them delivered where, and what became of each.
CREATE TABLE subscriptions (
  id         text        PRIMARY KEY,
  place      text        NOT NULL,
  role       text        NOT NULL,
  worker     text        NOT NULL,
  types      text[]      NOT NULL, -- empty: all
  kind       text        NOT NULL,
  target     text        NOT NULL, -- what may be shown of it
  sealed     bytea,                -- target and secret under the master key; dropped at the end
  language   text        NOT NULL,
  digest     text        NOT NULL, -- of the request that made it
  created_at timestamptz NOT NULL,
  created_by text        NOT NULL,
  ended_at   timestamptz,
  ended_by   text        NOT NULL DEFAULT '',
  since      bigint      NOT NULL, -- notices up to this position are none of its business
  cursor     bigint      NOT NULL  -- notices up to this position were looked at
);
CREATE INDEX subscriptions_place ON subscriptions (place text_pattern_ops, id);

CREATE TABLE deliveries (
  subscription text        NOT NULL REFERENCES subscriptions (id),
  position     bigint      NOT NULL, -- of the notice
  state        text        NOT NULL,
  tries        integer     NOT NULL DEFAULT 0,
  code         text        NOT NULL DEFAULT '',
  created_at   timestamptz NOT NULL,
  next_at      timestamptz,
  done_at      timestamptz,
  PRIMARY KEY (subscription, position)
) WITH (fillfactor = 80);
CREATE INDEX deliveries_waiting ON deliveries (subscription, next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_failed ON deliveries (subscription) WHERE state = 'failed';

GRANT SELECT, INSERT, UPDATE ON subscriptions, deliveries TO guitu_app;
