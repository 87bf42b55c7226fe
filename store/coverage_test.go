package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestCoverageNamesEachGapAndItsPlace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.register("w-2", street)
	b.open("c-1") // without a worker
	clean := b.open("c-2")
	b.play(clean, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})

	early, err := b.store.Coverage(t.Context(), "1101", noon(2026, 1, 6))
	require.NoError(t, err)
	require.Equal(t, 2, early.Open)
	require.Equal(t, 1, early.Covered)
	require.Equal(t, []board.Gap{{Kind: board.NoWorker, CaseID: "c-1", Place: "110101001", Since: rehab.NewDate(2026, 1, 5)}}, early.Gaps)
	require.Equal(t, []board.PlaceCoverage{{Place: "110101001", Open: 2, Covered: 1, Gaps: map[board.GapKind]int{board.NoWorker: 1}}}, early.Streets)

	b.play(clean, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(clean, "later", noon(2026, 3, 1), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}) // time brings the misses
	late, err := b.store.Coverage(t.Context(), "110101001", noon(2026, 3, 1))
	require.NoError(t, err)
	kinds := map[board.GapKind]bool{}
	for _, g := range late.Gaps {
		if g.CaseID == "c-2" {
			kinds[g.Kind] = true
		}
	}
	require.True(t, kinds[board.NoAgreement] && kinds[board.MissUnattended] && kinds[board.NoGroup] && !kinds[board.NoPlan], "%v", late.Gaps)
	require.Zero(t, late.Covered)

	elsewhere, err := b.store.Coverage(t.Context(), "110102", noon(2026, 3, 1))
	require.NoError(t, err)
	require.Zero(t, elsewhere.Open)
	require.Empty(t, elsewhere.Gaps)
}

func TestTheWatchTellsOfAGapThatLivesTooLongAndForgetsOneThatIsMended(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.register("w-2", street)
	b.open("c-1") // without a worker
	c := b.open("c-2")
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	watch := func(at time.Time) board.CoverageRound {
		t.Helper()
		w, err := b.store.CheckCoverage(t.Context(), "11", at, (&rehab.Policy{GapAlert: rehab.Limit{N: 48}}).GapLadder(), at.Add(-7*time.Hour))
		require.NoError(t, err)
		return w
	}
	first := watch(noon(2026, 1, 6))
	require.Equal(t, board.CoverageRound{Open: 2, Covered: 1, Late: []string{}}, first)
	require.Zero(t, watch(noon(2026, 1, 7)).Told)
	require.Equal(t, 1, watch(noon(2026, 1, 8)).Told, "the station, after two days")
	require.Zero(t, watch(noon(2026, 1, 8)).Told, "once")
	require.Equal(t, 1, watch(noon(2026, 1, 10)).Told, "the district office, after four")
	require.Equal(t, 1, watch(noon(2026, 1, 14)).Told, "the city office, after eight")
	require.Zero(t, watch(noon(2026, 2, 1)).Told)
	require.NotEmpty(t, watch(noon(2026, 2, 1)).Late, "their report-in was due, and no engine looked")

	want := []string{"station_head 110101001", "district 110101", "city 11"}
	require.Eventually(t, func() bool { // a row is shown once no older transaction is under way
		var told []string
		notices, err := b.store.Notices(t.Context(), board.Cursor{}, 100)
		for _, n := range notices {
			if n.Type == "coverage_gap_no_worker" {
				told = append(told, string(n.Role)+" "+n.Place)
			}
		}
		return err == nil && slices.Equal(want, told)
	}, 30*time.Second, 20*time.Millisecond)

	runs, err := b.store.CoverageRuns(t.Context(), "110101001", noon(2027, 1, 1), 10)
	require.NoError(t, err)
	require.Len(t, runs, 1, "the figures stayed the same")
	c1, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	b.play(c1, "mend", noon(2026, 2, 2), rehab.AssignWorker{Worker: "w-2"})
	watch(noon(2026, 2, 3))
	runs, err = b.store.CoverageRuns(t.Context(), "11", noon(2027, 1, 1), 10)
	require.NoError(t, err)
	require.Len(t, runs, 2)
	require.Zero(t, runs[0].Gaps[board.NoWorker])
	require.Equal(t, 1, runs[1].Gaps[board.NoWorker])

	// As they stood at an instant: of a city its districts, of a district its streets.
	at := func(place string, at time.Time) []board.CoverageRun {
		t.Helper()
		runs, err := b.store.CoverageAt(t.Context(), place, at)
		require.NoError(t, err)
		return runs
	}
	require.Empty(t, at("11", noon(2026, 1, 5)), "nobody had looked")
	then := at("11", noon(2026, 2, 1))
	require.Len(t, then, 1)
	require.Equal(t, []any{"110101", 2, 1}, []any{then[0].Place, then[0].Open, then[0].Covered})
	require.Equal(t, 2, at("110101", noon(2026, 2, 4))[0].Covered)
	require.Equal(t, at("110101", noon(2026, 2, 4)), at("110101001", noon(2026, 2, 4)), "a street is its own level")
	require.Empty(t, at("110102", noon(2026, 2, 4)))

	// A place whose last case ended has none, and not those of the day before.
	for _, id := range []string{"c-1", "c-2"} {
		c, err := b.store.Load(t.Context(), id)
		require.NoError(t, err)
		b.lateAs(head, c, "void-"+id, noon(2026, 2, 5), noon(2026, 2, 5), rehab.VoidCase{})
		b.lateAs(second, c, "void-2-"+id, noon(2026, 2, 5), noon(2026, 2, 5), rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})
	}
	watch(noon(2026, 2, 6))
	require.Zero(t, at("11", noon(2026, 2, 7))[0].Open)
	require.Zero(t, at("110101", noon(2026, 2, 7))[0].Open)
	require.Equal(t, 2, at("110101", noon(2026, 2, 5))[0].Open)
}
