package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCoverageIsShownForTheOwnPlaceAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	own := b.call("head", "GET", "/v1/coverage", nil)
	require.EqualValues(t, 1, own.json["open"], own.text)
	require.NotEmpty(t, own.json["taken_at"])
	require.Equal(t, 403, b.call("head", "GET", "/v1/coverage?place=110102", nil).StatusCode)
	require.Equal(t, 403, b.call("worker", "GET", "/v1/coverage", nil).StatusCode)
	require.Equal(t, 200, b.call("city", "GET", "/v1/coverage?place=110101", nil).StatusCode)
	require.Len(t, b.call("head", "GET", "/v1/coverage/runs", nil).json["runs"], 1)
	require.Equal(t, 403, b.call("worker", "GET", "/v1/coverage/runs", nil).StatusCode)
	require.Equal(t, 403, b.call("head", "GET", "/v1/coverage/runs?place=110102", nil).StatusCode)
	then := b.must(200, "head", "GET", "/v1/coverage/on/2026-01-31", nil)
	require.Equal(t, "2026-01-31", then.json["day"])
	require.Equal(t, "2026-01-31T15:00:00Z", dig(then.json["places"].([]any)[0], "taken_at"), "to the end of the day in Beijing")
	require.Equal(t, 403, b.call("worker", "GET", "/v1/coverage/on/2026-01-31", nil).StatusCode)
	require.Equal(t, 403, b.call("head", "GET", "/v1/coverage/on/2026-01-31?place=110102", nil).StatusCode)
	b.call("head", "GET", "/v1/coverage/on/2099-01-01", nil).problem(t, 422, "invalid", "day")
	b.call("head", "GET", "/v1/coverage?place=x", nil).problem(t, 422, "invalid", "place")
}
