package rehab_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// drawOutreach gives a command of outreach, lost contact or crisis; where a case stands in
// the outreach, mostly the attempt that moves it on.
func drawOutreach(t *rapid.T) body {
	which, other := rapid.IntRange(0, 11).Draw(t, "outreach"), rapid.Bool().Draw(t, "other")
	return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
		switch which {
		case 0, 1:
			b := rehab.RecordSupervision{Form: rehab.PeerSupervision}
			if other {
				b.Step = rehab.HomeVisit
			}
			return b
		case 2:
			return rehab.ConfirmLostContact{}
		case 3:
			return rehab.DismissLostContact{}
		case 4:
			return rehab.RaiseCrisis{Kind: rehab.Overdose}
		case 5:
			b := rehab.CloseCrisis{Crisis: 1}
			if len(c.Crises) > 0 {
				b.Crisis = c.Crises[0].ID
			}
			return b
		}
		b := rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}
		if c.Outreach.Active() && c.Outreach.Step != "" {
			b.Channel = c.Outreach.Step
		}
		if other {
			b.Outcome, b.Excuse = rehab.Declined, rehab.ExcuseWork
		}
		return b
	}
}

// reachesOut holds at any moment of every life: outreach never asks for two things at
// once, and whoever is being won back has somebody or some day that moves it on.
func (w *walk) reachesOut() {
	c, n := w.c, map[rehab.Kind]int{}
	for _, o := range c.Obligations {
		n[o.ID.Kind]++
	}
	o := c.Outreach
	for _, k := range []rehab.Kind{rehab.OutreachDuty, rehab.SupervisionDuty, rehab.LostContactDuty} {
		require.LessOrEqual(w.t, n[k], 1, "two of %s", k)
		require.False(w.t, n[k] > 0 && !o.Active(), "%s while nobody reaches out", k)
	}
	require.LessOrEqual(w.t, n[rehab.WatchContactDuty], 1)
	require.Equal(w.t, len(c.Crises), n[rehab.CrisisFollowUpDuty], "a crisis has its follow-up until it is closed")
	require.False(w.t, n[rehab.WatchContactDuty] > 0 && c.Watch.Until == 0)
	if !o.Active() {
		require.Zero(w.t, o)
		return
	}
	require.Contains(w.t, []rehab.Phase{rehab.AwaitingReportIn, rehab.AwaitingAgreement, rehab.InExecution}, c.Phase)
	require.Contains(w.t, []rehab.Engagement{rehab.ReachingOut, rehab.Stalled, rehab.LostContact}, c.Engagement())
	if c.Engagement() == rehab.LostContact {
		require.Zero(w.t, n[rehab.OutreachDuty]+n[rehab.SupervisionDuty]+n[rehab.LostContactDuty], "it is over until the client is back")
		return
	}
	require.Positive(w.t, n[rehab.OutreachDuty]+n[rehab.SupervisionDuty], "nobody reaches out")
	require.Equal(w.t, c.Engagement() == rehab.ReachingOut, slices.ContainsFunc(c.Alarms, func(a rehab.Alarm) bool { return a.Kind == "engagement_stalled" }))
	require.Equal(w.t, o.Exhausted && o.Found == 0, slices.ContainsFunc(c.Alarms, func(a rehab.Alarm) bool { return a.Kind == "contact_lost" }))
	require.Equal(w.t, o.Found != 0, n[rehab.LostContactDuty] == 1)
}
