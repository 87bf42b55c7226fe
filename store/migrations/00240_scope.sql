-- +goose Up
-- What identifies a client is there for the API in the scope of a request alone (row-level
-- security). The API becomes guitu_scoped: it reads the ledger and does not write it. The workers
-- and the programs of the operator stay guitu_app, which sees all rows and inherits the rest.
-- +goose StatementBegin
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guitu_scoped') THEN
    CREATE ROLE guitu_scoped NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles are shared by all databases of a server
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$ BEGIN
  IF NOT pg_has_role('guitu_app', 'guitu_scoped', 'MEMBER') THEN
    GRANT guitu_scoped TO guitu_app; -- so that the API may go on with the login it had
  END IF;
  EXECUTE format('GRANT guitu_scoped TO %I', current_user);
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO guitu_scoped;

-- Whether the case is in the scope that the transaction was told. The settings are empty outside of
-- one, and then nothing is. A sealed case is in no scope but, named, while a lawful inquiry into it
-- is open; one that is named and not there yet is, with its identity and its key. A function keeps
-- its plan, where a condition would be planned anew with each statement for longer than it takes.
-- +goose StatementBegin
CREATE FUNCTION inquiry_open(id text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
'SELECT EXISTS (SELECT FROM inquiries WHERE case_id = $1 AND opened_at IS NOT NULL AND ended_at IS NULL AND until > now())';
-- +goose StatementEnd
REVOKE ALL ON FUNCTION inquiry_open(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inquiry_open(text) TO guitu_app, guitu_keys;
-- +goose StatementBegin
CREATE FUNCTION case_in_scope(id text) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  c record;
  me text := current_setting('guitu.actor', true);
  named boolean := coalesce(id = ANY (string_to_array(current_setting('guitu.cases', true), ' ')), false);
BEGIN
  SELECT place, worker, phase INTO c FROM public.cases WHERE case_id = id;
  IF NOT FOUND THEN RETURN named; END IF;
  IF c.phase = 'sealed' THEN RETURN named AND public.inquiry_open(id); END IF;
  IF named THEN RETURN true; END IF;
  CASE current_setting('guitu.scope', true)
    WHEN 'everywhere' THEN RETURN true;
    WHEN 'area' THEN RETURN starts_with(c.place, current_setting('guitu.place', true));
    WHEN 'worker' THEN
      IF c.worker = '' THEN RETURN c.place = current_setting('guitu.place', true); END IF;
      RETURN c.worker = me OR EXISTS (SELECT FROM public.worker_absences a WHERE a.stand_in = me AND a.worker = c.worker
        AND nullif(current_setting('guitu.today', true), '')::date BETWEEN a.from_day AND a.to_day);
    ELSE RETURN false;
  END CASE;
END $$;
-- +goose StatementEnd

-- What needs no scope: keyed hashes by which a client is found, and which command a form was filled in by.
CREATE VIEW client_terms AS SELECT case_id, terms FROM clients;
CREATE VIEW filing_keys AS SELECT filing, case_id, command_id FROM form_answers;
GRANT SELECT ON client_terms, filing_keys TO guitu_app;

-- When a case was sealed, of which the key is out of every scope.
CREATE FUNCTION sealed_since(id text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
'SELECT sealed_at FROM case_keys WHERE case_id = id';
REVOKE ALL ON FUNCTION sealed_since(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sealed_since(text) TO guitu_app, guitu_keys;

-- +goose StatementBegin
DO $$ DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['case_keys', 'clients', 'client_changes', 'texts', 'practice_texts', 'papers', 'paper_drafts', 'form_answers', 'attachments', 'attachment_pieces', 'snoozes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY all_rows ON %I TO guitu_app, guitu_keys USING (true) WITH CHECK (true)', t);
    IF t <> 'snoozes' THEN
      EXECUTE format('CREATE POLICY in_scope ON %I TO guitu_scoped USING (%s case_in_scope(case_id))', t, CASE t WHEN 'case_keys' THEN 'sealed_at IS NULL AND' ELSE '' END);
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd
CREATE POLICY own_rows ON snoozes TO guitu_scoped USING (actor = current_setting('guitu.actor', true) AND actor <> '');

-- The rights of guitu_scoped are those of guitu_app but for the ledger and what is written with
-- it. "guitu migrate" ends with this, so that a table that comes later needs one grant alone.
-- +goose StatementBegin
CREATE FUNCTION grant_scoped() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('grant_scoped', 0)); -- several processes may migrate at once
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM guitu_scoped; -- what guitu_app has lost since: it would keep it through guitu_scoped
  FOR r IN SELECT c.oid::regclass AS rel, string_agg(a.privilege_type, ', ') AS rights FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND a.grantee = 'guitu_app'::regrole AND pg_has_role(c.relowner, 'USAGE') GROUP BY 1
  LOOP EXECUTE format('GRANT %s ON %s TO guitu_scoped', r.rights, r.rel); END LOOP;
  FOR r IN SELECT c.oid::regclass AS rel, quote_ident(t.attname) AS col, a.privilege_type AS privilege FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND t.attnum > 0 AND a.grantee = 'guitu_app'::regrole AND pg_has_role(c.relowner, 'USAGE')
  LOOP EXECUTE format('GRANT %s (%s) ON %s TO guitu_scoped', r.privilege, r.col, r.rel); END LOOP;
  FOR r IN SELECT p.oid::regprocedure AS fn FROM pg_proc p, aclexplode(p.proacl) a
    WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 'guitu_app'::regrole AND pg_has_role(p.proowner, 'USAGE')
  LOOP EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO guitu_scoped', r.fn); END LOOP;
  REVOKE INSERT, UPDATE, DELETE ON case_events, commands, obligations, escalations, leave_requests, referrals, transfers, taken_back, case_heads FROM guitu_scoped;
  REVOKE INSERT, UPDATE, DELETE ON cases FROM guitu_scoped;
  GRANT UPDATE (wake_at) ON cases TO guitu_scoped; -- the least right that locks a row, as who changes a client does; a wrong value costs a look at the case
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION grant_scoped() FROM PUBLIC;
SELECT grant_scoped();
