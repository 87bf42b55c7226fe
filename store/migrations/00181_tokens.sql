-- +goose Up
-- Tokens get an id, by which they are listed and revoked, and who made them. One that the API
-- made is signed: its login may add signed ones alone, by the function, and revoke.
ALTER TABLE tokens ADD COLUMN id text NOT NULL DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) UNIQUE,
  ADD COLUMN made_by text NOT NULL DEFAULT '', ADD COLUMN revoked_at timestamptz, ADD COLUMN mac bytea;
CREATE INDEX tokens_actor ON tokens (actor);
GRANT UPDATE (revoked_at) ON tokens TO guitu_app;

-- +goose StatementBegin
CREATE FUNCTION add_token(t_id text, t_hash bytea, t_actor text, t_role text, t_place text, t_organisation text, t_label text, t_by text, t_expires timestamptz, t_mac bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF t_mac IS NULL OR length(t_mac) <> 32 THEN
    RAISE EXCEPTION 'a token of the API is signed' USING ERRCODE = '42501';
  END IF;
  INSERT INTO tokens (id, hash, actor, role, place, organisation, label, made_by, expires_at, mac)
  VALUES (t_id, t_hash, t_actor, t_role, t_place, t_organisation, t_label, t_by, t_expires, t_mac);
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION add_token(text, bytea, text, text, text, text, text, text, timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION add_token(text, bytea, text, text, text, text, text, text, timestamptz, bytea) TO guitu_app;
