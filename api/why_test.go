package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhyTellsTheLastDecisionsWithTheirWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.call("head", "POST", "/v1/cases/"+id+"/report-in", nil)
	b.call("head", "POST", "/v1/cases/"+id+"/change-risk", `{"risk":"high","note":"new friends"}`)
	why := b.call("district", "GET", "/v1/cases/"+id+"/why?decisions=1", nil)
	require.Equal(t, 200, why.StatusCode, why.text)
	list, _ := why.json["decisions"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, "risk_changed", dig(list[0], "code"))
	require.Equal(t, "h-1", dig(list[0], "by", "id"))
	require.Equal(t, "new friends", dig(list[0], "texts", "note"))
	require.NotEmpty(t, dig(list[0], "policy", "version"))
	event := b.call("district", "GET", dig(list[0], "event").(string), nil)
	require.Equal(t, "risk_changed", dig(event.json["entries"].([]any)[0], "type"), event.text)

	admin := b.call("admin", "GET", "/v1/cases/"+id+"/why", nil)
	require.NotContains(t, admin.text, "new friends")
	require.NotEmpty(t, admin.json["state"])
	b.call("head", "GET", "/v1/cases/"+id+"/why?decisions=101", nil).problem(t, 422, "invalid", "decisions")
}

func TestWhyAndThePapersAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1) // all of it recorded today, the 20th
	b.call("head", "POST", "/v1/cases/"+id+"/report-in", `{"occurred_at":"2026-10-13"}`)
	b.call("head", "POST", "/v1/cases/"+id+"/change-risk", `{"risk":"high","note":"new friends","occurred_at":"2026-10-18"}`)

	path := "/v1/cases/" + id + "/why"
	b.call("head", "GET", path+"?as_of=2026-10-14", nil).problem(t, 404, "not_found", "as_of")
	was := b.call("head", "GET", path+"?as_of=2026-10-14&known=now", nil)
	require.Equal(t, 200, was.StatusCode, was.text)
	require.Equal(t, "awaiting_agreement", was.json["phase"])
	require.Equal(t, "now", was.json["known"])
	require.Equal(t, "2026-10-14T15:59:59.999Z", was.json["as_of"])
	require.Empty(t, was.json["decisions"], "it was decided later")
	is := b.call("head", "GET", path+"?as_of=2026-10-20", nil)
	require.Len(t, is.json["decisions"], 2, "the opening, and the class of risk")
	require.Equal(t, "then", is.json["known"])
	b.call("head", "GET", path+"?as_of=2027-10-20", nil).problem(t, 422, "invalid", "as_of")
	b.call("other-head", "GET", path+"?as_of=2026-10-14&known=now", nil).problem(t, 404, "not_found", "")

	papers := func(query string) int {
		a := b.call("head", "GET", "/v1/cases/"+id+"/documents"+query, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		list, _ := a.json["documents"].([]any)
		return len(list)
	}
	require.Zero(t, papers("?as_of=2026-10-14"), "nothing was known then")
	require.NotZero(t, papers("?as_of=2026-10-14&known=now"))
	require.Equal(t, papers(""), papers("?as_of=2026-10-20"))
}

func TestTheWindowsToComeAreShownToWhoSeesTheCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.call("head", "POST", "/v1/cases/"+id+"/report-in", nil)
	path := "/v1/cases/" + id + "/windows"
	a := b.call("worker", "GET", path+"?until=2026-12-31", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	list, _ := a.json["windows"].([]any)
	require.NotEmpty(t, list)
	for _, w := range list {
		require.Less(t, dig(w, "opens").(string), "2027")
		require.NotEmpty(t, dig(w, "cite"))
		require.NotEmpty(t, dig(w, "mark"))
	}
	require.Greater(t, len(b.call("head", "GET", path+"?until=2029-10-20", nil).json["windows"].([]any)), len(list))
	b.call("head", "GET", path+"?until=2029-10-21", nil).problem(t, 422, "invalid", "until")
	b.call("head", "GET", path+"?until=2026-10-19", nil).problem(t, 422, "invalid", "until")
	b.call("other-head", "GET", path, nil).problem(t, 404, "not_found", "")
	b.call("integration", "GET", path, nil).problem(t, 403, "forbidden", "")
}
