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
