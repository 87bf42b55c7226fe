package scenario_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/internal/scenario"
	"guitu/rehab/policy"
)

// lives is how many lives are told at least.
const lives = 25

func TestEveryScenarioRunsThroughTheCore(t *testing.T) {
	t.Parallel()
	rules, err := policy.Load()
	require.NoError(t, err)
	list, err := scenario.Load(os.DirFS("../../testdata/scenarios"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(list), lives)
	for _, s := range list {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			c := scenario.NewCore(s.Name, rules)
			require.NoError(t, s.Play(t.Context(), c))
			require.NoError(t, c.Replays())
		})
	}
}
