-- +goose Up
-- A trend asks of the duties that became void whether they were missed before: few of all.
CREATE INDEX obligations_superseded ON obligations (due) WHERE status = 'superseded';
