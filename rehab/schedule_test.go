package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// perYear counts the windows that open in each year since report-in, and requires that
// they follow each other without gap and overlap from report-in on.
func perYear(t *testing.T, l *life, reportedOn rehab.Date) []int {
	t.Helper()
	var years []int
	next := reportedOn
	for _, w := range l.windows(rehab.TestDuty) {
		require.Equal(t, next.String(), w.Opens.String(), "%s", w.ID)
		next = w.Due + 1
		for len(years) == 0 || w.Opens >= reportedOn.AddMonths(12*len(years)) {
			years = append(years, 0)
		}
		years[len(years)-1]++
	}
	return years
}

// wholeTerm lets the term of an order of the measure pass.
func wholeTerm(t *testing.T, m rehab.Measure, months int, on string, change func(*rehab.Policy)) *life {
	t.Helper()
	l := setup(t)
	l.env.Now = noon(on)
	if change != nil {
		change(l.env.Policy)
	}
	b := l.order()
	b.Measure, b.TermMonths = m, months
	l.do(b)
	l.do(rehab.ReportIn{})
	l.toTime(l.c.TermEnd.End())
	return l
}

func TestDTPTreatmentHasTwentyTwoTestsInThreeYears(t *testing.T) {
	t.Parallel()
	l := wholeTerm(t, rehab.Treatment, 36, "2026-03-10", nil)
	require.Equal(t, []int{12, 6, 4}, perYear(t, l, day("2026-03-10")))
	require.Equal(t, "2029-03-09", l.windows(rehab.TestDuty)[21].Due.String())
}

func TestDTPTheVariantOfTreatmentHasTwentyEightTests(t *testing.T) {
	t.Parallel()
	l := wholeTerm(t, rehab.Treatment, 36, "2026-01-31", func(p *rehab.Policy) {
		p.TreatmentTests[0].Segments = []rehab.Segment{
			{Periods: 6, Months: 1, Split: 2}, {Periods: 6, Months: 1}, {Periods: 6, Months: 2}, {Periods: 4, Months: 3},
		}
	})
	require.Equal(t, []int{18, 6, 4}, perYear(t, l, day("2026-01-31")))
	w := l.windows(rehab.TestDuty)
	require.Equal(t, []string{"2026-01-31", "2026-02-14", "2026-02-28", "2026-03-15", "2026-03-31"},
		[]string{w[0].Opens.String(), w[1].Opens.String(), w[2].Opens.String(), w[3].Opens.String(), w[4].Opens.String()})
}

func TestDTPRehabilitationOfThreeYearsHasTwelveTests(t *testing.T) {
	t.Parallel()
	l := wholeTerm(t, rehab.Rehabilitation, 36, "2026-03-10", nil)
	require.Equal(t, []int{6, 4, 2}, perYear(t, l, day("2026-03-10")))
}

func TestDTPRehabilitationOfTwoYearsHasTwelveTests(t *testing.T) {
	t.Parallel()
	l := wholeTerm(t, rehab.Rehabilitation, 24, "2026-03-10", nil)
	require.Equal(t, []int{6, 6}, perYear(t, l, day("2026-03-10")))
}

func TestDTPWindowsAreCountedFromReportInAndDoNotDrift(t *testing.T) {
	t.Parallel()
	l := wholeTerm(t, rehab.Treatment, 36, "2026-01-31", nil)
	w := l.windows(rehab.TestDuty)
	for i, opens := range []string{
		"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31",
		"2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31",
		"2027-09-30", "2027-11-30", "2028-01-31", "2028-04-30", "2028-07-31", "2028-10-31",
	} {
		require.Equal(t, opens, w[i].Opens.String(), "window %d", i+1)
	}
	require.Equal(t, "2029-01-30", w[21].Due.String())
}

func TestAWindowThatTheEndOfTheTermCutsToLessThanHalfIsNotOpened(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		end     string
		windows int
		due     string
	}{
		{"2026-05-23", 2, "2026-05-09"}, // 14 of 31 days
		{"2026-05-25", 3, "2026-05-25"}, // 16 of 31 days
	} {
		l := setup(t)
		b := l.order()
		b.PrintedEnd = day(row.end)
		l.do(b)
		l.do(rehab.ReportIn{})
		l.toTime(l.c.TermEnd.End())
		w := l.windows(rehab.TestDuty)
		require.Len(t, w, row.windows)
		require.Equal(t, row.due, w[len(w)-1].Due.String())
	}
}

func TestDTPOneTestInTheWindowClosesItAndAnotherIsUnscheduled(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-20")
	require.False(t, only[rehab.TestRecorded](t, l.do(urine(rehab.Negative))).Unscheduled)
	l.gone("test-1")
	require.True(t, only[rehab.TestRecorded](t, l.do(urine(rehab.Negative))).Unscheduled)
	require.Equal(t, 2, l.c.Counters.Tests)
	require.Equal(t, 1, l.c.Counters.TestsUnscheduled)
	l.to("2026-04-10")
	require.Equal(t, rehab.Open, l.duty("test-2").Status, "the unscheduled one closes no later window")
}

func TestDTPTheWindowTakesATestOnItsFirstAndItsLastDay(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-20")
	l.on("2026-04-10", urine(rehab.Negative))
	l.gone("test-2")
	require.Equal(t, rehab.Missed, l.duty("test-1").Status)
	l.on("2026-04-09", urine(rehab.Negative))
	l.gone("test-1")
}

func TestDRR18ContactsVisitsAndAssessmentsFallDueByTheirCadence(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Equal(t, "2026-03-23", l.duty("contact-1").Due.String(), "every two weeks")
	require.Equal(t, "2026-06-09", l.duty("home_visit-1").Due.String(), "quarterly")
	l.gone("assessment-1")
	l.toTime(day("2026-08-10").Start())
	o := l.duty("assessment-1")
	require.Equal(t, "2026-08-10 2026-09-09", o.Opens.String()+" "+o.Due.String(), "in the last 30 days of the half-year")
	l.to("2026-08-20")
	l.do(rehab.RecordAssessment{})
	l.gone("assessment-1")
	require.Equal(t, "DRR art.14", served(t).refuses(rehab.RecordAssessment{}).Citation)
}
