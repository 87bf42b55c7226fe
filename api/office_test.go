package api_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/api"
)

// registered puts workers of the street into the registry.
func (b *bench) registered(ids ...string) {
	b.t.Helper()
	for _, id := range ids {
		a := b.call("district", "POST", "/v1/workers", map[string]any{"id": id, "name": "王某" + id, "post": "full_time", "place": street, "from": "2026-01-01"})
		require.Equal(b.t, 201, a.StatusCode, a.text)
	}
}

func TestAStreetIsRenamedAndMergedAndOldRecordsKeepItsName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rename := `{"from":"2026-03-01","name":"新东华门街道"}`
	a := b.call("district", "POST", "/v1/places/"+street+"/rename", rename, "Idempotency-Key", "k-1")
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, true, b.call("district", "POST", "/v1/places/"+street+"/rename", rename, "Idempotency-Key", "k-1").json["duplicate"])
	b.call("district", "POST", "/v1/places/"+street+"/rename", `{"from":"2026-03-01","name":"x"}`, "Idempotency-Key", "k-1").problem(t, 409, "conflict", "Idempotency-Key")
	name := func(on string) any {
		a := b.call("worker", "GET", "/v1/places/"+street+"?on="+on, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		return dig(a.json, "place", "name")
	}
	require.Equal(t, "东华门街道", name("2026-02-28"))
	require.Equal(t, "新东华门街道", name("2026-03-01"))

	for who, field := range map[string]string{"worker": "", "head": "", "integration": "", "other-office": "", "placeless": ""} {
		b.call(who, "POST", "/v1/places/"+street+"/close", `{"from":"2026-11-01"}`).problem(t, 403, "forbidden", field)
	}
	b.call("district", "POST", "/v1/places/"+street+"/merge", map[string]any{"from": "2026-11-01", "into": otherStreet}).problem(t, 403, "forbidden", "into")
	b.opened(1)
	merge := func(from string) answer {
		return b.call("district", "POST", "/v1/places/"+street+"/merge", map[string]any{"from": from, "into": "110101002"})
	}
	merge("2026-10-20").problem(t, 422, "refused", "from")
	a = merge("2026-11-01")
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, []any{"1 open cases are at " + street + ": move them by 2026-10-31"}, a.json["warnings"])
	require.Equal(t, "merged", dig(b.call("head", "GET", "/v1/places/"+street+"?on=2026-11-01", nil).json, "place", "status"))
	require.Equal(t, "in_force", dig(b.call("head", "GET", "/v1/places/"+street, nil).json, "place", "status"))
	require.Len(t, b.call("head", "GET", "/v1/places/"+street, nil).json["history"], 2)

	b.call("city", "POST", "/v1/places/110101002/close", `{"from":"2026-10-19"}`)
	b.call("city", "POST", "/v1/cases", order(2, "household_street", "110101002", "execution_street", "110101002")).problem(t, 422, "refused", "execution_street")
	b.call("city", "GET", "/v1/places/110101?on=yesterday", nil).problem(t, 422, "invalid", "on")
}

func TestAPlaceIsShownInsideTheAreaAndAboveIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("city", "POST", "/v1/places/"+street+"/set-station", `{"from":"2026-01-01","head":"h-1","phone":"01012345678","address":"景山前街4号"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	b.call("city", "POST", "/v1/places/"+street+"/set-leading-group", `{"from":"2026-01-01","lead":"d-1","members":["王某"]}`).problem(t, 422, "invalid", "members")
	a = b.call("city", "POST", "/v1/places/"+street+"/set-leading-group", `{"from":"2026-01-01","lead":"d-1","members":["h-1"]}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	for who, status := range map[string]int{"worker": 200, "head": 200, "district": 200, "city": 200, "other-head": 403, "other-office": 403, "integration": 403} {
		a := b.call(who, "GET", "/v1/places/"+street, nil)
		require.Equal(t, status, a.StatusCode, who+a.text)
		require.Equal(t, status == 200, contains(a.text, "01012345678"), who)
		require.NotContains(t, b.call(who, "GET", "/v1/places", nil).text, "01012345678")
	}
	require.Equal(t, 200, b.call("worker", "GET", "/v1/places/110101", nil).StatusCode, "the office above")
}

