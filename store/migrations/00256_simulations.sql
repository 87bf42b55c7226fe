-- +goose Up
-- Simulations, with what came of them: counts by place and month. No case is named in any of them.
-- beat_at is when the process that plays or holds it last said so: one that is silent has ended, and
-- what it had not finished is stopped.
CREATE TABLE simulations (
  id         text        PRIMARY KEY,
  actor      text        NOT NULL,
  place      text        NOT NULL,
  ask        jsonb       NOT NULL,
  state      text        NOT NULL,
  done       integer     NOT NULL DEFAULT 0,
  total      integer     NOT NULL DEFAULT 0,
  result     jsonb,
  fault      jsonb,
  name       text        NOT NULL DEFAULT '',
  shared     boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at   timestamptz,
  beat_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX simulations_actor ON simulations (actor, created_at DESC);
CREATE INDEX simulations_shared ON simulations (place text_pattern_ops, created_at DESC) WHERE shared;
CREATE INDEX simulations_waiting ON simulations (created_at) WHERE state IN ('queued', 'running');
GRANT SELECT, INSERT, UPDATE, DELETE ON simulations TO guitu_app;
