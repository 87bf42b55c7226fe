package store_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/evaluation"
	"guitu/rehab"
)

// sameAsTallies holds each month of the trend against what the evaluation of the month counts.
func (b *bundle) sameAsTallies(place string, now time.Time) {
	b.t.Helper()
	months := evaluation.LastMonths(rehab.DateOf(now), 12)
	counted, err := b.store.Trend(b.t.Context(), evaluation.TrendQuery{Place: place, From: months[0].From, To: months[11].To, Now: now})
	require.NoError(b.t, err)
	kinds, names := evaluation.Duties()
	got, want := map[string]int64{}, map[string]int64{}
	for _, c := range counted {
		for i, k := range kinds {
			if k == string(c.Kind) {
				got[c.Month.String()[:7]+" "+names[i]+"_due"] = c.Due
				if c.InTime > 0 {
					got[c.Month.String()[:7]+" "+names[i]+"_in_time"] = c.InTime
				}
			}
		}
	}
	for _, m := range months {
		q := b.query(place, evaluation.Street, m.Name, now)
		for _, t := range b.tallies(q) {
			for _, n := range names {
				if t.Metric == n+"_due" || t.Metric == n+"_in_time" {
					want[m.Name+" "+t.Metric] += t.Value
				}
			}
		}
	}
	require.NotEmpty(b.t, want)
	require.Equal(b.t, want, got)
}

func TestATrendCountsWhatTheEvaluationOfEachMonthCounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.AssignWorker{Worker: "w-2"})
	b.live("c-2")
	b.open("c-3")
	b.sameAsTallies("11", noon(2026, 3, 3))
	b.sameAsTallies("110101001", noon(2026, 6, 1))
}

func TestClimbsAreCountedByHowFarTheyWent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.AssignWorker{Worker: "w-2"})
	rows, err := b.store.CaseEscalations(t.Context(), "c-1")
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	list, err := b.store.Climbs(t.Context(), board.ClimbFilter{Place: "1101", From: noon(2025, 1, 1), Until: noon(2027, 1, 1)})
	require.NoError(t, err)
	sum, climbed := 0, 0
	for _, x := range list {
		require.Equal(t, rehab.PolicyRef{ID: "national", Version: "2026.1"}, x.Policy)
		sum += x.Climbs
		if x.Climbed {
			climbed += x.Climbs
		}
	}
	require.Equal(t, len(rows), sum)
	want := 0
	for _, r := range rows {
		if r.ToldAt.After(r.OpenedAt) {
			want++
		}
	}
	require.Equal(t, want, climbed)
	none, err := b.store.Climbs(t.Context(), board.ClimbFilter{Place: "110102", From: noon(2025, 1, 1), Until: noon(2027, 1, 1)})
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestSimulationsAreKeptUpToABound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	for i := range 53 {
		id := fmt.Sprintf("sim-%02d", i)
		require.NoError(t, b.store.AddSimulation(ctx, board.SimulationRow{ID: id, By: "d-1", Place: "110101", Order: []byte(`{"months":2}`)}))
		require.NoError(t, b.store.EndSimulation(ctx, board.SimulationRow{ID: id, State: board.SimulationDone, Result: []byte(`{"cases":1}`)}))
		if i == 0 {
			require.NoError(t, b.store.KeepSimulation(ctx, id, "留着", true))
		}
	}
	list, err := b.store.Simulations(ctx, board.SimulationFilter{Place: "1101", By: "d-1", Limit: 200})
	require.NoError(t, err)
	require.Len(t, list, 50)
	require.Equal(t, "sim-52", list[0].ID)
	require.Equal(t, "sim-00", list[49].ID, "one with a name stays")
	require.Empty(t, list[0].Result)
	r, err := b.store.Simulation(ctx, "sim-52")
	require.NoError(t, err)
	require.JSONEq(t, `{"cases":1}`, string(r.Result))
	_, err = b.store.Simulation(ctx, "sim-01")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	others, err := b.store.Simulations(ctx, board.SimulationFilter{Place: "11", By: "c-1", Limit: 200})
	require.NoError(t, err)
	require.Len(t, others, 1, "the shared one")
}

