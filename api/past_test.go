package api_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPastDayIsShownAsItWasKnownThenAndAsItIsKnownNow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1) // all of it recorded today, the 20th
	b.call("head", "POST", "/v1/cases/"+id+"/report-in", `{"occurred_at":"2026-10-13"}`)
	b.call("head", "POST", "/v1/cases/"+id+"/sign-agreement", `{"occurred_at":"2026-10-15"}`)

	path := "/v1/cases/" + id + "?as_of=2026-10-14"
	b.call("head", "GET", path, nil).problem(t, 404, "not_found", "as_of")
	was := b.call("head", "GET", path+"&known=now", nil)
	require.Equal(t, 200, was.StatusCode, was.text)
	require.Equal(t, "awaiting_agreement", dig(was.json, "summary", "phase"))
	require.Equal(t, "now", was.json["known"])
	late, _ := was.json["late"].([]any)
	require.Len(t, late, 2, "the opening and the report: %s", was.text)
	require.Equal(t, "report-in", dig(late[1], "type"))
	is := b.call("head", "GET", "/v1/cases/"+id+"?as_of=2026-10-20", nil)
	require.Equal(t, "in_execution", dig(is.json, "summary", "phase"))
	require.Equal(t, "then", is.json["known"])

	b.call("other-head", "GET", path+"&known=now", nil).problem(t, 404, "not_found", "")
	b.call("head", "GET", path+"&known=never", nil).problem(t, 422, "invalid", "known")
	delete(b.bodies, id+"/"+late[0].(map[string]any)["command"].(string))
	b.call("head", "GET", path+"&known=now", nil).problem(t, 422, "refused", "known")
}

func TestABoardShowsThePlaceAsItStoodOnADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 3 {
		id := b.opened(i+1, "worker", fmt.Sprintf("w-%d", i%2+1))
		b.call("head", "POST", "/v1/cases/"+id+"/report-in", fmt.Sprintf(`{"occurred_at":"2026-10-%d"}`, 13+i))
	}
	b.opened(4, "execution_street", otherStreet, "residence_street", otherStreet)

	page := b.call("head", "GET", "/v1/board?known=now&as_of=2026-10-14&limit=1", nil)
	require.Equal(t, 200, page.StatusCode, page.text)
	require.EqualValues(t, 2, dig(page.json, "total", "open"), "the third had not begun: "+page.text)
	require.EqualValues(t, 2, dig(page.json, "total", "phases", "awaiting_agreement"))
	require.Len(t, page.json["streets"], 1)
	require.Len(t, page.json["workers"], 2)
	require.Len(t, page.json["rows"], 1)
	require.NotEmpty(t, dig(page.json["rows"].([]any)[0], "identity", "name"))
	second := b.call("head", "GET", "/v1/board?known=now&as_of=2026-10-14&limit=1&after="+page.json["next"].(string), nil)
	require.Len(t, second.json["rows"], 1)
	require.Nil(t, second.json["next"])
	require.Nil(t, second.json["total"], "counts come with the first page")

	then := b.call("head", "GET", "/v1/board?as_of=2026-10-14", nil)
	require.EqualValues(t, 0, dig(then.json, "total", "open"), "nothing was known then")
	now := b.call("city", "GET", "/v1/board", nil)
	require.EqualValues(t, 4, dig(now.json, "total", "open"))
	require.Len(t, now.json["streets"], 2)
	require.Equal(t, 403, b.call("head", "GET", "/v1/board?place=110102", nil).StatusCode)
	require.Equal(t, 403, b.call("worker", "GET", "/v1/board", nil).StatusCode)
}
