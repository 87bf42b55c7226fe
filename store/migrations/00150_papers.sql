-- +goose Up
-- The books of the offices: which paper has which number. A number belongs to a paper from its
-- draft on and is never given twice; one that was spoilt stays, with the reason, and the paper
-- may have another. What was written for a paper is encrypted under the key of its case.
CREATE TABLE papers (
  id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  case_id    text        NOT NULL,
  kind       text        NOT NULL,
  origin     bigint      NOT NULL, -- sequence of the event with which the paper began
  place      text        NOT NULL,
  series     text        NOT NULL,
  year       integer     NOT NULL,
  n          integer,              -- NULL: the office gave the number itself
  number     text        NOT NULL,
  version    text        NOT NULL, -- of the templates
  as_of      bigint      NOT NULL, -- the history that the paper says
  ciphertext bytea,                -- the words written for it
  actor      text        NOT NULL, -- JSON
  at         timestamptz NOT NULL,
  spoilt_at  timestamptz,
  spoilt_by  text        NOT NULL DEFAULT '',
  spoilt_why text        NOT NULL DEFAULT '',
  UNIQUE (place, number),
  UNIQUE (place, series, year, n)
);
CREATE UNIQUE INDEX papers_live ON papers (case_id, kind, origin) WHERE spoilt_at IS NULL;

-- The last number of each series: the row is locked until the paper is in the books, so that
-- there is no gap.
CREATE TABLE paper_series (
  place  text    NOT NULL,
  series text    NOT NULL,
  year   integer NOT NULL,
  last   integer NOT NULL,
  PRIMARY KEY (place, series, year)
);

-- What is being written for a paper before it has a number.
CREATE TABLE paper_drafts (
  case_id    text   NOT NULL,
  kind       text   NOT NULL,
  origin     bigint NOT NULL,
  ciphertext bytea  NOT NULL,
  PRIMARY KEY (case_id, kind, origin)
);

GRANT SELECT, INSERT, UPDATE ON papers, paper_series TO guitu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON paper_drafts TO guitu_app;
