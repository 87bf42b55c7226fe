-- +goose Up
-- The suite of algorithms under which this database was begun: aes or sm. One row, for good.
CREATE TABLE crypto (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  suite text    NOT NULL
);
-- What holds something already was begun before there were two.
INSERT INTO crypto (suite) SELECT 'aes' WHERE EXISTS (SELECT FROM case_keys) OR EXISTS (SELECT FROM case_events) OR EXISTS (SELECT FROM worker_names) OR EXISTS (SELECT FROM audit);
GRANT SELECT, INSERT ON crypto TO guitu_app;
