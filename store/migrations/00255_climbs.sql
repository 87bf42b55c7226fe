-- +goose Up
-- The funnel looks at the climbs that began in a span.
CREATE INDEX escalations_opened ON escalations (opened_at);
