package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// refusedBefore is a test refused before two people.
func refusedBefore(staff ...string) rehab.RecordTest {
	return rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: staff}
}

func TestDTPARefusalNeedsTwoPeopleLikeATest(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	for _, staff := range [][]string{nil, {"w-1"}, {"w-1", "w-1"}} {
		err := l.refuses(refusedBefore(staff...))
		require.Equal(t, "refused staff DTP", string(err.Code)+" "+err.Field+" "+err.Citation)
	}
	l.do(refusedBefore("w-1", "p-1"))
}

func TestDRR20ARefusalCountsNothingUntilAPersonConfirmsIt(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused)))
	require.Zero(t, l.c.Counters.TestBreaches)
	require.Equal(t, "2026-03-12", l.duty("refusal_decision-1").Due.String(), "two working days from when the office knew")
	require.Equal(t, test, l.duty("refusal_decision-1").About)
	require.Contains(t, explained(l, "provisional_refusal").EN, "counts nothing")
	l.to("2026-03-14")
	l.climb(rehab.RefusalDuty)
	require.Zero(t, l.c.Counters.TestBreaches, "time confirms nothing, a person does")

	yes := rehab.DecideRefusal{Test: test, Confirmed: true}
	require.Equal(t, "test", l.refuses(yes).Field, "a worker does not confirm it")
	events := l.by(station).do(yes)
	require.True(t, only[rehab.RefusalDecided](t, events).Counts)
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	l.gone("refusal_decision-1")
	l.quiet(rehab.RefusalDuty)
	require.Equal(t, "DRR art.20", l.refuses(yes).Citation, "decided once")
	require.Equal(t, "test", l.refuses(rehab.DecideRefusal{}).Field)
}

func TestDRR20ARefusalThatWasNoneCountsNothing(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10").by(station)
	for range 3 {
		l.do(rehab.DecideRefusal{Test: seqOf[rehab.TestRecorded](t, l.do(urine(rehab.TestEvaded)))})
	}
	require.Zero(t, l.c.Counters.TestBreaches)
	require.Empty(t, l.c.Counters.Violations)
	require.Empty(t, l.c.Refusals)
	l.gone("refusal_decision-3")
	l.gone("police_report-1")
}

func TestDRR20ARefusalIsDecidedOnItsDayOrLater(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10").by(station)
	l.to("2026-03-20")
	yes := rehab.DecideRefusal{Test: seqOf[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused))), Confirmed: true}
	require.Equal(t, "refused test DRR art.20", errorText(l.refusesAt(noon("2026-03-19"), yes)))
}

func TestDRR20TheOfficeDecidesARefusalFromWhenItKnew(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-30")
	l.on("2026-03-11", urine(rehab.TestRefused))
	require.Equal(t, "2026-03-30 2026-04-01", l.duty("refusal_decision-1").From.String()+" "+l.duty("refusal_decision-1").Due.String())
}

// TestDRR20ARefusalOfAnOldLedgerCountsAsItDid folds what was written before refusals
// were provisional.
func TestDRR20ARefusalOfAnOldLedgerCountsAsItDid(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.fold([]rehab.Event{{Seq: l.c.Seq + 1, RecordedAt: l.env.Now, OccurredAt: l.env.Now, Actor: worker, Data: rehab.TestRecorded{
		On: day("2026-03-10"), Method: rehab.Urine, Result: rehab.TestRefused, Counts: true,
	}}})
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	require.Empty(t, l.c.Refusals)
	require.True(t, l.duty("test-1").Counted)
}

func TestDRR20AnExcusedMissLeavesTheConfirmedRefusalInItsWindow(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-20")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused)))
	l.to("2026-04-15")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	require.Equal(t, id("test-1"), only[rehab.RefusalDecided](t, l.confirmed(test)).Instead)
	require.Equal(t, 1, l.c.Counters.TestBreaches, "the window and the refusal in it are one")
	l.do(rehab.JustifyMiss{Obligation: id("test-1"), Reason: rehab.Illness})
	require.Equal(t, 1, l.c.Counters.TestBreaches, "the reason is for the miss: the refusal stands")
}

func TestDRR14ARefusalBeforeReportInWaitsForNobody(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.False(t, only[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused))).Provisional)
	l.gone("refusal_decision-1")
	l.to("2026-03-12")
	l.do(rehab.ReportIn{})
	require.False(t, only[rehab.TestRecorded](t, l.on("2026-03-11", urine(rehab.TestRefused))).Provisional, "told after the report-in")
	require.True(t, only[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused))).Provisional)
}

func TestDRR24ARefusalInCustodyWaitsForNobody(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10").by(station)
	l.to("2026-03-20")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-03-25")
	require.False(t, only[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused))).Provisional)
	l.gone("refusal_decision-1")
	require.True(t, only[rehab.TestRecorded](t, l.on("2026-03-19", urine(rehab.TestRefused))).Provisional, "before custody")
	l.do(rehab.Resume{})
	l.breach(rehab.TestRefused)
	require.Equal(t, 1, l.c.Counters.TestBreaches)
}

func TestDRR23ARefusalAfterTheTermAndInAfterCareWaitsForNobody(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10").by(station)
	l.to("2029-03-11")
	require.False(t, only[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused))).Provisional)
	last := seqOf[rehab.TestRecorded](t, l.on("2029-03-10", urine(rehab.TestRefused)))
	l.do(rehab.Release{})
	require.False(t, only[rehab.TestRecorded](t, l.do(urine(rehab.TestRefused))).Provisional)
	require.Zero(t, l.c.Counters.TestBreaches)
	l.confirmed(last)
	require.Equal(t, 1, l.c.Counters.TestBreaches, "of the last day of the term, decided after the release")
}
