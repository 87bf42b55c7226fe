package api_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// PreviewPolicy answers with what was asked.
func (w *world) PreviewPolicy(_ context.Context, o rehab.PreviewOrder, _ int) (rehab.PolicyPreview, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.previewed = o
	return rehab.PolicyPreview{
		To: o.To, Place: o.Place, Streets: []rehab.PreviewTally{{Place: street, Cases: 1}}, Total: rehab.PreviewTally{Cases: 1},
		Rows: []rehab.PreviewRow{{CaseID: "c-1", Place: street, Phase: rehab.InExecution, Policy: o.From}},
	}, w.failing("PreviewPolicy")
}

func TestAPolicyIsPreviewedForTheOwnAreaByThoseWhoPlan(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("district", "POST", "/v1/policies/preview", `{"from":"national@2026.1","to":"national@2026.2"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, rehab.PreviewOrder{
		From: rehab.PolicyRef{ID: "national", Version: "2026.1"}, To: rehab.PolicyRef{ID: "national", Version: "2026.2"}, Place: "110101", Limit: 50,
	}, b.previewed)
	require.EqualValues(t, 1, dig(a.json, "total", "cases"))

	require.Equal(t, 403, b.call("head", "POST", "/v1/policies/preview", `{"to":"national@2026.2"}`).StatusCode)
	require.Equal(t, 403, b.call("district", "POST", "/v1/policies/preview", `{"to":"national@2026.2","place":"110102"}`).StatusCode)
	b.call("city", "POST", "/v1/policies/preview", `{}`).problem(t, 422, "invalid", "to")
	b.call("city", "POST", "/v1/policies/preview", `{"to":"national"}`).problem(t, 422, "invalid", "to")
	b.call("city", "POST", "/v1/policies/preview", `{"to":"a@b","from":"c"}`).problem(t, 422, "invalid", "from")
	b.fail["PreviewPolicy"] = &rehab.Error{Code: rehab.NotFound, Field: "to", Message: "there is no such policy"}
	b.call("city", "POST", "/v1/policies/preview", `{"to":"moon@1"}`).problem(t, 404, "not_found", "to")
}
