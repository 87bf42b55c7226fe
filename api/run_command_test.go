package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestACommandActsOncePerKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id + "/record-contact"
	body := `{"channel":"home_visit","outcome":"met","note":"all well"}`
	first := b.call("worker", "POST", path, body, "Idempotency-Key", "key-1")
	require.Equal(t, 200, first.StatusCode, first.text)
	require.Equal(t, "key-1", first.Header.Get("Idempotency-Key"))
	require.NotContains(t, first.json, "duplicate")
	events := len(b.events[id])

	same := `{ "note":"all well", "outcome":"met", "channel":"home_visit" }`
	again := b.call("worker", "POST", path, same, "Idempotency-Key", "key-1")
	require.Equal(t, 200, again.StatusCode, again.text)
	require.Equal(t, true, again.json["duplicate"])
	require.Equal(t, first.json["seq"], again.json["seq"])
	alias := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{"note":"all well"}`, "Idempotency-Key", "key-1")
	require.Equal(t, true, alias.json["duplicate"], alias.text)

	for _, other := range []string{
		`{"channel":"home_visit","outcome":"met","note":"another note"}`, `{"channel":"home_visit","outcome":"met"}`,
		`{"channel":"phone","outcome":"met","note":"all well"}`, `{"channel":"home_visit","outcome":"met","note":"all well","occurred_at":"2026-10-20"}`,
	} {
		b.call("worker", "POST", path, other, "Idempotency-Key", "key-1").problem(t, 409, "conflict", "Idempotency-Key")
	}
	b.call("head", "POST", path, body, "Idempotency-Key", "key-1").problem(t, 409, "conflict", "Idempotency-Key")
	b.call("worker", "POST", "/v1/cases/"+id+"/report-in", `{}`, "Idempotency-Key", "key-1").problem(t, 409, "conflict", "Idempotency-Key")
	require.Len(t, b.events[id], events)
	require.Equal(t, map[string]string{"note": "all well"}, b.texts[id+"/key-1"], "the note of the first time stays")
}

func TestACommandAnswersWithTheCaseAsItThenStands(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id
	for _, step := range []struct{ command, body, field, want string }{
		{"report-in", `{}`, "phase", "awaiting_agreement"},
		{"sign-agreement", `{}`, "phase", "in_execution"},
		{"change-risk", `{"risk":"high"}`, "risk", "high"},
	} {
		for _, duplicate := range []any{nil, true} {
			got := b.call("head", "POST", path+"/"+step.command, step.body, "Idempotency-Key", step.command)
			require.Equal(t, 200, got.StatusCode, got.text)
			require.Equal(t, duplicate, got.json["duplicate"])
			require.Equal(t, step.want, dig(got.json, "case", step.field), step.command)
			if step.command == "report-in" { // and the same of a duplicate
				require.Equal(t, "report_in-1", dig(got.json, "effects", "met").([]any)[0].(map[string]any)["id"])
				require.Contains(t, fmt.Sprint(dig(got.json, "effects", "opened")), "签订协议")
				require.NotEmpty(t, dig(got.json, "effects", "next", "due"))
			}
		}
	}
}

func TestACommandThatActedIsADuplicateEvenWhenTheRulesWouldRefuseItNow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id + "/report-in"
	first := b.call("worker", "POST", path, `{"note":"came"}`, "Idempotency-Key", "k")
	require.Equal(t, 200, first.StatusCode, first.text)
	b.fail["Do"] = &rehab.Error{Code: rehab.Refused, Message: "reported in already"}
	again := b.call("worker", "POST", path, `{"note":"came"}`, "Idempotency-Key", "k")
	require.Equal(t, 200, again.StatusCode, again.text)
	require.Equal(t, true, again.json["duplicate"])
	b.call("worker", "POST", path, `{}`, "Idempotency-Key", "k").problem(t, 409, "conflict", "Idempotency-Key")
	b.call("worker", "POST", path, `{"note":"came"}`, "Idempotency-Key", "k2").problem(t, 422, "refused", "")
	require.Equal(t, map[string]string{"note": "came"}, b.texts[id+"/k"])
	require.NotContains(t, b.texts, id+"/k2")
}

func TestTheServerMakesAKeyWhereThereIsNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	one := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{}`)
	two := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{}`)
	require.Equal(t, 200, two.StatusCode)
	require.Len(t, one.Header.Get("Idempotency-Key"), 36)
	require.Equal(t, one.json["command_id"], one.Header.Get("Idempotency-Key"))
	require.NotEqual(t, one.Header.Get("Idempotency-Key"), two.Header.Get("Idempotency-Key"))
	for _, key := range []string{"with space", "zeichen-ü", strings.Repeat("k", 129), "a\tb"} {
		b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{}`, "Idempotency-Key", key).problem(t, 422, "invalid", "Idempotency-Key")
	}
}

