package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestARecordMadeWhileTheCaseWasTheirsIsTakenAfterAReassignment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1) // of w-1
	at := "/v1/cases/" + id
	seen := now.Add(time.Hour).Format(time.RFC3339)
	b.pass(now.Add(2 * time.Hour))
	require.Equal(t, 200, b.call("head", "POST", at+"/assign-worker", `{"worker":"w-2"}`).StatusCode)
	b.pass(now.Add(3 * time.Hour))

	visit := func(who, key, when string) map[string]any {
		a := b.call(who, "POST", "/v1/commands", map[string]any{"items": []any{map[string]any{
			"id": key, "case_id": id, "type": "record-contact", "occurred_at": when, "body": map[string]any{"channel": "home_visit", "outcome": "met", "note": "at home"},
		}}})
		require.Equal(t, 200, a.StatusCode, a.text)
		return a.json["items"].([]any)[0].(map[string]any)
	}
	first := visit("worker", "v-1", seen)
	require.EqualValues(t, 200, first["status"], first)
	require.Equal(t, 1, b.cases[id].Counters.Contacts, "it counts")
	require.EqualValues(t, 200, visit("worker", "v-1", seen)["status"], "again is the same")
	require.Contains(t, fmt.Sprint(b.texts), "at home")

	require.EqualValues(t, 404, visit("worker", "v-2", now.Add(150*time.Minute).Format(time.RFC3339))["status"], "it was not theirs any more")
	require.EqualValues(t, 404, visit("elsewhere", "v-3", seen)["status"], "it never was theirs")
	b.call("worker", "GET", at, nil).problem(t, 404, "not_found", "")
	b.call("worker", "POST", at+"/acknowledge-escalation", map[string]any{"escalation": 1, "promise": "2026-10-21", "note": "x", "occurred_at": seen}).problem(t, 404, "not_found", "")
	single := b.call("worker", "POST", at+"/record-contact", map[string]any{"channel": "phone", "outcome": "no_answer", "occurred_at": seen})
	require.Equal(t, 200, single.StatusCode, single.text)
	require.NotContains(t, single.text, "w-2", "nothing of how the case stands now")
}