func TestASimulationOfAProcessThatFellSilentIsStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	require.NoError(t, b.store.AddSimulation(ctx, board.SimulationRow{ID: "sim-1", By: "d-1", Place: "110101", Order: []byte(`{}`)}))
	goOn, err := b.store.BeatSimulations(ctx, []string{"sim-1"}, "sim-1", 2, 9)
	require.NoError(t, err)
	require.Equal(t, []string{"sim-1"}, goOn)
	r, err := b.store.Simulation(ctx, "sim-1")
	require.NoError(t, err)
	require.Equal(t, board.SimulationRunning, r.State)
	require.Equal(t, []int{2, 9}, []int{r.Done, r.Total})
	conn := b.superuser()
	_, err = conn.Exec(ctx, `UPDATE simulations SET beat_at = now() - interval '1 minute'`)
	require.NoError(t, err)
	r, err = b.store.Simulation(ctx, "sim-1")
	require.NoError(t, err)
	require.Equal(t, board.SimulationStopped, r.State)
	n, err := b.store.UnfinishedSimulations(ctx, "d-1")
	require.NoError(t, err)
	require.Zero(t, n)
	require.NoError(t, b.store.DropSimulation(ctx, "sim-1"))
	_, err = b.store.Simulation(ctx, "sim-1")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}

// TestFiguresOfManyCases prints how long the trend and the funnel of a city take among GUITU_CASES
// made-up rows; it asserts nothing of the time.
func TestFiguresOfManyCases(t *testing.T) {
	many, _ := strconv.Atoi(os.Getenv("GUITU_CASES"))
	if many == 0 {
		t.Skip("GUITU_CASES is not set")
	}
	b := setup(t)
	b.live("c-1")
	conn := b.superuser()
	for _, sql := range []string{
		`INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('case_id', 'm-' || i, 'place', '1101' || lpad((i % 16 + 1)::text, 2, '0') || lpad((i % 20 + 1)::text, 3, '0')))).* FROM cases c, generate_series(1, @n) i WHERE case_id = 'c-1'`,
		`INSERT INTO obligations (case_id, kind, n, opens, due, status, ground, test, cite, met_on)
SELECT 'm-' || i, k.kind, w, date '2025-03-01', date '2025-03-01' + w * k.days, CASE WHEN (i + w) % 9 = 0 THEN 'confirmed' WHEN (i + w) % 200 = 1 THEN 'superseded' ELSE 'met' END, '', 0, '', date '2025-03-01' + w * k.days - 1
FROM generate_series(1, @n) i, (VALUES ('contact', 14), ('test', 45), ('home_visit', 90)) AS k (kind, days), generate_series(1, 26) w WHERE w * k.days <= 370`,
		`INSERT INTO escalations SELECT 'm-' || i, w, 'contact-' || w, w % 4, (ARRAY['worker', 'station_head', 'district', 'city'])[w % 4 + 1], timestamptz '2026-01-01' + w * interval '5 days', timestamptz '2026-01-01' + w * interval '6 days', NULL, NULL, '', NULL, '' FROM generate_series(1, @n) i, generate_series(1, 4) w`,
		`ANALYZE`,
	} {
		_, err := conn.Exec(t.Context(), sql, pgx.NamedArgs{"n": many})
		require.NoError(t, err, sql)
	}
	now := noon(2026, 3, 1)
	months := evaluation.LastMonths(rehab.DateOf(now), 12)
	for range 5 {
		began := time.Now()
		_, err := b.store.Trend(t.Context(), evaluation.TrendQuery{Place: "11", From: months[0].From, To: months[11].To, Now: now})
		require.NoError(t, err)
		trend := time.Since(began)
		began = time.Now()
		_, err = b.store.Climbs(t.Context(), board.ClimbFilter{Place: "11", From: now.AddDate(0, 0, -90), Until: now})
		require.NoError(t, err)
		t.Logf("%d cases: trend of a city over a year %s, funnel %s", many, trend, time.Since(began))
	}
}
