package store_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestViewsAreKeptAndSeenInTheScopeOfTheRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, conn := b.behind()
	worker := board.WithScope(t.Context(), board.Scope{Kind: board.WorkerScope, Place: "110101001", Actor: "w-1"})
	head := board.WithScope(t.Context(), board.Scope{Kind: board.AreaScope, Place: "110101001", Actor: "h-1"})
	district := board.WithScope(t.Context(), board.Scope{Kind: board.AreaScope, Place: "110101", Actor: "d-1"})
	other := board.WithScope(t.Context(), board.Scope{Kind: board.AreaScope, Place: "110102003", Actor: "h-9"})
	query := board.ViewQuery{Risk: rehab.High, DueWithin: 7, Unassigned: true}
	own := board.View{ID: "v-1", Owner: "w-1", Name: "自用", Query: query, CreatedAt: noon(2026, 1, 5)}
	shared := board.View{ID: "v-2", Owner: "d-1", Name: "全区", Place: "110101", Query: query, CreatedAt: noon(2026, 1, 6)}
	station := board.View{ID: "v-3", Owner: "d-1", Name: "本站", Place: "110101001", Query: query, CreatedAt: noon(2026, 1, 7)}

	known, err := s.SaveView(worker, own, "x")
	require.NoError(t, err)
	require.False(t, known)
	known, err = s.SaveView(worker, own, "x")
	require.NoError(t, err)
	require.True(t, known)
	_, err = s.SaveView(worker, own, "y")
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	for _, v := range []board.View{shared, station} {
		_, err = s.SaveView(district, v, "x")
		require.NoError(t, err)
	}
	_, err = s.SaveView(worker, board.View{ID: "v-4", Owner: "h-1", Name: "x"}, "x")
	require.Error(t, err, "in the name of another")

	list, err := s.Views(worker, "w-1", "110101001")
	require.NoError(t, err)
	require.Equal(t, []board.View{own, shared, station}, list)
	list, err = s.Views(other, "w-1", "110101001") // whatever a query asks for
	require.NoError(t, err)
	require.Empty(t, list)

	require.NoError(t, s.DropView(worker, "v-3"), "nothing is there to be removed for a worker")
	require.NoError(t, s.DropView(head, "v-2"), "and not what is shared by the place above")
	list, err = s.Views(head, "h-1", "110101001")
	require.NoError(t, err)
	require.Equal(t, []board.View{shared, station}, list)
	require.NoError(t, s.DropView(head, "v-3"))
	list, err = s.Views(district, "d-1", "110101")
	require.NoError(t, err)
	require.Equal(t, []board.View{shared}, list)

	for n := range 49 {
		_, err = s.SaveView(worker, board.View{ID: fmt.Sprint("n-", n), Owner: "w-1", Name: "x", CreatedAt: noon(2026, 1, 8)}, "x")
		require.NoError(t, err)
	}
	_, err = s.SaveView(worker, board.View{ID: "n-49", Owner: "w-1", Name: "x", CreatedAt: noon(2026, 1, 8)}, "x")
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))

	rows, err := conn.Query(t.Context(), `SELECT id FROM board_views`)
	require.NoError(t, err)
	outside, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, outside, "without a scope")
	var plain bool
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT bool_or(position('全区'::bytea IN name) > 0) FROM board_views`).Scan(&plain))
	require.False(t, plain, "the name of a view stands in clear")
}

func TestTheRowsOfABoardAreThoseOfTheFilter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.streets()
	ids := func(f board.RowFilter) (out []string) {
		rows, err := b.store.BoardRows(t.Context(), f)
		require.NoError(t, err)
		for _, r := range rows {
			out = append(out, r.CaseID)
		}
		n, err := b.store.CountBoardRows(t.Context(), f)
		require.NoError(t, err)
		require.Len(t, rows, n)
		return out
	}
	require.Equal(t, []string{"c-1", "c-2", "c-3", "c-4"}, ids(board.RowFilter{Place: "11"}))
	require.Equal(t, []string{"c-1", "c-2", "c-4"}, ids(board.RowFilter{Place: "110101"}))
	require.Equal(t, []string{"c-1", "c-4"}, ids(board.RowFilter{Workers: []string{"w-1"}, FreeAt: "110101001"}))
	require.Equal(t, []string{"c-2"}, ids(board.RowFilter{Place: "110101", Cases: []string{"c-2", "c-3"}}))
	require.Empty(t, ids(board.RowFilter{Place: "110101", Cases: []string{}}))
	_, err := b.superuser().Exec(t.Context(), `UPDATE cases SET phase = CASE case_id WHEN 'c-1' THEN 'sealed' ELSE 'void' END WHERE case_id IN ('c-1', 'c-2')`)
	require.NoError(t, err)
	require.Equal(t, []string{"c-4"}, ids(board.RowFilter{Place: "110101"}))

	rows, err := b.store.BoardRows(t.Context(), board.RowFilter{Cases: []string{"c-3"}})
	require.NoError(t, err)
	c, err := b.store.Case(t.Context(), "c-3")
	require.NoError(t, err)
	require.Equal(t, []board.Row{{
		CaseID: c.CaseID, Place: c.Place, Worker: c.Worker, Measure: c.Measure, Phase: c.Phase, Risk: c.Risk, Engagement: c.Engagement, NextKind: c.NextKind, TopRung: c.TopRung,
		ServedOn: c.ServedOn, TermEnd: c.TermEnd, NextDue: c.NextDue, Overdue: c.Overdue, Escalations: c.Escalations, Crises: c.Crises,
	}}, rows)
}

// TestABoardOfManyCases prints how long the rows of a whole city take among GUITU_CLIENTS
// cases; it is skipped without that variable.
func TestABoardOfManyCases(t *testing.T) {
	many, _ := strconv.Atoi(os.Getenv("GUITU_CLIENTS"))
	if many == 0 {
		t.Skip("GUITU_CLIENTS is not set")
	}
	b := setup(t)
	b.manyClients(many)
	s, _ := b.behind()
	ctx := board.WithScope(t.Context(), board.Scope{Kind: board.AreaScope, Place: "11", Actor: "c-1"})
	for name, read := range map[string]func() error{
		"rows":  func() error { _, err := s.BoardRows(ctx, board.RowFilter{Place: "11"}); return err },
		"count": func() error { _, err := s.CountBoardRows(ctx, board.RowFilter{Place: "11"}); return err },
	} {
		var took []time.Duration
		for range 40 {
			at := time.Now()
			require.NoError(t, read())
			took = append(took, time.Since(at))
		}
		slices.Sort(took)
		t.Logf("%-5s of %d: p50 %s p95 %s max %s", name, many, took[20].Round(time.Millisecond/10), took[37].Round(time.Millisecond/10), took[39].Round(time.Millisecond/10))
	}
}
