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

// play runs a scenario, of which nothing may be refused.
func play(t testing.TB, s simulation.Scenario) simulation.Result {
	t.Helper()
	r, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	require.Empty(t, r.Refused)
	return r
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
	one := play(t, s)
	s.Parallel = 1
	two := play(t, s)
	require.Empty(t, cmp.Diff(one, two))
	require.Len(t, one.Rows, 24)
	s.Seed++
	three := play(t, s)
	require.NotEmpty(t, cmp.Diff(one.Rows, three.Rows))
	require.Positive(t, one.Rows[5].Error.Visits, "the runs differ, and the interval says by how much")
}

func TestWithoutWorkersNobodyIsVisitedAndTheCityHearsOfIt(t *testing.T) {
	t.Parallel()
	some := play(t, setup(t, 40, 2))
	none := play(t, setup(t, 40, 0))
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
	r := play(t, s)
	require.Zero(t, total(r, func(c simulation.Counts) float64 { return c.Misses + c.Escalations + c.Breaches }))
	require.Positive(t, total(r, func(c simulation.Counts) float64 { return c.Tests }))
	require.GreaterOrEqual(t, r.Rows[11].Mean.Open, 40.0)
}

// TestUnderEveryPolicyNothingIsRefused plays clients who keep to little, so that every
// ladder is climbed.
func TestUnderEveryPolicyNothingIsRefused(t *testing.T) {
	t.Parallel()
	set, err := policy.Load()
	require.NoError(t, err)
	for _, ref := range set.Refs() {
		s := setup(t, 30, 2)
		s.Policy, s.Months = set.Policy(ref), 40
		s.Behavior = simulation.Behavior{
			ReportsIn: 0.6, Signs: 0.6, KeepsTest: 0.5, KeepsContact: 0.5, Reached: 0.2, Positive: 0.2, Confirmed: 0.5, Evades: 0.6, Answers: 0.5, High: 0.3, Medium: 0.3,
		}
		require.Positive(t, play(t, s).Whole.Mean.Tests, ref)
	}
}

func TestAnAgreementDueOnTheDayOfTheReportInIsSignedOnIt(t *testing.T) {
	t.Parallel()
	s := setup(t, 40, 20)
	strict := *s.Policy
	strict.Agreement.N = 0
	s.Policy, s.Places[0].Arrivals = &strict, 20
	s.Behavior = simulation.Behavior{ReportsIn: 1, Signs: 1, KeepsTest: 1, KeepsContact: 1, Answers: 1}
	require.Zero(t, play(t, s).Whole.Mean.Misses)
}

// TestWhatTheRulesRefuseIsCounted: an order of a day on which there was no such law is not
// opened, and the result says so instead of being empty.
func TestWhatTheRulesRefuseIsCounted(t *testing.T) {
	t.Parallel()
	s := setup(t, 3, 1)
	s.Start, s.Months, s.Places[0].Arrivals = rehab.NewDate(2006, 1, 5), 2, 0
	r, err := simulation.Run(t.Context(), s)
	require.NoError(t, err)
	want := simulation.Refusal{
		Command: "open-case", Code: rehab.Invalid, Field: "decided_on", Times: 2 * 3 * 3,
		Message: "the order was decided before the law was in force on #-#-# (NCL art.#)",
	}
	require.Equal(t, []simulation.Refusal{want}, r.Refused)
	require.Equal(t, 18, r.RefusedTimes())
	c, err := simulation.Compare(t.Context(), s, s)
	require.NoError(t, err)
	require.Equal(t, r.Refused, c.Before.Refused)
	require.Equal(t, r.Refused, c.After.Refused)
	require.Empty(t, c.Difference.Refused)
}

func TestAStricterPolicyShowsInTheLoad(t *testing.T) {
	t.Parallel()
	s := setup(t, 60, 4)
	usual := play(t, s)
	stricter := *s.Policy
	weekly := stricter.Contact[rehab.High]
	stricter.Contact = map[rehab.Risk]rehab.Cadence{rehab.High: weekly, rehab.Medium: weekly, rehab.Low: weekly}
	s.Policy = &stricter
	strict := play(t, s)
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
		r := play(b, s)
		b.ReportMetric(r.Whole.Mean.Tests, "tests")
		b.ReportMetric(float64(r.Cases), "cases")
		b.ReportMetric(float64(r.Events), "events")
	}
}
