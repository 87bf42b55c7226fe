package wiring

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/board"
	"guitu/config"
	"guitu/internal/pgtest"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/store"
	"guitu/workflows"
)

// caseload is a service over a ledger with six cases in two streets, at 2026-03-02.
func caseload(t *testing.T) *Service {
	t.Helper()
	master, index, err := store.GenerateKeys()
	require.NoError(t, err)
	keys, err := store.NewKeys(master, index)
	require.NoError(t, err)
	st, err := store.Open(t.Context(), store.Options{DSN: pgtest.New(t, "store", store.Migrate), Keys: keys})
	require.NoError(t, err)
	t.Cleanup(st.Close)
	rules, err := policy.Load()
	require.NoError(t, err)
	now := rehab.NewDate(2026, 3, 2).Start().Add(12 * time.Hour)
	s := &Service{
		Config: config.Config{Policy: config.Policy{Default: "national"}}, Rules: rules, Store: st,
		Clock: func() workflows.Clock { return workflows.Clock{World: time.Now(), Case: now, Speed: 1} },
	}
	head := rehab.Actor{ID: "h-1", Role: rehab.StationHead, Place: "110101001"}
	ref := rehab.PolicyRef{ID: "national", Version: "2026.1"}
	for i := range 6 {
		c := &rehab.Case{ID: fmt.Sprint("c-", i)}
		for j, body := range []rehab.CommandBody{
			rehab.OpenCase{
				Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 5), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
				Place: fmt.Sprint("11010100", i%2+1), Worker: "w-1", Risk: rehab.High, Sex: []rehab.Sex{rehab.Male, rehab.Female, ""}[i%3], Policy: ref,
			}, rehab.ReportIn{}, rehab.SignAgreement{},
		} {
			at := rehab.NewDate(2026, 1, 6+j).Start()
			cmd := rehab.Command{ID: fmt.Sprint("k-", j), Actor: head, OccurredAt: at, Body: body}
			events, err := c.Decide(cmd, rehab.Env{Now: at, Policy: rules.Policy(ref), Calendar: rules.Calendar()})
			require.NoError(t, err)
			_, err = st.Record(t.Context(), rehab.NewRecord(c, cmd, events))
			require.NoError(t, err)
			c.Fold(events)
		}
	}
	return s
}

func TestRealCasesAreSimulatedAndNoneIsNamed(t *testing.T) {
	t.Parallel()
	s := caseload(t)
	none, all := 0, 100
	order := api.SimulationOrder{
		Place: "110101", Start: rehab.NewDate(2026, 3, 3), Months: 6, Runs: 2, Seed: 1, Capacity: 8,
		Assume: api.Assumption{KeepsContact: &all}, Change: &api.Assumption{KeepsContact: &none, Staff: []api.StaffChange{{Place: "110101002", On: rehab.NewDate(2026, 4, 1), By: 2}}},
	}
	var total, played atomic.Int64
	r, err := s.Simulate(t.Context(), order, func(n int) { total.Store(int64(n)) }, func() { played.Add(1) })
	require.NoError(t, err)
	require.EqualValues(t, 2*2*2, total.Load(), "two streets, two rounds, with and without the change")
	require.Equal(t, total.Load(), played.Load())
	require.Equal(t, 6, r.Cases)
	require.Len(t, r.Before.Months, 6)
	require.Len(t, r.Before.Places, 2)
	require.Len(t, r.Before.Total.Mean, len(r.Names))
	visits := 1
	require.Equal(t, "visits", r.Names[visits])
	require.Greater(t, r.Before.Whole.Mean[visits], 100.0)
	require.Negative(t, r.Difference.Whole.Mean[visits])
	require.InDelta(t, r.After.Whole.Mean[visits]-r.Before.Whole.Mean[visits], r.Difference.Whole.Mean[visits], 1e-6)
	require.Greater(t, r.Before.Whole.Mean[2], 6.0, "each client is tested more than once in half a year")
	require.Empty(t, r.Before.Refused)
	require.Empty(t, r.After.Refused)
	require.NotContains(t, fmt.Sprintf("%+v", r), "c-", "no case id")

	for field, bad := range map[string]func(*api.SimulationOrder){
		"place":  func(o *api.SimulationOrder) { o.Place = "110109" },
		"policy": func(o *api.SimulationOrder) { o.Assume.Policy = "moon@1" },
		"staff":  func(o *api.SimulationOrder) { o.Assume.Staff = []api.StaffChange{{Place: "110109001"}} },
		"runs":   func(o *api.SimulationOrder) { o.MadeUp, o.Runs = &api.MadeUp{Streets: 400, Cases: 1000}, 30 },
	} {
		o := order
		bad(&o)
		_, err := s.Simulate(t.Context(), o, func(int) {}, func() {})
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err), field)
		require.ErrorContains(t, err, field)
		if field == "policy" || field == "runs" {
			require.ErrorContains(t, s.CheckSimulation(t.Context(), o), field, "seen before it waits")
		}
	}
	require.NoError(t, s.CheckSimulation(t.Context(), order))
}

