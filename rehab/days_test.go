package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

func calendar(t testing.TB) *rehab.Calendar {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	return set.Calendar()
}

func TestAPR35TheStartDayIsNotCountedAndALastDayOffRolls(t *testing.T) {
	t.Parallel()
	cal := calendar(t)
	limit := rehab.Limit{N: 15, Unit: rehab.CalendarDays, Roll: true}
	for _, row := range []struct{ served, ends string }{
		{"2026-03-10", "2026-03-25"}, // plain
		{"2026-09-16", "2026-10-08"}, // the last day falls in National Day
		{"2026-01-30", "2026-02-14"}, // a Saturday that is a working day
	} {
		require.Equal(t, row.ends, limit.After(day(row.served), cal).String(), "served %s", row.served)
	}
	limit.Roll = false
	require.Equal(t, "2026-10-01", limit.After(day("2026-09-16"), cal).String(), "a limit that does not roll ends on the holiday")
}

func TestAPR35WorkingDaysCountWorkingWeekendsAndSkipHolidays(t *testing.T) {
	t.Parallel()
	cal := calendar(t)
	three := rehab.Limit{N: 3, Unit: rehab.WorkingDays}
	require.Equal(t, "2026-09-20", three.After(day("2026-09-16"), cal).String(), "a working Sunday counts")
	require.Equal(t, "2026-10-10", three.After(day("2026-09-30"), cal).String(), "National Day does not, the working Saturday after it does")
	require.Equal(t, "2026-09-29", three.Before(day("2026-10-09"), cal).String())
	require.Equal(t, "2026-09-16", three.Before(day("2026-09-20"), cal).String())
}

func TestLimitsInMonthsAndHours(t *testing.T) {
	t.Parallel()
	cal := calendar(t)
	require.Equal(t, "2026-02-28", rehab.Limit{N: 1, Unit: rehab.Months}.After(day("2026-01-31"), cal).String())
	require.Equal(t, "2026-02-28", rehab.Limit{N: 1, Unit: rehab.Months}.Before(day("2026-03-31"), cal).String())
	require.Equal(t, "2026-03-12", rehab.Limit{N: 25, Unit: rehab.Hours}.After(day("2026-03-10"), cal).String(), "hours round up to days")
	require.Equal(t, "2026-03-08", rehab.Limit{N: 25, Unit: rehab.Hours}.Before(day("2026-03-10"), cal).String())
}

func TestCC202MonthsAreCountedFromTheOriginalDay(t *testing.T) {
	t.Parallel()
	start := day("2026-01-31")
	for n, want := range []string{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"} {
		require.Equal(t, want, start.AddMonths(n).String())
	}
	require.Equal(t, "2028-02-29", day("2025-02-28").AddDays(1).AddMonths(-1).AddMonths(36).AddDays(28).String())
	require.Equal(t, "2028-02-29", day("2027-12-31").AddMonths(2).String(), "leap year")
	require.Equal(t, "2025-12-31", day("2026-01-31").AddMonths(-1).String())
	require.Equal(t, "2024-11-30", day("2026-01-31").AddMonths(-14).String())
}

func TestADayBelongsToShanghaiWhateverTheHost(t *testing.T) {
	t.Parallel()
	d := day("2026-03-10")
	require.Equal(t, "2026-03-09T16:00:00Z", d.Start().Format(time.RFC3339))
	require.Equal(t, "2026-03-10T16:00:00Z", d.End().Format(time.RFC3339), "a day ends at 24:00")
	require.Equal(t, d, rehab.DateOf(d.Start()))
	require.Equal(t, d, rehab.DateOf(d.End().Add(-time.Nanosecond)))
	require.Equal(t, d+1, rehab.DateOf(d.End()))
	require.Equal(t, d, rehab.DateOf(d.Start().In(time.FixedZone("far west", -11*60*60))))
	require.Equal(t, "1969-12-31", rehab.DateOf(time.Date(1969, 12, 31, 15, 59, 59, 0, time.UTC)).String())
	require.Equal(t, time.Tuesday, d.Weekday())
}

func TestParseDateRefusesWhatIsNoDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "1970-01-01", "2026-02-29", "2026-13-01", "2026-3-1", "20260301", "2026-03-01T00:00:00Z", " 2026-03-01"} {
		_, err := rehab.ParseDate(s)
		require.Error(t, err, "%q", s)
	}
	var d rehab.Date
	require.NoError(t, d.UnmarshalText(nil))
	require.True(t, d.IsZero())
	require.Empty(t, d.String())
}

func TestAYearWithoutItsNoticeIsReportedAndHasTheDaysOffThatTheRegulationSets(t *testing.T) {
	t.Parallel()
	cal := calendar(t)
	require.Equal(t, []int{2027, 2028}, cal.Missing(day("2026-12-31"), day("2028-01-01")))
	require.Empty(t, cal.Missing(day("2025-01-01"), day("2026-12-31")))
	require.True(t, cal.Has(day("2026-10-01")))
	require.False(t, cal.Has(day("2027-10-01")))
	require.False(t, cal.IsWorkday(day("2027-10-01")), "National Day, a Friday")
	require.False(t, cal.IsWorkday(day("2027-10-02")), "a Saturday")
	require.True(t, cal.IsWorkday(day("2027-10-04")), "a Monday: no notice says that it is off")
	require.Equal(t, day("2027-01-04"), cal.Roll(day("2027-01-01")))
	require.Equal(t, day("2027-02-09"), cal.Roll(day("2027-02-05")), "the four days of the Spring Festival, from its eve")
}

func TestAWorkingWeekendIsAWorkingDay(t *testing.T) {
	t.Parallel()
	cal := calendar(t)
	require.True(t, cal.IsWorkday(day("2026-02-14")))
	require.False(t, cal.IsWorkday(day("2026-02-16")), "a Monday in the Spring Festival")
	require.False(t, cal.IsWorkday(day("2026-03-14")), "a plain Saturday")
	require.True(t, cal.IsWorkday(day("2026-03-16")))
}
