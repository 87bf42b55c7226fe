package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestTheFunnelCountsWhoWasToldOfAnEscalation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.must(200, "head", "GET", "/v1/escalations/funnel", nil)
	require.Equal(t, street, b.climbsOf.Place)
	require.Equal(t, rehab.DateOf(now).AddDays(1).Start(), b.climbsOf.Until, "with today")
	require.Equal(t, rehab.DateOf(now).AddDays(-89).Start(), b.climbsOf.From)
	require.EqualValues(t, 6, a.json["climbs"])
	require.EqualValues(t, 3, a.json["answered_first"])
	require.InDelta(t, 50, a.json["share"], 1e-9)
	step := func(role string, told, stopped, answered, waiting float64) map[string]any {
		return map[string]any{"role": role, "told": told, "stopped": stopped, "answered": answered, "waiting": waiting}
	}
	require.Equal(t, []any{
		step("worker", 3, 2, 2, 0), step("station_head", 3, 2, 2, 0), step("district", 1, 1, 0, 1), step("city", 1, 1, 0, 0),
	}, a.json["steps"], "supervision begins at the station; of a policy that is gone the last role is known")
	b.must(200, "city", "GET", "/v1/escalations/funnel?from=2026-01-01&to=2026-03-31&place=110101", nil)
	require.Equal(t, rehab.NewDate(2026, 4, 1).Start(), b.climbsOf.Until)
	b.call("city", "GET", "/v1/escalations/funnel?from=2026-10-21", nil).problem(t, 422, "invalid", "to")
	b.call("city", "GET", "/v1/escalations/funnel?from=2026-02-30", nil).problem(t, 422, "invalid", "from")
	b.call("head", "GET", "/v1/escalations/funnel?place=110102", nil).problem(t, 403, "forbidden", "place")
	b.call("worker", "GET", "/v1/escalations/funnel", nil).problem(t, 403, "forbidden", "")
}

func TestATrendHasAValueForEachMonth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.must(200, "district", "GET", "/v1/evaluation/trend?indicator=test_rate&periods=3", nil)
	require.Equal(t, "110101", b.trendOf.Place)
	require.Equal(t, []rehab.Date{rehab.NewDate(2026, 8, 1), rehab.NewDate(2026, 10, 31)}, []rehab.Date{b.trendOf.From, b.trendOf.To})
	require.Equal(t, []any{
		map[string]any{"name": "2026-08", "complete": true}, map[string]any{"name": "2026-09", "complete": true}, map[string]any{"name": "2026-10", "complete": false},
	}, a.json["months"])
	require.Len(t, a.json["lines"], 1)
	line := a.json["lines"].([]any)[0]
	require.EqualValues(t, 95, dig(line, "target"))
	var values []any
	for _, v := range dig(line, "values").([]any) {
		values = append(values, dig(v, "value"))
	}
	require.Equal(t, []any{nil, 75.0, 0.0}, values)
	require.Greater(t, len(b.must(200, "head", "GET", "/v1/evaluation/trend?until=2026-09", nil).json["lines"].([]any)), 5, "all of deadlines")
	require.Equal(t, rehab.NewDate(2025, 10, 1), b.trendOf.From)
	b.call("city", "GET", "/v1/evaluation/trend?indicator=placements", nil).problem(t, 422, "invalid", "indicator")
	b.call("city", "GET", "/v1/evaluation/trend?until=2026-Q1", nil).problem(t, 422, "invalid", "until")
	b.call("worker", "GET", "/v1/evaluation/trend", nil).problem(t, 403, "forbidden", "")
}
