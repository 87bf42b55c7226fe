package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestPlanningIsForDistrictsAndTheCity(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("district", "POST", "/v1/simulations", `{"change":{"keeps_contact":80,"staff":[{"place":"110101001","on":"2026-12-01","by":-1}]}}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "110101", b.order.Place, "the own place by default")
	require.Equal(t, rehab.DateOf(now), b.order.Start)
	require.Equal(t, 12, b.order.Months)
	require.Equal(t, 80, *b.order.Change.KeepsContact)
	require.EqualValues(t, 3, a.json["cases"])
	refused := a.json["before"].(map[string]any)["refused"]
	require.Equal(t, []any{map[string]any{"command": "record-test", "code": "refused", "field": "staff", "message": "a test needs # people", "times": 7.0}}, refused)

	for _, who := range []string{"worker", "head", "integration"} {
		require.Equal(t, 403, b.call(who, "POST", "/v1/simulations", `{}`).StatusCode, who)
	}
	require.Equal(t, 403, b.call("district", "POST", "/v1/simulations", `{"place":"110102"}`).StatusCode)
	b.call("city", "POST", "/v1/simulations", `{"assume":{"keeps_test":101}}`).problem(t, 422, "invalid", "assume.keeps_test")
	b.call("city", "POST", "/v1/simulations", `{"runs":31}`).problem(t, 422, "invalid", "runs")
	b.fail["Simulate"] = &rehab.Error{Code: rehab.Unavailable, Message: "another simulation runs"}
	b.call("city", "POST", "/v1/simulations", `{}`).problem(t, 503, "unavailable", "")
}
