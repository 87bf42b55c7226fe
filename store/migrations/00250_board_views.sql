-- +goose Up
-- Views of the board that somebody saved: conditions as codes. The name is people's own words, and
-- stands under the key of the system.
CREATE TABLE board_views (
  id         text        PRIMARY KEY,
  owner      text        NOT NULL, -- who saved it
  place      text        NOT NULL, -- with whom it is shared: those of the place and below it; empty: nobody
  name       bytea       NOT NULL,
  query      jsonb       NOT NULL,
  digest     text        NOT NULL, -- of the request that made it
  created_at timestamptz NOT NULL
);
CREATE INDEX board_views_owner ON board_views (owner);
CREATE INDEX board_views_place ON board_views (place) WHERE place <> '';

-- The API sees one's own views and those shared with the place of the request or one above it. A
-- shared one is taken away by its maker, or by an office of the very place.
ALTER TABLE board_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON board_views TO guitu_app USING (true) WITH CHECK (true);
CREATE POLICY seen ON board_views FOR SELECT TO guitu_scoped
  USING (owner = current_setting('guitu.actor', true) AND owner <> '' OR place <> '' AND starts_with(current_setting('guitu.place', true), place));
CREATE POLICY own ON board_views FOR INSERT TO guitu_scoped WITH CHECK (owner = current_setting('guitu.actor', true) AND owner <> '');
CREATE POLICY dropped ON board_views FOR DELETE TO guitu_scoped
  USING (owner = current_setting('guitu.actor', true) AND owner <> '' OR place <> '' AND current_setting('guitu.scope', true) = 'area' AND place = current_setting('guitu.place', true));

GRANT SELECT, INSERT, DELETE ON board_views TO guitu_app;
