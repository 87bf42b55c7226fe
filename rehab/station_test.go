package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAStationThatTakesOverGetsTheCaseAsItIs(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	before := l.c.Clone()
	require.Equal(t, "place", l.refuses(rehab.MoveStation{Place: before.Place}).Field)
	require.Equal(t, rehab.Invalid, l.refuses(rehab.MoveStation{Place: "110101"}).Code)
	l.do(rehab.MoveStation{Place: "110101002"})
	require.Equal(t, "110101002", l.c.Place)
	before.Place, before.Seq = l.c.Place, l.c.Seq
	require.Equal(t, before, l.c, "worker, limits, windows and counters stay")
	l.do(rehab.RequestTransfer{To: "110105001", Reason: rehab.HouseholdMoved})
	require.Equal(t, "DRR art.22", l.refuses(rehab.MoveStation{Place: "110101003"}).Citation)
}
