-- +goose Up
-- What is open or provisionally missed in cases that go on, with whose it is: an office that asks
-- what waits in a district or in the city reads these rows alone, and not all that was ever due.
CREATE TABLE waiting (
  case_id text NOT NULL,
  kind text NOT NULL,
  n integer NOT NULL,
  opens date NOT NULL,
  due date NOT NULL,
  due_at timestamptz,
  status text NOT NULL,
  cite text NOT NULL,
  unconfirmed boolean NOT NULL,
  place text NOT NULL,
  worker text NOT NULL,
  risk smallint NOT NULL, -- 0 is high
  policy text NOT NULL,
  PRIMARY KEY (case_id, kind, n)
);
INSERT INTO waiting SELECT o.case_id, o.kind, o.n, o.opens, o.due, o.due_at, o.status, o.cite, o.unconfirmed, c.place, c.worker,
  CASE c.risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, c.policy
FROM obligations o JOIN cases c USING (case_id) WHERE o.status IN ('open', 'missed')
  AND (c.phase NOT IN ('terminated', 'transferred_out', 'sealed', 'void') OR c.phase IN ('terminated', 'transferred_out') AND (c.overdue > 0 OR c.next_due IS NOT NULL OR c.escalations > 0));
CREATE INDEX waiting_open ON waiting (due) WHERE status = 'open';
CREATE INDEX waiting_missed ON waiting (due) WHERE status = 'missed';
CREATE INDEX waiting_place ON waiting (place text_pattern_ops, due);
CREATE INDEX waiting_worker ON waiting (worker, due);
DROP INDEX obligations_decisions;
CREATE INDEX waiting_decisions ON waiting (due)
  WHERE kind IN ('amendment_decision', 'assign_worker', 'crisis_follow_up', 'dynamic_control_decision', 'hold_review', 'laboratory_result', 'lost_contact', 'police_correction',
  'police_report', 'refusal_decision', 'release_notice', 'sealing', 'supervision', 'term_confirmation', 'test_result', 'transfer_receipt', 'volunteer_decision');
CREATE INDEX cases_crises ON cases (case_id) WHERE crises > 0;
GRANT SELECT, INSERT, UPDATE, DELETE ON waiting TO guitu_app;
