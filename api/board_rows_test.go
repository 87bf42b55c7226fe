package api_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

// boardAnswers checks what the board answers against the document.
func (b *bench) boardAnswers(d *document, id string) {
	names := func(who string, body any) {
		d.check("POST", "/v1/cases/identities", b.call(who, "POST", "/v1/cases/identities", body))
	}
	for _, who := range []string{"head", "worker", "city", "integration", ""} {
		names(who, map[string]any{"cases": []string{id}})
	}
	names("head", map[string]any{"cases": []string{}})
	views := "/v1/views"
	save := func(who string, body any, headers ...string) answer {
		a := b.call(who, "POST", views, body, headers...)
		d.check("POST", views, a)
		return a
	}
	body := map[string]any{"name": "本周到期", "query": map[string]any{"due_within": 7, "risk": "high"}, "place": street}
	own := save("head", body, "Idempotency-Key", "view-1")
	require.Equal(d.t, 201, own.StatusCode, own.text)
	require.Equal(d.t, 200, save("head", body, "Idempotency-Key", "view-1").StatusCode)
	save("head", map[string]any{"name": "x"}, "Idempotency-Key", "view-1")
	save("worker", body)
	save("", body)
	path := views + "/" + own.json["id"].(string)
	for _, who := range []string{"worker", "other-head", "", "head", "head"} {
		d.check("DELETE", "/v1/views/{id}", b.call(who, "DELETE", path, nil))
	}
}

// rowsOf are the ids that a board shows.
func (b *bench) rowsOf(who, query string) (ids []string, answer map[string]any) {
	b.t.Helper()
	a := b.call(who, "GET", "/v1/board/rows"+query, nil)
	require.Equal(b.t, 200, a.StatusCode, a.text)
	require.NotContains(b.t, a.text, "赵")
	for _, id := range a.json["case_id"].([]any) {
		ids = append(ids, id.(string))
	}
	return ids, a.json
}

func TestTheRowsOfABoardAreThoseOfTheScopeWithoutIdentities(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, free, others := b.opened(1), b.opened(2, "worker", nil), b.opened(3, "worker", "w-2")
	elsewhere := b.opened(4, "execution_street", "110102003", "household_street", "110102003", "worker", nil)
	for who, want := range map[string][]string{
		"worker": {mine, free}, "head": {mine, free, others}, "district": {mine, free, others}, "city": {mine, free, others, elsewhere},
	} {
		ids, answer := b.rowsOf(who, "")
		require.ElementsMatch(t, want, ids, who)
		require.Equal(t, true, answer["whole"])
		require.EqualValues(t, len(want), answer["total"])
		for _, column := range []string{"place", "worker", "measure", "phase", "risk", "engagement", "next_kind", "top_rung", "next_due", "served_on", "term_end", "overdue", "escalations", "crises"} {
			require.Len(t, answer[column], len(want), column)
		}
	}
	b.call("integration", "GET", "/v1/board/rows", nil).problem(t, 403, "forbidden", "")
	b.call("head", "GET", "/v1/board/rows?since=7", nil).problem(t, 422, "invalid", "since")

	ids, answer := b.rowsOf("head", "")
	codes := func(list string, column string, i int) any {
		return answer[list].([]any)[int(answer[column].([]any)[i].(float64))]
	}
	for i, id := range ids {
		row := b.cases[id].Summary()
		require.Equal(t, row.Place, codes("places", "place", i))
		require.Equal(t, row.Worker, codes("workers", "worker", i))
		require.Equal(t, string(row.Phase), codes("phases", "phase", i))
		require.Equal(t, string(row.NextKind), codes("next_kinds", "next_kind", i))
		require.EqualValues(t, row.NextDue, answer["next_due"].([]any)[i])
	}
}

func TestABoardAsksAgainForWhatChangedAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine := b.opened(1)
	b.opened(2, "worker", "w-2")
	_, first := b.rowsOf("worker", "")
	_, still := b.rowsOf("worker", "?since="+first["position"].(string))
	require.Equal(t, false, still["whole"])
	require.Empty(t, still["case_id"])
	require.EqualValues(t, 1, still["total"])

	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+mine+"/report-in", `{}`).StatusCode)
	changed, then := b.rowsOf("worker", "?since="+first["position"].(string))
	require.Equal(t, []string{mine}, changed)

	// The case goes to somebody else: it is not told of, and the total says so.
	require.Equal(t, 200, b.call("head", "POST", "/v1/cases/"+mine+"/assign-worker", `{"worker":"w-2"}`).StatusCode)
	left, gone := b.rowsOf("worker", "?since="+then["position"].(string))
	require.Empty(t, left)
	require.Equal(t, false, gone["whole"])
	require.EqualValues(t, 0, gone["total"])

	for _, since := range []string{"", "?since=999999-0"} { // the second is of a ledger that is no more
		_, all := b.rowsOf("head", since)
		require.Equal(t, true, all["whole"], since)
	}
}

