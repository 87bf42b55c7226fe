package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

// TestTheCalendarsAgreeWithAnIndependentSource compares every day of every embedded year
// with the holiday data of 6tail/lunar-go.
func TestTheCalendarsAgreeWithAnIndependentSource(t *testing.T) {
	t.Parallel()
	set, err := policy.Load()
	require.NoError(t, err)
	for _, year := range set.Calendar().Years() {
		holidays, working := 0, 0
		for d := rehab.NewDate(year, 1, 1); d.Year() == year; d++ {
			y, m, n := d.Civil()
			weekend := d.Weekday() == 0 || d.Weekday() == 6
			want := !weekend
			if h := HolidayUtil.GetHolidayByYmd(y, int(m), n); h != nil {
				want = h.IsWork()
				if h.IsWork() {
					working++
				} else {
					holidays++
				}
			}
			require.Equal(t, want, set.Calendar().IsWorkday(d), "%s", d)
		}
		require.GreaterOrEqual(t, holidays, 28, "the other source has the notice of %d", year)
		require.GreaterOrEqual(t, working, 5, "the other source has the working weekends of %d", year)
	}
}

// statutory lists the days that the regulation sets, as YAML.
func statutory(year int) string {
	var out []string
	for _, d := range rehab.StatutoryDays(year) {
		out = append(out, d.String())
	}
	return strings.Join(out, ", ")
}

// calendarWith loads a folder of calendars, by name, over the embedded ones.
func calendarWith(t *testing.T, files map[string]string) *rehab.Calendar {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, err := policy.Load(folder)
	require.NoError(t, err)
	return set.Calendar()
}

func TestAnOfficesFileIsLaidOverTheYearThatIsBuiltIn(t *testing.T) {
	t.Parallel()
	cal := calendarWith(t, map[string]string{"calendar-2026.yaml": "year: 2026\nsource: x\noff: [2026-09-03]\nworking: []\n"})
	require.False(t, cal.IsWorkday(rehab.NewDate(2026, 9, 3)))
	require.False(t, cal.IsWorkday(rehab.NewDate(2026, 10, 7)), "one more day does not empty the year")
	require.True(t, cal.IsWorkday(rehab.NewDate(2026, 9, 20)), "nor its working weekends")
}

func TestAnOfficesFileMayReplaceTheYearThatIsBuiltIn(t *testing.T) {
	t.Parallel()
	cal := calendarWith(t, map[string]string{"calendar-2026.yaml": "year: 2026\nsource: x\nreplaces: true\noff: [" + statutory(2026) + "]\n"})
	require.True(t, cal.IsWorkday(rehab.NewDate(2026, 10, 7)))
	require.False(t, cal.IsWorkday(rehab.NewDate(2026, 9, 20)))
	require.True(t, cal.Has(rehab.NewDate(2026, 9, 20)))
}

func TestAnOfficesFileMayAddToAYearThatHasNoNotice(t *testing.T) {
	t.Parallel()
	cal := calendarWith(t, map[string]string{
		"calendar-2027.yaml":  "year: 2027\nsource: x\nadds: true\noff: [2027-09-03]\n",
		"calendar-2028.yaml":  "year: 2028\nsource: x\noff: [" + statutory(2028) + "]\n",
		"calendar-2028b.yaml": "year: 2028\nsource: x\noff: [2028-09-04]\n",
	})
	require.False(t, cal.IsWorkday(rehab.NewDate(2027, 9, 3)))
	require.False(t, cal.Has(rehab.NewDate(2027, 9, 3)), "it is no notice: the warning stays")
	require.True(t, cal.Has(rehab.NewDate(2028, 9, 4)))
	require.False(t, cal.IsWorkday(rehab.NewDate(2028, 9, 4)), "a second file adds to the notice that was read before it")
}

func TestACalendarThatIsWrongIsRefusedWithFileFieldAndRule(t *testing.T) {
	t.Parallel()
	whole := "year: 2027\nsource: x\noff: [" + statutory(2027)
	for want, text := range map[string]string{
		"needs a year and its source": "year: 2027",
		"is not a date":               "year: 2027\nsource: x\noff: [2027-02-30]",
		"field holidays not found":    "year: 2027\nsource: x\nholidays: []",
		"yaml: li":                    "year: {",
		"year: the file of 2028 is named calendar-2028.yaml":                       "year: 2028\nsource: x\noff: [" + statutory(2028) + "]",
		"one file holds the calendar":                                              whole + "]\n---\nyear: 2028\n",
		"off: 2026-10-01 is not a day of 2027, nor of the December before":         whole + ", 2026-10-01]",
		"off: 2027-10-01 stands there twice":                                       whole + ", 2027-10-01]",
		"working: 2027-10-09 is a day off, too":                                    whole + ", 2027-10-09]\nworking: [2027-10-09]",
		"working: 2027-10-08 is a Friday: only a day of the weekend":               whole + "]\nworking: [2027-10-08]",
		"working: 2027-10-02 is a holiday that the regulation sets: no notice":     whole + "]\nworking: [2027-10-02]",
		"off: the notice forgets 2027-05-02, which the regulation sets":            strings.Replace(whole, "2027-05-02, ", "", 1) + "]",
		"(全国年节及纪念日放假办法 art.2); a file that only adds days to them says adds: true": "year: 2027\nsource: x\noff: [2027-09-03]",
	} {
		_, err := policy.Load(fstest.MapFS{"calendar-2027.yaml": {Data: []byte(text)}})
		require.ErrorContains(t, err, "calendar-2027.yaml: ", text)
		require.ErrorContains(t, err, want)
	}
	_, err := policy.Load(fstest.MapFS{"calendar-2026.yaml": {Data: []byte("year: 2026\nsource: x\nreplaces: true\noff: [2026-09-03]\n")}})
	require.ErrorContains(t, err, "calendar-2026.yaml: off: the notice forgets 2026-01-01, ", "what replaces a notice is one")
}
