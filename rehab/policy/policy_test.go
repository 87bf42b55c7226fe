package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

func TestEmbeddedPoliciesAndCalendarsLoad(t *testing.T) {
	t.Parallel()
	set, err := policy.Load()
	require.NoError(t, err)
	require.Equal(t, []int{2025, 2026}, set.Calendar().Years())
	for _, id := range []string{"national", "beijing"} {
		ref, ok := set.Latest(id)
		require.True(t, ok)
		require.Equal(t, 15, set.Policy(ref).ReportIn.N)
	}
	require.True(t, set.Calendar().IsWorkday(rehab.NewDate(2026, 9, 20)))
}
