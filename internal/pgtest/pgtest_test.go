package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestEachTestHasItsOwnPreparedDatabase(t *testing.T) {
	t.Parallel()
	var prepared atomic.Int32
	prepare := func(ctx context.Context, dsn string) error {
		prepared.Add(1)
		return execute(ctx, dsn, "CREATE TABLE seen (n int)")
	}
	key := freshKey(t)

	for _, name := range []string{"one", "two", "three"} {
		t.Run(name, func(t *testing.T) {
			db := New(t, key, prepare)
			require.NoError(t, execute(t.Context(), db, "INSERT INTO seen VALUES (1)"))
			require.Equal(t, 1, count(t, db, "SELECT count(*) FROM seen"))
		})
	}
	require.EqualValues(t, 1, prepared.Load())
}

func TestTheDatabaseIsDroppedEvenWhenConnectionsAreLeft(t *testing.T) {
	t.Parallel()
	key := freshKey(t)
	var left *pgx.Conn
	var name string

	t.Run("inner", func(t *testing.T) {
		db := New(t, key, nil)
		var err error
		left, err = pgx.Connect(t.Context(), db)
		require.NoError(t, err)
		require.NoError(t, left.QueryRow(t.Context(), "SELECT current_database()").Scan(&name))
	})
	s, err := processServer()
	require.NoError(t, err)
	conn, err := s.connect(t.Context())
	require.NoError(t, err)
	defer disconnect(t.Context(), conn)
	exists, err := databaseExists(t.Context(), conn, name)
	require.NoError(t, err)
	require.False(t, exists)
	require.Error(t, left.Ping(t.Context()))
}

func TestCallersThatRaceMakeOneTemplate(t *testing.T) {
	t.Parallel()
	key := freshKey(t)
	s, err := processServer()
	require.NoError(t, err)
	var prepared atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { // each on a connection of its own, as processes are
			_, err := s.template(t.Context(), key, func(ctx context.Context, dsn string) error {
				prepared.Add(1)
				return execute(ctx, dsn, "CREATE TABLE seen (n int)")
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, prepared.Load())
}

func TestAFailedPrepareLeavesNoTemplate(t *testing.T) {
	t.Parallel()
	key := freshKey(t)
	s, err := processServer()
	require.NoError(t, err)

	_, err = s.template(t.Context(), key, func(ctx context.Context, dsn string) error {
		return errors.Join(execute(ctx, dsn, "CREATE TABLE half (n int)"), errors.New("boom"))
	})
	require.ErrorContains(t, err, "boom")

	db := New(t, key, func(ctx context.Context, dsn string) error { return execute(ctx, dsn, "CREATE TABLE whole (n int)") })
	require.Equal(t, 1, count(t, db, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
}

func TestPrepareMayForgetAConnection(t *testing.T) {
	t.Parallel()
	db := New(t, freshKey(t), func(ctx context.Context, dsn string) error {
		_, err := pgx.Connect(ctx, dsn)
		return err
	})
	require.Equal(t, 1, count(t, db, "SELECT 1"))
}

func TestKeyFollowsTheFiles(t *testing.T) {
	t.Parallel()
	key := func(content string) string {
		k, err := Key("store", fstest.MapFS{"migrations/1.sql": {Data: []byte(content)}})
		require.NoError(t, err)
		return k
	}
	first, again := key("a"), key("a")
	require.True(t, strings.HasPrefix(first, "store@"))
	require.Equal(t, first, again)
	require.NotEqual(t, key("a"), key("b"))
}

func TestLongNamesStayWithinPostgresLimits(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, len(databaseName(strings.Repeat("长/x", 50))), 63)
	db := New(t, strings.Repeat("a long key ", 20), nil)
	require.Equal(t, 1, count(t, db, "SELECT 1"))
}

// freshKey is used once, also on a server that lives long.
func freshKey(t *testing.T) string {
	b := make([]byte, 6)
	_, err := rand.Read(b)
	require.NoError(t, err)
	key := "pgtest-" + hex.EncodeToString(b)
	t.Cleanup(func() {
		s, err := processServer()
		require.NoError(t, err)
		name, err := s.template(context.WithoutCancel(t.Context()), key, nil)
		require.NoError(t, err)
		require.NoError(t, s.run(context.WithoutCancel(t.Context()), "DROP DATABASE "+quote(name)))
	})
	return key
}

func execute(ctx context.Context, dsn, sql string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

func count(t *testing.T, dsn, sql string) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	var n int
	err = conn.QueryRow(t.Context(), sql).Scan(&n)
	require.NoError(t, errors.Join(err, conn.Close(t.Context())))
	return n
}
