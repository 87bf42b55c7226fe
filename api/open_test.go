package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnOrderOpensACaseOnceWhoeverBringsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.call("head", "POST", "/v1/cases", order(1))
	require.Equal(t, 201, first.StatusCode, first.text)
	id := first.json["case_id"].(string)
	require.Equal(t, "/v1/cases/"+id, first.Header.Get("Location"))
	require.NotContains(t, first.json, "duplicate")

	for _, who := range []string{"head", "city"} {
		again := b.call(who, "POST", "/v1/cases", order(1, "sex", "male"))
		require.Equal(t, 200, again.StatusCode, again.text)
		require.Equal(t, id, again.json["case_id"])
		require.Equal(t, true, again.json["duplicate"])
	}
	require.Len(t, b.cases, 1)

	other := b.call("head", "POST", "/v1/cases", order(1, "name", "钱某002"))
	other.problem(t, 409, "conflict", "order_no")
	other = b.call("head", "POST", "/v1/cases", order(1, "risk", "high"))
	other.problem(t, 409, "conflict", "order_no")
	require.Contains(t, b.identities, id, "the identity of the case that is there stays")
}

func TestASecondOpenMeasureOfAPersonIsNeverSilent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const field = "id_number: this person has an open case already"
	first := b.call("head", "POST", "/v1/cases", order(1))
	require.NotContains(t, first.json, "warnings")
	id := first.json["case_id"].(string)
	require.NotContains(t, b.call("head", "POST", "/v1/cases", order(2)).json, "warnings", "another person")

	second := order(3, "id_number", idNumber(1))
	for _, status := range []int{201, 200} {
		a := b.call("head", "POST", "/v1/cases", second)
		require.Equal(t, status, a.StatusCode, a.text)
		require.Equal(t, []any{field + ": " + id}, a.json["warnings"], "said of the same order again as well")
	}
	elsewhere := order(4, "id_number", idNumber(1), "sex", "男", "household_street", otherStreet, "execution_street", otherStreet)
	a := b.call("other-head", "POST", "/v1/cases", elsewhere)
	require.Equal(t, 201, a.StatusCode, a.text)
	const unseen = field + ", outside your area: ask the office above"
	require.Equal(t, []any{unseen, unseen}, a.json["warnings"], "the case stays hidden from who does not see it")

	require.Equal(t, 200, b.call("head", "POST", "/v1/cases/"+id+"/terminate", `{"ground":"death","note":"certificate seen"}`).StatusCode)
	again := b.call("head", "POST", "/v1/cases", second)
	require.Equal(t, []any{unseen}, again.json["warnings"], "a measure that ended is none")
	require.NotContains(t, b.call("head", "POST", "/v1/cases", order(1)).json, "warnings", "nor has one that ended a second")
}
