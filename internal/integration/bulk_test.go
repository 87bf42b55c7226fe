package integration_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/bulk"
	"guitu/rehab"
	"guitu/workflows"
)

// bulkOf plans a reassignment of the cases to the worker.
func (s *system) bulkOf(id string, cases []string, to string) bulk.Operation {
	s.t.Helper()
	rows, err := s.store.LiveCases(s.t.Context(), "11", cases, "", 1000)
	require.NoError(s.t, err)
	var changes []bulk.Change
	for _, row := range rows {
		c, ok := bulk.ChangeOf(row, rehab.AssignWorker{Worker: to})
		require.True(s.t, ok)
		changes = append(changes, c)
	}
	f := bulk.Operation{ID: id, Kind: bulk.Reassign, Place: "110101001", By: head, CreatedAt: time.Now()}
	require.NoError(s.t, s.store.SaveBulk(s.t.Context(), f, "d", changes))
	require.NoError(s.t, s.store.SaveBulk(s.t.Context(), f, "d", changes), "the same again changes nothing")
	require.Equal(s.t, rehab.Conflict, rehab.CodeOf(s.store.SaveBulk(s.t.Context(), f, "e", changes)))
	f, err = s.store.BulkOperation(s.t.Context(), id)
	require.NoError(s.t, err)
	return f
}

func (s *system) bulkStands(id string, state bulk.State) bulk.Operation {
	s.t.Helper()
	var f bulk.Operation
	require.Eventually(s.t, func() bool {
		var err error
		f, err = s.store.BulkOperation(s.t.Context(), id)
		return err == nil && f.State == state
	}, 90*time.Second, 50*time.Millisecond, "the fleet does not become %s", state)
	return f
}

func bulkActs(t *testing.T, s *system) {
	const n = 60 // more than a part
	cases := make([]string, n)
	each(n, func(i int) { cases[i] = s.open() })
	ended := cases[7]
	f := s.bulkOf("acts", cases, "w-2")
	s.do(ended, rehab.Terminate{Ground: rehab.Death}) // after the plan was made

	require.NoError(t, s.cases.StartBulk(t.Context(), f, time.Hour))
	require.NoError(t, s.cases.StartBulk(t.Context(), f, time.Hour), "it runs already")
	s.rest() // the worker goes in the middle
	s.work()
	f = s.bulkStands("acts", bulk.Undoable)
	require.Equal(t, map[bulk.Outcome]int{bulk.Acted: n - 1, bulk.Refused: 1}, f.Outcomes, "no case is passed over in silence")
	refused, err := s.store.BulkItems(t.Context(), "acts", bulk.Refused, 0, 10)
	require.NoError(t, err)
	require.Equal(t, ended, refused[0].CaseID)
	require.Contains(t, refused[0].Message, "the case is closed")
	for _, id := range []string{cases[0], cases[n-1]} {
		require.Equal(t, "w-2", s.agrees(id).Worker)
	}

	s.do(cases[3], rehab.AssignWorker{Worker: "w-9"}) // somebody decided otherwise since
	require.NoError(t, s.cases.SignalBulk(t.Context(), "acts", workflows.UndoBulk))
	f = s.bulkStands("acts", bulk.Undone)
	require.Equal(t, map[bulk.Outcome]int{bulk.TakenBack: n - 2, bulk.Kept: 1, bulk.Refused: 1}, f.Outcomes)
	require.Equal(t, "w-9", s.agrees(cases[3]).Worker)
	require.Equal(t, "w-1", s.agrees(cases[0]).Worker)
	require.Equal(t, rehab.Refused, rehab.CodeOf(eventually(t, func() error { return s.cases.SignalBulk(t.Context(), "acts", workflows.UndoBulk) })))
}

// eventually repeats until there is an error: a workflow takes a moment to close.
func eventually(t *testing.T, do func() error) (err error) {
	require.Eventually(t, func() bool { err = do(); return err != nil }, 20*time.Second, 50*time.Millisecond)
	return err
}

func bulkStops(t *testing.T, s *system) {
	cases := make([]string, 3)
	each(3, func(i int) { cases[i] = s.open() })
	f := s.bulkOf("stops", cases, "w-2")
	s.rest()
	require.NoError(t, s.cases.StartBulk(t.Context(), f, time.Hour))
	require.NoError(t, s.cases.SignalBulk(t.Context(), "stops", workflows.PauseBulk))
	require.NoError(t, s.cases.SignalBulk(t.Context(), "stops", workflows.CancelBulk))
	s.work()
	f = s.bulkStands("stops", bulk.Cancelled)
	require.Equal(t, 3, f.Outcomes[bulk.Skipped]+f.Outcomes[bulk.Acted], "%v", f.Outcomes)
	require.Zero(t, f.Outcomes[bulk.Pending])
	unfinished, err := s.store.UnfinishedBulk(t.Context())
	require.NoError(t, err)
	for _, u := range unfinished {
		require.NotEqual(t, "stops", u.ID, fmt.Sprint(u))
	}
}
