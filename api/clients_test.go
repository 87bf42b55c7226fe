package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func dug(a answer, list string, i int, path ...string) any {
	all, _ := a.json[list].([]any)
	if i >= len(all) {
		return nil
	}
	return dig(all[i], path...)
}

func TestAPhoneIsChangedByOneAndANameByTwo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id
	body := `{"phone":"+86 120 0000 0001","name":"赵二","work_unit":"某厂","note":"told at the visit"}`
	a := b.call("worker", "POST", path+"/update-client", body, "Idempotency-Key", "k-1")
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "acted", dug(a, "changes", 0, "state"))
	require.Equal(t, "waiting", dug(a, "changes", 1, "state"))
	require.Equal(t, "12000000001", b.identities[id].Phone)
	require.Equal(t, "赵某001", b.identities[id].Name)
	again := b.call("worker", "POST", path+"/update-client", body, "Idempotency-Key", "k-1")
	require.Equal(t, true, again.json["duplicate"])
	b.call("worker", "POST", path+"/update-client", `{"phone":"","note":"x"}`, "Idempotency-Key", "k-1").problem(t, 409, "conflict", "Idempotency-Key")
	require.Empty(t, b.call("worker", "POST", path+"/update-client", body).json["changes"], "told again it is nothing new")

	b.call("worker", "POST", path+"/confirm-client-change", `{"change":2}`).problem(t, 403, "forbidden", "")
	b.call("other-head", "POST", path+"/confirm-client-change", `{"change":2}`).problem(t, 404, "not_found", "")
	b.call("admin", "POST", path+"/confirm-client-change", `{"change":2}`).problem(t, 403, "forbidden", "")
	b.call("head", "POST", path+"/confirm-client-change", `{"change":7}`).problem(t, 404, "not_found", "change")
	a = b.call("head", "POST", path+"/confirm-client-change", `{"change":2}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "赵二", b.identities[id].Name)
	require.Equal(t, "赵二", dig(b.call("worker", "GET", path, nil).json, "identity", "name"))
	for _, e := range b.events[id] {
		require.NotContains(t, e.Data.EventType(), "client", "nothing of it is in the ledger")
	}
}

func TestWhoProposesANameDoesNotConfirmIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/v1/cases/" + b.opened(1)
	require.Equal(t, 200, b.call("head", "POST", path+"/update-client", map[string]any{"document": map[string]any{"number": idNumber(3)}, "note": "seen"}).StatusCode)
	b.call("head", "POST", path+"/confirm-client-change", `{"change":1}`).problem(t, 403, "forbidden", "")
	require.Equal(t, false, dug(b.call("head", "GET", "/v1/client-changes", nil), "changes", 0, "yours"))
	waiting := b.call("district", "GET", "/v1/client-changes", nil)
	require.Equal(t, true, dug(waiting, "changes", 0, "yours"))
	require.NotContains(t, waiting.text, idNumber(3))
	require.Empty(t, b.call("other-office", "GET", "/v1/client-changes", nil).json["changes"])
	require.NotEmpty(t, b.call("worker", "GET", "/v1/client-changes", nil).json["changes"])
	require.Empty(t, b.call("colleague", "GET", "/v1/client-changes", nil).json["changes"])

	require.Contains(t, b.call("district", "GET", path+"/client/history", nil).text, idNumber(3), "whoever may confirm it reads what it says")
	b.call("head", "POST", path+"/decline-client-change", `{"change":1}`).problem(t, 422, "invalid", "note")
	require.Equal(t, 200, b.call("district", "POST", path+"/decline-client-change", `{"change":1,"note":"another document"}`).StatusCode)
	require.Empty(t, b.call("district", "GET", "/v1/client-changes", nil).json["changes"])
	require.NotContains(t, b.call("district", "GET", path+"/client/history", nil).text, idNumber(3), "and nothing more once it is decided")
	require.NotContains(t, b.call("city", "GET", path+"/client/history", nil).text, idNumber(1))
	b.call("colleague", "GET", path+"/client/history", nil).problem(t, 404, "not_found", "")
	b.call("integration", "GET", path+"/client/history", nil).problem(t, 403, "forbidden", "")
}

func TestWhatIsWrongWithAClientIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id + "/update-client"
	for body, field := range map[string]string{
		`{"note":"x"}`: "body", `{"phone":"12000000001"}`: "note", `{"phone":"12000000001转5","note":"x"}`: "phone", `{"family_phone":"none","note":"x"}`: "family_phone",
		`{"name":" ","note":"x"}`: "name", `{"document":{"number":"110199198702100000"},"note":"x"}`: "document.number", `{"document":{"kind":"taiwan_permit","number":"12345"},"note":"x"}`: "document.number",
		`{"household_street":"999","note":"x"}`: "household_street", `{"phone":"12000000001","since":"2026-10-21","note":"x"}`: "since",
	} {
		b.call("worker", "POST", path, body).problem(t, 422, "invalid", field)
	}
	require.Empty(t, b.clients.changes)
	a := b.call("worker", "POST", path+"?dry_run=true", `{"residence_street":"`+otherStreet+`","note":"x"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Len(t, a.json["changes"], 1)
	require.Contains(t, a.text, "DRR art.22")
	require.Empty(t, b.clients.changes, "a dry run keeps nothing")
	for _, phase := range []rehab.Phase{rehab.Sealed, rehab.Void} {
		b.cases[id].Phase = phase
		for _, dry := range []string{"", "?dry_run=true"} {
			b.call("worker", "POST", path+dry, `{"phone":"12000000001","note":"x"}`).problem(t, 422, "refused", "")
		}
	}
}

func TestAnOrderFormPutsItsClientRightAndOpensNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	right := order(1, "name", "赵二", "phone", "12000000009", "family_contact", nil, "family_phone", nil)
	b.call("head", "POST", "/v1/cases", right).problem(t, 409, "conflict", "order_no")
	const path = "/v1/cases/update-client"
	b.call("head", "POST", path, order(1, "served_on", "2026-10-13")).problem(t, 409, "conflict", "order_no")
	b.call("head", "POST", path, order(1, "name", "钱某", "id_number", idNumber(3))).problem(t, 409, "conflict", "order_no")
	require.Empty(t, b.clients.changes, "another person under the number changes nothing")
	b.call("head", "POST", path, order(2)).problem(t, 404, "not_found", "")
	b.call("other-head", "POST", path, right).problem(t, 404, "not_found", "")
	b.call("admin", "POST", path, right).problem(t, 403, "forbidden", "")
	a := b.call("head", "POST", path, right)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Len(t, a.json["changes"], 2)
	require.Equal(t, "12000000009", b.identities[id].Phone)
	require.Equal(t, "赵某某", b.identities[id].FamilyContact, "what the form leaves empty stays")
	require.Empty(t, b.call("head", "POST", path, right).json["changes"])
	require.Equal(t, 200, b.call("district", "POST", "/v1/cases/"+id+"/confirm-client-change", `{"change":2}`).StatusCode)
	require.Equal(t, "赵二", b.identities[id].Name)
	require.Len(t, b.cases, 1)
}

