-- +goose Up
-- Identities that an office looked at past its rights (临时查看): why, until when, and what the
-- auditor found. A row is added, reviewed once, and never removed.
CREATE TABLE break_glass (
  id          text        PRIMARY KEY,
  case_id     text        NOT NULL,
  actor_id    text        NOT NULL,
  actor       text        NOT NULL,
  place       text        NOT NULL, -- of the actor
  reason      bytea       NOT NULL, -- under the key of the system: it may name somebody
  at          timestamptz NOT NULL,
  until       timestamptz NOT NULL,
  due         timestamptz NOT NULL, -- of the review
  overdue     boolean     NOT NULL DEFAULT false, -- and the city was told
  reviewed_at timestamptz,
  reviewer    text        NOT NULL DEFAULT '',
  finding     text        NOT NULL DEFAULT '',
  note        bytea,
  mac         bytea       NOT NULL
);
CREATE INDEX break_glass_open ON break_glass (case_id, actor_id, until);
CREATE INDEX break_glass_due ON break_glass (due) WHERE reviewed_at IS NULL;
GRANT SELECT, INSERT, UPDATE (overdue, reviewed_at, reviewer, finding, note) ON break_glass TO guitu_app;
