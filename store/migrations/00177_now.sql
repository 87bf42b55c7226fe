-- +goose Up
-- What the list "now" looks for beside the next days, duties that an office decides or that have a
-- limit in hours, and what people settled today.
CREATE INDEX obligations_decisions ON obligations (due) WHERE status IN ('open', 'missed')
  AND kind IN ('amendment_decision', 'assign_worker', 'crisis_follow_up', 'dynamic_control_decision', 'hold_review', 'laboratory_result', 'lost_contact', 'police_correction',
  'police_report', 'refusal_decision', 'release_notice', 'sealing', 'supervision', 'term_confirmation', 'test_result', 'transfer_receipt', 'volunteer_decision');
CREATE INDEX case_events_settling ON case_events (recorded_at) WHERE command <> '' AND type IN ('obligation_met', 'miss_confirmed', 'miss_dismissed',
  'miss_justified', 'escalation_acknowledged', 'leave_decided', 'transfer_accepted', 'transfer_returned', 'amendment_declined');
