-- +goose Up
-- What each command asked: type and body, ids, days and codes alone. With it a case can be
-- lived through again in the order in which things happened. Commands recorded before
-- this have none.
ALTER TABLE commands ADD COLUMN asked json;
