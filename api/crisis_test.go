package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestACrisisIsAnsweredWithTheCallsToMakeWhateverTheEngineDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("worker", "POST", "/v1/cases/"+id+"/raise-crisis", `{"kind":"overdose","note":"not responding"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	first := a.json["instructions"].([]any)[0].(map[string]any)
	require.Equal(t, "call_120", first["code"])
	require.Contains(t, first["zh"], "120")

	a = b.call("worker", "GET", "/v1/cases/"+id, "")
	crisis := a.json["crises"].([]any)[0].(map[string]any)
	require.Equal(t, "overdose", crisis["kind"])
	require.InDelta(t, 1, a.json["summary"].(map[string]any)["crises"], 0)

	b.fail["Do"] = &rehab.Error{Code: rehab.Unavailable, Message: "the engine is down"}
	a = b.call("worker", "POST", "/v1/cases/"+id+"/raise-crisis", `{"kind":"violence"}`)
	require.Equal(t, 503, a.StatusCode)
	require.Contains(t, a.json["detail"], "Call 110 (police) now")
	delete(b.fail, "Do")

	b.pending = true
	a = b.call("worker", "POST", "/v1/commands", `{"items":[{"id":"c-1","case_id":"`+id+`","type":"raise-crisis","occurred_at":"2026-10-20","body":{"kind":"self_harm"}}]}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Contains(t, a.text, "call_120")
}

func TestTheBoardIsFilteredByEngagementAndCrisis(t *testing.T) {
	t.Parallel()
	b := setup(t)
	evading, other := b.opened(1), b.opened(2)
	for range 2 {
		a := b.call("worker", "POST", "/v1/cases/"+evading+"/record-contact", `{"channel":"phone","outcome":"declined","excuse":"work","mood":"agitated"}`)
		require.Equal(t, 200, a.StatusCode, a.text)
	}
	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+other+"/raise-crisis", `{"kind":"other"}`).StatusCode)
	for query, want := range map[string]string{"engagement=reaching_out": evading, "engagement=engaged": other, "crisis=true": other} {
		a := b.call("head", "GET", "/v1/cases?"+query, "")
		require.Equal(t, 200, a.StatusCode, a.text)
		rows := a.json["cases"].([]any)
		require.Len(t, rows, 1, query)
		require.Equal(t, want, rows[0].(map[string]any)["case_id"])
	}
	a := b.call("head", "GET", "/v1/cases/"+evading, "")
	require.Equal(t, "phone", a.json["outreach"].(map[string]any)["step"])
	require.Equal(t, "agitated", a.json["mood"])
	b.call("head", "GET", "/v1/cases?engagement=lukewarm", "").problem(t, 422, "invalid", "engagement")
}
