package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// helped opens a case, reports in, signs and gives the help that the office owes.
func (b *bench) helped(n int) string {
	b.t.Helper()
	id := b.opened(n)
	for _, c := range []string{"report-in", "sign-agreement", "join-working-group", "make-plan", "give-help", "record-positive-event", "refer"} {
		a := b.call("head", "POST", "/v1/cases/"+id+"/"+c, bodies[c])
		require.Equal(b.t, 200, a.StatusCode, a.text)
	}
	return id
}

func TestTheHelpingSideOfACaseIsShownWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.helped(1)
	b.call("head", "POST", "/v1/cases/"+id+"/drop-goal", `{"goal":2,"note":"too early"}`)
	v := b.call("head", "GET", "/v1/cases/"+id+"/help", nil)
	require.Equal(t, 200, v.StatusCode, v.text)
	require.Equal(t, "detoxification", dig(v.json, "plan", "stage"))
	require.Len(t, dig(v.json, "plan", "goals"), 3)
	require.Len(t, dig(v.json, "working_group", "members"), 3)
	require.Empty(t, dig(v.json, "working_group", "lacks"))
	require.Equal(t, "waits_for_reply", dig(v.json["referrals"].([]any)[0], "state"))
	require.Len(t, v.json["activities"], 1)
	require.Len(t, v.json["positive_events"], 1)
	require.Equal(t, "not_clean_long_enough", dig(dig(v.json, "volunteer", "standing_lacks").([]any)[0], "code"))
	require.Contains(t, v.text, "too early")
	require.NotContains(t, b.call("admin", "GET", "/v1/cases/"+id+"/help", nil).text, "too early")
	require.Equal(t, 404, b.call("other-head", "GET", "/v1/cases/"+id+"/help", nil).StatusCode)
	b.call("head", "GET", "/v1/cases/"+id+"/help?as_of=2026-10-21", nil).problem(t, 422, "invalid", "as_of")
	require.Equal(t, 404, b.call("head", "GET", "/v1/cases/"+id+"/help?as_of=2026-10-19", nil).StatusCode)
}

func TestReferralsAreListedInScopePageByPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.helped(1)
	b.call("head", "POST", "/v1/cases/"+id+"/refer", `{"agency":"civil_affairs","kind":"housing"}`)
	first := b.call("head", "GET", "/v1/referrals?limit=1", nil)
	require.Len(t, first.json["referrals"], 1, first.text)
	rest := b.call("head", "GET", "/v1/referrals?limit=1&after="+first.json["next"].(string), nil)
	require.Equal(t, "civil_affairs", dig(rest.json["referrals"].([]any)[0], "agency"))
	require.Empty(t, rest.json["next"])
	require.Len(t, b.call("city", "GET", "/v1/referrals?state=waits_for_reply&agency=human_resources&place=1101", nil).json["referrals"], 1)
	require.Empty(t, b.call("other-head", "GET", "/v1/referrals", nil).json["referrals"])
	require.Equal(t, 403, b.call("head", "GET", "/v1/referrals?place=110102", nil).StatusCode)
	b.call("head", "GET", "/v1/referrals?after=x", nil).problem(t, 422, "invalid", "after")
}

// TestAVolunteerInAWorkingGroupIsAnIDAndReadsNothing: being a member opens no door.
func TestAVolunteerInAWorkingGroupIsAnIDAndReadsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.helped(1)
	a := b.call("head", "POST", "/v1/cases/"+id+"/join-working-group", `{"members":[{"role":"volunteer","member":"v-1"}]}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	for _, path := range []string{"/v1/cases/" + id, "/v1/cases/" + id + "/help", "/v1/cases", "/v1/referrals", "/v1/inbox", "/v1/events"} {
		require.Equal(t, 401, b.call("v-1", "GET", path, nil).StatusCode, "an id is no token")
	}
	v := b.call("head", "GET", "/v1/cases/"+id+"/help", nil)
	members := dig(v.json, "working_group", "members").([]any)
	require.Equal(t, map[string]any{"role": "volunteer", "member": "v-1", "since": "2026-10-20"}, members[3])
}
