package api_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/bulk"
)

func TestTheEngineRoomSaysWhetherTheEngineKeepsUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	fresh := b.call("head", "GET", "/v1/engine", nil)
	require.Equal(t, 200, fresh.StatusCode, fresh.text)
	require.Equal(t, map[string]any{"cases": 0.0, "list": []any{}}, fresh.json["late"])
	require.NotContains(t, fresh.json, "verified")
	require.Equal(t, []any{
		map[string]any{"tasks": "workflow", "waiting": 2.0, "oldest_seconds": 0.4, "pollers": 3.0}, map[string]any{"tasks": "activity", "waiting": 0.0, "oldest_seconds": 0.0, "pollers": 3.0},
	}, fresh.json["queues"])

	wake := b.cases[id].Summary().WakeAt
	at := wake.Add(7 * time.Hour) // the nightly sweep and an hour
	b.clock.Store(&at)
	require.EqualValues(t, 0, b.call("head", "GET", "/v1/engine", nil).json["late"].(map[string]any)["cases"], "its turn in the sweep may be yet to come")
	at = at.Add(time.Minute)
	b.verified = &board.Verification{At: now, Seconds: 12.5, Cases: 30000, Open: 29812, Unmoved: 29000, Findings: 2, Broken: map[string]int{"timer": 2}}
	late := b.call("head", "GET", "/v1/engine", nil)
	list := late.json["late"].(map[string]any)["list"].([]any)
	require.Equal(t, id, list[0].(map[string]any)["case_id"])
	require.Equal(t, map[string]any{"timer": 2.0}, late.json["verified"].(map[string]any)["broken"])
	require.NotContains(t, late.text, "赵")

	hidden := b.call("settings", "GET", "/v1/engine", nil)
	require.Equal(t, 200, hidden.StatusCode, hidden.text)
	require.EqualValues(t, 1, hidden.json["late"].(map[string]any)["cases"], "how many, and not who")
	require.Empty(t, hidden.json["late"].(map[string]any)["list"])

	require.EqualValues(t, 0, b.call("other-office", "GET", "/v1/engine", nil).json["late"].(map[string]any)["cases"])
	require.Equal(t, 403, b.call("head", "GET", "/v1/engine?place=110102", nil).StatusCode)
	for _, who := range []string{"worker", "partner"} {
		require.Equal(t, 403, b.call(who, "GET", "/v1/engine", nil).StatusCode, who)
	}

	b.fail["QueueLags"] = errors.New("down")
	without := b.call("head", "GET", "/v1/engine", nil)
	require.Equal(t, 200, without.StatusCode, "the rest is the more needed then")
	require.Empty(t, without.json["queues"])
}

func TestTheEngineRoomShowsWhatRuns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.forwarded(1)
	b.opened(2)
	started := b.call("district", "POST", "/v1/fleets", `{"kind":"migrate-policy","policy":{"id":"national","version":"2026.1"}}`)
	require.Less(t, started.StatusCode, 300, started.text)
	id, _ := started.json["id"].(string)
	require.Empty(t, b.call("district", "GET", "/v1/engine", nil).json["bulk"], "it is done")
	b.bulk[id].State = bulk.Undoing
	room := b.call("district", "GET", "/v1/engine", nil)
	require.EqualValues(t, 1, room.json["transfers"])
	runs := room.json["bulk"].([]any)
	require.Len(t, runs, 1)
	require.Equal(t, id, runs[0].(map[string]any)["id"])
	require.Equal(t, "undoing", runs[0].(map[string]any)["state"])
	require.Empty(t, b.call("other-office", "GET", "/v1/engine", nil).json["bulk"])
}

func TestAVerificationIsAskedForOnceAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, who := range []string{"worker", "partner", "auditor", "integration"} {
		require.Equal(t, 403, b.call(who, "POST", "/v1/engine/verify", `{}`).StatusCode, who)
	}
	require.Equal(t, 403, b.call("head", "POST", "/v1/engine/verify", `{"place":"110102"}`).StatusCode)
	started := b.call("head", "POST", "/v1/engine/verify", `{}`)
	require.Equal(t, 202, started.StatusCode, started.text)
	require.Equal(t, street, started.json["place"])
	b.call("city", "POST", "/v1/engine/verify", `{}`).problem(t, 409, "conflict", "")
	require.Equal(t, "running", dig(b.call("settings", "GET", "/v1/engine", nil).json, "verifying", "state"))

	require.NoError(t, b.EndVerification(t.Context(), ""))
	b.fail["StartVerification"] = errors.New("down")
	require.Equal(t, 500, b.call("city", "POST", "/v1/engine/verify", `{}`).StatusCode)
	require.Equal(t, "ended", dig(b.call("city", "GET", "/v1/engine", nil).json, "verifying", "state"), "the next one may be asked for")

	b.verified = &board.Verification{At: now, Findings: 1, First: []board.Finding{{CaseID: "c-1", Place: street, Invariant: "the ledger is whole"}}}
	require.Contains(t, b.call("head", "GET", "/v1/engine", nil).text, "c-1")
	require.NotContains(t, b.call("settings", "GET", "/v1/engine", nil).text, "c-1", "figures, and no case")
}
