package simulation_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/simulation"
)

func setup(t testing.TB, cases, workers int) simulation.Scenario {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	ref, ok := set.Latest("national")
	require.True(t, ok)
	return simulation.Scenario{
		Policy: set.Policy(ref), Calendar: set.Calendar(), Start: rehab.NewDate(2026, 1, 5), Months: 12, Seed: 7, Runs: 3,
		Places:   []simulation.Place{{Code: "110101001", Cases: cases, Arrivals: 2, Workers: workers, Capacity: 6}, {Code: "110101002", Cases: cases, Workers: workers, Capacity: 6}},
		Behavior: simulation.Usual(),
	}
}

func total(r simulation.Result, of func(simulation.Counts) float64) float64 {
	sum := 0.0
	for _, row := range r.Rows {
		sum += of(row.Mean)
	}
	return sum
}

func TestTheSameSeedGivesTheSameResultOnAnyNumberOfProcessors(t *testing.T) {
	t.Parallel()
	s := setup(t, 40, 2)
	one, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	s.Parallel = 1
	two, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(one, two))
	require.Len(t, one.Rows, 24)
	s.Seed++
	three, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	require.NotEmpty(t, cmp.Diff(one.Rows, three.Rows))
	require.Positive(t, one.Rows[5].Error.Visits, "the runs differ, and the interval says by how much")
}

func TestWithoutWorkersNobodyIsVisitedAndTheCityHearsOfIt(t *testing.T) {
	t.Parallel()
	some, err := simulation.Run(t.Context(), setup(t, 40, 2))
	require.NoError(t, err)
	none, err := simulation.Run(t.Context(), setup(t, 40, 0))
	require.NoError(t, err)
	visits := func(c simulation.Counts) float64 { return c.Visits }
	city := func(c simulation.Counts) float64 { return c.City }
	require.Positive(t, total(some, visits))
	require.Zero(t, total(none, visits))
	require.Greater(t, total(none, city), total(some, city))
}

func TestClientsWhoKeepToEverythingEscalateNothing(t *testing.T) {
	t.Parallel()
	s := setup(t, 40, 20)
	s.Behavior = simulation.Behavior{ReportsIn: 1, Signs: 1, KeepsTest: 1, KeepsContact: 1, Answers: 1}
	r, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	require.Zero(t, total(r, func(c simulation.Counts) float64 { return c.Misses + c.Escalations + c.Breaches }))
	require.Positive(t, total(r, func(c simulation.Counts) float64 { return c.Tests }))
	require.GreaterOrEqual(t, r.Rows[11].Mean.Open, 40.0)
}

func TestAStricterPolicyShowsInTheLoad(t *testing.T) {
	t.Parallel()
	s := setup(t, 60, 4)
	usual, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	stricter := *s.Policy
	weekly := stricter.Contact[rehab.High]
	stricter.Contact = map[rehab.Risk]rehab.Cadence{rehab.High: weekly, rehab.Medium: weekly, rehab.Low: weekly}
	s.Policy = &stricter
	strict, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	load := func(c simulation.Counts) float64 { return c.Load }
	require.Greater(t, total(strict, load), 1.5*total(usual, load))
}

func TestWhatCannotBePlayedIsNamed(t *testing.T) {
	t.Parallel()
	_, err := simulation.Run(t.Context(), simulation.Scenario{Behavior: simulation.Behavior{High: 2}})
	for _, field := range []string{"policy", "start", "months", "runs", "places", "behavior.high"} {
		require.ErrorContains(t, err, field)
	}
	for _, p := range []simulation.Place{{Code: "x", Cases: 1_000_000}, {Code: "x", Arrivals: math.NaN()}, {Code: "x", Workers: -1}} {
		s := setup(t, 0, 0)
		s.Places = []simulation.Place{p}
		_, err := simulation.Run(t.Context(), s)
		require.ErrorContains(t, err, "places", "%+v", p)
	}
	s := setup(t, 0, 0)
	s.Places = slices.Repeat([]simulation.Place{{Code: "x"}}, simulation.MaxPlaces+1)
	_, err = simulation.Run(t.Context(), s)
	require.ErrorContains(t, err, "places")
}

// BenchmarkThirtyThousandCases is the figure of the brief: three years of a city.
func BenchmarkThirtyThousandCases(b *testing.B) {
	s := setup(b, 0, 0)
	s.Months, s.Runs, s.Places = 36, 1, nil
	for range 329 {
		s.Places = append(s.Places, simulation.Place{Code: "110101001", Cases: 91, Workers: 3, Capacity: 8})
	}
	for b.Loop() {
		r, err := simulation.Run(b.Context(), s)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(r.Cases), "cases")
		b.ReportMetric(float64(r.Events), "events")
	}
}
