-- +goose Up
-- What the login of the API and the workers may not do: make or prolong a token, and destroy or
-- replace a key. Tokens are made by guitu_tokens, which that login is no member of.
-- +goose StatementBegin
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guitu_tokens') THEN
    CREATE ROLE guitu_tokens NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles are shared by all databases of a server
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$ BEGIN EXECUTE format('GRANT guitu_tokens TO %I', current_user); END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO guitu_tokens;
GRANT SELECT, INSERT, UPDATE, DELETE ON tokens TO guitu_tokens;
REVOKE INSERT, UPDATE, DELETE ON tokens FROM guitu_app;

REVOKE UPDATE, DELETE ON case_keys FROM guitu_app;
GRANT UPDATE (sealed_at) ON case_keys TO guitu_app;
REVOKE DELETE ON clients FROM guitu_app;

-- The one way to take a key away: that of an order from which no case came.
-- +goose StatementBegin
CREATE FUNCTION drop_unopened(id text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH unopened AS (SELECT id AS case_id WHERE NOT EXISTS (SELECT 1 FROM case_events WHERE case_id = id)),
  k AS (DELETE FROM case_keys USING unopened WHERE case_keys.case_id = unopened.case_id)
DELETE FROM clients USING unopened WHERE clients.case_id = unopened.case_id;
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION drop_unopened(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_unopened(text) TO guitu_app;
