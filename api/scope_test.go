package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// bodies are well-formed bodies of every command, as each says itself; whether the case's
// rules let them act is another matter.
var bodies = func() map[string]string {
	out := map[string]string{"visit-completed": `{}`}
	for _, c := range rehab.Commands() {
		body := c.Example
		if c.Reason {
			body = strings.Replace(strings.TrimSuffix(body, "}")+`,"note":"x"}`, "{,", "{", 1)
		}
		out[c.Type] = body
	}
	delete(out, "open-case") // which have routes of their own
	delete(out, "record-form")
	return out
}()

func TestEveryCommandOfTheCoreHasARoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for _, c := range slices.Sorted(maps.Keys(bodies)) {
		a := b.call("city", "POST", "/v1/cases/"+id+"/"+c, bodies[c])
		switch a.StatusCode {
		case 200:
		case 404:
			require.NotEmpty(t, a.json["field"], "the case has no such thing: "+c+" "+a.text)
		default:
			a.problem(t, 422, "refused", fmt.Sprint(or(a.json["field"], "")))
		}
	}
}

func TestTheTableOfPermissions(t *testing.T) {
	t.Parallel()
	workers := []string{
		"report-in", "sign-agreement", "record-contact", "visit-completed", "record-test", "record-assessment", "record-leaving", "record-hand-over",
		"object-to-test", "start-maintenance", "stop-maintenance",
		"issue-measure", "record-receipt", "record-help-offer", "record-circumstance",
		"acknowledge-escalation", "send-police-report", "submit-release-file", "report-leave", "return-from-leave", "review-suspension",
		"join-working-group", "leave-working-group", "make-plan", "add-goal", "move-goal", "meet-goal", "drop-goal", "change-stage", "review-plan", "give-help", "record-positive-event",
		"raise-crisis", "close-crisis",
		"change-work-intent", "refer", "record-referral-reply", "withdraw-referral", "record-placement", "follow-up-placement", "end-placement", "volunteer-opt-in", "volunteer-opt-out",
		"request-transfer", "forward-file", "report-arrival",
		"correct-record", "withdraw-record", "void-case", "decline-amendment", "send-correction",
	}
	for _, who := range []string{"worker", "head", "district", "city", "admin", "integration", "system"} {
		b := setup(t)
		id := b.opened(1)
		a := b.call(who, "POST", "/v1/cases", order(2))
		if who == "worker" || who == "system" {
			a.problem(t, 403, "forbidden", "")
			require.Contains(t, a.json["detail"], "open-case")
			require.Contains(t, a.json["detail"], string(actors[who].Role))
		} else {
			require.Equal(t, 201, a.StatusCode, a.text)
		}
		for _, c := range slices.Sorted(maps.Keys(bodies)) {
			did := b.did
			a := b.call(who, "POST", "/v1/cases/"+id+"/"+c, bodies[c])
			above := slices.Contains([]string{"lift-hold", "seal", "migrate-policy", "apply-calendar", "move-station"}, c) && slices.Contains([]string{"head", "integration"}, who)
			if who == "system" || above || who == "worker" && !slices.Contains(workers, c) {
				a.problem(t, 403, "forbidden", "")
				require.Contains(t, a.json["detail"], string(actors[who].Role))
				require.Equal(t, did, b.did, "the engine was asked")
				continue
			}
			require.NotEqual(t, 403, a.StatusCode, who+" "+c+" "+a.text)
			require.Equal(t, did+1, b.did, who+" "+c+" "+a.text)
		}
	}
}

func TestACaseOutsideTheScopeIsMissing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, free := b.opened(1), b.opened(2, "worker", nil)
	sees := map[string][2]bool{
		"worker": {true, true}, "colleague": {false, true}, "elsewhere": {false, false}, "head": {true, true}, "other-head": {false, false},
		"district": {true, true}, "other-office": {false, false}, "city": {true, true}, "admin": {true, true}, "placeless": {false, false},
	}
	for who, visible := range sees {
		for i, id := range []string{mine, free} {
			for _, path := range []string{"", "/why", "/timeline"} {
				a := b.call(who, "GET", "/v1/cases/"+id+path, nil)
				if visible[i] {
					require.Equal(t, 200, a.StatusCode, who+path+a.text)
					continue
				}
				a.problem(t, 404, "not_found", "")
				none := b.call(who, "GET", "/v1/cases/c-none"+path, nil)
				delete(a.json, "request_id")
				delete(none.json, "request_id")
				require.Equal(t, none.json, a.json, "there is a difference between missing and hidden")
			}
			a := b.call(who, "POST", "/v1/cases/"+id+"/visit-completed", `{}`)
			require.Equal(t, visible[i], a.StatusCode == 200, who+a.text)
			if !visible[i] {
				a.problem(t, 404, "not_found", "")
			}
		}
	}
}

func TestAnOrderIsOpenedInsideTheActorsAreaOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, who := range []string{"other-head", "other-office", "placeless"} {
		b.call(who, "POST", "/v1/cases", order(i)).problem(t, 403, "forbidden", "execution_street")
	}
	b.untouched(0)
	for i, who := range []string{"head", "district", "city", "admin", "integration"} {
		require.Equal(t, 201, b.call(who, "POST", "/v1/cases", order(i)).StatusCode)
	}
}

func TestListsShowTheScopeAndNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, theirs, free := b.opened(1), b.opened(2, "worker", "w-2"), b.opened(3, "worker", nil)
	far := b.opened(4, "worker", "w-9", "execution_street", otherStreet, "residence_street", otherStreet)
	moved := b.opened(5, "execution_street", otherStreet, "residence_street", otherStreet)
	list := func(who, query string) []string {
		a := b.call(who, "GET", "/v1/cases"+query, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		ids := []string{}
		for _, c := range a.json["cases"].([]any) {
			ids = append(ids, c.(map[string]any)["case_id"].(string))
		}
		require.True(t, slices.IsSorted(ids))
		return ids
	}
	all := []string{mine, theirs, free, far, moved}
	require.ElementsMatch(t, []string{mine, free, moved}, list("worker", ""))
	require.ElementsMatch(t, []string{mine, free}, list("worker", "?place="+street))
	require.ElementsMatch(t, []string{mine, moved}, list("worker", "?worker=w-1"))
	require.Empty(t, list("worker", "?worker=w-2"))
	require.ElementsMatch(t, []string{mine, theirs, free}, list("head", ""))
	require.ElementsMatch(t, []string{mine, theirs, free}, list("district", "?place=11"))
	require.ElementsMatch(t, []string{far, moved}, list("other-office", ""))
	require.ElementsMatch(t, all, list("city", ""))
	require.ElementsMatch(t, all, list("admin", ""))
	require.ElementsMatch(t, []string{far}, list("city", "?worker=w-9"))
	require.ElementsMatch(t, []string{far, moved}, list("city", "?place=110102"))
	b.call("head", "GET", "/v1/cases?place="+otherStreet, nil).problem(t, 403, "forbidden", "place")
	b.call("placeless", "GET", "/v1/cases", nil).problem(t, 403, "forbidden", "")
	for _, path := range []string{"/v1/cases", "/v1/cases/" + mine, "/v1/inbox", "/v1/escalations", "/v1/events"} {
		b.call("integration", "GET", path, nil).problem(t, 403, "forbidden", "")
	}
}

func TestListsArePagedByKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var all []string
	for i := range 7 {
		changes := []any{}
		if i%2 == 0 {
			changes = []any{"worker", nil}
		}
		all = append(all, b.opened(i, changes...))
	}
	slices.Sort(all)
	for _, who := range []string{"worker", "city"} {
		var got []string
		after := ""
		for {
			a := b.call(who, "GET", "/v1/cases?limit=3&after="+after, nil)
			rows := a.json["cases"].([]any)
			require.LessOrEqual(t, len(rows), 3)
			for _, c := range rows {
				got = append(got, c.(map[string]any)["case_id"].(string))
			}
			next, more := a.json["next"].(string)
			if !more {
				break
			}
			after = next
		}
		require.Equal(t, all, got)
	}
	a := b.call("city", "GET", "/v1/cases/"+all[0]+"/timeline?limit=1", nil)
	require.Len(t, a.json["entries"], 1)
	require.EqualValues(t, 1, a.json["next"])
	a = b.call("city", "GET", "/v1/cases/"+all[0]+"/timeline?after=1", nil)
	require.EqualValues(t, 2, a.json["entries"].([]any)[0].(map[string]any)["seq"])
}

func TestIdentitiesAreMaskedForAllButWorkerAndHeadOfTheCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	secrets := []string{"赵某001", "赵某某", "110199198702100014", "12000000000", "12100000000", "000001号"}
	for _, who := range []string{"worker", "head", "district", "city", "admin"} {
		list := b.call(who, "GET", "/v1/cases", nil)
		for _, s := range secrets {
			require.NotContains(t, list.text, s)
		}
		one := b.call(who, "GET", "/v1/cases/"+id, nil)
		full := who == "worker" || who == "head"
		require.Equal(t, !full, one.json["masked"])
		for _, s := range secrets {
			require.Equal(t, full, contains(one.text, s), fmt.Sprint(who, s))
		}
		require.Equal(t, "赵", string([]rune(one.json["identity"].(map[string]any)["name"].(string))[:1]))
	}
	require.NotContains(t, b.log.String(), id)
	for _, s := range secrets {
		require.NotContains(t, b.log.String(), s)
	}
	delete(b.identities, id)
	sealed := b.call("head", "GET", "/v1/cases/"+id, nil)
	require.Equal(t, 200, sealed.StatusCode, sealed.text)
	require.NotContains(t, sealed.json, "identity")
}

func TestNoTokenOrABadOneIsUnauthenticated(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic head", "head", "Bearer nobody", "Bearer a b", "Bearer \x01", "Bearer 甲"} {
		for _, path := range []string{"/v1/me", "/v1/cases", "/v1/events"} {
			a := b.call("", "GET", path, nil, "Authorization", header)
			a.problem(t, 401, "unauthenticated", "")
			require.Contains(t, a.Header.Get("WWW-Authenticate"), "Bearer")
		}
	}
	b.call("", "POST", "/v1/cases", "not even JSON").problem(t, 401, "unauthenticated", "")
	require.Equal(t, 200, b.call("", "GET", "/v1/me", nil, "Authorization", "bearer head").StatusCode)
}
