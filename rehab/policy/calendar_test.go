package policy_test

import (
	"testing"

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
