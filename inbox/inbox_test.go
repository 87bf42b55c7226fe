package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/inbox"
	"guitu/rehab"
)

var today = rehab.NewDate(2026, time.May, 1)

func TestASnoozeHidesNothingPastItsLastDay(t *testing.T) {
	t.Parallel()
	open := rehab.Obligation{ID: rehab.ObligationID{Kind: rehab.TestDuty, N: 1}, Due: today.AddDays(5), Status: rehab.Open}
	require.Nil(t, inbox.CheckObligationSnooze(open, today.AddDays(5), today))
	require.Equal(t, "until", inbox.CheckObligationSnooze(open, today.AddDays(6), today).Field)
	require.Equal(t, "until", inbox.CheckObligationSnooze(open, today, today).Field)
	missed := open
	missed.Status = rehab.Missed
	require.ErrorContains(t, inbox.CheckObligationSnooze(missed, today.AddDays(1), today), "not put off")

	climbs := board.EscalationRow{Escalation: rehab.Escalation{NextAt: today.AddDays(2).Start()}}
	require.Nil(t, inbox.CheckEscalationSnooze(climbs, today.AddDays(2), today))
	require.Equal(t, "until", inbox.CheckEscalationSnooze(climbs, today.AddDays(3), today).Field)
	require.Equal(t, "until", inbox.CheckEscalationSnooze(board.EscalationRow{}, today.AddDays(15), today).Field)
}
