-- +goose Up
-- What the police find: the reports that were sent, the latest first.
CREATE INDEX case_events_reports ON case_events (position DESC) WHERE type = 'police_report_sent';
