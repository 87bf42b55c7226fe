-- +goose Up
-- What an actor's commands to the own inbox did, so that each acts once. A line is kept
-- as long as its command, sent again, could act again.
CREATE TABLE snooze_commands (
  actor   text        NOT NULL,
  command text        NOT NULL,
  digest  text        NOT NULL,
  since   timestamptz NOT NULL,
  until   date        NOT NULL, -- kept to the eve of this day
  known   boolean     NOT NULL, -- of an unsnooze: the thing was put off
  PRIMARY KEY (actor, command)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON snooze_commands TO guitu_app;
