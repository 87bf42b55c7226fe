package store_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/dossier"
	"guitu/office"
	"guitu/rehab"
	"guitu/store"
)

// behind is the store as the API has it, and a connection under the same login.
func (b *bundle) behind() (*store.Store, *pgx.Conn) {
	b.t.Helper()
	ctx := b.t.Context()
	_, err := b.superuser().Exec(ctx, `DO $$ BEGIN CREATE ROLE api_of_tests LOGIN PASSWORD 'api' IN ROLE guitu_scoped;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
	require.NoError(b.t, err)
	dsn, err := url.Parse(b.dsn)
	require.NoError(b.t, err)
	dsn.User = url.UserPassword("api_of_tests", "api")
	s, err := store.Open(ctx, store.Options{DSN: dsn.String(), MaxConns: 2, Keys: b.keys, Scoped: true})
	require.NoError(b.t, err)
	b.t.Cleanup(s.Close)
	conn, err := pgx.Connect(ctx, dsn.String())
	require.NoError(b.t, err)
	b.t.Cleanup(func() { _ = conn.Close(ctx) })
	return s, conn
}

// streets opens three cases of two districts, each with a client, a text, a snooze and a draft of a paper.
func (b *bundle) streets() {
	ctx := b.t.Context()
	for i, x := range []struct{ id, place, worker string }{{"c-1", "110101001", "w-1"}, {"c-2", "110101002", "w-2"}, {"c-3", "110102003", "w-3"}, {"c-4", "110101001", ""}} {
		require.NoError(b.t, b.store.SaveIdentity(ctx, x.id, board.Identity{Name: "某" + x.id, IDNumber: fmt.Sprint(i % 3)}))
		c := &rehab.Case{ID: x.id}
		b.play(c, "open-"+x.id, noon(2026, 1, 5), rehab.OpenCase{
			Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
			Place: x.place, Worker: x.worker, Risk: rehab.High, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
		})
		require.NoError(b.t, b.store.SaveTexts(ctx, x.id, "open-"+x.id, map[string]string{"note": "x"}))
		require.NoError(b.t, b.store.SavePaperDraft(ctx, office.PaperKey{CaseID: x.id, Kind: "k", Origin: 1}, map[string]string{"words": "x"}))
	}
}

// seen are the cases that a query without a condition finds in each table.
func seen(t *testing.T, conn *pgx.Conn, scope board.Scope) map[string]string {
	t.Helper()
	ctx := t.Context()
	out := map[string]string{}
	require.NoError(t, pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if scope.Kind != "" {
			_, err := tx.Exec(ctx, `SELECT set_config('guitu.scope', $1, true), set_config('guitu.place', $2, true), set_config('guitu.actor', $3, true), set_config('guitu.today', $4, true), set_config('guitu.cases', $5, true)`,
				string(scope.Kind), scope.Place, scope.Actor, scope.Today.String(), strings.Join(scope.Cases, " "))
			require.NoError(t, err)
		}
		for _, table := range []string{"clients", "case_keys", "texts", "paper_drafts"} {
			rows, err := tx.Query(ctx, `SELECT case_id FROM `+table)
			require.NoError(t, err)
			ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
			require.NoError(t, err)
			slices.Sort(ids)
			out[table] = strings.Join(ids, " ")
		}
		return nil
	}))
	return out
}

func everyTable(ids string) map[string]string {
	return map[string]string{"clients": ids, "case_keys": ids, "texts": ids, "paper_drafts": ids}
}

func TestAQueryWithoutAConditionFindsTheScopeAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.streets()
	_, conn := b.behind()
	for name, x := range map[string]struct {
		scope board.Scope
		want  string
	}{
		"none":     {board.Scope{}, ""},
		"street":   {board.Scope{Kind: board.AreaScope, Place: "110101001"}, "c-1 c-4"},
		"district": {board.Scope{Kind: board.AreaScope, Place: "110101"}, "c-1 c-2 c-4"},
		"city":     {board.Scope{Kind: board.AreaScope, Place: "11"}, "c-1 c-2 c-3 c-4"},
		"nowhere":  {board.Scope{Kind: board.AreaScope, Place: "12"}, ""},
		"worker":   {board.Scope{Kind: board.WorkerScope, Place: "110101001", Actor: "w-1"}, "c-1 c-4"},
		"moved":    {board.Scope{Kind: board.WorkerScope, Place: "110101001", Actor: "w-3"}, "c-3 c-4"},
		"nobody":   {board.Scope{Kind: board.WorkerScope, Actor: ""}, ""},
		"named":    {board.Scope{Kind: board.AreaScope, Place: "110101002", Cases: []string{"c-3"}}, "c-2 c-3"},
	} {
		require.Equal(t, everyTable(x.want), seen(t, conn, x.scope), name)
	}
	require.Equal(t, everyTable(""), seen(t, conn, board.Scope{}), "what a transaction was told ends with it")
	_, err := b.superuser().Exec(t.Context(), `INSERT INTO worker_absences (worker, from_day, to_day, stand_in) VALUES ('w-2', '2026-02-01', '2026-02-03', 'w-1')`)
	require.NoError(t, err)
	standing := board.Scope{Kind: board.WorkerScope, Place: "110101001", Actor: "w-1", Today: rehab.NewDate(2026, 2, 3)}
	require.Equal(t, everyTable("c-1 c-2 c-4"), seen(t, conn, standing), "who stands in")
	standing.Today++
	require.Equal(t, everyTable("c-1 c-4"), seen(t, conn, standing))
}

func TestTheKeyAndTheClientOfASealedCaseAreInNoScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.streets()
	s, conn := b.behind()
	ctx := board.WithScope(t.Context(), board.Scope{Kind: board.AreaScope, Place: "11"})
	c, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	at := noon(2026, 2, 1)
	_, err = b.store.Record(t.Context(), rehab.NewRecord(c, rehab.Command{}, []rehab.Event{{Seq: c.Seq + 1, RecordedAt: at, OccurredAt: at, Actor: head, Data: rehab.CaseSealed{On: rehab.DateOf(at)}}}))
	require.NoError(t, err)
	require.Equal(t, everyTable("c-2 c-3 c-4"), seen(t, conn, board.Scope{Kind: board.AreaScope, Place: "11", Cases: []string{"c-1"}}), "not by its name either")
	_, err = s.Identity(ctx, "c-1")
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "it says that it is sealed")
	require.ErrorContains(t, s.SaveTexts(ctx, "c-1", "k", map[string]string{"note": "x"}), "sealed")
}

func TestTheStoreOfTheAPIKeepsToTheScopeOfTheRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.streets()
	s, conn := b.behind()
	all := []string{"c-1", "c-2", "c-3", "c-4"}
	none, err := s.Identities(t.Context(), all)
	require.NoError(t, err)
	require.Empty(t, none, "a request without a scope")
	ctx := board.WithScope(t.Context(), board.Scope{Kind: board.AreaScope, Place: "110101001"})
	for range 3 { // prepared by then
		own, err := s.Identities(ctx, all)
		require.NoError(t, err)
		require.Len(t, own, 2)
	}
	_, err = s.ClientHistory(ctx, "c-3")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	_, err = s.ClientHistory(board.Naming(ctx, "c-3"), "c-3")
	require.NoError(t, err)
	board.Reach(ctx, "c-3")
	_, err = s.Identity(ctx, "c-3")
	require.NoError(t, err)
	_, err = s.Identity(ctx, "c-2")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	require.Error(t, s.SaveTexts(ctx, "c-2", "k", map[string]string{"note": "x"}))
	cases, err := s.CasesOfPerson(ctx, "0")
	require.NoError(t, err)
	require.Equal(t, []string{"c-1", "c-4"}, cases, "whether a person has another case is asked everywhere")
	require.NoError(t, s.SaveIdentity(ctx, "c-5", board.Identity{Name: "某某", IDNumber: "5"}))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(s.SaveIdentity(ctx, "c-2", board.Identity{Name: "某某", IDNumber: "5"})))
	require.NoError(t, s.DropIdentity(ctx, "c-5"))

	for _, sql := range []string{`SET ROLE guitu_app`, `INSERT INTO commands (case_id, command_id, digest, last_seq) VALUES ('c-1', 'k', '', 1)`, `DELETE FROM cases`, `UPDATE cases SET place = ''`, `UPDATE obligations SET status = 'met'`} {
		_, err := conn.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "permission denied", sql)
	}
}

// A table that comes later and has something of a client in it belongs behind the scope as well.
func TestEveryTableUnderTheKeyOfACaseIsBehindItsScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rows, err := b.superuser().Query(t.Context(), `SELECT relname::text FROM pg_class WHERE relrowsecurity`)
	require.NoError(t, err)
	behind, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, behind, "case_keys")
	for _, table := range store.TablesUnderCaseKey() {
		require.Contains(t, behind, table)
	}
}

// guitu_app is a member of guitu_scoped: a right that a later migration takes from it would stay with both.
func TestARightThatTheApplicationLosesIsLostToTheAPIToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.superuser().Exec(t.Context(), `REVOKE INSERT ON audit FROM guitu_app; REVOKE UPDATE (sealed_at) ON case_keys FROM guitu_app`)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context(), b.dsn))
	for _, role := range []string{"guitu_app", "guitu_scoped"} {
		var inserts, updates, reads bool
		require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT has_table_privilege($1, 'audit', 'INSERT'), has_column_privilege($1, 'case_keys', 'sealed_at', 'UPDATE'), has_table_privilege($1, 'audit', 'SELECT')`, role).Scan(&inserts, &updates, &reads))
		require.False(t, inserts, role)
		require.False(t, updates, role)
		require.True(t, reads, role)
	}
}

