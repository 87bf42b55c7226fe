package integration_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	"guitu/bulk"
	"guitu/rehab"
	"guitu/worker"
	"guitu/workflows"
)

// recordVariable names a folder like workflows/testdata/replay/v2: the histories of this
// test are written there, as fixtures that every later version has to replay. Record from
// a landed commit alone.
const recordVariable = "GUITU_TEST_RECORD"

// TestHistoriesReplay plays lives that use every workflow and all that the shell of a case
// does, and replays what the server kept of them.
func TestHistoriesReplay(t *testing.T) {
	s := start(t, "")
	for name, play := range map[string]func(*system) []string{
		"steady":  steadyLife,
		"signals": signalledLife,
		"silent":  silentLife,
		"moved":   movedLife,
		"fleet":   orderedBulk,
		"rounds":  rounds,
		"backlog": backlogLife,
		"queue":   queuedLife,
	} {
		var kept []*historypb.History
		for _, id := range play(s) {
			kept = append(kept, s.runs(id)...)
		}
		for i, h := range kept {
			record(t, fmt.Sprintf("%s-%d.json", name, i+1), h) // before the replay, which writes into it
			replayer, err := worker.NewReplayer(&workflows.Workflows{Rules: s.rules})
			require.NoError(t, err)
			require.NoError(t, replayer.ReplayWorkflowHistory(quiet(), h), "%s, run %d", name, i+1)
		}
	}
}

func record(t *testing.T, name string, h *historypb.History) {
	folder := os.Getenv(recordVariable)
	if folder == "" {
		return
	}
	raw, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(h)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), raw, 0o644))
}

// runs are the histories of all runs of a case, oldest first.
func (s *system) runs(caseID string) []*historypb.History {
	s.t.Helper()
	run := s.history(caseID)[0].GetWorkflowExecutionStartedEventAttributes().GetFirstExecutionRunId()
	var out []*historypb.History
	for run != "" {
		h := &historypb.History{}
		events := s.temporal.GetWorkflowHistory(s.t.Context(), caseID, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			e, err := events.Next()
			require.NoError(s.t, err)
			h.Events = append(h.Events, e)
		}
		out = append(out, h)
		run = h.Events[len(h.Events)-1].GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
	}
	return out
}

// steadyLife is a case over several runs with most commands.
func steadyLife(s *system) []string {
	limited := *s.cases
	limited.HistoryLimit = 100
	inner := *s
	inner.cases = &limited
	id := inner.open()
	for _, body := range []rehab.CommandBody{
		rehab.SignAgreement{}, rehab.ChangeRisk{Risk: rehab.High}, rehab.AssignWorker{Worker: "w-2"},
		rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional},
	} {
		inner.do(id, body)
	}
	c, err := s.store.Load(s.t.Context(), id)
	require.NoError(s.t, err)
	inner.do(id, rehab.RecordLaboratoryResult{Test: c.Pending[0].Test, Confirmed: true})
	inner.do(id, rehab.ConfirmPoliceReport{Obligation: rehab.ObligationID{Kind: rehab.PoliceReportDuty, N: 1}})
	inner.do(id, rehab.SendPoliceReport{Obligation: rehab.ObligationID{Kind: rehab.PoliceReportDuty, N: 1}})
	for range 40 {
		inner.do(id, attempt)
	}
	inner.do(id, rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
	inner.agrees(id)
	return []string{id}
}

// signalledLife gets signals: good, refused and unreadable ones.
func signalledLife(s *system) []string {
	id := s.open()
	good := s.command(rehab.SignAgreement{})
	for _, signal := range []struct {
		name string
		body any
	}{
		{"sign-agreement", good}, {"sign-agreement", s.command(rehab.SignAgreement{})}, {"report-in", "unreadable"},
		{workflows.VisitCompleted, map[string]any{"id": "visit", "actor": head, "occurred": time.Now()}}, {workflows.RecheckName, nil},
	} {
		require.NoError(s.t, s.temporal.SignalWorkflow(s.t.Context(), id, "", signal.name, signal.body))
	}
	require.Eventually(s.t, func() bool {
		c, err := s.store.Load(s.t.Context(), id)
		return err == nil && c.Counters.Contacts == 1
	}, 20*time.Second, 20*time.Millisecond)
	s.agrees(id)
	return []string{id}
}

