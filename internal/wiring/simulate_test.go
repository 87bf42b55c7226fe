package wiring

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
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
	r, err := s.Simulate(t.Context(), order)
	require.NoError(t, err)
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
		_, err := s.Simulate(t.Context(), o)
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err), field)
		require.ErrorContains(t, err, field)
	}
}

func TestOneSimulationRunsAtATimeAndEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	s := caseload(t)
	big := api.SimulationOrder{MadeUp: &api.MadeUp{Streets: 50, Cases: 300, Workers: 5}, Start: rehab.NewDate(2026, 3, 3), Months: 24, Runs: 3, Capacity: 8}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := s.Simulate(ctx, big)
		done <- err
	}()
	require.Eventually(t, func() bool {
		if s.playing.TryLock() {
			s.playing.Unlock()
			return false
		}
		return true
	}, 10*time.Second, time.Millisecond)
	_, err := s.Simulate(t.Context(), big)
	require.Equal(t, rehab.Unavailable, rehab.CodeOf(err))
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	_, err = s.Simulate(t.Context(), api.SimulationOrder{Place: "110101001", Start: big.Start, Months: 1, Runs: 1, Capacity: 8})
	require.NoError(t, err, "the next one may run")
}
