package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestCoverageNamesEachGapAndItsPlace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1") // without a worker
	clean := b.open("c-2")
	b.play(clean, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})

	early, err := b.store.Coverage(t.Context(), "1101", noon(2026, 1, 6))
	require.NoError(t, err)
	require.Equal(t, 2, early.Open)
	require.Equal(t, 1, early.Covered)
	require.Equal(t, []rehab.Gap{{Kind: rehab.NoWorker, CaseID: "c-1", Place: "110101001", Since: rehab.NewDate(2026, 1, 5)}}, early.Gaps)
	require.Equal(t, []rehab.PlaceCoverage{{Place: "110101001", Open: 2, Gaps: map[rehab.GapKind]int{rehab.NoWorker: 1}}}, early.Streets)

	b.play(clean, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(clean, "later", noon(2026, 3, 1), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}) // time brings the misses
	late, err := b.store.Coverage(t.Context(), "110101001", noon(2026, 3, 1))
	require.NoError(t, err)
	kinds := map[rehab.GapKind]bool{}
	for _, g := range late.Gaps {
		if g.CaseID == "c-2" {
			kinds[g.Kind] = true
		}
	}
	require.True(t, kinds[rehab.NoAgreement] && kinds[rehab.MissUnattended] && kinds[rehab.NoGroup] && !kinds[rehab.NoPlan], "%v", late.Gaps)
	require.Zero(t, late.Covered)

	elsewhere, err := b.store.Coverage(t.Context(), "110102", noon(2026, 3, 1))
	require.NoError(t, err)
	require.Zero(t, elsewhere.Open)
	require.Empty(t, elsewhere.Gaps)
}
