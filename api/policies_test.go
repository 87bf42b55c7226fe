package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePoliciesAreListedWithTheCasesOfTheOwnAreaUnderEach(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	b.opened(2, "execution_street", otherStreet, "residence_street", otherStreet)
	cases := func(who, query string) (n float64) {
		a := b.call(who, "GET", "/v1/policies"+query, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		for _, p := range a.json["policies"].([]any) {
			n += dig(p, "cases").(float64)
		}
		return n
	}
	require.InDelta(t, 1, cases("head", ""), 0)
	require.InDelta(t, 2, cases("city", ""), 0)
	require.InDelta(t, 1, cases("city", "?place=110101"), 0)
	for _, who := range []string{"worker", "integration", "settings"} {
		require.Zero(t, cases(who, ""), "%s counts no case", who)
	}
	require.Equal(t, 403, b.call("head", "GET", "/v1/policies?place=110102", nil).StatusCode)
	require.Equal(t, 403, b.call("partner", "GET", "/v1/policies", nil).StatusCode)
}

func TestTheCalendarsSayWhatEachYearRestsOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("worker", "GET", "/v1/calendars", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	years := a.json["years"].([]any)
	last := years[len(years)-1]
	require.Equal(t, []any{2027.0, false}, []any{dig(last, "year"), dig(last, "official")}, "the next year, by the regulation alone")
	require.Equal(t, "2025-11-04", dig(years[len(years)-2], "issued"))
}
