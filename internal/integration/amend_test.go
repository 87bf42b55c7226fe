package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

// by gives a command of a person, for what happened at the instant.
func (s *system) by(a rehab.Actor, caseID string, at time.Time, body rehab.CommandBody) board.Receipt {
	s.t.Helper()
	cmd := s.command(body)
	cmd.Actor, cmd.OccurredAt = a, at
	r, err := s.cases.Do(s.t.Context(), caseID, cmd)
	require.NoError(s.t, err)
	return r
}

// record is the sequence of the last event of the type.
func (s *system) record(caseID, typ string) int64 {
	s.t.Helper()
	events, err := s.store.Events(s.t.Context(), caseID, 0, 1000)
	require.NoError(s.t, err)
	var seq int64
	for _, e := range events {
		if e.Data.EventType() == typ {
			seq = e.Seq
		}
	}
	require.NotZero(s.t, seq, typ)
	return seq
}

// livesAgain: a death that was recorded of the wrong client is withdrawn by two people, and
// the case, whose workflow had ended, goes on with its timers.
func livesAgain(t *testing.T, s *system) {
	id := s.open()
	s.do(id, rehab.Terminate{Ground: rehab.Death})
	require.Eventually(t, func() bool { running, err := s.cases.Running(t.Context(), id); return err == nil && !running }, 10*time.Second, 20*time.Millisecond)
	require.Equal(t, rehab.Terminated, s.agrees(id).Phase)

	second := rehab.Actor{ID: "s-9", Role: rehab.StationHead, Place: "110101001"}
	s.do(id, rehab.WithdrawRecord{Record: s.record(id, "case_terminated")})
	c := s.agrees(id)
	require.Equal(t, rehab.Terminated, c.Phase, "one person alone cannot")
	require.Len(t, c.Amendments, 1)
	cmd := s.command(rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})
	_, err := s.cases.Do(t.Context(), id, cmd)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "nor twice the same")
	s.by(second, id, time.Now(), rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})

	c = s.agrees(id)
	require.Equal(t, rehab.AwaitingAgreement, c.Phase)
	require.False(t, c.Wake().IsZero())
	running, err := s.cases.Running(t.Context(), id)
	require.NoError(t, err)
	require.True(t, running)
	s.do(id, rehab.SignAgreement{})
	require.Equal(t, rehab.InExecution, s.agrees(id).Phase)
}

// putsRight: a wrong test is withdrawn by whoever wrote it down, at once and alone.
func putsRight(t *testing.T, s *system) {
	id := s.open()
	s.do(id, rehab.SignAgreement{})
	before := s.agrees(id)
	s.do(id, rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative, Staff: []string{"w-1", "w-2"}, CollectorSex: rehab.Male})
	wrong := s.agrees(id)
	require.Equal(t, before.Counters.Tests+1, wrong.Counters.Tests)
	r := s.do(id, rehab.WithdrawRecord{Record: s.record(id, "test_recorded")})
	c := s.agrees(id)
	require.Equal(t, before.Counters, c.Counters)
	require.Equal(t, before.Series, c.Series)
	require.Equal(t, before.Obligations, c.Obligations)
	require.Equal(t, c.Seq, r.Seq)
	struck, err := s.store.TakenBack(t.Context(), id)
	require.NoError(t, err)
	require.NotEmpty(t, struck)
}

// knowsItTwice: two people write down one visit, and the second is told so.
func knowsItTwice(t *testing.T, s *system) {
	id := s.open()
	at := time.Now()
	first := s.by(rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: "110101001"}, id, at, rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
	again := s.by(rehab.Actor{ID: "w-2", Role: rehab.WorkerRole, Place: "110101001"}, id, at, rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
	require.True(t, again.Known)
	require.NotZero(t, again.Seq)
	require.LessOrEqual(t, again.Seq, first.Seq)
	require.Equal(t, 1, s.agrees(id).Counters.Contacts)
	really := s.by(rehab.Actor{ID: "w-2", Role: rehab.WorkerRole, Place: "110101001"}, id, at,
		rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met, Another: rehab.Another{Another: true}})
	require.False(t, really.Known)
	require.Equal(t, 2, s.agrees(id).Counters.Contacts)
}

// livesItAgain: a signal tells late of what happened before something that was decided.
func livesItAgain(t *testing.T, s *system) {
	id := s.open()
	s.do(id, attempt)
	cmd := s.command(rehab.SignAgreement{})
	events, err := s.store.Events(t.Context(), id, 0, 1000)
	require.NoError(t, err)
	cmd.OccurredAt = events[len(events)-1].OccurredAt.Add(-time.Millisecond)
	require.NoError(t, s.temporal.SignalWorkflow(t.Context(), id, "", "sign-agreement", cmd))
	require.Eventually(t, func() bool {
		c, err := s.store.Load(t.Context(), id)
		return err == nil && c.Phase == rehab.InExecution
	}, 10*time.Second, 20*time.Millisecond)
	s.agrees(id)

	late := s.command(rehab.Release{})
	late.OccurredAt = cmd.OccurredAt
	require.NoError(t, s.temporal.SignalWorkflow(t.Context(), id, "", "release", late))
	require.Eventually(t, func() bool {
		_, _, found, err := s.store.CommandReceipt(t.Context(), id, late.ID)
		return err == nil && found
	}, 10*time.Second, 20*time.Millisecond, "what the history refuses is kept as refused")
	require.Equal(t, rehab.InExecution, s.agrees(id).Phase)
}
