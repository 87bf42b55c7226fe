package rehab_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

func days(list ...string) []rehab.Date {
	var out []rehab.Date
	for _, s := range list {
		out = append(out, day(s))
	}
	return out
}

func TestAYearSaysWhatItsDaysRestOn(t *testing.T) {
	t.Parallel()
	known := calendar(t)
	year := known.Year(2026)
	require.True(t, year.Official)
	require.Equal(t, day("2025-11-04"), year.Issued)
	require.Contains(t, year.Off, day("2026-10-07"))
	require.Contains(t, year.Off, day("2026-10-03"), "a Saturday that the notice names")
	require.NotContains(t, year.Off, day("2026-11-07"), "a weekend like any other")
	require.Equal(t, days("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"), year.Working)

	later := known.Year(2031)
	require.False(t, later.Official)
	require.Equal(t, rehab.HolidayRule, later.Source)
	require.Equal(t, rehab.StatutoryDays(2031), later.Off, "by the law alone")
	require.Empty(t, later.Working)
	first, last := known.Span(2027)
	require.Equal(t, []int{2025, 2027}, []int{first, last})
}

func TestALaterNoticeIsLaidOverTheYearAndLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	before := calendar(t)
	after := before.With(rehab.YearDays{Year: 2026, Source: "an amended notice", Off: days("2026-09-03", "2026-02-28"), Working: days("2026-09-26")})
	require.False(t, after.IsWorkday(day("2026-09-03")))
	require.False(t, after.IsWorkday(day("2026-02-28")), "a working Saturday that is one no more")
	require.True(t, after.IsWorkday(day("2026-09-26")), "a Saturday off that is worked now")
	require.False(t, after.IsWorkday(day("2026-10-07")), "what the later notice does not name stays")
	require.True(t, after.IsWorkday(day("2026-10-10")), "likewise")
	require.False(t, after.IsWorkday(day("2025-10-08")), "another year")
	require.True(t, before.IsWorkday(day("2026-09-03")), "the calendar itself does not change")
	require.True(t, before.IsWorkday(day("2026-02-28")))

	merged := rehab.YearDays{Year: 2026, Source: "x", Off: days("2026-09-26"), Working: days("2026-02-28")}.
		With(rehab.YearDays{Year: 2026, Source: "y", Off: days("2026-02-28"), Working: days("2026-09-26")})
	require.NoError(t, merged.Check(), "a day is one or the other still")
	require.Equal(t, "x; y", merged.Source)
}

func TestANoticeThatReplacesItsYearStandsAlone(t *testing.T) {
	t.Parallel()
	cal := calendar(t).With(rehab.YearDays{Year: 2026, Source: "another notice", Off: rehab.StatutoryDays(2026), Replaces: true})
	require.True(t, cal.IsWorkday(day("2026-10-07")))
	require.False(t, cal.IsWorkday(day("2026-10-10")), "a Saturday")
	require.False(t, cal.IsWorkday(day("2026-10-01")))
}

func TestDaysThatAreAddedAreNoNotice(t *testing.T) {
	t.Parallel()
	adds := rehab.YearDays{Year: 2027, Source: "the office", Off: days("2027-09-03"), Adds: true}
	cal := calendar(t).With(adds)
	require.False(t, cal.IsWorkday(day("2027-09-03")))
	require.False(t, cal.Has(day("2027-09-03")), "the notice is missing still")
	require.Equal(t, []int{2027}, cal.Missing(day("2027-01-01"), day("2027-12-31")))
	require.Equal(t, []int{2025, 2026}, cal.Years())

	notice := rehab.YearDays{Year: 2027, Source: "the State Council", Off: rehab.StatutoryDays(2027)}
	for _, both := range []*rehab.Calendar{cal.With(notice), calendar(t).With(notice).With(adds)} {
		require.True(t, both.Has(day("2027-09-03")), "whichever came first")
		require.False(t, both.IsWorkday(day("2027-09-03")))
	}
}

func TestANoticeRulesTheDecemberBefore(t *testing.T) {
	t.Parallel()
	cal := rehab.NewCalendar(
		rehab.YearDays{Year: 2018, Source: "x", Off: days("2018-12-29")},
		rehab.YearDays{Year: 2019, Source: "x", Off: days("2018-12-30", "2018-12-31", "2019-01-01"), Working: days("2018-12-29")})
	require.True(t, cal.IsWorkday(day("2018-12-29")), "a Saturday: the notice that came later rules")
	require.False(t, cal.IsWorkday(day("2018-12-31")), "a Monday")
	require.Equal(t, day("2019-01-02"), cal.Roll(day("2018-12-30")))
	require.True(t, cal.IsWorkday(day("2019-12-31")), "a Tuesday: the year after has no notice")
}

func TestNoNoticeTakesAwayWhatTheRegulationSets(t *testing.T) {
	t.Parallel()
	cal := rehab.NewCalendar(rehab.YearDays{Year: 2028, Source: "x", Working: days("2028-10-01")})
	require.False(t, cal.IsWorkday(day("2028-10-01")), "a Sunday, and National Day")
}

