package evaluation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/evaluation"
	"guitu/office"
	"guitu/rehab"
)

func TestAPlaceIsFoundByItsCodeOrItsOneName(t *testing.T) {
	t.Parallel()
	all := []office.Place{{Place: board.Place{Code: "110101", Name: "东城区"}}, {Place: board.Place{Code: "110105001", Name: "城关镇"}}, {Place: board.Place{Code: "110106001", Name: "城关镇"}}}
	for _, text := range []string{"110101", "东城区"} {
		code, err := evaluation.FindPlace(all, text)
		require.NoError(t, err)
		require.Equal(t, "110101", code)
	}
	_, err := evaluation.FindPlace(all, "城关镇")
	require.ErrorContains(t, err, "110105001, 110106001")
	_, err = evaluation.FindPlace(all, "西城")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}

func TestThePreviousPeriodIsAsLong(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"2026-01": "2025-12", "2026-11": "2026-10", "2026-Q1": "2025-Q4", "2026-Q3": "2026-Q2", "2026": "2025"} {
		p, err := evaluation.ParsePeriod(name)
		require.NoError(t, err)
		require.Equal(t, want, p.Previous().Name)
		require.Equal(t, p.From, p.Previous().To+1)
	}
}
