package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDTPAPositiveIsProvisionalForThreeDaysAndCountsNothing(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	events := l.do(urine(rehab.PositiveProvisional))
	require.Empty(t, all[rehab.ViolationReached](events))
	require.Equal(t, day("2026-03-13"), l.c.Pending[0].Until, "objection within 3 days")
	require.Equal(t, "2026-03-14", l.duty("test_result-1").Opens.String(), "a person settles it when the window has closed")
	require.Zero(t, l.c.Counters.Relapses)
	l.gone("police_report-1")
	l.gone("test-1")
	l.to("2026-03-18")
	require.Zero(t, l.c.Counters.Relapses, "time confirms nothing, a person does")
	l.climb(rehab.TestResultDuty)
}

func TestDTPTheDaysOfObjectionRoll(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-09-29")
	l.do(urine(rehab.PositiveProvisional))
	require.Equal(t, day("2026-10-08"), l.c.Pending[0].Until)
}

func TestDTPAConfirmedPositiveIsARelapseAndIsReported(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	l.to("2026-03-14")
	events := l.do(rehab.ResolveTest{Test: test, Confirmed: true})
	require.True(t, only[rehab.TestResolved](t, events).Relapse)
	require.Equal(t, 1, l.c.Counters.Relapses)
	require.Equal(t, rehab.Relapse, l.duty("police_report-1").Ground)
	l.gone("test_result-1")
	require.Equal(t, "DTP", l.refuses(rehab.ResolveTest{Test: test, Confirmed: true}).Citation, "settled once")
}

func TestDTPAPositiveConfirmedAtOnceIsARelapse(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.PositiveConfirmed))
	require.Equal(t, 1, l.c.Counters.Relapses)
	require.Equal(t, rehab.Relapse, l.duty("police_report-1").Ground)
	l.gone("test_result-1")
}

func TestDTPASuccessfulObjectionLeavesNoTrace(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-12")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	l.to("2026-03-17")
	require.Equal(t, "DTP", l.refusesAt(noon("2026-03-11"), rehab.ResolveTest{Test: test}).Citation, "before the test")
	l.do(rehab.ResolveTest{Test: test})
	require.Zero(t, l.c.Counters.Relapses)
	require.Empty(t, l.c.Pending)
	l.gone("police_report-1")
	l.quiet(rehab.TestResultDuty)
}

func TestDTPTwoPositivesAreSettledEachByItsNumber(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	first := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	second := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	require.Equal(t, "DTP", l.refuses(rehab.ResolveTest{Test: second + 100}).Citation)
	l.to("2026-03-16")
	l.do(rehab.ResolveTest{Test: second, Confirmed: true, Accepted: true})
	l.gone("test_result-2")
	require.Equal(t, first, l.duty("test_result-1").About)
	require.Equal(t, 1, l.c.Counters.Relapses)
}

func TestDTPHairIsNeverARelapse(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.RecordTest{Method: rehab.Hair, Result: rehab.PositiveConfirmed})
	require.Zero(t, l.c.Counters.Relapses)
	test := seqOf[rehab.TestRecorded](t, l.do(rehab.RecordTest{Method: rehab.Hair, Result: rehab.PositiveProvisional, Another: another}))
	l.to("2026-03-16")
	require.False(t, only[rehab.TestResolved](t, l.do(rehab.ResolveTest{Test: test, Confirmed: true})).Relapse)
	require.Zero(t, l.c.Counters.Relapses)
	l.gone("police_report-1")
}

func TestDTPUnderMaintenanceTherapyAPositiveIsExpectedAndEscalatesNothing(t *testing.T) {
	t.Parallel()
	for _, result := range []rehab.TestResult{rehab.PositiveProvisional, rehab.PositiveConfirmed} {
		l := setup(t)
		b := l.order()
		b.Maintenance = true
		l.do(b)
		l.do(rehab.ReportIn{})
		l.do(rehab.SignAgreement{})
		require.True(t, only[rehab.TestRecorded](t, l.do(urine(result))).Expected)
		l.to("2026-03-20")
		l.gone("test_result-1")
		l.gone("police_report-1")
		l.quiet(rehab.TestResultDuty)
		require.Zero(t, l.c.Counters.Relapses)
		require.Equal(t, 1, l.c.Counters.Tests, "it is a test all the same")
		l.gone("test-1")
	}
}

// seqOf the one event of the type.
func seqOf[T rehab.EventData](t testing.TB, events []rehab.Event) int64 {
	t.Helper()
	for _, e := range events {
		if _, ok := e.Data.(T); ok {
			return e.Seq
		}
	}
	require.Fail(t, "no such event")
	return 0
}
