-- +goose Up
-- Who holds a part of the keys of sealed cases: two parts, each with one holder or more. What
-- is sealed for a holder is opened with a private key that is not here.
CREATE TABLE key_holders (
  id         text        PRIMARY KEY,
  part       smallint    NOT NULL CHECK (part IN (1, 2)),
  public_key text        NOT NULL,
  added_at   timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz
);
-- The parts of the key of a sealed case. The exclusive or of part 1 and part 2 is the key:
-- neither says anything by itself. wrapped is then NULL: the master key opens nothing.
CREATE TABLE sealed_parts (
  case_id text     NOT NULL,
  holder  text     NOT NULL REFERENCES key_holders,
  part    smallint NOT NULL,
  sealed  bytea    NOT NULL,
  PRIMARY KEY (case_id, holder)
);
ALTER TABLE case_keys ALTER COLUMN wrapped DROP NOT NULL;
ALTER TABLE case_keys ADD CHECK (wrapped IS NOT NULL OR sealed_at IS NOT NULL);
GRANT SELECT ON key_holders TO guitu_app;
GRANT SELECT, INSERT, UPDATE ON key_holders TO guitu_keys;
GRANT SELECT, INSERT, DELETE ON sealed_parts TO guitu_keys;

-- The one way for the application to give a key away: of a case that the ledger says is sealed,
-- to holders of both parts.
-- +goose StatementBegin
CREATE FUNCTION seal_key(id text, holders text[], parts bytea[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM case_events WHERE case_id = id AND type = 'case_sealed') THEN
    RAISE EXCEPTION 'the case is not sealed';
  END IF;
  IF (SELECT count(DISTINCT part) FROM key_holders h WHERE h.id = ANY(holders) AND ended_at IS NULL) <> 2 THEN
    RAISE EXCEPTION 'a key is sealed for holders of both parts';
  END IF;
  INSERT INTO sealed_parts (case_id, holder, part, sealed)
  SELECT seal_key.id, h.id, h.part, p.sealed FROM unnest(holders, parts) AS p (holder, sealed) JOIN key_holders h ON h.id = p.holder;
  UPDATE case_keys SET wrapped = NULL WHERE case_id = seal_key.id AND sealed_at IS NOT NULL AND wrapped IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the case has no key that can be sealed';
  END IF;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION seal_key(text, text[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_key(text, text[], bytea[]) TO guitu_app, guitu_keys;
