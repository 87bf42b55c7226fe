package rehab_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// TestPropertyFactsMayArriveInAnyOrder tells of the same facts of every kind that a worker
// captures on the way, on their day and again late and shuffled: windows, counters and
// series end up the same, and so does what hindsight sees of any day between.
func TestPropertyFactsMayArriveInAnyOrder(t *testing.T) {
	t.Parallel()
	base := setup(t)
	bodies := []rehab.CommandBody{
		met(rehab.Phone), met(rehab.HomeVisit), met(rehab.JointVisit), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer},
		rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Declined}, urine(rehab.Negative), rehab.RecordAssessment{},
		rehab.GiveHelp{Class: rehab.HelpClasses()[0], Kind: rehab.HelpKinds(rehab.HelpClasses()[0])[0]}, rehab.RecordPositiveEvent{Kind: rehab.PositiveKinds()[0]},
	}
	for _, b := range bodies {
		require.Contains(t, rehab.CommandTypes(), b.CommandType())
	}
	rapid.Check(t, func(t *rapid.T) {
		type fact struct {
			on   time.Time
			told time.Time
			body rehab.CommandBody
		}
		start := base.env.Now
		var list []fact
		for i := range rapid.IntRange(0, 15).Draw(t, "facts") {
			on := start.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "day"))*24*time.Hour + time.Duration(i+1)*time.Minute)
			list = append(list, fact{on, on.Add(time.Duration(rapid.IntRange(0, 80).Draw(t, "told days later")) * 24 * time.Hour), rapid.SampledFrom(bodies).Draw(t, "fact")})
		}
		play := func(told func(fact) time.Time) *book {
			b := newBook(base.env)
			give := func(now, on time.Time, body rehab.CommandBody) {
				b.until(now)
				require.NoError(t, b.give(rehab.Command{ID: fmt.Sprint("c-", on.Unix(), body.CommandType()), Actor: worker, OccurredAt: on, Body: body}))
			}
			give(start, start, base.order())
			give(start, start, rehab.ReportIn{})
			give(start, start, rehab.SignAgreement{})
			sorted := slices.Clone(list)
			slices.SortStableFunc(sorted, func(x, y fact) int { return cmp.Compare(told(x).Unix(), told(y).Unix()) })
			for _, x := range sorted {
				give(told(x), x.on, x.body)
			}
			b.until(start.Add(285 * 24 * time.Hour))
			return b
		}
		onTime, late := play(func(x fact) time.Time { return x.on }), play(func(x fact) time.Time { return x.told })
		require.Empty(t, gocmp.Diff(measured(onTime.c), measured(late.c)))
		require.Empty(t, gocmp.Diff(onTime.c.Counters, late.c.Counters))
		require.Empty(t, gocmp.Diff(onTime.c.Series, late.c.Series))
		at := start.Add(time.Duration(rapid.IntRange(1, 280).Draw(t, "as of")) * 24 * time.Hour)
		seen, err := late.h.Hindsight(at, late)
		require.NoError(t, err)
		require.Empty(t, gocmp.Diff(measured(onTime.h.Known(at)), measured(seen.Case)))
		require.Empty(t, gocmp.Diff(onTime.h.Known(at).Counters, seen.Case.Counters))
	})
}
