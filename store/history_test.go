package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestTheLedgerKeepsWhatItTakesToSeeACaseInHindsight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	knew := c.Clone()
	at := noon(2026, 3, 1)
	b.playAt(c, "told-late", noon(2026, 3, 3), noon(2026, 2, 25), rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met})

	h, err := b.store.History(t.Context(), "c-1")
	require.NoError(t, err)
	require.Equal(t, rehab.ReportIn{}, h.Commands["in"])
	require.Equal(t, rehab.JustifyMiss{Obligation: rehab.ObligationID{Kind: rehab.ContactDuty, N: 6}, Reason: rehab.Illness, Until: rehab.NewDate(2026, 3, 2)}, h.Commands["justify"])
	require.Empty(t, cmp.Diff(knew, h.Known(at), cmpopts.EquateEmpty()))
	seen, err := h.Hindsight(at, b.rules)
	require.NoError(t, err)
	require.Equal(t, "told-late", seen.Late[0].Command)
	require.Equal(t, knew.Counters.Contacts+1, seen.Case.Counters.Contacts)

	b.open("c-2")
	list, err := b.store.PlaceHistories(t.Context(), "1101", "", 10, time.Time{})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Empty(t, cmp.Diff(h, list[0]))
	list, err = b.store.PlaceHistories(t.Context(), "1101", "", 10, noon(2026, 1, 8))
	require.NoError(t, err)
	require.Len(t, list[0].Known(at).Obligations, 1, "recorded before that instant")
	list, err = b.store.PlaceHistories(t.Context(), "1101", "c-1", 10, time.Time{})
	require.NoError(t, err)
	require.Equal(t, "c-2", list[0].CaseID)
	none, err := b.store.History(t.Context(), "c-9")
	require.NoError(t, err)
	require.Empty(t, none.Events)
}
