package store_test

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"guitu/internal/pgtest"
	"guitu/office"
	"guitu/rehab"
	"guitu/store"
)

func TestTheRowsFollowAMigrationAndARelease(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	next := *b.rules.Policy(c.Policy)
	next.Version, next.AssignWorker.N = "2026.9", 9
	env := rehab.Env{Now: noon(2026, 1, 7), Policy: b.rules.Policy(c.Policy), Target: &next, Calendar: b.rules.Calendar()}
	cmd := rehab.Command{ID: "migrate", Actor: head, OccurredAt: env.Now, Digest: "d", Body: rehab.MigratePolicy{To: next.Ref()}}
	events, err := c.Decide(cmd, env)
	require.NoError(t, err)
	require.NotEmpty(t, events[0].Data.(rehab.PolicyMigrated).Moves)
	_, err = b.store.Record(t.Context(), rehab.NewRecord(c, cmd, events))
	require.NoError(t, err)
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, diffs)
	row, err := b.store.Case(t.Context(), "c-1")
	require.NoError(t, err)
	require.Equal(t, next.Ref(), row.Policy)

	c = b.live("c-2")
	b.play(c, "end", noon(2029, 2, 1), rehab.Release{})
	diffs, err = b.store.CompareReadModel(t.Context(), "c-2")
	require.NoError(t, err)
	require.Empty(t, diffs)
	require.Equal(t, rehab.Released, c.Phase)
	live, err := b.store.LiveCaseIDs(t.Context(), "c-1", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"c-2"}, live, "after-care is still to come")
}

// migratedTo brings an empty database to a version of its schema.
func migratedTo(version int64) func(context.Context, string) error {
	return func(ctx context.Context, dsn string) error {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return err
		}
		defer db.Close()
		provider, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"))
		if err != nil {
			return err
		}
		_, err = provider.UpTo(ctx, version)
		return err
	}
}

// TestWhatHadACallersNameIsFoundUnderItsOwn: the notes of a record lay among the texts of
// commands, and a worker was registered under an id that a caller could choose.
func TestWhatHadACallersNameIsFoundUnderItsOwn(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t, "store-130", migratedTo(130))
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, sql := range []string{
		`INSERT INTO practice_records VALUES ('sv-1', 1, 'supervision', '110101001', '', '', 'c-1', false, '2026-01-01', '{}', '{}', '', '', now(), 'k', 'd')`,
		`INSERT INTO texts VALUES ('c-1', 'sv-1/1', 'note', 'a'), ('c-1', 'sv-1/2', 'note', 'b'), ('c-2', 'sv-1/1', 'note', 'c'), ('c-1', 'k-1', 'note', 'd')`,
		`INSERT INTO office_facts (subject, valid_from, recorded_at, actor, command, digest, data) VALUES
  ('worker/w-1', '2026-01-01', now(), '', 'register', 'd', '{"change":"registered"}'), ('worker/w-2', '2026-01-01', now(), '', 'register', 'd', '{"change":"left"}'),
  ('place/11', '2026-01-01', now(), '', 'register', 'd', '{"change":"registered"}')`,
		`INSERT INTO fleets VALUES ('f-1', 'assign-worker', '11', '{}', 'd', now(), 'running')`,
	} {
		_, err := conn.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	require.NoError(t, store.Migrate(t.Context(), dsn))
	found := func(sql string) (out string) {
		require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&out))
		return out
	}
	require.Equal(t, "c-1 sv-1 1 note a", found(`SELECT string_agg(concat_ws(' ', case_id, id, version, field, encode(ciphertext, 'escape')), ', ') FROM practice_texts`))
	require.Equal(t, "c-1 k-1, c-1 sv-1/2, c-2 sv-1/1", found(`SELECT string_agg(case_id || ' ' || command_id, ', ' ORDER BY case_id, command_id) FROM texts`))
	require.Equal(t, "worker/w-1", found(`SELECT string_agg(subject, ', ') FROM office_facts WHERE command = '`+office.RegisterCommand+`'`))
	require.Equal(t, "false", found(`SELECT reserved::text FROM fleets`))
	_, err = conn.Exec(t.Context(), `UPDATE office_facts SET digest = ''`)
	require.ErrorContains(t, err, "append-only")
}