func TestWhenItHappened(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for sent, want := range map[string]string{
		"": "2026-10-20", "2026-10-13": "2026-10-13", "2026-10-13T23:30:00+08:00": "2026-10-13", "2026-10-13T16:30:00Z": "2026-10-14",
		"2026-10-20T12:01:30+08:00": "2026-10-20", // a phone's clock may be two minutes ahead
	} {
		body := map[string]any{}
		if sent != "" {
			body["occurred_at"] = sent
		}
		a := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", body)
		require.Equal(t, 200, a.StatusCode, sent+a.text)
		last := b.events[id][len(b.events[id])-1]
		require.Equal(t, want, rehab.DateOf(last.OccurredAt).String(), sent)
	}
	early := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{"occurred_at":"2026-10-11"}`)
	early.problem(t, 422, "refused", "occurred_at")
	require.Equal(t, "DRR art.14", early.json["citation"])
}

func TestARefusedCommandLeavesNoText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("head", "POST", "/v1/cases/"+id+"/dismiss-miss", `{"obligation":"test-7","note":"was there"}`)
	a.problem(t, 404, "not_found", "obligation")
	require.Empty(t, b.texts)
	b.fail["Do"] = &rehab.Error{Code: rehab.Unavailable, Message: "busy"}
	b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{"note":"x"}`, "Idempotency-Key", "k").problem(t, 503, "unavailable", "")
	require.Contains(t, b.texts, id+"/k", "nobody knows whether the command will act: its text stays")
}

func TestACommandLeftWithTheEngineIsAccepted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.pending = true
	a := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{"note":"x"}`)
	require.Equal(t, 202, a.StatusCode)
	require.Equal(t, true, a.json["pending"])
	require.Len(t, b.texts, 1)
	a = b.call("head", "POST", "/v1/cases", order(2))
	require.Equal(t, 202, a.StatusCode)
}

func TestAVisitReportCostsOneQuery(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	before := b.queries
	for i := range 5 {
		key := fmt.Sprint("k", i)
		require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{}`, "Idempotency-Key", key).StatusCode)
	}
	require.Equal(t, before+5, b.queries)
	require.Equal(t, 2, b.asked, "each of the two tokens was looked up once")
}

func TestARefusedOpeningLeavesNoIdentity(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fail["Do"] = &rehab.Error{Code: rehab.Refused, Message: "no"}
	b.call("head", "POST", "/v1/cases", order(1)).problem(t, 422, "refused", "")
	require.Empty(t, b.identities)
	b.fail["Do"] = &rehab.Error{Code: rehab.Unavailable, Message: "busy"}
	b.call("head", "POST", "/v1/cases", order(1)).problem(t, 503, "unavailable", "")
	require.Len(t, b.identities, 1, "the case may be open: its identity stays")
	delete(b.fail, "Do")
	require.Equal(t, 201, b.call("head", "POST", "/v1/cases", order(1)).StatusCode)
	b.fail["Do"] = &rehab.Error{Code: rehab.Refused, Message: "no"}
	b.call("head", "POST", "/v1/cases", order(1, "risk", "high")).problem(t, 409, "conflict", "order_no")
	require.Len(t, b.identities, 1, "there is a case: its identity stays")
}

func TestEveryCodeBecomesItsStatus(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		err    error
		status int
		code   string
	}{
		{&rehab.Error{Code: rehab.Invalid, Message: "m", Field: "f"}, 422, "invalid"},
		{&rehab.Error{Code: rehab.NotFound, Message: "m", Field: "f"}, 404, "not_found"},
		{&rehab.Error{Code: rehab.Conflict, Message: "m", Field: "f"}, 409, "conflict"},
		{&rehab.Error{Code: rehab.Forbidden, Message: "m", Field: "f"}, 403, "forbidden"},
		{&rehab.Error{Code: rehab.Refused, Message: "m", Field: "f", Citation: "DRR art.14"}, 422, "refused"},
		{&rehab.Error{Code: rehab.Unavailable, Message: "m", Field: "f"}, 503, "unavailable"},
		{&rehab.Error{Code: rehab.Internal, Message: "secret", Field: "f"}, 500, "internal"},
		{&rehab.Error{Code: "new", Message: "secret"}, 500, "internal"},
		{errors.New("secret"), 500, "internal"},
		{errors.Join(errors.New("secret"), &rehab.Error{Code: rehab.Refused, Message: "m", Field: "f"}), 422, "refused"},
	} {
		b := setup(t)
		id := b.opened(1)
		b.fail["Do"] = row.err
		a := b.call("head", "POST", "/v1/cases/"+id+"/report-in", `{}`)
		field := "f"
		if row.status == 500 {
			field = ""
		}
		a.problem(t, row.status, row.code, field)
		require.NotContains(t, a.text, "secret")
		require.EqualValues(t, row.status, a.json["status"])
		require.Equal(t, "urn:guitu:problem:"+row.code, a.json["type"])
		require.Equal(t, row.status == 503, a.Header.Get("Retry-After") != "")
		require.Equal(t, a.Header.Get("X-Request-ID"), a.json["request_id"])
		if row.status == 500 {
			require.Contains(t, b.log.String(), "secret" /* logged where the operator looks */)
			require.Contains(t, b.log.String(), a.json["request_id"])
		}
	}
}

func contains(s, part string) bool { return strings.Contains(s, part) }

// accepting is an engine that takes everything.
type accepting struct{}

func (accepting) Do(_ context.Context, caseID string, cmd rehab.Command) (board.Receipt, error) {
	return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: 1}, nil
}
