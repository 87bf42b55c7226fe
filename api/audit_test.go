package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestEveryReadLeavesATrace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.reads.list = nil
	record := b.call("head", "POST", "/v1/supervisions", `{"case_id":"`+id+`","topic":"crisis","help":"internal"}`).json["id"].(string)
	link := b.call("head", "POST", "/v1/cases/"+id+"/documents/1/case_file/link", `{}`)
	logged := map[string]string{ // path -> operation
		"/v1/cases/" + id: "get-case", "/v1/cases/" + id + "?as_of=2026-10-20": "get-case", "/v1/cases/" + id + "/why": "explain-case",
		"/v1/cases/" + id + "/timeline": "get-timeline", "/v1/cases/" + id + "/help": "get-help", "/v1/cases/" + id + "/documents": "list-documents",
		"/v1/cases": "list-cases", "/v1/board": "get-board", "/v1/supervisions/" + record: "get-supervision", "/v1/supervisions": "list-supervision",
		"/v1/evaluation.xlsx?period=2026-Q3&level=street&purpose=report": "export-evaluation", "/v1/inbox": "get-inbox", "/v1/transfers": "list-transfers",
		"/v1/cases/" + id + "/documents/1/case_file": "get-document",
	}
	if path, ok := link.json["path"].(string); ok {
		logged[path] = "open-document"
	}
	for path, operation := range logged {
		who := "head"
		a := b.call(who, "GET", path, nil, "Read-Reason", "每月复核", "X-Request-ID", "r-77")
		if a.StatusCode != 200 {
			t.Logf("%s answers %d", path, a.StatusCode)
			continue
		}
		r := b.reads.list[len(b.reads.list)-1]
		require.Equal(t, operation, r.Operation, path)
		require.Equal(t, []string{"每月复核", "192.0.2.1", "r-77"}, []string{r.Reason, r.Address, r.RequestID})
		if operation != "open-document" {
			require.Equal(t, actors["head"], r.Actor)
		}
	}
	b.call("head", "GET", "/v1/cases", nil)
	require.Equal(t, []string{id}, b.reads.list[len(b.reads.list)-1].Cases)
	n := len(b.reads.list)
	for _, path := range []string{"/v1/me", "/v1/places", "/v1/codes"} {
		require.Equal(t, 200, b.call("head", "GET", path, nil).StatusCode)
	}
	b.call("other-head", "GET", "/v1/cases/"+id, nil).problem(t, 404, "not_found", "")
	require.Len(t, b.reads.list, n, "what shows nobody, or was refused, is no read")
}

func TestWhatCannotBeLoggedIsNotShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.fail["Note"] = &rehab.Error{Code: rehab.Unavailable, Message: "no"}
	for _, path := range []string{"/v1/cases/" + id, "/v1/cases", "/v1/cases/" + id + "/timeline"} {
		a := b.call("head", "GET", path, nil)
		a.problem(t, 503, "unavailable", "")
		require.NotContains(t, a.text, id)
	}
	require.Equal(t, 200, b.call("head", "GET", "/v1/me", nil).StatusCode)
}

func TestTheReadLogIsForAdministratorsAndReadingItIsInIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	require.Equal(t, 200, b.call("head", "GET", "/v1/cases/"+id, nil).StatusCode)
	for _, who := range []string{"worker", "head", "district", "city", "integration", "partner"} {
		b.call(who, "GET", "/v1/audit", nil).problem(t, 403, "forbidden", "")
	}
	a := b.call("admin", "GET", "/v1/audit?case_id="+id, nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Len(t, a.json["reads"], 1)
	require.Equal(t, "list-audit", b.reads.list[len(b.reads.list)-1].Operation)
}