func TestTheIdentitiesOfABoardAreThoseOfTheListMaskedAndLogged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, others, elsewhere := b.opened(1), b.opened(2, "worker", "w-2"), b.opened(3, "execution_street", "110102003", "household_street", "110102003", "worker", "w-9")
	sealed := b.opened(4)
	b.cases[sealed].Phase = rehab.Sealed
	asked := map[string]any{"cases": []string{mine, others, elsewhere, sealed, "c-none"}}
	for who, want := range map[string][]string{"worker": {mine}, "head": {mine, others}, "district": {mine, others}, "city": {mine, others, elsewhere}} {
		a := b.call(who, "POST", "/v1/cases/identities", asked)
		require.Equal(t, 200, a.StatusCode, a.text)
		require.NotContains(t, a.text, "赵某001")
		listed := map[string]any{}
		for _, x := range b.call(who, "GET", "/v1/cases?limit=200", nil).json["cases"].([]any) {
			listed[x.(map[string]any)["case_id"].(string)] = x.(map[string]any)["identity"]
		}
		var got []string
		for _, x := range a.json["identities"].([]any) {
			id := x.(map[string]any)["case_id"].(string)
			got = append(got, id)
			require.Equal(t, listed[id], x.(map[string]any)["identity"], "as the list masks it")
		}
		require.ElementsMatch(t, want, got, who)
		i := slices.IndexFunc(b.reads.list, func(r board.Read) bool { return r.Operation == "list-identities" && r.Actor == actors[who] })
		require.GreaterOrEqual(t, i, 0, "in the read log")
		read := b.reads.list[i]
		require.ElementsMatch(t, want, read.Cases)
	}
	b.call("integration", "POST", "/v1/cases/identities", asked).problem(t, 403, "forbidden", "")
	b.call("head", "POST", "/v1/cases/identities", `{"cases":["a b"]}`).problem(t, 422, "invalid", "cases[0]")
	many := make([]string, 61)
	for i := range many {
		many[i] = fmt.Sprint("c-", i)
	}
	b.call("head", "POST", "/v1/cases/identities", map[string]any{"cases": many}).problem(t, 422, "invalid", "cases")
}

func TestTheRowsOfABoardArePackedForWhoTakesThemPacked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	req := httptest.NewRequest("GET", "/v1/board/rows", nil)
	req.Header.Set("Authorization", "Bearer head")
	req.Header.Set("Accept-Encoding", "gzip")
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, req)
	require.Equal(t, "gzip", rec.Header().Get("Content-Encoding"))
	zip, err := gzip.NewReader(rec.Body)
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.NewDecoder(zip).Decode(&got))
	require.Len(t, got["case_id"], 1)
}

// viewsOf are the names of the views that somebody sees, and whether each can be removed.
func (b *bench) viewsOf(who string) map[string]bool {
	b.t.Helper()
	a := b.call(who, "GET", "/v1/views", nil)
	require.Equal(b.t, 200, a.StatusCode, a.text)
	out := map[string]bool{}
	for _, x := range a.json["views"].([]any) {
		v := x.(map[string]any)
		out[v["name"].(string)] = v["removable"].(bool)
	}
	return out
}

func TestAViewIsSeenByItsMakerAndThePlaceItIsSharedWith(t *testing.T) {
	t.Parallel()
	b := setup(t)
	save := func(who, name, place string) answer {
		return b.call(who, "POST", "/v1/views", map[string]any{"name": name, "place": place, "query": map[string]any{"risk": "high", "due_within": 7}})
	}
	require.Equal(t, 201, save("worker", "自用", "").StatusCode)
	require.Equal(t, 201, save("head", "本站", street).StatusCode)
	require.Equal(t, 201, save("district", "全区", "110101").StatusCode)
	save("worker", "x", street).problem(t, 403, "forbidden", "place")
	save("head", "x", "110101").problem(t, 403, "forbidden", "place")
	save("district", "x", "110102").problem(t, 403, "forbidden", "place")

	require.Equal(t, map[string]bool{"自用": true, "本站": false, "全区": false}, b.viewsOf("worker"))
	require.Equal(t, map[string]bool{"本站": true, "全区": false}, b.viewsOf("head"))
	require.Equal(t, map[string]bool{"全区": true}, b.viewsOf("district"))
	require.Empty(t, b.viewsOf("city"))
	b.call("integration", "GET", "/v1/views", nil).problem(t, 403, "forbidden", "")

	ids := map[string]string{}
	for _, v := range b.views.list {
		ids[v.Name] = v.ID
	}
	b.call("worker", "DELETE", "/v1/views/"+ids["本站"], nil).problem(t, 403, "forbidden", "")
	b.call("head", "DELETE", "/v1/views/"+ids["全区"], nil).problem(t, 403, "forbidden", "")
	b.call("head", "DELETE", "/v1/views/"+ids["自用"], nil).problem(t, 404, "not_found", "")
	require.Equal(t, 204, b.call("head", "DELETE", "/v1/views/"+ids["本站"], nil).StatusCode)
	require.Equal(t, map[string]bool{"自用": true, "全区": false}, b.viewsOf("worker"))
}

func TestTheConditionsOfAViewAreCodes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for field, query := range map[string]map[string]any{
		"query.risk": {"risk": "王某"}, "query.worker": {"worker": "王某"}, "query.place": {"place": "王某"}, "query.next_kind": {"next_kind": "王某"},
		"query.name": {"name": "王某"}, "query.due_within": {"due_within": 9}, "query.sort": {"sort": "name"},
	} {
		b.call("head", "POST", "/v1/views", map[string]any{"name": "x", "query": query}).problem(t, 422, "invalid", field)
	}
	b.call("head", "POST", "/v1/views", map[string]any{"name": "  ", "query": map[string]any{}}).problem(t, 422, "invalid", "name")
	b.call("head", "POST", "/v1/views", map[string]any{"name": "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一", "query": map[string]any{}}).problem(t, 422, "invalid", "name")
	require.Empty(t, b.views.list)
}
