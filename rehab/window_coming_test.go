package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// What is foretold is what time brings: the same windows, under the same numbers and articles.
func TestTheWindowsToComeAreThoseThatOpen(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-04")
	end := l.c.TermEnd
	want := l.c.ComingWindows(l.env, end)
	require.NotEmpty(t, want)

	seen := len(l.ledger)
	l.to(end.String())
	opened := make(map[rehab.ObligationID]rehab.Obligation)
	recurring := make(map[rehab.Kind]bool)
	for _, w := range want {
		recurring[w.Kind] = true
	}
	for _, e := range l.ledger[seen:] {
		if o, ok := e.Data.(rehab.ObligationOpened); ok && recurring[o.Obligation.ID.Kind] {
			opened[o.Obligation.ID] = o.Obligation
		}
	}
	require.Len(t, opened, len(want), "none is foretold that does not open, and none is left out")
	for i, w := range want {
		o, ok := opened[w.ID]
		require.True(t, ok, w.ID.String())
		require.Equal(t, []any{o.Opens, o.Due, o.Citation, o.Due.End()}, []any{w.Opens, w.Due, w.Citation, w.Expires}, w.ID.String())
		require.NotEmpty(t, w.Mark)
		require.True(t, i == 0 || want[i-1].Opens <= w.Opens, "in the order in which they open")
	}
	require.Empty(t, l.c.ComingWindows(l.env, end.AddMonths(36)), "the term leaves room for no other")
}

func TestDRR24TheWindowsToComeMoveWithASuspension(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-04")
	until := l.env.Today().AddMonths(12)
	before := l.c.ComingWindows(l.env, until)
	l.do(rehab.Suspend{Ground: rehab.Detention})
	for _, w := range l.c.ComingWindows(l.env, until) {
		require.True(t, w.Suspended, w.ID.String())
	}
	l.to("2026-06-03")
	l.do(rehab.Resume{}) // thirty days later
	after := l.c.ComingWindows(l.env, until.AddDays(30))
	require.False(t, after[0].Suspended)
	require.Equal(t, before[0].ID, after[0].ID)
	require.Equal(t, before[0].Due.AddDays(30), after[0].Due)
}

func TestAClosedOrUnreportedCaseHasNoWindowsToCome(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.Empty(t, l.c.ComingWindows(l.env, l.env.Today().AddMonths(36)))
}
