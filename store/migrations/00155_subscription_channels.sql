-- +goose Up
-- The channels of a subscription: the notices that a rung of a ladder tells by one of them.
ALTER TABLE subscriptions ADD COLUMN channels text[] NOT NULL DEFAULT '{}'; -- empty: all
