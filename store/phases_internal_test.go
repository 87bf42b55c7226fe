package store

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// TestTheQueriesNameThePhasesOfTheCore: what the core counts as open and as live is what the
// lists select.
func TestTheQueriesNameThePhasesOfTheCore(t *testing.T) {
	t.Parallel()
	named := func(sql string) []rehab.Phase {
		var out []rehab.Phase
		for _, m := range regexp.MustCompile(`'([a-z_]+)'`).FindAllStringSubmatch(sql, -1) {
			out = append(out, rehab.Phase(m[1]))
		}
		return out
	}
	require.ElementsMatch(t, rehab.OpenPhases(), named(underWay))
	enum, ok := rehab.EnumOf[rehab.Phase]()
	require.True(t, ok)
	var owesNothing []rehab.Phase
	for _, word := range enum.Words {
		c := rehab.Case{Phase: rehab.Phase(word.Code), AfterCareEnd: rehab.NewDate(2029, 1, 1)}
		if !c.IsLive() {
			owesNothing = append(owesNothing, c.Phase)
		}
	}
	require.NotEmpty(t, owesNothing)
	require.ElementsMatch(t, owesNothing, append(named(endedPhases), named(shutPhases)...))
}