func TestADryRegistrationKeepsNobodyAndSaysWhatWouldBecomeOfIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1")
	const path = "/v1/workers?dry_run=true"
	body := map[string]any{"id": "w-9", "name": "王某", "post": "full_time", "place": street, "from": "2026-01-01"}
	a := b.call("city", "POST", path, body)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, true, a.json["dry_run"])
	require.NotContains(t, a.json, "duplicate")
	b.call("city", "GET", "/v1/workers/w-9", nil).problem(t, 404, "not_found", "")
	body["place"] = "110199"
	b.call("city", "POST", path, body).problem(t, 422, "invalid", "place")
	b.call("head", "POST", path, body).problem(t, 403, "forbidden", "")
	known := map[string]any{"id": "w-1", "name": "王某w-1", "post": "full_time", "place": street, "from": "2026-01-01"}
	require.Equal(t, true, b.call("city", "POST", path, known).json["duplicate"])
	known["name"] = "another"
	b.call("city", "POST", path, known).problem(t, 409, "conflict", "id")
}

func TestTheRegistryIsShownInsideTheAreaAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1", "w-2")
	body := map[string]any{"id": "w-1", "name": "王某w-1", "post": "full_time", "place": street, "from": "2026-01-01"}
	require.Equal(t, 200, b.call("city", "POST", "/v1/workers", body).StatusCode, "known already")
	body["name"] = "another"
	b.call("city", "POST", "/v1/workers", body).problem(t, 409, "conflict", "id")
	for _, id := range []string{"王某", "110101199003074514", "11010119900307451X", "110101900307451"} {
		body["id"] = id
		b.call("city", "POST", "/v1/workers", body).problem(t, 422, "invalid", "id")
	}
	body["id"], body["post"] = "w-3", "king"
	b.call("city", "POST", "/v1/workers", body).problem(t, 422, "invalid", "post")
	for _, who := range []string{"worker", "head", "integration"} {
		b.call(who, "POST", "/v1/workers/w-1/leave", `{"last_day":"2026-12-31"}`).problem(t, 403, "forbidden", "")
	}
	b.call("other-office", "POST", "/v1/workers/w-1/leave", `{"last_day":"2026-12-31"}`).problem(t, 404, "not_found", "")
	b.call("district", "POST", "/v1/workers/w-1/move", `{"from":"2026-11-01","place":"`+otherStreet+`"}`).problem(t, 403, "forbidden", "place")
	a := b.call("city", "POST", "/v1/workers/w-1/move", `{"from":"2026-11-01","place":"`+otherStreet+`"}`)
	require.Equal(t, 200, a.StatusCode, a.text)

	for who, want := range map[string]int{"worker": 1, "head": 1, "district": 1, "city": 2, "other-head": 1} {
		a := b.call(who, "GET", "/v1/workers/w-1", nil)
		require.Equal(t, 200, a.StatusCode, who+a.text)
		require.Len(t, a.json["periods"], want, who)
	}
	b.call("elsewhere", "GET", "/v1/workers/w-2", nil).problem(t, 404, "not_found", "")
	require.Len(t, b.call("worker", "GET", "/v1/workers", nil).json["workers"], 2)
	require.Len(t, b.call("district", "GET", "/v1/workers?on=2026-11-01", nil).json["workers"], 1)
	page := b.call("city", "GET", "/v1/workers?limit=1", nil)
	require.Equal(t, "w-1", page.json["next"])
	require.Len(t, b.call("city", "GET", "/v1/workers?after=w-1", nil).json["workers"], 1)
	b.call("district", "POST", "/v1/workers/w-1/change", `{"from":"2026-11-02","post":"part_time"}`).problem(t, 403, "forbidden", "")
	b.call("district", "POST", "/v1/workers/w-2/change", `{"from":"2026-10-20"}`).problem(t, 422, "invalid", "body")
	a = b.call("district", "POST", "/v1/workers/w-2/change", `{"from":"2026-10-20","name":"李某"}`)
	require.Equal(t, "李某", dig(a.json, "worker", "name"), a.text)
	require.NotContains(t, b.log.String(), "王某")
}

