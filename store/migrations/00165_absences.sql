-- +goose Up
-- The histories of absences folded: on which days a worker is away, and who stands in (代班).
CREATE TABLE worker_absences (
  worker   text NOT NULL,
  from_day date NOT NULL,
  to_day   date NOT NULL,
  stand_in text NOT NULL, -- empty: nobody
  PRIMARY KEY (worker, from_day)
);
CREATE INDEX worker_absences_stand_in ON worker_absences (stand_in, to_day) WHERE stand_in <> '';

GRANT SELECT, INSERT, UPDATE, DELETE ON worker_absences TO guitu_app;