// ordered keeps an order and puts it into the queue.
func ordered(t *testing.T, s *Service, id string, o api.SimulationOrder) {
	t.Helper()
	raw, err := json.Marshal(o)
	require.NoError(t, err)
	require.NoError(t, s.Store.AddSimulation(t.Context(), board.SimulationRow{ID: id, By: "d-1", Place: "110101", Order: raw}))
	s.PlaySimulation(t.Context(), id, o)
}

// comes waits for a state of the simulation.
func comes(t *testing.T, s *Service, id string, want board.SimulationState) (r board.SimulationRow) {
	t.Helper()
	require.Eventually(t, func() bool {
		var err error
		r, err = s.Store.Simulation(t.Context(), id)
		return err == nil && r.State == want
	}, time.Minute, 20*time.Millisecond, "%s: %s", id, want)
	return r
}

func TestSimulationsArePlayedOneAfterTheOtherAndStopped(t *testing.T) {
	t.Parallel()
	s := caseload(t)
	s.Log = slog.New(slog.DiscardHandler)
	t.Cleanup(s.plays.close)
	big := api.SimulationOrder{MadeUp: &api.MadeUp{Streets: 40, Cases: 300, Workers: 5}, Start: rehab.NewDate(2026, 3, 3), Months: 36, Runs: 3, Capacity: 8}
	small := api.SimulationOrder{Place: "110101001", Start: big.Start, Months: 1, Runs: 1, Capacity: 8}
	ordered(t, s, "big", big)
	comes(t, s, "big", board.SimulationRunning)
	ordered(t, s, "dropped", small)
	ordered(t, s, "small", small)
	ordered(t, s, "nowhere", api.SimulationOrder{Place: "110109", Start: big.Start, Months: 1, Runs: 1, Capacity: 8})
	r, err := s.Store.Simulation(t.Context(), "small")
	require.NoError(t, err)
	require.Equal(t, board.SimulationQueued, r.State)
	require.Equal(t, 2, r.Ahead)
	require.NoError(t, s.Store.StopSimulation(t.Context(), "dropped"))
	require.NoError(t, s.Store.StopSimulation(t.Context(), "big"), "of its own process or another: it hears of it")
	r = comes(t, s, "small", board.SimulationDone)
	require.Contains(t, string(r.Result), `"visits"`)
	require.Equal(t, r.Total, r.Done)
	require.Equal(t, "place", comes(t, s, "nowhere", board.SimulationFailed).Fault.Field)
	comes(t, s, "dropped", board.SimulationStopped)
	r = comes(t, s, "big", board.SimulationStopped)
	require.Empty(t, r.Result)
	require.Less(t, r.Done, 1+r.Total)
}

func TestTheEndOfAProcessStopsWhatItPlays(t *testing.T) {
	t.Parallel()
	s := caseload(t)
	s.Log = slog.New(slog.DiscardHandler)
	ordered(t, s, "big", api.SimulationOrder{MadeUp: &api.MadeUp{Streets: 40, Cases: 300, Workers: 5}, Start: rehab.NewDate(2026, 3, 3), Months: 36, Runs: 3, Capacity: 8})
	comes(t, s, "big", board.SimulationRunning)
	s.plays.close()
	comes(t, s, "big", board.SimulationStopped)
	s.PlaySimulation(t.Context(), "late", api.SimulationOrder{})
	require.False(t, s.plays.busy)
}
