package workflows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/activities"
	"guitu/rehab"
	"guitu/workflows"
)

var receiver = rehab.Actor{ID: "head-2", Role: rehab.StationHead, Place: "110102003"}

// progress asks the watch over the transfer.
func (b *bundle) progress(transfer int64) workflows.TransferProgress {
	v, err := b.env.QueryWorkflowByID(rehab.TransferKey("c-1", transfer), workflows.QueryTransfer)
	require.NoError(b.t, err)
	var p workflows.TransferProgress
	require.NoError(b.t, v.Get(&p))
	return p
}

// forward brings the case into execution and its file before the receiving station on day 10.
func (b *bundle) forward() {
	b.at(time.Second, func() { b.send(opening()) })
	b.at(3*day, func() { b.send(rehab.ReportIn{}) })
	b.at(5*day, func() { b.send(rehab.SignAgreement{}) })
	b.at(10*day, func() { b.send(rehab.RequestTransfer{To: receiver.Place, Reason: rehab.HouseholdMoved}) })
	b.at(10*day+time.Hour, func() { b.send(rehab.ForwardFile{}) })
}

// returns are the returns in the ledger, with their events.
func (b *bundle) returns() []rehab.Event {
	var out []rehab.Event
	for _, e := range b.ledger.Events("c-1") {
		if _, ok := e.Data.(rehab.TransferReturned); ok {
			out = append(out, e)
		}
	}
	return out
}

func TestTheSilenceOfAReceivingStationIsEndedByTheTransferItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.forward()
	last := rehab.NewDate(2026, 1, 22) // five working days after Thursday the 15th
	b.at(12*day, func() {
		p := b.progress(b.state().Case.Transfer.ID)
		require.Equal(t, rehab.TransferIsForwarded, p.Transfer.State)
		require.Equal(t, "110101001", p.Responsible)
		require.Equal(t, last.End().Add(workflows.Spread("c-1", 6*time.Hour)), p.Timer)
	})
	c := b.runFor(40 * day)
	require.Equal(t, "110101001", c.Place)
	back := b.returns()
	require.Len(t, back, 1)
	require.Equal(t, rehab.Silence, back[0].Data.(rehab.TransferReturned).Reason)
	require.Equal(t, rehab.System, back[0].Actor)
	require.True(t, strings.HasSuffix(back[0].Command, " silence"))
	require.Equal(t, last.End(), back[0].OccurredAt, "the legal instant")
	require.Less(t, back[0].RecordedAt.Sub(last.End()), 7*time.Hour)
	n := b.types()
	require.Zero(t, n["command_refused"], "it was given once")
	climb := slices.IndexFunc(c.Escalations, func(e rehab.Escalation) bool { return e.Obligation.Kind == rehab.TransferSettleDuty })
	require.Equal(t, rehab.CityOffice, c.Escalations[climb].Role, "nobody settled it, and it climbed")
}

func TestATransferFollowsItsCaseToTheReportInAtTheNewStreet(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.forward()
	var id int64
	b.at(12*day, func() {
		id = b.state().Case.Transfer.ID
		b.update(head, rehab.AcceptTransfer{Transfer: id}, func(err error) {
			require.Equal(t, rehab.Refused, activities.Unwrap(err).Code, "the old station cannot accept for the new one")
		})
		b.sendAs(receiver, rehab.AcceptTransfer{Transfer: id})
	})
	b.at(13*day, func() {
		p := b.progress(id)
		require.Zero(t, p.Transfer)
		require.Equal(t, rehab.Arrival{Transfer: id, From: "110101001", ChangedOn: rehab.NewDate(2026, 1, 17)}, p.Arrival)
		require.Equal(t, receiver.Place, p.Responsible)
		require.False(t, p.Over)
	})
	b.at(20*day, func() { b.send(rehab.ReportIn{}) })
	b.at(21*day, func() {
		require.True(t, b.progress(id).Over, "both sides have seen the end")
		b.send(rehab.SignAgreement{})
	})
	c := b.runFor(25 * day)
	require.Equal(t, rehab.InExecution, c.Phase)
	require.Equal(t, rehab.NewDate(2029, 1, 8), c.TermEnd, "the clock ran on")
	require.Empty(t, b.returns())
}

func TestALostAnswerOfTheLedgerReturnsATransferOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.forward()
	lose := true
	b.ledger.After = func(r rehab.Record) error {
		if strings.HasSuffix(r.Command, " silence") && lose {
			lose = false
			return &rehab.Error{Code: rehab.Unavailable, Message: "the connection was lost after the commit"}
		}
		return nil
	}
	b.runFor(25 * day)
	require.False(t, lose)
	require.Len(t, b.returns(), 1)
}
