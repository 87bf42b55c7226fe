-- +goose Up
-- Lawful inquiries into sealed cases (治安管理处罚法 136): asked for by one holder of keys, opened
-- by one of the other part. While one is open the key of the case is here, wrapped by the master
-- key; it is gone when the inquiry ends. What the organ and its ground are is encrypted: they
-- may name somebody.
CREATE TABLE inquiries (
  id        text        PRIMARY KEY,
  case_id   text        NOT NULL,
  shows     text[]      NOT NULL,
  words     bytea       NOT NULL, -- organ, ground, document: under the key of the system
  asked_by  text        NOT NULL REFERENCES key_holders,
  asked_at  timestamptz NOT NULL,
  hours     integer     NOT NULL CHECK (hours BETWEEN 1 AND 72),
  part      bytea,                -- of the one who asked, until another opens it or a day has passed
  opened_by text        REFERENCES key_holders,
  opened_at timestamptz,
  until     timestamptz,
  wrapped   bytea,                -- the key of the case, while the inquiry is open
  ended_at  timestamptz,
  CHECK (opened_by IS NULL OR opened_by <> asked_by)
);
CREATE INDEX inquiries_case ON inquiries (case_id, asked_at);
GRANT SELECT, INSERT, UPDATE ON inquiries TO guitu_keys;
GRANT SELECT ON sealed_parts, key_holders, case_keys, cases TO guitu_keys;

-- Takes away the keys of inquiries whose time is over: whoever starts or looks calls it.
-- +goose StatementBegin
CREATE FUNCTION end_inquiries() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH over AS (
  UPDATE inquiries SET wrapped = NULL, part = NULL, ended_at = now()
  WHERE ended_at IS NULL AND coalesce(until, asked_at + interval '1 day') <= now() RETURNING 1
) SELECT count(*) FROM over;
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION end_inquiries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_inquiries() TO guitu_app, guitu_keys;
