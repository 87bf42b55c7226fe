package notify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/notify"
	"guitu/rehab"
)

func TestEveryKindOfChangeStandsForEventsOfTheLedger(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range notify.Events() {
		require.False(t, seen[e.Type], e.Type)
		seen[e.Type] = true
		require.NotEmpty(t, e.ZH)
		require.NotEmpty(t, e.EN)
		require.NotEmpty(t, e.Ledger)
		for _, typ := range e.Ledger {
			_, err := rehab.DecodeEventData(typ, []byte("{}"))
			require.NoError(t, err, "%s: the ledger knows no %s", e.Type, typ)
		}
	}
	require.Equal(t, []string{"case_opened", "obligation_missed"}, notify.LedgerTypes([]string{"missed", "case_opened", "fly"}))
	require.Equal(t, "released", notify.EventOf([]string{"phase_changed", "released"}, "case_released"))
	require.Equal(t, "phase_changed", notify.EventOf([]string{"phase_changed"}, "case_released"))
	require.Empty(t, notify.EventOf([]string{"phase_changed"}, "contact_recorded"))
}
