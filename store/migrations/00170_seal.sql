-- +goose Up
-- A sealed case (封存): its key stays and is opened for nobody in daily work.
ALTER TABLE case_keys ADD COLUMN sealed_at timestamptz;
UPDATE case_keys SET sealed_at = now() WHERE case_id IN (SELECT case_id FROM cases WHERE phase = 'sealed');

-- Nobody takes a seal off: not the application, and not by mistake the owner.
-- +goose StatementBegin
CREATE FUNCTION keep_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.sealed_at IS NOT NULL AND NEW.sealed_at IS DISTINCT FROM OLD.sealed_at THEN
    RAISE EXCEPTION 'the case is sealed';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER case_keys_stay_sealed BEFORE UPDATE ON case_keys FOR EACH ROW EXECUTE FUNCTION keep_seal();
