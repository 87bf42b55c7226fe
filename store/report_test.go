package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestTheRowOfAReportSaysWhetherItIsADraft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	report := rehab.ObligationID{Kind: rehab.PoliceReportDuty, N: 1}
	row := func() board.ObligationRow {
		diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.Empty(t, diffs)
		rows, err := b.store.Obligations(t.Context(), "c-1")
		require.NoError(t, err)
		for _, o := range rows {
			if o.ID == report {
				return o
			}
		}
		require.Fail(t, "no row")
		return board.ObligationRow{}
	}
	b.play(c, "result", noon(2026, 3, 1), rehab.ResolveTest{Test: c.Pending[0].Test, Confirmed: true})
	require.True(t, row().Unconfirmed)
	b.play(c, "missed", noon(2026, 3, 3), rehab.ConfirmMiss{Obligation: report})
	require.Equal(t, rehab.Relapse, row().Ground)
	b.play(c, "confirmed", noon(2026, 3, 3), rehab.ConfirmPoliceReport{Obligation: report})
	require.False(t, row().Unconfirmed)
	require.Equal(t, rehab.Confirmed, row().Status)
	b.play(c, "sent", noon(2026, 3, 3), rehab.SendPoliceReport{Obligation: report})
	require.Equal(t, rehab.Done, row().Status)
}
