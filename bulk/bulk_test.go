package bulk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/bulk"
	"guitu/rehab"
)

func TestTheCommandsOfAFleetHaveIDsThatNoCallerCanTake(t *testing.T) {
	t.Parallel()
	f := bulk.Operation{ID: "f-1", Reserved: true}
	seen := make(map[string]bool)
	for n := 1; n < 12; n++ {
		for _, undo := range []bool{false, true} {
			id := f.CommandID(n, undo)
			require.NotNil(t, rehab.CheckKey(id), id)
			require.False(t, seen[id], id)
			seen[id] = true
		}
	}
	before := bulk.Operation{ID: "f-1"}
	require.Equal(t, "fleet-f-1-3", before.CommandID(3, false), "a fleet under way goes on as it began")
	require.Equal(t, "fleet-f-1-3-undo", before.CommandID(3, true))
}
