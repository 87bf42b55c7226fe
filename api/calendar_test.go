package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheCalendarCountsWhatIsDueByDayAndWorker(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1, "served_on", "2026-10-19") // report-in by 3 November
	b.opened(2, "served_on", "2026-10-19", "worker", "w-2")
	b.opened(3) // report-in by 27 October
	a := b.call("head", "GET", "/v1/calendar?from=2026-10-24&to=2026-11-03", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	days := a.json["days"].([]any)
	require.Len(t, days, 11)
	saturday, monday := days[0].(map[string]any), days[2].(map[string]any)
	require.Equal(t, false, saturday["working"])
	require.Nil(t, saturday["exchange"])
	require.Equal(t, true, monday["working"])
	require.EqualValues(t, 1, days[3].(map[string]any)["due"], "one report-in on the 27th")
	require.GreaterOrEqual(t, days[10].(map[string]any)["due"], 2.0)
	require.Len(t, a.json["workers"], 2)

	own := b.call("worker", "GET", "/v1/calendar?from=2026-10-24&to=2026-11-03", nil)
	require.Len(t, own.json["workers"], 1)
	require.Equal(t, "w-1", own.json["workers"].([]any)[0].(map[string]any)["worker"])
	require.Empty(t, b.call("other-head", "GET", "/v1/calendar", nil).json["workers"])

	holiday := b.call("head", "GET", "/v1/calendar?from=2026-10-01&to=2026-10-10", nil).json["days"].([]any)
	require.Equal(t, true, holiday[0].(map[string]any)["exchange"], "1 October 2026 is a Thursday off")
	b.call("head", "GET", "/v1/calendar?from=2026-10-01&to=2026-12-31", nil).problem(t, 422, "invalid", "to")
	b.call("head", "GET", "/v1/calendar?from=2026-10-10&to=2026-10-01", nil).problem(t, 422, "invalid", "to")
	b.call("head", "GET", "/v1/calendar?place=110102", nil).problem(t, 403, "forbidden", "place")
}
