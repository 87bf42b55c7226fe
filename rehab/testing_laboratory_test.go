package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// notice makes the days off of a year known.
func (l *life) notice(off ...string) {
	year := rehab.YearDays{Year: day(off[0]).Year(), Source: "the notice of this test"}
	for _, d := range off {
		year.Off = append(year.Off, day(d))
	}
	l.env.Calendar = rehab.NewCalendar(year)
}

func TestDTPTheObjectionRunsFromTheDayTheClientWasTold(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	l.to("2026-03-16")
	told := positiveBy(rehab.Male)
	told.ToldOn = day("2026-03-16")
	test := seqOf[rehab.TestRecorded](t, l.on("2026-03-12", told))
	require.Equal(t, "2026-03-19", l.c.Pending[0].Until.String(), "three days after it was told")
	require.Equal(t, "2026-03-20", l.duty("test_result-1").Opens.String())
	require.Equal(t, "2026-03-23", l.duty("test_result-1").Due.String())
	l.to("2026-03-19")
	require.Equal(t, "confirmed", l.refuses(rehab.ResolveTest{Test: test, Confirmed: true}).Field)
	l.do(rehab.ObjectToTest{Test: test})

	told.ToldOn = day("2026-03-18")
	require.Equal(t, "refused told_on DTP", errorText(l.refuses(told)), "before the test")
	told.ToldOn = day("2026-03-20")
	require.Equal(t, "invalid told_on ", errorText(l.refuses(told)), "in the future")
	clean := urineBy(rehab.Male, "w-1", "w-2")
	clean.ToldOn = day("2026-03-19")
	require.Equal(t, "invalid told_on ", errorText(l.refuses(clean)), "of no positive")
}

func errorText(e *rehab.Error) string { return string(e.Code) + " " + e.Field + " " + e.Citation }

func TestDTPTheObjectionMovesWithACalendarThatComesLater(t *testing.T) {
	t.Parallel()
	for _, applied := range []bool{false, true} {
		l := executing(t, "2026-12-29")
		test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
		before := l.duty("test_result-1").Due
		l.to("2026-12-30")
		l.notice("2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04")
		if applied {
			moved := only[rehab.CalendarApplied](t, l.by(district).do(rehab.ApplyCalendar{}))
			require.Equal(t, []rehab.ObjectionMove{{Test: test, Was: day("2027-01-04"), Until: day("2027-01-05")}}, moved.Objections)
			require.Equal(t, "2027-01-05", l.c.Pending[0].Until.String())
			require.Equal(t, "2027-01-06 2027-01-07", l.duty("test_result-1").Opens.String()+" "+l.duty("test_result-1").Due.String())
			require.Greater(t, l.duty("test_result-1").Due, before)
			require.Equal(t, rehab.Refused, l.refuses(rehab.ApplyCalendar{}).Code, "nothing is left to move")
		}
		l.to("2027-01-05")
		require.Equal(t, "confirmed", l.refuses(rehab.ResolveTest{Test: test, Confirmed: true}).Field, "the window is open by the calendar of now")
		require.Contains(t, explained(l, "provisional_positive").EN, "2027-01-05")
		l.do(rehab.ObjectToTest{Test: test})
	}
}

func TestDTPACalendarThatComesLaterShortensNoObjection(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-09-29") // National Day: until 2026-10-08
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	l.env.Calendar = rehab.NewCalendar()
	l.to("2026-10-08")
	require.Equal(t, "confirmed", l.refuses(rehab.ResolveTest{Test: test, Confirmed: true}).Field)
	l.do(rehab.ObjectToTest{Test: test})
}

func TestDTPNoSignatureWaivesTheObjection(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.to("2026-03-13")
	require.Equal(t, "refused accepted DTP", errorText(l.refuses(rehab.ResolveTest{Test: test, Confirmed: true, Accepted: true})))
	l.to("2026-03-14")
	l.do(rehab.ResolveTest{Test: test, Confirmed: true, Accepted: true})
	require.Equal(t, 1, l.c.Counters.Relapses)
}

// confirmedByLaboratory is a client whose positive of 2026-03-10 a laboratory confirmed on
// 2026-03-20.
func confirmedByLaboratory(t *testing.T) (*life, int64) {
	t.Helper()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.do(rehab.ObjectToTest{Test: test})
	l.to("2026-03-20")
	require.Equal(t, "told_on", l.refuses(rehab.RecordLaboratoryResult{Test: test, Confirmed: true, ToldOn: day("2026-03-19")}).Field)
	require.Equal(t, "told_on", l.refuses(rehab.RecordLaboratoryResult{Test: test, ToldOn: day("2026-03-20")}).Field, "of no positive")
	l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})
	return l, test
}

