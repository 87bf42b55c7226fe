package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

// simulationAnswers checks what is asked of a simulation that is kept against the document.
func (b *bench) simulationAnswers(d *document) {
	id := b.call("district", "POST", "/v1/simulations", `{}`).json["id"].(string)
	for _, path := range []string{"/v1/simulations", "/v1/simulations/{id}"} {
		for _, who := range []string{"district", "city", "head", "worker", "integration", ""} {
			d.check("GET", path, b.call(who, "GET", strings.Replace(path, "{id}", id, 1), nil))
			d.check("GET", path, b.call(who, "GET", strings.Replace(path, "{id}", "sim-none", 1)+"?limit=0", nil))
		}
	}
	for _, body := range []string{`{"name":"少一名社工","shared":true}`, `{"name":"","shared":true}`, `{`, `{"foo":1}`} {
		for _, who := range []string{"district", "city", "head", ""} {
			d.check("POST", "/v1/simulations/{id}/keep", b.call(who, "POST", "/v1/simulations/"+id+"/keep", body))
		}
	}
	for _, who := range []string{"", "head", "city", "district", "district"} {
		d.check("DELETE", "/v1/simulations/{id}", b.call(who, "DELETE", "/v1/simulations/"+id, nil))
	}
}

func TestPlanningIsForDistrictsAndTheCity(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("district", "POST", "/v1/simulations", `{"change":{"keeps_contact":80,"staff":[{"place":"110101001","on":"2026-12-01","by":-1}]}}`)
	require.Equal(t, 202, a.StatusCode, a.text)
	require.Equal(t, "/v1/simulations/"+a.json["id"].(string), a.Header.Get("Location"))
	require.Equal(t, "110101", b.order.Place, "the own place by default")
	require.Equal(t, rehab.DateOf(now), b.order.Start)
	require.Equal(t, 12, b.order.Months)
	require.Equal(t, 80, *b.order.Change.KeepsContact)
	a = b.must(200, "district", "GET", a.Header.Get("Location"), nil)
	require.Equal(t, "done", a.json["state"])
	require.EqualValues(t, 6, a.json["runs"], "three rounds, each with the change and without")
	require.EqualValues(t, 2, a.json["seconds"])
	require.EqualValues(t, 3, dig(a.json, "result", "cases"))
	refused := dig(a.json, "result", "before", "refused")
	require.Equal(t, []any{map[string]any{"command": "record-test", "code": "refused", "field": "staff", "message": "a test needs # people", "times": 7.0}}, refused)

	for _, who := range []string{"worker", "head", "integration"} {
		require.Equal(t, 403, b.call(who, "POST", "/v1/simulations", `{}`).StatusCode, who)
	}
	require.Equal(t, 403, b.call("district", "POST", "/v1/simulations", `{"place":"110102"}`).StatusCode)
	b.call("city", "POST", "/v1/simulations", `{"assume":{"keeps_test":101}}`).problem(t, 422, "invalid", "assume.keeps_test")
	b.call("city", "POST", "/v1/simulations", `{"runs":31}`).problem(t, 422, "invalid", "runs")
	b.fail["CheckSimulation"] = rehab.InvalidField("policy", "there is no policy of that name and version")
	b.call("city", "POST", "/v1/simulations", `{}`).problem(t, 422, "invalid", "policy")
}

// ids are those of the list.
func simulationsOf(a answer) (out []string) {
	for _, x := range a.json["simulations"].([]any) {
		out = append(out, dig(x, "id").(string))
	}
	return out
}

func TestASimulationIsItsMakersUntilItIsShared(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.call("district", "POST", "/v1/simulations", `{}`).json["id"].(string)
	path := "/v1/simulations/" + id
	require.Equal(t, []string{id}, simulationsOf(b.must(200, "district", "GET", "/v1/simulations", nil)))
	require.Empty(t, simulationsOf(b.must(200, "city", "GET", "/v1/simulations", nil)))
	b.call("city", "GET", path, nil).problem(t, 404, "not_found", "")
	b.call("city", "POST", path+"/keep", `{"name":"x"}`).problem(t, 404, "not_found", "")
	b.call("district", "POST", path+"/keep", `{"name":" ","shared":true}`).problem(t, 422, "invalid", "name")

	a := b.must(200, "district", "POST", path+"/keep", `{"name":" 少一名社工 ","shared":true}`)
	require.Equal(t, "少一名社工", a.json["name"])
	a = b.must(200, "city", "GET", path, nil)
	require.Equal(t, false, a.json["mine"])
	require.Equal(t, []string{id}, simulationsOf(b.must(200, "city", "GET", "/v1/simulations", nil)))
	b.call("city", "DELETE", path, nil).problem(t, 403, "forbidden", "")
	b.call("other-office", "GET", path, nil).problem(t, 404, "not_found", "")
	require.Empty(t, simulationsOf(b.must(200, "other-office", "GET", "/v1/simulations", nil)))
	b.call("head", "GET", path, nil).problem(t, 403, "forbidden", "")

	cityWide := b.call("city", "POST", "/v1/simulations", `{}`).json["id"].(string)
	b.must(200, "city", "POST", "/v1/simulations/"+cityWide+"/keep", `{"name":"x","shared":true}`)
	b.call("district", "GET", "/v1/simulations/"+cityWide, nil).problem(t, 404, "not_found", "")

	require.Equal(t, 204, b.call("district", "DELETE", path, nil).StatusCode)
	b.call("district", "GET", path, nil).problem(t, 404, "not_found", "")
}

func TestASimulationWaitsIsStoppedAndSaysWhyItFailed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.idle = true
	var ids []string
	for range 3 {
		ids = append(ids, b.call("district", "POST", "/v1/simulations", `{}`).json["id"].(string))
	}
	b.call("district", "POST", "/v1/simulations", `{}`).problem(t, 429, "too_many", "")
	b.change(ids[0], func(r *board.SimulationRow) { r.State, r.Done, r.Total, r.Started = board.SimulationRunning, 4, 9, now })
	a := b.must(200, "district", "GET", "/v1/simulations/"+ids[0], nil)
	require.EqualValues(t, 2, a.json["run"], "of three")
	require.InDelta(t, 4.0/9, a.json["share"], 1e-9)
	require.Equal(t, 204, b.call("district", "DELETE", "/v1/simulations/"+ids[0], nil).StatusCode)
	a = b.must(200, "district", "GET", "/v1/simulations/"+ids[0], nil)
	require.Equal(t, "stopped", a.json["state"])
	require.EqualValues(t, 12, dig(a.json, "order", "months"), "the order is kept")
	b.change(ids[1], func(r *board.SimulationRow) {
		r.State, r.Fault = board.SimulationFailed, rehab.InvalidField("place", "there is no live case in it")
	})
	a = b.call("district", "GET", "/v1/simulations/"+ids[1], nil, "Accept-Language", "zh-CN")
	require.Equal(t, "place", dig(a.json, "problem", "field"))
	require.NotContains(t, a.text, "live case")
	a = b.call("district", "GET", "/v1/simulations", nil, "Accept-Language", "zh-CN")
	require.NotContains(t, a.text, "live case")
}
