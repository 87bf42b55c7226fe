-- +goose Up
-- What is open or provisionally missed in cases that go on, with whose it is: an office that asks
-- what waits in a district or in the city reads these rows alone, and not all that was ever due.
-- There are few for a case and they are narrow: what a rank asks of misses alone is empty otherwise.
CREATE TABLE waiting (
  n integer NOT NULL,
  opens date NOT NULL,
  due date NOT NULL,
  risk smallint NOT NULL, -- 0 is high
  unconfirmed boolean NOT NULL,
  due_at timestamptz,
  case_id text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  place text NOT NULL,
  worker text NOT NULL,
  policy text, -- of a miss
  cite text -- of a miss
);
INSERT INTO waiting SELECT o.n, o.opens, o.due, CASE c.risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, o.unconfirmed, o.due_at, o.case_id, o.kind, o.status, c.place, c.worker,
  CASE o.status WHEN 'missed' THEN c.policy END, CASE o.status WHEN 'missed' THEN o.cite END
FROM obligations o JOIN cases c USING (case_id) WHERE o.status IN ('open', 'missed')
  AND (c.phase NOT IN ('terminated', 'transferred_out', 'sealed', 'void') OR c.phase IN ('terminated', 'transferred_out') AND (c.overdue > 0 OR c.next_due IS NOT NULL OR c.escalations > 0));
CREATE INDEX waiting_case ON waiting (case_id); -- one row for a duty: the head of the case is locked when they are written
CREATE INDEX waiting_open ON waiting (due) WHERE status = 'open';
CREATE INDEX waiting_missed ON waiting (due) WHERE status = 'missed';
CREATE INDEX waiting_place ON waiting (place text_pattern_ops); -- not by the day as well: equal entries are one
CREATE INDEX waiting_worker ON waiting (worker);
CREATE INDEX waiting_decisions ON waiting (due)
  WHERE kind IN ('amendment_decision', 'assign_worker', 'crisis_follow_up', 'dynamic_control_decision', 'hold_review', 'laboratory_result', 'lost_contact', 'police_correction',
  'police_report', 'refusal_decision', 'release_notice', 'sealing', 'supervision', 'term_confirmation', 'test_result', 'transfer_receipt', 'volunteer_decision');
DROP INDEX obligations_decisions, obligations_due;
CREATE INDEX cases_crises ON cases (case_id) WHERE crises > 0;
GRANT SELECT, INSERT, DELETE ON waiting TO guitu_app;