func TestAWorkerWithOpenCasesLeavesOnADayToCome(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1", "w-2")
	id := b.opened(1)
	a := b.call("district", "POST", "/v1/workers/w-1/leave", `{"last_day":"2026-10-19"}`)
	a.problem(t, 422, "refused", "from")
	require.Contains(t, a.json["detail"], "still holds 1 open cases")
	a = b.call("district", "POST", "/v1/workers/w-1/leave", `{"last_day":"2026-10-31"}`)
	require.Equal(t, []any{"w-1 has 1 open cases to hand over by 2026-10-31"}, a.json["warnings"], a.text)

	a = b.call("head", "POST", "/v1/caseload/suggest", `{"leaving":"w-1"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, map[string]any{id: "w-2"}, a.json["assignments"])
	require.Len(t, a.json["loads"], 2)
	require.Equal(t, "w-1", b.cases[id].Worker, "nothing is changed")
	require.Equal(t, map[string]any{id: "w-2"}, b.call("city", "POST", "/v1/caseload/suggest", map[string]any{"cases": []string{id}}).json["assignments"])
	a = b.call("other-head", "POST", "/v1/caseload/suggest", map[string]any{"cases": []string{id}})
	require.Equal(t, []any{map[string]any{"case_id": id, "reason": "no_open_case"}}, a.json["unplaced"])
	b.call("head", "POST", "/v1/caseload/suggest", `{}`).problem(t, 422, "invalid", "cases")
	b.call("worker", "POST", "/v1/caseload/suggest", `{"leaving":"w-1"}`).problem(t, 403, "forbidden", "")
}

func TestTheRulesOfTheRegistryHoldForWhomItKnows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-2")
	id := b.opened(1) // to w-1, whom the registry does not know
	assign := func(worker, key string) answer {
		return b.call("head", "POST", "/v1/cases/"+id+"/assign-worker", map[string]any{"worker": worker}, "Idempotency-Key", key)
	}
	require.Equal(t, 200, assign("w-2", "k-1").StatusCode)
	require.Equal(t, 200, b.call("city", "POST", "/v1/workers/w-2/move", `{"from":"2026-12-01","place":"`+otherStreet+`"}`).StatusCode)
	far := b.call("city", "POST", "/v1/cases", order(2, "worker", "w-2", "execution_street", otherStreet, "residence_street", otherStreet))
	far.problem(t, 422, "refused", "worker")
	require.Equal(t, 200, assign("w-7", "k-2").StatusCode)
	require.Equal(t, 200, b.call("city", "POST", "/v1/workers/w-2/leave", `{"last_day":"2026-10-19"}`).StatusCode)
	assign("w-2", "k-3").problem(t, 422, "refused", "worker")
	require.Equal(t, true, assign("w-2", "k-1").json["duplicate"], "it acted when the registry said yes")

	handler, err := api.New(b.deps(func(d *api.Deps) { d.StrictRegistry = true }))
	require.NoError(t, err)
	b.handler = handler
	assign("w-8", "k-4").problem(t, 422, "refused", "worker")
	require.Equal(t, 200, b.call("city", "POST", "/v1/cases", order(1, "worker", "w-1")).StatusCode, "a case that is there is known")
}

func TestTheCaseloadWarnsAndNeverBlocks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 30 {
		b.opened(i, "risk", []string{"high", "low"}[i%2])
	}
	a := b.call("city", "POST", "/v1/cases", order(30, "worker", "w-1"))
	require.Equal(t, 201, a.StatusCode, a.text)
	require.Equal(t, []any{"w-1 now has 31 open cases, the limit is 30"}, a.json["warnings"])
	b.opened(31, "worker", "w-2")
	a = b.call("head", "GET", "/v1/caseload", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	rows := a.json["workers"].([]any)
	require.Len(t, rows, 2)
	require.Equal(t, "31 1 77 30", fmt.Sprint(dig(rows[0], "cases"), dig(rows[0], "over"), dig(rows[0], "weight"), dig(rows[0], "limit")))
	require.EqualValues(t, 29, dig(rows[1], "room"))
	require.Equal(t, 201, b.call("city", "POST", "/v1/cases", order(32, "worker", "w-2", "execution_street", otherStreet, "residence_street", otherStreet)).StatusCode)
	second := b.call("head", "GET", "/v1/caseload", nil).json["workers"].([]any)[1]
	require.Equal(t, []any{street}, dig(second, "places"), "no place outside is named")
	require.EqualValues(t, 2, dig(second, "cases"), "a load is one")
	require.Len(t, b.call("worker", "GET", "/v1/caseload", nil).json["workers"], 1, "the own")
	elsewhere := b.call("other-head", "GET", "/v1/caseload", nil).json["workers"].([]any)
	require.Len(t, elsewhere, 1)
	require.Equal(t, []any{otherStreet}, dig(elsewhere[0], "places"))
	b.call("head", "GET", "/v1/caseload?place="+otherStreet, nil).problem(t, 403, "forbidden", "place")
}
