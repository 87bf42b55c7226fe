-- +goose Up
-- Scans and photos of a case, in pieces, each encrypted under the key of the case. Pieces whose
-- attachment is not there are of uploads that broke off.
CREATE TABLE attachments (
  case_id       text        NOT NULL,
  id            text        NOT NULL, -- made of the actor and the key of the request
  kind          text        NOT NULL,
  media_type    text        NOT NULL,
  size          bigint      NOT NULL,
  upload        uuid        NOT NULL UNIQUE,
  pieces        integer     NOT NULL,
  thumbnail     boolean     NOT NULL, -- its small picture is the piece -1
  record        bigint      NOT NULL,
  paper         text        NOT NULL,
  origin        bigint      NOT NULL,
  actor         text        NOT NULL, -- "role place id"
  at            timestamptz NOT NULL,
  digest        text        NOT NULL, -- keyed, of the request and the content
  withdrawn_at  timestamptz,
  withdrawn_by  text        NOT NULL DEFAULT '', -- why stands with the texts
  PRIMARY KEY (case_id, id)
);

CREATE TABLE attachment_pieces (
  upload     uuid        NOT NULL,
  n          integer     NOT NULL,
  case_id    text        NOT NULL,
  last       boolean     NOT NULL,
  at         timestamptz NOT NULL DEFAULT now(),
  ciphertext bytea       NOT NULL,
  PRIMARY KEY (upload, n)
);
CREATE INDEX attachment_pieces_case ON attachment_pieces (case_id);
ALTER TABLE attachment_pieces ALTER COLUMN ciphertext SET STORAGE EXTERNAL; -- encrypted bytes do not get smaller

-- +goose StatementBegin
CREATE FUNCTION forget_attachments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM attachments WHERE case_id = OLD.case_id;
  DELETE FROM attachment_pieces WHERE case_id = OLD.case_id;
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER case_keys_forget_attachments AFTER DELETE ON case_keys FOR EACH ROW EXECUTE FUNCTION forget_attachments();

GRANT SELECT, INSERT, UPDATE ON attachments TO guitu_app;
GRANT SELECT, INSERT, DELETE ON attachment_pieces TO guitu_app;
GRANT SELECT, UPDATE ON attachment_pieces TO guitu_keys; -- who changes keys writes them anew
