package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAStandInReadsAndDoesWhatTheWorkerMayUntilTheLastDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1", "w-2")
	id := b.opened(1) // of w-1
	at := "/v1/cases/" + id
	b.call("colleague", "GET", at, nil).problem(t, 404, "not_found", "")
	today := "2026-10-20"
	away := func(who, key string, body map[string]any) answer {
		return b.call(who, "POST", "/v1/workers/w-1/absences", body, "Idempotency-Key", key)
	}
	away("worker", "k-0", map[string]any{"from": today, "to": today, "stand_in": "w-2"}).problem(t, 403, "forbidden", "")
	away("head", "k-0", map[string]any{"from": today, "to": today, "stand_in": "w-9"}).problem(t, 422, "refused", "stand_in")
	a := away("head", "k-1", map[string]any{"from": today, "to": today, "stand_in": "w-2"})
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, true, away("head", "k-1", map[string]any{"from": today, "to": today, "stand_in": "w-2"}).json["duplicate"])

	a = b.call("colleague", "GET", at, nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.NotEqual(t, true, a.json["masked"], "the stand-in works with the client")
	require.Len(t, b.call("colleague", "GET", "/v1/cases", nil).json["cases"], 1)
	require.Equal(t, 200, b.call("colleague", "POST", at+"/report-in", `{}`).StatusCode)
	require.Equal(t, 200, b.call("worker", "GET", at, nil).StatusCode, "who is away still sees the own")

	b.pass(now.Add(48 * time.Hour))
	b.call("colleague", "GET", at, nil).problem(t, 404, "not_found", "")
	b.call("colleague", "POST", at+"/record-contact", `{"channel":"phone","outcome":"met"}`).problem(t, 404, "not_found", "")
	require.Empty(t, b.call("colleague", "GET", "/v1/cases", nil).json["cases"], "it ends by itself")
	require.Len(t, b.call("head", "GET", "/v1/workers/w-1/absences", nil).json["history"], 1, "the history stays")
}

func TestAStandInOfAnotherStationIsTheDistrictOfficesToName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1")
	a := b.call("city", "POST", "/v1/workers", map[string]any{"id": "w-8", "name": "王某", "post": "full_time", "place": "110101002", "from": "2026-01-01"})
	require.Equal(t, 201, a.StatusCode, a.text)
	body := map[string]any{"from": "2026-10-20", "to": "2026-10-22", "stand_in": "w-8"}
	b.call("head", "POST", "/v1/workers/w-1/absences", body).problem(t, 422, "refused", "stand_in")
	a = b.call("district", "POST", "/v1/workers/w-1/absences", body)
	require.Equal(t, 200, a.StatusCode, a.text)
}