// silentLife is a client who never answers, on a clock that runs a million times as
// fast: a miss, a climb to the city, an answer, a broken promise.
func silentLife(s *system) []string {
	clock := workflows.Clock{World: time.Now().UTC().Truncate(time.Millisecond), Case: time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC), Speed: 1_000_000}
	s.rest()
	s.workOn(func(string) workflows.Clock { return clock })
	fast := *s.cases
	fast.Clock = func() workflows.Clock { return clock }
	id := fmt.Sprintf("c-%d", s.ids.Add(1))
	_, err := fast.Do(s.t.Context(), id, rehab.Command{ID: "open", Actor: head, OccurredAt: clock.At(time.Now()), Body: order(rehab.NewDate(2026, 1, 5))})
	require.NoError(s.t, err)
	city := rehab.Actor{ID: "city-1", Role: rehab.CityOffice, Place: "11"}
	require.Eventually(s.t, func() bool {
		c, err := s.store.Load(s.t.Context(), id)
		if err != nil || len(c.Escalations) == 0 || c.Escalations[0].Role != rehab.CityOffice {
			return false
		}
		now := clock.At(time.Now())
		_, err = fast.Do(s.t.Context(), id, rehab.Command{ID: fmt.Sprint("ack-", now.UnixNano()), Actor: city, OccurredAt: now,
			Body: rehab.AcknowledgeEscalation{Escalation: c.Escalations[0].ID, Promise: rehab.DateOf(now).AddDays(3)}})
		return err == nil
	}, 60*time.Second, 20*time.Millisecond)
	require.Eventually(s.t, func() bool {
		events, err := s.store.Events(s.t.Context(), id, 0, 1000)
		if err != nil {
			return false
		}
		for _, e := range events {
			if climbed, ok := e.Data.(rehab.EscalationClimbed); ok && climbed.Broken {
				return true
			}
		}
		return false
	}, 60*time.Second, 20*time.Millisecond)
	s.rest()
	s.work()
	return []string{id}
}

// movedLife is a case that moves to another street and arrives there, and its transfer.
func movedLife(s *system) []string {
	receiver := rehab.Actor{ID: "head-2", Role: rehab.StationHead, Place: "110102003"}
	id := s.open()
	for _, body := range []rehab.CommandBody{rehab.SignAgreement{}, rehab.RequestTransfer{To: receiver.Place, Reason: rehab.HouseholdMoved}, rehab.ForwardFile{}} {
		s.do(id, body)
	}
	number := s.agrees(id).Transfer.ID
	accept := s.command(rehab.AcceptTransfer{Transfer: number})
	accept.Actor = receiver
	_, err := s.cases.Do(s.t.Context(), id, accept)
	require.NoError(s.t, err)
	require.Eventually(s.t, func() bool {
		p, err := s.cases.Transfer(s.t.Context(), id, number)
		return err == nil && p.Arrival.Transfer == number
	}, 20*time.Second, 50*time.Millisecond)
	s.do(id, rehab.ReportIn{})
	s.ends(rehab.TransferKey(id, number))
	return []string{id, rehab.TransferKey(id, number)}
}

// orderedBulk gives one order to a few cases, and takes it back.
func orderedBulk(s *system) []string {
	id := fmt.Sprintf("recorded-%d", s.ids.Add(1))
	f := s.bulkOf(id, []string{s.open(), s.open(), s.open()}, "w-2")
	require.NoError(s.t, s.cases.StartBulk(s.t.Context(), f, time.Hour))
	s.bulkStands(id, bulk.Undoable)
	require.NoError(s.t, s.cases.SignalBulk(s.t.Context(), id, workflows.UndoBulk))
	s.bulkStands(id, bulk.Undone)
	s.ends("fleet-" + id)
	return []string{"fleet-" + id}
}

// rounds are one round of each workflow that a schedule starts.
func rounds(s *system) []string {
	var ids []string
	for _, name := range []string{workflows.CoverageName, workflows.NotifyName} {
		run, err := s.temporal.ExecuteWorkflow(s.t.Context(), client.StartWorkflowOptions{TaskQueue: workflows.TaskQueue}, name)
		require.NoError(s.t, err)
		require.NoError(s.t, run.Get(s.t.Context(), nil))
		ids = append(ids, run.GetID())
	}
	return ids
}

