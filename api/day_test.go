package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
)

func TestADayIsTheOwnCasesWithWhatIsToBeDoneAndIsNotSentTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine := b.opened(1)
	b.opened(2, "worker", "w-2")
	free := b.opened(3, "worker", "")
	a := b.call("worker", "GET", "/v1/day", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	byID := map[string]map[string]any{}
	for _, c := range a.json["cases"].([]any) {
		c := c.(map[string]any)
		byID[c["summary"].(map[string]any)["case_id"].(string)] = c
	}
	require.Len(t, byID, 2)
	one := b.call("worker", "GET", "/v1/cases/"+mine, nil).json
	require.Equal(t, one["identity"], byID[mine]["identity"], "the own client in full, as in the case")
	require.Equal(t, false, byID[mine]["masked"])
	require.Equal(t, b.call("worker", "GET", "/v1/cases/"+free, nil).json["identity"], byID[free]["identity"])
	for _, o := range byID[mine]["obligations"].([]any) {
		require.Contains(t, []string{"open", "missed"}, o.(map[string]any)["status"])
	}

	tag := a.Header.Get("ETag")
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"), "no browser keeps who the clients are")
	same := b.call("worker", "GET", "/v1/day", nil, "If-None-Match", tag)
	require.Equal(t, 304, same.StatusCode)
	require.Empty(t, same.text)
	require.Equal(t, 200, b.call("colleague", "GET", "/v1/day", nil, "If-None-Match", tag).StatusCode, "the day of another worker is another")
	b.identities[mine] = board.Identity{Name: "改名某", IDNumber: idNumber(1)}
	changed := b.call("worker", "GET", "/v1/day", nil, "If-None-Match", tag)
	require.Equal(t, 200, changed.StatusCode)
	require.Contains(t, changed.text, "改名某")

	for _, who := range []string{"head", "district", "city", "integration"} {
		b.call(who, "GET", "/v1/day", nil).problem(t, 403, "forbidden", "")
	}
}
