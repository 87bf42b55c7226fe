package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASuggestionForAllUnassignedCasesIsPostedAsItIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-2")
	id := b.opened(1, "worker", "")
	a := b.call("head", "POST", "/v1/caseload/suggest", map[string]any{"unassigned": street})
	require.Equal(t, 200, a.StatusCode, a.text)
	order := a.json["order"]
	require.Equal(t, []any{map[string]any{"case_id": id, "worker": "w-2"}}, dig(order, "assignments"), a.text)
	done := b.call("head", "POST", "/v1/fleets", order)
	require.Equal(t, 202, done.StatusCode, done.text)
	b.call("head", "POST", "/v1/caseload/suggest", map[string]any{"unassigned": street, "leaving": "w-1"}).problem(t, 422, "invalid", "cases")
}
