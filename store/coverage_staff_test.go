package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// gaps of the city at noon of the day, as "kind case since".
func (b *bundle) gaps(y int, m time.Month, d int) (out []string) {
	b.t.Helper()
	c, err := b.store.Coverage(b.t.Context(), "11", noon(y, m, d))
	require.NoError(b.t, err)
	for _, g := range c.Gaps {
		out = append(out, string(g.Kind)+" "+g.CaseID+" "+g.Since.String())
	}
	return out
}

func (b *bundle) given(id, worker string) *rehab.Case {
	b.t.Helper()
	c := b.open(id)
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: worker})
	return c
}

func TestACaseOfAWorkerWhoLeftOrIsUnknownIsAGapSinceThen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.register("w-2", "110101")
	b.given("c-1", "w-1")
	b.given("c-2", "w-2")
	b.given("c-3", "w-nobody")
	require.Equal(t, []string{"worker_unknown c-3 2026-01-05"}, b.gaps(2026, 1, 6))

	_, err := b.store.ChangeWorker(t.Context(), command("k-1", noon(2026, 1, 6)), "w-1", office.WorkerFact{Record: from(2026, 1, 9), Change: office.Left}, "")
	require.NoError(t, err)
	_, err = b.store.ChangeWorker(t.Context(), command("k-2", noon(2026, 1, 6)), "w-2", office.WorkerFact{Record: from(2026, 1, 8), Change: office.Moved, Duty: office.Duty{Place: next}}, "")
	require.NoError(t, err)
	require.Equal(t, []string{"worker_unknown c-3 2026-01-05"}, b.gaps(2026, 1, 7), "not before the last day")
	want := []string{"worker_unknown c-3 2026-01-05", "worker_left c-2 2026-01-08", "worker_left c-1 2026-01-09"}
	require.Equal(t, want, b.gaps(2026, 1, 9))

	c, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	b.register("w-3", street)
	b.play(c, "again", noon(2026, 1, 9), rehab.AssignWorker{Worker: "w-3"})
	require.NotContains(t, b.gaps(2026, 1, 9), "worker_left c-1 2026-01-09", "mended")
}

func TestACaseOfAStationThatWasMergedIsAGapThatClimbs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", "110101")
	b.given("c-1", "w-1")
	_, err := b.store.ChangePlace(t.Context(), command("k-1", noon(2026, 1, 5)), street, office.PlaceFact{Record: from(2026, 1, 7), Change: office.Merged, Successor: next})
	require.NoError(t, err)
	require.Empty(t, b.gaps(2026, 1, 6))
	require.Equal(t, []string{"place_ended c-1 2026-01-07"}, b.gaps(2026, 1, 8))

	told := 0
	for day := 8; day < 20; day++ {
		w, err := b.store.CheckCoverage(t.Context(), "11", noon(2026, 1, day), (&rehab.Policy{GapAlert: rehab.Limit{N: 48}}).GapLadder(), noon(2026, 1, 1))
		require.NoError(t, err)
		told += w.Told
	}
	require.GreaterOrEqual(t, told, 3, "station, district and city")
	require.Eventually(t, func() bool {
		var roles []rehab.Role
		notices, err := b.store.Notices(t.Context(), board.Cursor{}, 100)
		for _, n := range notices {
			if n.Type == "coverage_gap_place_ended" {
				roles = append(roles, n.Role)
			}
		}
		return err == nil && len(roles) == 3
	}, 30*time.Second, 20*time.Millisecond)
}

// TestAGapOfAWorkerWhoLeftOrIsUnknownClimbs: like that of a station that was merged, to the
// station, the district and the city.
func TestAGapOfAWorkerWhoLeftOrIsUnknownClimbs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.given("c-1", "w-1")
	b.given("c-2", "w-nobody")
	_, err := b.store.ChangeWorker(t.Context(), command("k-1", noon(2026, 1, 6)), "w-1", office.WorkerFact{Record: from(2026, 1, 9), Change: office.Left}, "")
	require.NoError(t, err)
	for day := 6; day < 25; day++ {
		_, err := b.store.CheckCoverage(t.Context(), "11", noon(2026, 1, day), (&rehab.Policy{GapAlert: rehab.Limit{N: 48}}).GapLadder(), noon(2026, 1, 1))
		require.NoError(t, err)
	}
	want := map[string][]rehab.Role{
		"coverage_gap_worker_left c-1":    {rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice},
		"coverage_gap_worker_unknown c-2": {rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice},
	}
	got := map[string][]rehab.Role{}
	require.Eventually(t, func() bool {
		clear(got)
		notices, err := b.store.Notices(t.Context(), board.Cursor{}, 200)
		for _, n := range notices {
			if key := n.Type + " " + n.CaseID; want[key] != nil {
				got[key] = append(got[key], n.Role)
			}
		}
		return err == nil && len(got) == 2 && len(got["coverage_gap_worker_left c-1"]) == 3
	}, 30*time.Second, 20*time.Millisecond)
	require.Equal(t, want, got)
}

func TestADayOfAGapIsADayInBeijing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := &rehab.Case{ID: "c-1"}
	early := rehab.NewDate(2026, 1, 6).Start().Add(time.Hour) // 1 a.m.: the day before in Greenwich
	b.play(c, "open", early, rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
		Place: street, Risk: rehab.High, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	})
	require.Equal(t, []string{"no_worker c-1 2026-01-06"}, b.gaps(2026, 1, 6))
}