func TestACalendarThatCannotBeIsNamedByFieldAndRule(t *testing.T) {
	t.Parallel()
	notice := func(off, working []rehab.Date) rehab.YearDays {
		return rehab.YearDays{Year: 2028, Source: "x", Off: off, Working: working}
	}
	require.NoError(t, notice(days("2028-10-06", "2027-12-31", "2028-10-02"), days("2028-10-14", "2027-12-26")).Check(), "in any order, the December before as well")
	for want, y := range map[string]rehab.YearDays{
		"year, source: a calendar needs a year and its source":                               {Year: 2028},
		"off: 2027-11-30 is not a day of 2028":                                               notice(days("2027-11-30"), nil),
		"off: 2029-01-01 is not a day of 2028":                                               notice(days("2029-01-01"), nil),
		"working: 2026-12-26 is not a day of 2028":                                           notice(nil, days("2026-12-26")),
		"off: 2028-10-06 stands there twice":                                                 notice(days("2028-10-06", "2028-10-05", "2028-10-06"), nil),
		"working: 2028-10-14 stands there twice":                                             notice(nil, days("2028-10-14", "2028-10-14")),
		"working: 2028-10-14 is a day off, too":                                              notice(days("2028-10-14"), days("2028-10-14")),
		"working: 2028-10-13 is a Friday: only a day of the weekend is made a working day":   notice(nil, days("2028-10-13")),
		"working: 2028-10-01 is a holiday that the regulation sets: no notice takes it away": notice(nil, days("2028-10-01")),
		"adds, replaces: a calendar does one or the other":                                   {Year: 2028, Source: "x", Adds: true, Replaces: true},
	} {
		require.ErrorContains(t, y.Check(), want)
	}
	err := notice(days("2029-01-01"), days("2028-10-13")).Check()
	require.ErrorContains(t, err, "off: ")
	require.ErrorContains(t, err, "working: ", "all faults together")
}

func TestWhatANoticeForgetsOfTheRegulation(t *testing.T) {
	t.Parallel()
	require.Equal(t, rehab.StatutoryDays(2027), rehab.YearDays{Year: 2027}.Forgotten())
	require.Empty(t, rehab.YearDays{Year: 2027, Off: rehab.StatutoryDays(2027)}.Forgotten())
	require.Equal(t, days("2027-05-02"), rehab.YearDays{Year: 2027, Off: slices.DeleteFunc(rehab.StatutoryDays(2027), func(d rehab.Date) bool { return d == day("2027-05-02") })}.Forgotten())
	require.Empty(t, rehab.YearDays{Year: 2019}.Forgotten(), "the engine does not know all of them")
}

// drawCalendar is the embedded calendar with notices of any days at all, in years that have
// one and years that have none.
func drawCalendar(t *rapid.T, base *rehab.Calendar) *rehab.Calendar {
	for range rapid.IntRange(0, 3).Draw(t, "notices") {
		year := rapid.IntRange(2024, 2029).Draw(t, "year")
		first := rehab.NewDate(year-1, time.December, 1)
		some := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) rehab.Date { return first + rehab.Date(rapid.IntRange(0, 396).Draw(t, "day")) }), 0, 20)
		base = base.With(rehab.YearDays{Year: year, Source: "x", Off: some.Draw(t, "off"), Working: some.Draw(t, "working"),
			Adds: rapid.Bool().Draw(t, "adds"), Replaces: rapid.Bool().Draw(t, "replaces")})
	}
	return base
}

func TestPropertiesOfEveryCalendar(t *testing.T) {
	t.Parallel()
	base := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := drawCalendar(t, base)
		d := rehab.NewDate(2023, time.December, 1) + rehab.Date(rapid.IntRange(0, 2400).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")

		rolled := cal.Roll(d)
		require.True(t, cal.IsWorkday(rolled), "a limit ends on a working day")
		require.GreaterOrEqual(t, rolled, d, "never earlier")
		require.Equal(t, rolled, cal.Roll(rolled), "rolled once is rolled")
		for between := d; between < rolled; between++ {
			require.False(t, cal.IsWorkday(between), "no working day is passed over")
		}

		later := cal.AddWorkdays(rolled, n)
		require.Equal(t, rolled, cal.AddWorkdays(later, -n), "forth and back")
		require.Equal(t, later, cal.AddWorkdays(cal.AddWorkdays(rolled, n-1), 1), "step by step")
		worked := 0
		for e := rolled + 1; e <= later; e++ {
			if cal.IsWorkday(e) {
				worked++
			}
		}
		require.Equal(t, n, worked)

		for _, off := range rehab.StatutoryDays(d.Year()) {
			require.False(t, cal.IsWorkday(off), "%s is off, whatever a notice says", off)
		}
	})
}
