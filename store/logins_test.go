package store_test

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
	"guitu/store"
)

// asRuntime opens the store as the login of the API and the workers: guitu_app and no more.
func (b *bundle) asRuntime() (*store.Store, *pgx.Conn) {
	b.t.Helper()
	ctx := b.t.Context()
	_, err := b.superuser().Exec(ctx, `DO $$ BEGIN
  CREATE ROLE runtime_of_tests LOGIN PASSWORD 'runtime' IN ROLE guitu_app;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
	require.NoError(b.t, err)
	dsn, err := url.Parse(b.dsn)
	require.NoError(b.t, err)
	dsn.User = url.UserPassword("runtime_of_tests", "runtime")
	s, err := store.Open(ctx, store.Options{DSN: dsn.String(), MaxConns: 2, Keys: b.keys})
	require.NoError(b.t, err)
	b.t.Cleanup(s.Close)
	conn, err := pgx.Connect(ctx, dsn.String())
	require.NoError(b.t, err)
	b.t.Cleanup(func() { _ = conn.Close(ctx) })
	return s, conn
}

func TestTheLoginOfTheAPIMakesNoTokenAndTakesNoKeyAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	s, conn := b.asRuntime()
	require.NoError(t, b.store.SaveIdentity(ctx, "c-1", board.Identity{Name: "某某", IDNumber: "1"}))
	b.open("c-1")
	require.NoError(t, b.store.KeepToken(ctx, "made", head, "", noon(2099, 1, 1)))
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(s.KeepToken(ctx, "forged", head, "", noon(2099, 1, 1))))
	a, err := s.Actor(ctx, "made")
	require.NoError(t, err)
	require.Equal(t, head, a)
	for _, sql := range []string{
		`SET ROLE guitu_tokens`,
		`INSERT INTO tokens (hash, actor, role, place, label, expires_at) VALUES ('x', 'a', 'admin', '', '', now() + interval '1 day')`,
		`UPDATE tokens SET role = 'admin'`, `DELETE FROM tokens`, `DELETE FROM case_keys`, `UPDATE case_keys SET wrapped = 'x'`, `DELETE FROM clients`,
		`DELETE FROM case_events`, `UPDATE case_events SET actor = ''`, `DELETE FROM audit`, `UPDATE audit SET actor = ''`, `DELETE FROM exports`, `DELETE FROM case_heads`, `DELETE FROM ledger_sums`,
	} {
		_, err := conn.Exec(ctx, sql)
		require.ErrorContains(t, err, "permission denied", sql)
	}
	_, err = conn.Exec(ctx, `SELECT drop_unopened('c-1')`)
	require.NoError(t, err)
	_, err = s.Identity(ctx, "c-1")
	require.NoError(t, err, "the key of a case that was opened stays")
	require.NoError(t, s.SaveIdentity(ctx, "c-2", board.Identity{Name: "某某", IDNumber: "2"}))
	require.NoError(t, s.DropIdentity(ctx, "c-2"))
	_, err = s.Identity(ctx, "c-2")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}
