package simulation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/simulation"
)

func TestAComparisonShowsTheChangeAlone(t *testing.T) {
	t.Parallel()
	s := setup(t, 40, 3)
	same, err := simulation.Compare(t.Context(), s, s)
	require.NoError(t, err)
	require.Equal(t, simulation.Counts{}, same.Difference.Whole.Mean)
	require.Equal(t, simulation.Counts{}, same.Difference.Whole.Error)

	after := s
	after.Behavior.KeepsContact = 0.8
	c, err := simulation.Compare(t.Context(), s, after)
	require.NoError(t, err)
	d := c.Difference.Whole
	require.Negative(t, d.Mean.Visits)
	require.Positive(t, d.Mean.Escalations)
	require.InDelta(t, c.After.Whole.Mean.Visits-c.Before.Whole.Mean.Visits, d.Mean.Visits, 1e-6)
	require.Less(t, d.Error.Visits, 0.8*(c.Before.Whole.Error.Visits+c.After.Whole.Error.Visits), "common chances narrow the interval")
	require.Less(t, max(d.Mean.Tests, -d.Mean.Tests), 0.02*c.Before.Whole.Mean.Tests, "tests are hardly touched")

	after.Months++
	_, err = simulation.Compare(t.Context(), s, after)
	require.ErrorContains(t, err, "months")
}

func TestWorkersComeAndLeaveOnTheirDay(t *testing.T) {
	t.Parallel()
	s := setup(t, 40, 3)
	s.Places = s.Places[:1]
	july := rehab.NewDate(2026, 7, 5)
	s.Places[0].Staff = []simulation.Staffing{{On: july, By: -3}}
	r := play(t, s)
	require.Positive(t, r.Months[5].Mean.Visits)
	require.Positive(t, r.Months[5].Mean.Load)
	require.Zero(t, r.Months[6].Mean.Visits, "nobody was left")
	require.Zero(t, r.Months[6].Mean.Load)
	require.Positive(t, r.Months[7].Mean.Misses)
	require.InDelta(t, r.Rows[3].Mean.Visits, r.Months[3].Mean.Visits, 1e-9, "one place is all places")
}

func TestArrivalsComeAsManyAsAreUsual(t *testing.T) {
	t.Parallel()
	s := setup(t, 0, 2)
	s.Runs, s.Places = 10, s.Places[:1]
	s.Places[0].Arrivals = 40
	r := play(t, s)
	require.InDelta(t, 480, r.Cases, 40)
}

// caseload is real cases of two streets: executing, suspended, missed, escalated, waiting.
func caseload(t testing.TB, set *policy.Set) []*rehab.Case {
	t.Helper()
	head := rehab.Actor{ID: "h", Role: rehab.StationHead, Place: "110101001"}
	var out []*rehab.Case
	for i := range 20 {
		c := &rehab.Case{ID: string(rune('a' + i))}
		p := set.Policy(rehab.PolicyRef{ID: "national", Version: "2026.1"})
		street := []string{"110101001", "110101002"}[i%2]
		give := func(on rehab.Date, body rehab.CommandBody) {
			at := on.Start().Add(9 * time.Hour)
			_, err := c.Play(rehab.Command{ID: "x", Actor: head, OccurredAt: at, Body: body}, rehab.Env{Now: at, Policy: p, Calendar: set.Calendar()})
			require.NoError(t, err)
		}
		from := rehab.NewDate(2025, 9, 1).AddDays(5 * i)
		give(from, rehab.OpenCase{
			Measure: rehab.Treatment, TermMonths: 36, DecidedOn: from, ServedOn: from, Method: rehab.ServedDirect, Place: street,
			Worker: []string{"w-1", "w-2", "w-3"}[i%3], Risk: rehab.Medium, Policy: p.Ref(),
		})
		give(from+3, rehab.ReportIn{})
		give(from+4, rehab.SignAgreement{})
		switch i {
		case 3:
			give(from+20, rehab.Suspend{Ground: rehab.Detention})
		case 4:
			give(from+30, rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused})
		}
		out = append(out, c)
	}
	return append(out, &rehab.Case{ID: "closed", Phase: rehab.Released, Place: "110101001"})
}

func TestRealCasesArePlayedAsTheyStand(t *testing.T) {
	t.Parallel()
	set, err := policy.Load()
	require.NoError(t, err)
	cases := caseload(t, set)
	before := make([]*rehab.Case, len(cases))
	for i, c := range cases {
		before[i] = c.Clone()
	}
	places := simulation.FromCases(cases, 8)
	require.Len(t, places, 2)
	require.Len(t, places[0].Real, 10)
	require.Equal(t, 3, places[0].Workers)

	s := setup(t, 0, 0)
	s.Rules, s.Places = set, places
	r := play(t, s)
	require.InDelta(t, 20, r.Months[0].Mean.Open, 1)
	require.Greater(t, r.Whole.Mean.Visits, 200.0)
	require.Empty(t, cmp.Diff(before, cases), "the cases were changed")

	stricter := *s.Policy
	stricter.Version = "draft"
	weekly := stricter.Contact[rehab.High]
	stricter.Contact = map[rehab.Risk]rehab.Cadence{rehab.High: weekly, rehab.Medium: weekly, rehab.Low: weekly}
	after := s
	after.Policy, after.Move = &stricter, true
	c, err := simulation.Compare(t.Context(), s, after)
	require.NoError(t, err)
	require.Greater(t, c.After.Whole.Mean.Visits, 1.4*c.Before.Whole.Mean.Visits, "a case that moves follows the new cadence")
	kept := after
	kept.Move = false
	stay, err := simulation.Compare(t.Context(), s, kept)
	require.NoError(t, err)
	require.Zero(t, stay.Difference.Whole.Mean.Visits, "a case keeps what it was signed under")

	s.Rules = nil
	_, err = simulation.Run(t.Context(), s)
	require.ErrorContains(t, err, "not loaded")
}
