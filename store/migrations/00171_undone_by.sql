-- +goose Up
-- Who takes a fleet back, with the area that account has then: JSON, empty while nobody does.
ALTER TABLE fleets ADD COLUMN undone_by text NOT NULL DEFAULT '';
