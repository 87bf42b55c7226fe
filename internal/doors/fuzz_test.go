package doors_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRandomRequestsNeitherBreakNorOpenAnything is a short run of internal/doors/fuzz.
func TestRandomRequestsNeitherBreakNorOpenAnything(t *testing.T) {
	h := house(t)
	d := h.NewDraw(20261020)
	var wrong []string
	for range 5_000 {
		r := d.Request()
		got, faults := h.Try(t.Context(), r)
		d.Remember(r.Operation, got.Body)
		for _, f := range faults {
			wrong = append(wrong, r.Method+" "+r.Path+" as "+r.Token+": "+f)
		}
	}
	trespasses, err := h.Trespasses(t.Context())
	require.NoError(t, err)
	wrong = append(wrong, trespasses...)
	require.Empty(t, wrong, strings.Join(wrong, "\n"))
}
