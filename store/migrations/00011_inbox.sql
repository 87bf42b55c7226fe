-- +goose Up
-- The inbox: each part is read in the order of its key, from an index.

CREATE INDEX obligations_live ON obligations (due, case_id, kind, n) WHERE status IN ('open', 'missed');
CREATE INDEX escalations_told ON escalations (told_at, case_id, id) WHERE closed_at IS NULL;
CREATE INDEX notices_worker ON notices (worker, position) WHERE role = 'worker';
CREATE INDEX notices_office ON notices (role, place, position) WHERE role <> 'worker';

-- Reported leaves that nobody decided yet.
CREATE TABLE leave_requests (
  case_id     text        NOT NULL,
  leave       bigint      NOT NULL, -- sequence of the report
  from_day    date        NOT NULL,
  to_day      date        NOT NULL,
  reported_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, leave)
);
CREATE INDEX leave_requests_from ON leave_requests (from_day, case_id, leave);
INSERT INTO leave_requests
SELECT e.case_id, e.seq, (e.data->>'from')::date, (e.data->>'to')::date, e.recorded_at FROM case_events e JOIN cases c USING (case_id)
WHERE e.type = 'leave_reported' AND c.phase NOT IN ('released', 'terminated')
  AND NOT EXISTS (SELECT 1 FROM case_events d WHERE d.case_id = e.case_id AND d.type = 'leave_decided' AND (d.data->>'leave')::bigint = e.seq);

-- What an actor put off: an obligation, or, where kind is empty, the escalation n. It
-- hides until the day comes, or until the case brings a miss or a climb after seq.
CREATE TABLE snoozes (
  actor      text        NOT NULL,
  case_id    text        NOT NULL,
  kind       text        NOT NULL,
  n          bigint      NOT NULL,
  until      date        NOT NULL,
  since      timestamptz NOT NULL,
  seq        bigint      NOT NULL,
  ciphertext bytea       NOT NULL, -- the reason, under the key of the case
  PRIMARY KEY (actor, case_id, kind, n)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON leave_requests, snoozes TO guitu_app;
