package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestBoardsShowWhoIsReachedOutToAndWhoIsInCrisis(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.open("c-2")
	b.play(c, "crisis", noon(2026, 2, 26), rehab.RaiseCrisis{Kind: rehab.SelfHarm})
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, diffs)
	for want, f := range map[string]board.CaseFilter{"c-1": {Crisis: true}, "c-2": {Engaged: rehab.Engaged}} {
		rows, err := b.store.Cases(t.Context(), f)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, want, rows[0].CaseID)
	}
	rows, err := b.store.Cases(t.Context(), board.CaseFilter{Engaged: rehab.ReachingOut})
	require.NoError(t, err)
	require.Equal(t, rehab.Phone, rows[0].OutreachStep)
}