// ends waits until a workflow has come to its end.
func (s *system) ends(id string) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		running, err := s.cases.Running(s.t.Context(), id)
		return err == nil && !running
	}, 20*time.Second, 50*time.Millisecond)
}

// backlogLife is a case that nobody works on for a while: signals and a wake find it at
// once. It takes first what came first, and the rest in the order that histories hold:
// the wake, the nudge, then signals in the order of a life. A name it does not know waits
// for ever and wakes nobody.
func backlogLife(s *system) []string {
	clock := workflows.Clock{World: time.Now().UTC().Truncate(time.Millisecond), Case: time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC), Speed: 100_000}
	s.rest()
	s.workOn(func(string) workflows.Clock { return clock })
	fast := *s.cases
	fast.Clock = func() workflows.Clock { return clock }
	id := fmt.Sprintf("c-%d", s.ids.Add(1))
	_, err := fast.Do(s.t.Context(), id, rehab.Command{ID: "open", Actor: head, OccurredAt: clock.At(time.Now()), Body: order(rehab.NewDate(2026, 1, 5))})
	require.NoError(s.t, err)
	s.rest()
	send := func(name string, body rehab.CommandBody) {
		cmd := rehab.Command{ID: name + "-backlog", Actor: head, OccurredAt: clock.At(time.Now()), Body: body}
		require.NoError(s.t, s.temporal.SignalWorkflow(s.t.Context(), id, "", name, cmd))
	}
	send(rehab.RecordContact{}.CommandType(), attempt)
	require.Eventually(s.t, func() bool {
		return slices.ContainsFunc(s.history(id), func(e *historypb.HistoryEvent) bool { return e.GetEventType() == enums.EVENT_TYPE_TIMER_FIRED })
	}, 60*time.Second, 20*time.Millisecond)
	send("no-such-command", attempt)
	send(rehab.AssignWorker{}.CommandType(), rehab.AssignWorker{Worker: "w-2"})
	send(rehab.ReportIn{}.CommandType(), rehab.ReportIn{})
	require.NoError(s.t, s.temporal.SignalWorkflow(s.t.Context(), id, "", workflows.RecheckName, nil))
	s.workOn(func(string) workflows.Clock { return clock })
	require.Eventually(s.t, func() bool {
		c, err := s.store.Load(s.t.Context(), id)
		return err == nil && c.Worker == "w-2" && c.Counters.Attempts == 1
	}, 60*time.Second, 20*time.Millisecond)
	s.rest()
	s.work()
	return []string{id}
}

// queuedLife is a case for which a signal of every name waits at once, sent in the order of
// the alphabet: it takes them in the order that histories hold. Most are refused, which is
// recorded in that order too.
func queuedLife(s *system) []string {
	id := fmt.Sprintf("c-%d", s.ids.Add(1))
	today := rehab.DateOf(time.Now())
	_, err := s.cases.Do(s.t.Context(), id, rehab.Command{ID: "open", Actor: head, OccurredAt: time.Now(), Body: order(today)})
	require.NoError(s.t, err)
	s.rest()
	names := rehab.CommandTypes()
	slices.Sort(names)
	sent := 0
	for _, name := range names {
		body, err := rehab.DecodeCommandBody(name, []byte("{}"))
		require.NoError(s.t, err)
		if _, ends := body.(rehab.VoidCase); ends {
			continue // the rest would be refused by one rule
		}
		cmd := rehab.Command{ID: name + "-queued", Actor: head, OccurredAt: time.Now(), Body: body}
		require.NoError(s.t, s.temporal.SignalWorkflow(s.t.Context(), id, "", name, cmd))
		sent++
	}
	require.GreaterOrEqual(s.t, sent, 20)
	s.work()
	require.Eventually(s.t, func() bool {
		events, err := s.store.Events(s.t.Context(), id, 0, 1000)
		answered := make(map[string]bool)
		for _, e := range events {
			answered[e.Command] = true
		}
		return err == nil && len(answered) > sent
	}, 120*time.Second, 100*time.Millisecond)
	return []string{id}
}
