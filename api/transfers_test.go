package api_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// forwarded is a case of the worker "w-1" whose file lies before the other street, and its transfer.
func (b *bench) forwarded(n int) (id, key string, number int64) {
	b.t.Helper()
	id = b.opened(n)
	for _, c := range []string{"request-transfer", "forward-file"} {
		a := b.call("head", "POST", "/v1/cases/"+id+"/"+c, bodies[c])
		require.Equal(b.t, 200, a.StatusCode, a.text)
	}
	number = b.cases[id].Transfer.ID
	return id, rehab.TransferKey(id, number), number
}

func (b *bench) answer(who, id, command string, number int64, more string) answer {
	return b.call(who, "POST", "/v1/cases/"+id+"/"+command, fmt.Sprintf(`{"transfer":%d%s}`, number, more), "Idempotency-Key", who+command)
}

func TestBothStationsSeeATransferAllTheWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, key, number := b.forwarded(1)
	secrets := []string{"赵某001", "赵某某", "110199198702100014", "12000000000", "000001号"}
	look := func(who string) answer { return b.call(who, "GET", "/v1/transfers/"+key, nil) }
	listed := func(who, query string) int {
		a := b.call(who, "GET", "/v1/transfers"+query, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		return len(a.json["transfers"].([]any))
	}
	for who, direction := range map[string]string{"head": "out", "district": "out", "other-head": "in", "other-office": "in"} {
		require.Equal(t, 1, listed(who, "?direction="+direction), who)
		require.Zero(t, listed(who, "?direction="+map[string]string{"in": "out", "out": "in"}[direction]), who)
		require.Equal(t, 1, listed(who, "?state=forwarded"), who)
		a := look(who)
		require.Equal(t, 200, a.StatusCode, a.text)
		require.Equal(t, "treatment", a.json["case"].(map[string]any)["measure"])
		require.Equal(t, "赵**", a.json["identity"].(map[string]any)["name"])
		for _, s := range secrets {
			require.NotContains(t, a.text, s, who)
		}
	}
	require.Equal(t, 1, listed("worker", ""), "the own case")
	require.Equal(t, 200, look("worker").StatusCode)
	for _, who := range []string{"elsewhere", "colleague"} {
		require.Zero(t, listed(who, ""), "workers see nothing of it")
		look(who).problem(t, 404, "not_found", "")
	}

	require.Equal(t, 200, b.answer("other-head", id, "accept-transfer", number, "").StatusCode)
	require.Equal(t, true, b.answer("other-head", id, "accept-transfer", number, "").json["duplicate"])
	old := look("head")
	require.Equal(t, "accepted", old.json["state"])
	require.NotContains(t, old.json, "case", "the case is another's: its progress alone is shown")
	require.NotContains(t, old.json, "identity")
	b.call("head", "GET", "/v1/cases/"+id, nil).problem(t, 404, "not_found", "")
	require.Equal(t, false, b.call("other-head", "GET", "/v1/cases/"+id, nil).json["masked"])
	require.Equal(t, 200, look("elsewhere").StatusCode, "nobody has it yet, and it is of the worker's street")
	look("worker").problem(t, 404, "not_found", "")
	require.Equal(t, 200, b.call("elsewhere", "POST", "/v1/cases/"+id+"/report-in", `{}`).StatusCode)
	require.Equal(t, "arrived", look("head").json["state"])
}

func TestTheReceivingStationReachesNothingButItsAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, key, number := b.forwarded(1)
	did := b.did
	for command, body := range bodies {
		if command != "accept-transfer" && command != "refuse-transfer" {
			a := b.call("other-head", "POST", "/v1/cases/"+id+"/"+command, body)
			require.Contains(t, []int{403, 404}, a.StatusCode, a.text)
		}
	}
	require.Equal(t, did, b.did, "the engine was asked")
	for _, path := range []string{"", "/why", "/timeline"} {
		b.call("other-head", "GET", "/v1/cases/"+id+path, nil).problem(t, 404, "not_found", "")
	}
	require.Empty(t, b.call("other-head", "GET", "/v1/cases", nil).json["cases"])
	b.answer("other-head", id, "accept-transfer", number+1, "").problem(t, 404, "not_found", "")
	b.answer("elsewhere", id, "accept-transfer", number, "").problem(t, 403, "forbidden", "")
	b.answer("head", id, "accept-transfer", number, "").problem(t, 422, "refused", "transfer")
	b.answer("district", id, "refuse-transfer", number, `,"reason":"other","note":"x"`).problem(t, 422, "refused", "transfer")

	a := b.answer("other-head", id, "refuse-transfer", number, `,"reason":"not_resident","note":"moved on"`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.NotContains(t, a.json["case"], "worker", "who has the case is the old station's business")
	require.Equal(t, true, b.answer("other-head", id, "refuse-transfer", number, `,"reason":"not_resident","note":"moved on"`).json["duplicate"])
	back := b.call("other-head", "GET", "/v1/transfers/"+key, nil)
	require.Equal(t, "returned", back.json["state"])
	require.Equal(t, "not_resident", back.json["returned_for"])
	require.NotContains(t, back.json, "case")
	require.NotContains(t, back.json, "identity")
	require.Equal(t, 200, b.answer("head", id, "withdraw-transfer", number, `,"note":"stays"`).StatusCode)
	b.answer("other-head", id, "accept-transfer", number, "").problem(t, 404, "not_found", "")
}

func TestATransferGoesToAStreetThatIsThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for _, to := range []string{"110102", "110102999"} {
		b.call("head", "POST", "/v1/cases/"+id+"/request-transfer", `{"to":"`+to+`","reason":"household"}`).problem(t, 422, "invalid", "to")
	}
	b.call("head", "POST", "/v1/cases/"+id+"/request-transfer", `{"to":"`+street+`","reason":"household"}`).problem(t, 422, "refused", "to")
	b.fail["Place"] = &rehab.Error{Code: rehab.Unavailable, Message: "down"}
	b.call("head", "POST", "/v1/cases/"+id+"/request-transfer", `{"to":"`+otherStreet+`","reason":"household"}`).problem(t, 503, "unavailable", "")
	require.Zero(t, b.cases[id].Transfer)
	b.call("head", "GET", "/v1/transfers/nothing", nil).problem(t, 404, "not_found", "")
	b.call("head", "GET", "/v1/transfers?after=nothing", nil).problem(t, 422, "invalid", "after")
	b.call("integration", "GET", "/v1/transfers", nil).problem(t, 403, "forbidden", "")
}

func TestACaseComesInFromOutsideWithWhatCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	carried := map[string]any{
		"reported_on": "2025-10-20", "agreement_on": "2025-10-22", "changed_on": "2026-10-12", "tests": 8, "contacts": 20,
		"test_breaches": 2, "leavings": 3, "absence_days": 9, "violations": []string{"unauthorised_leaving"},
	}
	id := b.opened(1, "decided_on", "2025-10-10", "served_on", "2025-10-12", "carried", carried)
	a := b.call("head", "GET", "/v1/cases/"+id, nil)
	require.EqualValues(t, 2, a.json["counters"].(map[string]any)["test_breaches"])
	require.Contains(t, a.text, `"transfer_report_in-1"`)
	carried["changed_on"] = "2026-10-21"
	b.call("city", "POST", "/v1/cases", order(2, "decided_on", "2025-10-10", "served_on", "2025-10-12", "carried", carried)).problem(t, 422, "invalid", "carried.changed_on")
}

func TestTheReceivingStationAnswersForItsOwnSilenceAndForNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, key, _ := b.forwarded(1)
	b.pass(now.AddDate(0, 0, 12))
	ack := func(who string, escalation int64) answer {
		return b.call(who, "POST", "/v1/cases/"+id+"/acknowledge-escalation",
			map[string]any{"escalation": escalation, "promise": now.AddDate(0, 0, 14).Format("2006-01-02"), "note": "the head is back on Monday"})
	}
	var silence, other int64
	for _, e := range b.cases[id].Escalations {
		if e.Obligation.Kind == rehab.TransferDecisionDuty {
			silence = e.ID
		} else {
			other = e.ID
		}
	}
	require.NotZero(t, silence)
	require.NotZero(t, other)
	require.EqualValues(t, silence, b.call("other-head", "GET", "/v1/transfers/"+key, nil).json["escalation"].(map[string]any)["id"])
	ack("other-head", other).problem(t, 404, "not_found", "")
	ack("elsewhere", silence).problem(t, 404, "not_found", "")
	a := ack("other-office", silence)
	require.Equal(t, 200, a.StatusCode, a.text)
}
