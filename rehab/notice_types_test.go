package rehab

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryNoticeOfALifeHasATypeOfTheList(t *testing.T) {
	t.Parallel()
	types := NoticeTypes()
	require.Subset(t, types, []string{"escalation_opened", "crisis_raised", "transfer_requested", "late_record", "worker_assigned"})
	require.NotContains(t, types, "contact_recorded")
	require.NotContains(t, types, "life_revised")
	seen := map[string]bool{}
	for _, typ := range types {
		require.False(t, seen[typ], "%s is there twice", typ)
		seen[typ] = true
	}
}
