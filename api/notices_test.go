package api_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// noticeOf is the first notice of the case.
func (b *bench) noticeOf(id string) int64 {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.notices {
		if n.CaseID == id {
			return n.Position
		}
	}
	require.Fail(b.t, "no notice", id)
	return 0
}

func TestANoticeIsForWhoSeesTheCaseAndForWhomItWasTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.pass(now.AddDate(0, 1, 0)) // nobody reported in
	position := b.noticeOf(id)
	path := fmt.Sprintf("/v1/notices/%d", position)
	for _, who := range []string{"head", "district", "city", "admin"} {
		a := b.call(who, "GET", path, nil)
		require.Equal(t, 200, a.StatusCode, "%s: %s", who, a.text)
		require.Equal(t, id, a.json["case_id"])
		require.Equal(t, true, a.json["opens"])
		require.NotContains(t, a.text, "赵")
	}
	for _, who := range []string{"other-head", "auditor"} {
		b.call(who, "GET", path, nil).problem(t, 404, "not_found", "")
		b.call(who, "GET", "/v1/notices/999999", nil).problem(t, 404, "not_found", "")
	}
	for _, who := range []string{"partner", "police", "security", "integration"} {
		require.Equal(t, 403, b.call(who, "GET", path, nil).StatusCode, who)
	}

	b.mu.Lock()
	n := b.notices[0]
	n.Position, n.Role, n.Place, n.Obligation = 7000, rehab.StationHead, "110102003", rehab.ObligationID{}
	b.notices = append(b.notices, n)
	b.mu.Unlock()
	told := b.call("other-head", "GET", "/v1/notices/7000", nil)
	require.Equal(t, 200, told.StatusCode, told.text)
	require.Equal(t, false, told.json["opens"], "who was told of a case that is not theirs yet reads the notice and no case")
	require.NotContains(t, told.json, "status")
}