// TestAPaperSaysWhoTheClientWasOnItsDay: a paper with a number stays as it went out, a paper
// of an act has the name of its day, a draft that of now.
func TestAPaperSaysWhoTheClientWasOnItsDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id
	rename := func(n int, name, since string) {
		t.Helper()
		b.must(200, "worker", "POST", path+"/update-client", map[string]any{"name": name, "since": since, "note": "x"})
		b.must(200, "head", "POST", path+"/confirm-client-change", map[string]any{"change": n})
	}
	b.must(200, "head", "POST", path+"/report-in", `{}`)
	draft := b.draftOf(id, "agreement")
	require.Contains(t, b.must(200, "head", "GET", draft, nil).text, "赵某001")
	rename(1, "赵二", "2026-10-19")
	require.Contains(t, b.must(200, "head", "GET", draft, nil).text, "赵二", "a draft says what is so now")
	b.must(200, "head", "POST", draft+"/number", `{}`)
	numbered := b.must(200, "head", "GET", draft, nil).text
	b.pass(now.AddDate(0, 0, 1))
	rename(2, "赵三", "2026-10-20")
	require.Equal(t, numbered, b.must(200, "head", "GET", draft, nil).text, "what has a number does not change any more")
	b.must(200, "head", "POST", path+"/sign-agreement", `{}`)
	b.must(200, "worker", "POST", path+"/issue-measure", `{"step":"education","signature":"signed"}`)
	b.pass(now.AddDate(0, 0, 3))
	rename(3, "赵四", "2026-10-23")
	ofThatDay := 0
	for _, x := range b.must(200, "head", "GET", path+"/documents", nil).json["documents"].([]any) {
		row := x.(map[string]any)
		text := b.must(200, "head", "GET", row["path"].(string), nil).text
		switch {
		case row["kind"] == "case_file":
			require.Contains(t, text, "赵四")
		case row["on"] == "2026-10-21" && row["number"] == nil && row["draft"] == nil:
			require.Contains(t, text, "赵三", row["kind"])
			require.NotContains(t, text, "赵四", row["kind"])
			ofThatDay++
		}
	}
	require.Positive(t, ofThatDay)
}

func TestClientsAreFoundInsideTheScopeAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, free := b.opened(1, "name", "单小明"), b.opened(2, "name", "王小明", "worker", nil, "phone", "12000000002")
	theirs := b.opened(3, "name", "李小明", "worker", "w-9", "execution_street", otherStreet, "household_street", otherStreet)
	find := func(who, typed string) (ids []string) {
		a := b.call(who, "POST", "/v1/clients/search", map[string]any{"q": typed})
		require.Equal(t, 200, a.StatusCode, a.text)
		for _, x := range a.json["clients"].([]any) {
			ids = append(ids, dig(x, "case_id").(string))
		}
		return ids
	}
	require.ElementsMatch(t, []string{mine, free}, find("worker", "小明"))
	require.Equal(t, []string{free}, find("colleague", "小明"))
	require.Equal(t, []string{mine}, find("worker", "sxm"))
	require.Equal(t, []string{theirs}, find("elsewhere", "xm"))
	require.ElementsMatch(t, []string{mine, free}, find("district", "小明"))
	require.Len(t, find("city", "小明"), 3)
	require.Empty(t, find("head", idNumber(3)))
	require.Empty(t, find("district", "京公戒字〔2026〕000003号"))
	require.Equal(t, []string{theirs}, find("city", idNumber(3)))
	for _, typed := range []string{idNumber(3), idNumber(9)} { // there, and not there
		require.Equal(t, b.call("head", "POST", "/v1/clients/search", map[string]any{"q": idNumber(8)}).text, b.call("head", "POST", "/v1/clients/search", map[string]any{"q": typed}).text)
	}

	got := b.call("worker", "GET", "/v1/clients?q=xm", nil)
	require.Equal(t, 200, got.StatusCode, got.text)
	for i := range 2 {
		own := dug(got, "clients", i, "case_id") == mine
		require.Equal(t, !own, dug(got, "clients", i, "masked"))
		name := map[bool]string{true: "单小明", false: "王**"}[own]
		require.Equal(t, name, dug(got, "clients", i, "identity", "name"))
	}
	require.NotContains(t, b.call("city", "GET", "/v1/clients?q=xm", nil).text, "小明")
	page := b.call("city", "GET", "/v1/clients?q=xm&limit=2", nil)
	require.Len(t, page.json["clients"], 2)
	require.Len(t, b.call("city", "GET", "/v1/clients?q=xm&limit=2&after="+page.json["next"].(string), nil).json["clients"], 1)
	for _, wrong := range []string{"q=a", "q=" + strings.Repeat("a", 65), "q=", "", "q=%20%20a", "q=ab&limit=51", "q=ab&after=%20", "q=ab%00"} {
		require.Equal(t, 422, b.call("city", "GET", "/v1/clients?"+wrong, nil).StatusCode, wrong)
	}
	for _, who := range []string{"admin", "integration", "partner"} {
		b.call(who, "GET", "/v1/clients?q=xm", nil).problem(t, 403, "forbidden", "")
	}
}

// clientAnswers are the operations about who clients are.
func (b *bench) clientAnswers(d *document) {
	path := "/v1/cases/" + b.opened(61)
	for _, op := range []string{"update-client", "confirm-client-change", "decline-client-change"} {
		for _, who := range []string{"worker", "district", "admin", "elsewhere", ""} {
			body := map[string]any{"change": 1, "note": "x"}
			if op == "update-client" {
				body = map[string]any{"name": "赵" + who, "note": "x"}
			}
			d.check("POST", "/v1/cases/{id}/"+op, b.call(who, "POST", path+"/"+op, body))
		}
		d.check("GET", "/v1/cases/{id}/client/history", b.call("district", "GET", path+"/client/history", nil))
		d.check("GET", "/v1/client-changes", b.call("district", "GET", "/v1/client-changes", nil))
		b.call("worker", "POST", path+"/update-client", map[string]any{"name": "钱某", "note": "x"})
	}
	require.Equal(b.t, 200, b.call("district", "POST", path+"/decline-client-change", map[string]any{"change": 2, "note": "x"}).StatusCode)
	d.check("POST", "/v1/cases/{id}/decline-client-change", b.call("district", "POST", path+"/decline-client-change", map[string]any{"change": 2, "note": "x"}))
	b.call("worker", "POST", path+"/update-client", map[string]any{"name": "孙某", "note": "x"})
	d.check("POST", "/v1/cases/{id}/decline-client-change", b.call("district", "POST", path+"/decline-client-change", map[string]any{"change": 3, "note": "x"}))
	for _, who := range []string{"head", "admin", ""} {
		d.check("POST", "/v1/cases/update-client", b.call(who, "POST", "/v1/cases/update-client", order(61)))
		d.check("GET", "/v1/clients", b.call(who, "GET", "/v1/clients?q=zm", nil))
		d.check("POST", "/v1/clients/search", b.call(who, "POST", "/v1/clients/search", `{"q":"zm"}`))
	}
	d.check("POST", "/v1/cases/update-client", b.call("head", "POST", "/v1/cases/update-client", order(61, "served_on", "2026-10-13")))
}
