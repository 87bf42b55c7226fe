package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// A ledger from before a refusal had to be confirmed, and a positive was settled early by a
// signature: a late fact has the case lived again under the rules of today, and leaves them.
func TestWhatWasRightWhenItWasToldStaysRightInALifeLivedAgain(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	old := func(on string, body rehab.CommandBody, data ...rehab.EventData) int64 {
		l.to(on)
		cmd := l.command(l.env.Now, body)
		var events []rehab.Event
		for i, d := range data {
			events = append(events, rehab.Event{
				Seq: l.c.Seq + int64(i) + 1, RecordedAt: l.env.Now, OccurredAt: l.env.Now, Actor: l.actor, Command: cmd.ID, Data: d,
			})
		}
		l.h.Add(cmd, nil)
		return l.fold(events)[0].Seq
	}
	for _, on := range []string{"2026-03-20", "2026-03-21"} {
		old(on, rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-1"}},
			rehab.TestRecorded{On: day(on), Method: rehab.Urine, Result: rehab.TestRefused, Counts: true})
	}
	l.to("2026-03-25")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	old("2026-03-26", rehab.ResolveTest{Test: test, Confirmed: true, Accepted: true}, rehab.TestResolved{Test: test, Confirmed: true, Relapse: true, Accepted: true})
	require.Equal(t, 2, l.c.Counters.TestBreaches)
	require.Equal(t, 1, l.c.Counters.Relapses)

	l.to("2026-04-02")
	l.on("2026-03-15", met(rehab.Talk))
	require.Equal(t, 2, l.c.Counters.TestBreaches)
	require.Equal(t, 1, l.c.Counters.Relapses)
	require.Empty(t, l.c.Refusals)
	require.Empty(t, l.c.Pending)
}