func TestDTP17TheLaboratorysResultCountsAtOnceAndMayBeObjectedToOnceMore(t *testing.T) {
	t.Parallel()
	l, test := confirmedByLaboratory(t)
	require.Equal(t, 1, l.c.Counters.Relapses)
	require.Equal(t, rehab.Relapse, l.duty("police_report-1").Ground)
	require.Empty(t, l.c.Pending)
	require.Contains(t, explained(l, "laboratory_positive").EN, "once more until 2026-03-23")
	require.Equal(t, "test", l.refuses(rehab.RecordLaboratoryResult{Test: test}).Field, "nobody has objected to it")
	l.to("2026-03-23")
	l.do(rehab.ObjectToTest{Test: test})
	require.Equal(t, test, l.duty("laboratory_result-2").About)
	require.Contains(t, explained(l, "laboratory_positive").EN, "final")
	l.duty("police_report-1") // an objection does not stop a report
	require.Equal(t, "test", l.refuses(rehab.ObjectToTest{Test: test}).Field)
	l.to("2026-03-30")
	l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})
	require.Equal(t, 1, l.c.Counters.Relapses, "one relapse, however often it was examined")
	require.Equal(t, rehab.Refused, l.refuses(rehab.ObjectToTest{Test: test}).Code, "that result is final")
	l.gone("laboratory_result-2")
}

func TestDTPAReexaminationThatFindsNoPositiveTakesTheRelapseBack(t *testing.T) {
	t.Parallel()
	l, test := confirmedByLaboratory(t)
	other := positiveBy(rehab.Male)
	other.Result, other.Site = rehab.PositiveConfirmed, rehab.AtLaboratory
	l.on("2026-03-12", other)
	l.do(rehab.ObjectToTest{Test: test})
	l.to("2026-03-30")
	events := l.do(rehab.RecordLaboratoryResult{Test: test})
	require.True(t, only[rehab.LaboratoryReported](t, events).TakenBack)
	l.gone("police_report-2")
	l.gone("help_offer-2")
	l.gone("laboratory_result-2")
	require.Equal(t, 1, l.c.Counters.Relapses)
	require.Equal(t, day("2026-03-12"), l.c.Counters.LastRelapse)
	l.duty("police_report-1") // over the other one, which came first
	l.duty("help_offer-1")
}

func TestDTPTheDaysToObjectToTheLaboratoryRunFromWhenTheClientWasTold(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.to("2026-03-20")
	l.doAt(noon("2026-03-17"), rehab.RecordLaboratoryResult{Test: test, Confirmed: true, ToldOn: day("2026-03-19")})
	require.Equal(t, "2026-03-23", l.c.Confirmed[0].Until.String(), "2026-03-22 is a Sunday")
	l.to("2026-03-23")
	l.do(rehab.ObjectToTest{Test: test})

	b := positiveBy(rehab.Male)
	b.Result, b.Site = rehab.PositiveConfirmed, rehab.AtLaboratory
	direct := seqOf[rehab.TestRecorded](t, l.do(b))
	l.to("2026-03-27")
	require.Equal(t, "refused occurred_at DTP", errorText(l.refuses(rehab.ObjectToTest{Test: direct})), "a laboratory's positive that came at once, a day too late")
	l.doAt(noon("2026-03-26"), rehab.ObjectToTest{Test: direct})
	l.duty("laboratory_result-2")
}

func TestDTPANegativeOfTheLaboratorySettlesAtOnce(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.do(rehab.ObjectToTest{Test: test})
	l.to("2026-03-16")
	l.do(rehab.RecordLaboratoryResult{Test: test})
	require.Empty(t, l.c.Confirmed)
	require.Equal(t, rehab.Refused, l.refuses(rehab.ObjectToTest{Test: test}).Code)
	l.gone("police_report-1")
}

func TestDTPTheLaboratorysStepsAreThreeDaysEachAndADay(t *testing.T) {
	t.Parallel()
	l := executing(t, "2027-01-04")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	l.do(rehab.ObjectToTest{Test: test})
	for code, on := range map[string]string{
		"laboratory_agreed": "2027-01-07", "laboratory_sent": "2027-01-11", "laboratory_examined": "2027-01-14", "laboratory_told": "2027-01-15",
	} {
		line := explained(l, code)
		require.Equal(t, on, line.On.String(), code)
		require.Equal(t, rehab.Law, line.Mark, code)
	}
	require.Equal(t, "2027-01-15", l.duty("laboratory_result-1").Due.String())
}

func TestDTPSalivaAndBloodShowUseAsUrineDoesAndHairDoesNot(t *testing.T) {
	t.Parallel()
	for method, relapses := range map[rehab.TestMethod]int{rehab.Urine: 1, rehab.Saliva: 1, rehab.Blood: 1, rehab.Hair: 0} {
		l := of(t, rehab.Female)
		b := rehab.RecordTest{Method: method, Result: rehab.PositiveProvisional, Staff: []string{"w-1", "w-2"}}
		if method == rehab.Urine {
			b.CollectorSex = rehab.Female // the rule is for urine alone
		} else {
			b.CollectorSex = rehab.Male
		}
		test := seqOf[rehab.TestRecorded](t, l.do(b))
		l.to("2026-03-14")
		l.do(rehab.ResolveTest{Test: test, Confirmed: true})
		require.Equal(t, relapses, l.c.Counters.Relapses, method)
		b.Result, b.Site = rehab.PositiveConfirmed, rehab.AtLaboratory
		l.do(b)
		require.Equal(t, 2*relapses, l.c.Counters.Relapses, method)
		test = seqOf[rehab.TestRecorded](t, l.do(rehab.RecordTest{Method: method, Result: rehab.PositiveProvisional, Staff: b.Staff, CollectorSex: b.CollectorSex, Another: another}))
		l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})
		require.Equal(t, 3*relapses, l.c.Counters.Relapses, method)
	}
}
