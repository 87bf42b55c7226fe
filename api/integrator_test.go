package api_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// integratorAnswers checks the operations that other systems need against the document.
func (b *bench) integratorAnswers(d *document) {
	id := b.opened(861)
	for _, body := range []string{`{"order_no":"京公戒字〔2026〕000861号"}`, `{"order_no":"京公戒字〔2026〕999999号"}`, `{"order_no":""}`, `{"foo":1}`, `{`} {
		for _, who := range []string{"integration", "admin", ""} {
			d.check("POST", "/v1/cases/find", b.call(who, "POST", "/v1/cases/find", body))
		}
	}
	b.call("integration", "POST", "/v1/cases/"+id+"/report-in", `{"occurred_at":"2026-10-16"}`, "Idempotency-Key", "i-1")
	for _, key := range []string{"i-1", "i-none"} {
		d.check("GET", "/v1/commands/{key}", b.call("integration", "GET", "/v1/commands/"+key, nil))
	}
	d.check("GET", "/v1/webhook-events", b.call("district", "GET", "/v1/webhook-events", nil))
	d.check("POST", "/v1/subscriptions", b.call("district", "POST", "/v1/subscriptions", changes))
}

const changes = `{"kind":"webhook","target":"https://hooks.example.cn/guitu","events":["case_opened","phase_changed"]}`

func TestAnotherSystemFindsACaseByItsOrderNumberInsideItsArea(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	find := func(who, number string) answer {
		return b.call(who, "POST", "/v1/cases/find", map[string]any{"order_no": number})
	}
	for _, number := range []string{"京公戒字〔2026〕000001号", "京公戒字(2026)000001号"} {
		a := find("integration", number)
		require.Equal(t, 200, a.StatusCode, a.text)
		require.JSONEq(t, `{"case_id":"`+id+`"}`, a.text, "the id, and nothing of the client")
	}
	require.NotEmpty(t, b.reads.list)
	require.Equal(t, []string{id}, b.reads.list[len(b.reads.list)-1].Cases, "it is in the read log")
	find("other-head", "京公戒字〔2026〕000001号").problem(t, 404, "not_found", "")
	find("integration", "京公戒字〔2026〕000002号").problem(t, 404, "not_found", "")
	find("admin", "京公戒字〔2026〕000001号").problem(t, 403, "forbidden", "")
	require.Equal(t, 403, find("partner", "京公戒字〔2026〕000001号").StatusCode)
}

func TestWhoTriesOrderNumbersGetsNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	for n := range 30 {
		require.Equal(t, 404, b.call("integration", "POST", "/v1/cases/find", map[string]any{"order_no": fmt.Sprintf("京公戒字〔2026〕9%05d号", n)}).StatusCode)
	}
	a := b.call("integration", "POST", "/v1/cases/find", map[string]any{"order_no": "京公戒字〔2026〕000001号"})
	a.problem(t, 429, "too_many", "")
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	require.Equal(t, 200, b.call("city", "POST", "/v1/cases/find", map[string]any{"order_no": "京公戒字〔2026〕000001号"}).StatusCode, "of that account alone")
}

func TestAnAccountLearnsWhatBecameOfItsOwnCommandsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	state := func(who, key string) answer { return b.call(who, "GET", "/v1/commands/"+key, nil) }
	give := func(name, key, body string) answer {
		return b.call("integration", "POST", "/v1/cases/"+id+"/"+name, body, "Idempotency-Key", key)
	}
	first := func(a answer) map[string]any {
		require.Equal(t, 200, a.StatusCode, a.text)
		list := a.json["commands"].([]any)
		require.Len(t, list, 1)
		return list[0].(map[string]any)
	}

	require.Equal(t, 422, give("sign-agreement", "k-refused", `{}`).StatusCode)
	refused := first(state("integration", "k-refused"))
	require.Equal(t, "refused", refused["state"])
	require.Equal(t, "sign-agreement", refused["command"])
	require.Equal(t, "refused", refused["problem"].(map[string]any)["code"])
	zh := first(b.call("integration", "GET", "/v1/commands/k-refused", nil, "Accept-Language", "zh-CN"))
	require.Contains(t, zh["problem"].(map[string]any)["detail"], "报到")

	require.Equal(t, 200, give("report-in", "k-done", `{"occurred_at":"2026-10-16"}`).StatusCode)
	done := first(state("integration", "k-done"))
	require.Equal(t, "recorded", done["state"])
	require.Equal(t, id, done["case_id"])
	require.NotZero(t, done["seq"])

	b.pending = true
	require.Equal(t, 202, give("sign-agreement", "k-refused", `{}`).StatusCode)
	require.Equal(t, "accepted", first(state("integration", "k-refused"))["state"], "the last answer counts")
	made := give("record-contact", "", `{"channel":"phone","outcome":"met"}`)
	require.Equal(t, 202, made.StatusCode)
	require.Equal(t, "accepted", first(state("integration", made.Header.Get("Idempotency-Key")))["state"], "a key that was made here, too")

	for _, key := range []string{"k-done", "k-refused"} {
		state("head", key).problem(t, 404, "not_found", "")
	}
	state("integration", "k-none").problem(t, 404, "not_found", "")
}

func TestACommandIsTakenWhereItsStateCannotBeKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.fail["KeepCommandState"] = fmt.Errorf("down")
	b.call("head", "POST", "/v1/cases/"+id+"/sign-agreement", `{}`, "Idempotency-Key", "k").problem(t, 422, "refused", "")
	require.Contains(t, b.log.String(), "the state of a command was not kept")
}

func TestASubscriptionToChangesNamesItsTypes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.call("district", "POST", "/v1/subscriptions", changes)
	require.Equal(t, 201, made.StatusCode, made.text)
	require.Equal(t, []any{"case_opened", "phase_changed"}, made.json["events"])
	require.NotEmpty(t, made.json["secret"])
	for body, field := range map[string]string{
		`{"kind":"webhook","target":"https://hooks.example.cn/x","events":["case_opened","test_recorded","relaesed"]}`:  "events[2]",
		`{"role":"city","kind":"webhook","target":"https://hooks.example.cn/x","types":["escalation_climed"]}`:          "types[0]",
		`{"role":"city","kind":"webhook","target":"https://hooks.example.cn/x","events":["released"]}`:                  "role",
		`{"kind":"webhook","target":"https://hooks.example.cn/x","events":["released"],"types":["escalation_climbed"]}`: "types",
		`{"kind":"mail","target":"a@example.cn","events":["released"]}`:                                                 "kind",
		`{"kind":"webhook","target":"https://hooks.example.cn/x"}`:                                                      "role",
	} {
		b.call("district", "POST", "/v1/subscriptions", body).problem(t, 422, "invalid", field)
	}
	listed := b.call("district", "GET", "/v1/webhook-events", nil)
	require.Equal(t, 200, listed.StatusCode)
	require.Greater(t, len(listed.json["events"].([]any)), 25)
	require.Contains(t, listed.json["notices"], "escalation_climbed")
}
