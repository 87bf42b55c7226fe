package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// seal closes the case for good, as after all the years.
func (b *bench) seal(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.cases[id]
	b.record(c, []rehab.Event{{Seq: c.Seq + 1, RecordedAt: b.now(), OccurredAt: b.now(), Actor: actors["city"], Data: rehab.CaseSealed{On: rehab.DateOf(b.now())}}})
}

func TestASealedCaseSaysOnEveryWayInThatItIsSealed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+id+"/report-in", `{"note":"secret words"}`).StatusCode)
	a := b.call("head", "POST", "/v1/supervisions", `{"case_id":"`+id+`","topic":"crisis","help":"internal","note":"secret words"}`)
	require.Equal(t, 201, a.StatusCode, a.text)
	record := a.json["id"].(string)
	a = b.call("head", "POST", "/v1/cases/"+id+"/documents/1/case_file/link", `{}`)
	b.seal(id)

	for _, who := range []string{"worker", "head", "district", "city", "admin"} {
		for _, path := range []string{"", "?as_of=2026-10-19", "/why", "/timeline", "/help", "/documents", "/documents/1/case_file"} {
			b.call(who, "GET", "/v1/cases/"+id+path, nil).problem(t, 422, "refused", "")
		}
	}
	for _, path := range []string{"/v1/supervisions/" + record, "/v1/supervisions/" + record + "/history"} {
		b.call("head", "GET", path, nil).problem(t, 422, "refused", "")
	}
	b.call("head", "POST", "/v1/supervisions/"+record+"/cancel", `{"reason":"x"}`).problem(t, 422, "refused", "")
	b.call("worker", "POST", "/v1/cases/"+id+"/report-in", `{}`).problem(t, 422, "refused", "")
	b.call("city", "POST", "/v1/cases/"+id+"/correct-record?dry_run=true", `{"record":1,"fields":{"risk":"low"},"note":"x"}`).problem(t, 422, "refused", "")
	b.call("city", "POST", "/v1/cases", order(1, "worker", "w-1")).problem(t, 422, "refused", "")
	if path, ok := a.json["path"].(string); ok {
		b.call("", "GET", path, nil).problem(t, 422, "refused", "")
	}
	b.call("other-head", "GET", "/v1/cases/"+id, nil).problem(t, 404, "not_found", "")

	list := b.call("city", "GET", "/v1/cases?phase=sealed", nil)
	require.Equal(t, http.StatusOK, list.StatusCode)
	for _, word := range []string{"identity", "w-1", "opened_at\":\"2026", "2026-10-12"} {
		require.NotContains(t, list.text, word)
	}
	require.NotContains(t, list.text, "赵")
}

func TestTheCommandThatSealedIsKnownWhenItIsSentAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	first := b.call("city", "POST", "/v1/cases/"+id+"/change-risk", `{"risk":"high"}`, "Idempotency-Key", "k-1")
	require.Equal(t, 200, first.StatusCode, first.text)
	b.seal(id)
	again := b.call("city", "POST", "/v1/cases/"+id+"/change-risk", `{"risk":"high"}`, "Idempotency-Key", "k-1")
	require.Equal(t, 200, again.StatusCode, again.text)
	require.Equal(t, true, again.json["duplicate"])
	require.NotContains(t, again.text, street)
}
