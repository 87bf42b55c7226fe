-- +goose Up
-- Whether what a command told was taken back: the ledger's own word, a withdrawal that was
-- withdrawn itself being none (rehab.History reads it the same way).
-- +goose StatementBegin
CREATE FUNCTION command_withdrawn(of_case text, told text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE w record;
BEGIN
  FOR w IN SELECT command, data->>'proposed' AS proposed FROM case_events WHERE case_id = of_case AND type = 'record_withdrawn' AND data->>'command' = told LOOP
    IF NOT command_withdrawn(of_case, w.command) AND (w.proposed IS NULL OR NOT command_withdrawn(of_case, w.proposed)) THEN
      RETURN true;
    END IF;
  END LOOP;
  RETURN false;
END $$;
-- +goose StatementEnd
CREATE INDEX case_events_withdrawals ON case_events (case_id) WHERE type = 'record_withdrawn';
