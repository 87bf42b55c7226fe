package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAReminderComesBeforeTheLastDayAndNotBeforeTheFirst(t *testing.T) {
	t.Parallel()
	p := rehab.Policy{Reminders: rehab.Reminders{Days: 3, For: map[rehab.Kind]int{rehab.TestDuty: 7, rehab.PoliceReportDuty: 0}}}
	due := rehab.NewDate(2026, 3, 31)
	on := func(k rehab.Kind, opens rehab.Date) rehab.Date {
		return p.RemindOn(rehab.Obligation{ID: rehab.ObligationID{Kind: k, N: 1}, Opens: opens, Due: due})
	}
	require.Equal(t, rehab.NewDate(2026, 3, 24), on(rehab.TestDuty, rehab.NewDate(2026, 3, 1)))
	require.Equal(t, rehab.NewDate(2026, 3, 28), on(rehab.ContactDuty, rehab.NewDate(2026, 3, 1)))
	require.Equal(t, rehab.NewDate(2026, 3, 30), on(rehab.ContactDuty, rehab.NewDate(2026, 3, 30)))
	require.Equal(t, due, on(rehab.PoliceReportDuty, rehab.NewDate(2026, 3, 1)))
}
