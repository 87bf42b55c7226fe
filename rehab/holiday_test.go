package rehab_test

import (
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	lunar "github.com/6tail/lunar-go/calendar"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// holidaysOn counts the holidays of the regulation on the day, read day by day from the
// moon's calendar: the table is made the other way round, from the festivals to their days.
func holidaysOn(d rehab.Date) (holidays int) {
	y, m, n := d.Civil()
	moon := func(d rehab.Date) (int, int) {
		y, m, n := d.Civil()
		l := lunar.NewSolarFromYmd(y, int(m), n).GetLunar()
		return l.GetMonth(), l.GetDay() // a leap month is negative
	}
	count := func(is bool) {
		if is {
			holidays++
		}
	}
	month, dayOfMonth := moon(d)
	nextMonth, nextDay := moon(d + 1)
	count(m == time.January && n == 1)
	count(month == 1 && dayOfMonth <= 3)
	count(y >= 2025 && nextMonth == 1 && nextDay == 1)
	count(lunar.NewSolarFromYmd(y, int(m), n).GetLunar().GetJieQi() == "清明")
	count(m == time.May && (n == 1 || n == 2 && y >= 2025))
	count(month == 5 && dayOfMonth == 5)
	count(month == 8 && dayOfMonth == 15)
	count(m == time.October && n <= 3)
	return holidays
}

func TestTheTableOfHolidaysAgreesWithTheMoonFrom2024To2050(t *testing.T) {
	t.Parallel()
	none := rehab.NewCalendar()
	for year := 2024; year <= 2050; year++ {
		holidays := 0
		var off []rehab.Date
		for d := rehab.NewDate(year, 1, 1); d.Year() == year; d++ {
			n := holidaysOn(d)
			if holidays += n; n > 0 {
				off = append(off, d)
			}
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			require.Equal(t, n == 0 && !weekend, none.IsWorkday(d), "%s", d)
		}
		require.Equal(t, off, rehab.StatutoryDays(year))
		if year == 2024 {
			require.Equal(t, 11, holidays, "before the Spring Festival's eve and 2 May were added")
		} else {
			require.Equal(t, 13, holidays, "%d", year)
		}
	}
}

// TestNoNoticeOfThePastForgetsWhatTheRegulationSets holds the table against the notices
// that the other source has, as far back as the table reaches.
func TestNoNoticeOfThePastForgetsWhatTheRegulationSets(t *testing.T) {
	t.Parallel()
	for year := 2024; year <= 2026; year++ {
		for _, d := range rehab.StatutoryDays(year) {
			y, m, n := d.Civil()
			h := HolidayUtil.GetHolidayByYmd(y, int(m), n)
			require.NotNil(t, h, "%s", d)
			require.False(t, h.IsWork(), "%s", d)
		}
	}
}

func TestTheFixedHolidaysAreOffInEveryYear(t *testing.T) {
	t.Parallel()
	cal := calendar(t)
	for year := 2008; year <= 2060; year++ {
		off := []rehab.Date{
			rehab.NewDate(year, 1, 1), rehab.NewDate(year, 5, 1), rehab.NewDate(year, 10, 1), rehab.NewDate(year, 10, 2), rehab.NewDate(year, 10, 3),
		}
		if year >= 2025 {
			off = append(off, rehab.NewDate(year, 5, 2))
		}
		for _, d := range off {
			require.False(t, cal.IsWorkday(d), "%s", d)
		}
		require.Subset(t, rehab.StatutoryDays(year), off)
	}
	require.True(t, cal.IsWorkday(day("2024-05-02")), "a Thursday, when Labour Day had one day")
	require.Len(t, rehab.StatutoryDays(2023), 5, "what the moon moves is not known of that year")
	require.Len(t, rehab.StatutoryDays(2051), 6)
}