// BenchmarkScope reads as lists, searches and files do, with and without the scope, beside fifty thousand clients.
func BenchmarkScope(b *testing.B) {
	w := setup(b)
	w.streets()
	owner := w.superuser()
	_, err := owner.Exec(b.Context(), `
INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('case_id', 'm-' || i, 'place', '1101' || lpad((1 + i % 16)::text, 2, '0') || lpad((1 + i % 20)::text, 3, '0'), 'worker', 'w-' || i % 900))).*
  FROM (SELECT c, i FROM cases c, generate_series(1, 50000) i WHERE c.case_id = 'c-1') x;
INSERT INTO clients (case_id, ciphertext, content, id_index, terms) SELECT 'm-' || i, '\x00', '\x00', int4send(i), ARRAY[i % 4096, i] FROM generate_series(1, 50000) i;
INSERT INTO case_keys (case_id, wrapped, sealed_at) SELECT 'm-' || i, '\x00', now() FROM generate_series(1, 50000) i;
INSERT INTO texts (case_id, command_id, field, ciphertext) SELECT 'm-' || i % 500, 'k-' || i, 'note', '\x00' FROM generate_series(1, 20000) i;
ANALYZE`)
	require.NoError(b, err)
	front, _ := w.behind()
	page := make([]string, 50)
	for i := range page {
		page[i] = fmt.Sprint("m-", 17+16*i)
	}
	look := dossier.Search{Ways: [][]dossier.Term{{{Kind: dossier.ByPhone, Value: "1"}}}}
	for name, read := range map[string]func(context.Context, *store.Store) error{
		"a page of identities": func(ctx context.Context, s *store.Store) error { _, err := s.Identities(ctx, page); return err },
		"an identity":          func(ctx context.Context, s *store.Store) error { _, err := s.Identity(ctx, "c-1"); return err },
		"a timeline":           func(ctx context.Context, s *store.Store) error { _, err := s.Timeline(ctx, "c-1", 0, 50); return err },
		"a person's cases":     func(ctx context.Context, s *store.Store) error { _, err := s.CasesOfPerson(ctx, "1"); return err },
		"a case's row":         func(ctx context.Context, s *store.Store) error { _, err := s.Case(ctx, "c-1"); return err },
		"a search": func(ctx context.Context, s *store.Store) error {
			_, err := s.SearchClients(ctx, look, board.ClientFilter{Place: "1101", Limit: 50})
			return err
		},
	} {
		for kind, s := range map[string]*store.Store{"without": w.store, "scoped": front} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				ctx := board.WithScope(b.Context(), board.Scope{Kind: board.AreaScope, Place: "1101"})
				for b.Loop() {
					require.NoError(b, read(ctx, s))
				}
			})
		}
	}
}
