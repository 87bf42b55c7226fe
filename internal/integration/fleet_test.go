package integration_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/office"
	"guitu/rehab"
	"guitu/workflows"
)

// fleetOf plans a reassignment of the cases to the worker.
func (s *system) fleetOf(id string, cases []string, to string) office.Fleet {
	s.t.Helper()
	rows, err := s.store.LiveCases(s.t.Context(), "11", cases, "", 1000)
	require.NoError(s.t, err)
	var changes []office.Change
	for _, row := range rows {
		c, ok := office.ChangeOf(row, rehab.AssignWorker{Worker: to})
		require.True(s.t, ok)
		changes = append(changes, c)
	}
	f := office.Fleet{ID: id, Kind: office.Reassign, Place: "110101001", By: head, CreatedAt: time.Now()}
	require.NoError(s.t, s.store.SaveFleet(s.t.Context(), f, "d", changes))
	require.NoError(s.t, s.store.SaveFleet(s.t.Context(), f, "d", changes), "the same again changes nothing")
	require.Equal(s.t, rehab.Conflict, rehab.CodeOf(s.store.SaveFleet(s.t.Context(), f, "e", changes)))
	f, err = s.store.Fleet(s.t.Context(), id)
	require.NoError(s.t, err)
	return f
}

func (s *system) fleetStands(id string, state office.FleetState) office.Fleet {
	s.t.Helper()
	var f office.Fleet
	require.Eventually(s.t, func() bool {
		var err error
		f, err = s.store.Fleet(s.t.Context(), id)
		return err == nil && f.State == state
	}, 90*time.Second, 50*time.Millisecond, "the fleet does not become %s", state)
	return f
}

func fleetActs(t *testing.T, s *system) {
	const n = 60 // more than a part
	cases := make([]string, n)
	each(n, func(i int) { cases[i] = s.open() })
	ended := cases[7]
	f := s.fleetOf("acts", cases, "w-2")
	s.do(ended, rehab.Terminate{Ground: rehab.Death}) // after the plan was made

	require.NoError(t, s.cases.StartFleet(t.Context(), f, time.Hour))
	require.NoError(t, s.cases.StartFleet(t.Context(), f, time.Hour), "it runs already")
	s.rest() // the worker goes in the middle
	s.work()
	f = s.fleetStands("acts", office.FleetUndoable)
	require.Equal(t, map[office.Outcome]int{office.Acted: n - 1, office.Refused: 1}, f.Outcomes, "no case is passed over in silence")
	refused, err := s.store.FleetItems(t.Context(), "acts", office.Refused, 0, 10)
	require.NoError(t, err)
	require.Equal(t, ended, refused[0].CaseID)
	require.Contains(t, refused[0].Message, "the case is closed")
	for _, id := range []string{cases[0], cases[n-1]} {
		require.Equal(t, "w-2", s.agrees(id).Worker)
	}

	s.do(cases[3], rehab.AssignWorker{Worker: "w-9"}) // somebody decided otherwise since
	require.NoError(t, s.cases.TellFleet(t.Context(), "acts", workflows.UndoFleet))
	f = s.fleetStands("acts", office.FleetUndone)
	require.Equal(t, map[office.Outcome]int{office.TakenBack: n - 2, office.Kept: 1, office.Refused: 1}, f.Outcomes)
	require.Equal(t, "w-9", s.agrees(cases[3]).Worker)
	require.Equal(t, "w-1", s.agrees(cases[0]).Worker)
	require.Equal(t, rehab.Refused, rehab.CodeOf(eventually(t, func() error { return s.cases.TellFleet(t.Context(), "acts", workflows.UndoFleet) })))
}

// eventually repeats until there is an error: a workflow takes a moment to close.
func eventually(t *testing.T, do func() error) (err error) {
	require.Eventually(t, func() bool { err = do(); return err != nil }, 20*time.Second, 50*time.Millisecond)
	return err
}

func fleetStops(t *testing.T, s *system) {
	cases := make([]string, 3)
	each(3, func(i int) { cases[i] = s.open() })
	f := s.fleetOf("stops", cases, "w-2")
	s.rest()
	require.NoError(t, s.cases.StartFleet(t.Context(), f, time.Hour))
	require.NoError(t, s.cases.TellFleet(t.Context(), "stops", workflows.PauseFleet))
	require.NoError(t, s.cases.TellFleet(t.Context(), "stops", workflows.CancelFleet))
	s.work()
	f = s.fleetStands("stops", office.FleetCancelled)
	require.Equal(t, 3, f.Outcomes[office.Skipped]+f.Outcomes[office.Acted], "%v", f.Outcomes)
	require.Zero(t, f.Outcomes[office.Pending])
	unfinished, err := s.store.UnfinishedFleets(t.Context())
	require.NoError(t, err)
	for _, u := range unfinished {
		require.NotEqual(t, "stops", u.ID, fmt.Sprint(u))
	}
}
