-- +goose Up
-- A report to the police is a draft until a person confirmed it.
ALTER TABLE obligations ADD COLUMN unconfirmed boolean NOT NULL DEFAULT false;
