package rehab_test

import (
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// owned holds at any moment of any life: exactly one station is responsible, and it has a
// worker for the case or has to assign one; what a transfer waits for is somebody's duty.
func (w *walk) owned() {
	c := w.c
	if !c.IsOpen() {
		require.Zero(w.t, c.Transfer)
		require.Zero(w.t, c.Arrival)
		return
	}
	has := func(k rehab.Kind) bool {
		return slices.ContainsFunc(c.Obligations, func(o rehab.Obligation) bool { return o.ID.Kind == k })
	}
	require.Contains(w.t, streets, c.Place, "no station is responsible")
	require.True(w.t, c.Worker != "" || has(rehab.AssignWorkerDuty), "nobody has the case and nobody has to assign it")
	outside := c.Transfer.To == ""
	require.Equal(w.t, c.Transfer.State == rehab.TransferIsRequested, has(rehab.ForwardFileDuty))
	require.Equal(w.t, c.Transfer.State == rehab.TransferIsForwarded && !outside, has(rehab.TransferDecisionDuty))
	require.Equal(w.t, c.Transfer.State == rehab.TransferIsForwarded && outside, has(rehab.TransferReceiptDuty))
	require.Equal(w.t, c.Transfer.State == rehab.TransferIsReturned, has(rehab.TransferSettleDuty))
	require.Equal(w.t, c.Arrival.Transfer != 0, has(rehab.TransferReportInDuty))
	require.False(w.t, c.Arrival.Transfer != 0 && c.Arrival.Transfer == c.Transfer.ID)
	_, at, silent := c.Silence()
	require.Equal(w.t, silent, has(rehab.TransferDecisionDuty))
	require.Equal(w.t, silent, !at.IsZero())
}

// moved requires that a place changes by an acceptance alone, and that nothing of the
// client's is lost or changed by it.
func moved(t *rapid.T, before *rehab.Case, events []rehab.Event) bool {
	if len(all[rehab.LifeRevised](events)) > 0 {
		return len(all[rehab.TransferAccepted](events)) > 0 // told late: what came after it is lived again too
	}
	after := before.Clone()
	for _, e := range events {
		was := after.Place
		after.Apply(e)
		d, accepted := e.Data.(rehab.TransferAccepted)
		require.Equal(t, accepted, was != after.Place && was != "", e.Data.EventType())
		if accepted {
			require.Equal(t, was, d.From)
			require.Equal(t, after.Place, d.To)
			require.Equal(t, before.Transfer.To, d.To)
		}
	}
	if len(all[rehab.TransferAccepted](events)) == 0 {
		return false
	}
	require.Empty(t, gocmp.Diff(before.Counters, after.Counters), "counters run on")
	require.Empty(t, gocmp.Diff(before.Series, after.Series), "no window is lost or moved")
	require.Empty(t, gocmp.Diff(before.Leaves, after.Leaves))
	require.Empty(t, gocmp.Diff(before.Pending, after.Pending))
	require.Equal(t, before.TermEnd, after.TermEnd, "the clock runs on")
	require.Equal(t, before.ReportedOn, after.ReportedOn)
	require.Equal(t, before.Phase, after.Phase)
	void := []rehab.Kind{rehab.AgreementDuty, rehab.AssignWorkerDuty, rehab.TransferReportInDuty, rehab.TransferDecisionDuty, rehab.ReportInDuty, rehab.WorkingGroupDuty}
	for _, o := range before.Obligations {
		if !slices.Contains(void, o.ID.Kind) {
			require.Empty(t, gocmp.Diff(&o, after.Obligation(o.ID)), "open obligations go along as they are")
		}
	}
	for _, e := range before.Escalations {
		if !slices.Contains(void, e.Obligation.Kind) {
			now := after.Escalation(e.ID)
			require.NotNil(t, now, "a climb goes on")
			require.Equal(t, e.Rung, now.Rung)
			require.False(t, !e.NextAt.IsZero() && now.NextAt.IsZero(), "a climb fell silent")
		}
	}
	return true
}

func TestPropertyATransferMovesAllInOneStepAndLeavesNobodyWithoutAStation(t *testing.T) {
	t.Parallel()
	base := setup(t)
	accepted, arrived, returned, out := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, base)
		order := drawOrder(t, w.env)
		order.ServedOn, order.DecidedOn = min(order.ServedOn, w.env.Today()), min(order.DecidedOn, w.env.Today())
		w.take(step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return order }})
		for range rapid.IntRange(5, 50).Draw(t, "steps") {
			s := drawStep(t)
			if rapid.IntRange(0, 2).Draw(t, "about the transfer") > 0 {
				s.wait = min(s.wait, 9*24*time.Hour)
				s.actor = rapid.SampledFrom([]rehab.Actor{city, city, receiver, station, rehab.System}).Draw(t, "who")
				s.body = drawTransfer(t)
			}
			w.pass(s.wait)
			before, n := w.c.Clone(), len(w.ledger)
			w.take(s)
			if moved(t, before, w.ledger[n:]) {
				accepted++
			}
		}
		w.refold()
		arrived += len(all[rehab.TransferArrived](w.ledger))
		returned += len(all[rehab.TransferReturned](w.ledger))
		out += len(all[rehab.TransferredOut](w.ledger))
	})
	if testing.Short() {
		return // too few lives to see everything
	}
	for what, n := range map[string]int{"accepted": accepted, "arrived": arrived, "returned": returned, "out": out} {
		require.Positive(t, n, what)
	}
}
