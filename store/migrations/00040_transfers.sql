-- +goose Up
-- The transfers between stations, one row each: what both of them see.

CREATE TABLE transfers (
  case_id      text   NOT NULL,
  id           bigint NOT NULL, -- sequence of the event that began it
  from_place   text   NOT NULL, -- empty: outside the system
  to_place     text   NOT NULL, -- empty: outside the system
  state        text   NOT NULL,
  reason       text   NOT NULL,
  returned_for text   NOT NULL,
  requested_on date   NOT NULL,
  forwarded_on date,
  answered_on  date,
  arrived_on   date,
  ended_on     date,
  PRIMARY KEY (case_id, id)
);
CREATE INDEX transfers_from ON transfers (from_place text_pattern_ops);
CREATE INDEX transfers_to ON transfers (to_place text_pattern_ops);

GRANT SELECT, INSERT, UPDATE, DELETE ON transfers TO guitu_app;
