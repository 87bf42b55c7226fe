-- +goose Up
-- The referrals of the cases, written with the ledger and rebuilt from it.
CREATE TABLE referrals (
  case_id    text   NOT NULL,
  id         bigint NOT NULL, -- sequence of the event
  agency     text   NOT NULL,
  kind       text   NOT NULL,
  state      text   NOT NULL,
  made_on    date   NOT NULL,
  reply_by   date,            -- while the agency owes an answer
  replied_on date,
  reason     text   NOT NULL, -- of a no
  PRIMARY KEY (case_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON referrals TO guitu_app;
