-- +goose Up
-- What coverage looks for: misses that may be a gap, and since when somebody has a case.
CREATE INDEX obligations_gaps ON obligations (case_id) WHERE status IN ('missed', 'confirmed') AND kind IN ('agreement', 'working_group', 'help_plan');
CREATE INDEX case_events_holding ON case_events (case_id) WHERE type IN ('worker_assigned', 'transfer_accepted', 'station_moved');
