package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/bulk"
	"guitu/rehab"
)

func TestAFleetReassignsTheCasesOfTheOwnAreaAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.opened(1), b.opened(2)
	assign := func(cases ...string) map[string]any {
		list := []map[string]string{}
		for _, id := range cases {
			list = append(list, map[string]string{"case_id": id, "worker": "w-2"})
		}
		return map[string]any{"kind": "assign-worker", "assignments": list}
	}
	a := b.call("head", "POST", "/v1/fleets", assign(one, two), "Idempotency-Key", "k-1")
	require.Equal(t, 202, a.StatusCode, a.text)
	require.EqualValues(t, 2, a.json["total"])
	id := a.json["id"].(string)
	again := b.call("head", "POST", "/v1/fleets", assign(one, two), "Idempotency-Key", "k-1")
	require.Equal(t, id, again.json["id"], "the same key starts one fleet")
	b.call("head", "POST", "/v1/fleets", assign(one), "Idempotency-Key", "k-1").problem(t, 409, "conflict", "")

	require.Equal(t, rehab.AssignWorker{Worker: "w-2"}, b.bulk[id].changes[0].Body)
	a = b.call("head", "GET", "/v1/fleets/"+id, nil)
	require.EqualValues(t, bulk.Undoable, a.json["state"])
	a = b.call("head", "GET", "/v1/fleets/"+id+"/items?limit=1", nil)
	require.Len(t, a.json["items"], 1)
	require.EqualValues(t, 1, a.json["next"])
	zh := b.call("head", "GET", "/v1/fleets/"+id+"/items?after=1", nil, "Accept-Language", "zh-CN")
	require.Contains(t, zh.text, "没有社工")
	require.NotContains(t, zh.text, "the registry", "what was refused is said in the language of who reads it")

	b.call("other-head", "GET", "/v1/fleets/"+id, nil).problem(t, 404, "not_found", "")
	b.call("other-head", "POST", "/v1/fleets", assign(one)).problem(t, 404, "not_found", "assignments")
	b.call("worker", "POST", "/v1/fleets", assign(one)).problem(t, 403, "forbidden", "")
	b.call("head", "POST", "/v1/fleets", assign(one, one)).problem(t, 422, "invalid", "assignments")
	b.call("head", "POST", "/v1/fleets", assign()).problem(t, 422, "invalid", "assignments")
	require.Equal(t, 202, b.call("head", "POST", "/v1/fleets/"+id+"/undo", nil).StatusCode)
	require.Equal(t, []string{"undo"}, b.bulk[id].actions)
	b.call("head", "POST", "/v1/fleets/"+id+"/pause", nil).problem(t, 422, "refused", "")
}

func TestAFleetSaysWhatItWouldDoAndDoesNothingOnADryRun(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	a := b.call("district", "POST", "/v1/fleets", `{"kind":"move-station","place":"110101001","to":"110101002","dry_run":true}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.EqualValues(t, 1, a.json["total"])
	require.Empty(t, b.bulk)
	b.call("head", "POST", "/v1/fleets", `{"kind":"move-station","place":"110101001","to":"110101002"}`).problem(t, 403, "forbidden", "")
	b.call("district", "POST", "/v1/fleets", `{"kind":"move-station","place":"110101001","to":"110102003"}`).problem(t, 403, "forbidden", "to")
	b.call("district", "POST", "/v1/fleets", `{"kind":"move-station","place":"110101","to":"110101002"}`).problem(t, 422, "invalid", "place")
	b.call("city", "POST", "/v1/fleets", `{"kind":"migrate-policy","policy":{"id":"national","version":"1900.1"}}`).problem(t, 404, "not_found", "policy")
	b.call("city", "POST", "/v1/fleets", `{"kind":"release"}`).problem(t, 422, "invalid", "kind")
	b.call("district", "POST", "/v1/fleets", `{"kind":"apply-calendar","place":"110101009"}`).problem(t, 422, "refused", "place")
}

func TestADryRunSaysOfEachCaseWhatWouldBecomeOfIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1", "w-2")
	one, two := b.opened(1), b.opened(2)
	order := map[string]any{"kind": "assign-worker", "dry_run": true, "try": 2, "assignments": []map[string]string{
		{"case_id": one, "worker": "w-2"}, {"case_id": "c-none", "worker": "w-2"}, {"case_id": two, "worker": "w-2"},
	}}
	a := b.call("head", "POST", "/v1/fleets", order)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.EqualValues(t, 3, a.json["total"])
	require.Equal(t, map[string]any{"pending": 2.0, "refused": 1.0}, a.json["outcomes"])
	tried := a.json["tried"].([]any)
	require.Len(t, tried, 2)
	require.Equal(t, "done", dig(tried[0], "outcome"))
	require.Equal(t, []any{"c-none", "refused", "not_found"}, []any{dig(tried[1], "case_id"), dig(tried[1], "outcome"), dig(tried[1], "problem", "code")})
	require.EqualValues(t, 2, a.json["next"])
	order["try_after"] = 2
	rest := b.call("head", "POST", "/v1/fleets", order, "Accept-Language", "zh-CN")
	require.Len(t, rest.json["tried"], 1)
	require.Nil(t, rest.json["next"])
	require.Empty(t, b.bulk, "nothing was done")

	order["try_after"] = 1
	require.Contains(t, b.call("head", "POST", "/v1/fleets", order, "Accept-Language", "zh-CN").text, "没有此个案，或已结案")
	require.Equal(t, 403, b.call("worker", "POST", "/v1/fleets", order).StatusCode)
}
