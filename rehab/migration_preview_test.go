package rehab_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAPreviewTellsPerStreetAndCaseWhatAVersionWouldBring(t *testing.T) {
	t.Parallel()
	l := served(t) // report-in is due on 2026-03-25
	other := served(t)
	other.c.ID, other.c.Place = "case-2", "110101002"
	other.to("2026-03-12")
	other.do(rehab.ReportIn{})
	longer := *l.env.Policy
	longer.Version = "draft"
	longer.ReportIn.N = 30

	env := l.env
	env.Now, env.Target = noon("2026-03-18"), &longer
	look := func(o rehab.PreviewOrder) rehab.PolicyPreview {
		o.To = longer.Ref()
		v := rehab.PolicyPreview{To: o.To}
		v.Add(l.c, o, env)
		v.Add(other.c, o, env)
		return v
	}
	before := l.c.Clone()
	v := look(rehab.PreviewOrder{Limit: 10})
	require.Empty(t, cmp.Diff(before, l.c), "the case was changed")
	require.Equal(t, 2, v.Total.Cases)
	require.Equal(t, 1, v.Total.Changed)
	require.Zero(t, v.Total.Overdue, "a limit that is running gets no shorter")
	require.Len(t, v.Streets, 2)
	require.Equal(t, rehab.PreviewTally{Place: "110101001", Cases: 1, Changed: 1, Moves: 1}, v.Streets[0])
	require.Len(t, v.Rows, 1)
	require.Equal(t, day("2026-03-25"), v.Rows[0].Moves[0].Was)
	require.Equal(t, day("2026-04-09"), v.Rows[0].Moves[0].Due)

	require.Equal(t, 2, look(rehab.PreviewOrder{From: rehab.PolicyRef{ID: "moon", Version: "1"}}).Total.Kept, "they are under another version")
	require.Empty(t, look(rehab.PreviewOrder{Limit: 10, After: "case-1"}).Rows, "the page after")
	env.Target = l.env.Policy
	require.Equal(t, 2, look(rehab.PreviewOrder{}).Total.Kept, "they are under it already")
}
