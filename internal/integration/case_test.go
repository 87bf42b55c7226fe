package integration_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"

	"guitu/rehab"
	"guitu/workflows"
)

// TestCases shares one server: starting one takes seconds.
func TestCases(t *testing.T) {
	keyset, err := workflows.GenerateKeyset()
	require.NoError(t, err)
	s := start(t, keyset)
	for name, test := range map[string]func(*testing.T, *system){
		"commands and signals survive new runs":              survivesNewRuns,
		"a command sent eight times at once acts once":       actsOnce,
		"a command to a stopped worker acts when it is back": waitsForWorker,
		"a case is rebuilt from its history alone":           replaysAfterEviction,
		"a visit costs at most eight events":                 visitCost,
		"Temporal keeps nothing that can be read":            nothingReadable,
		"a case that lost its workflow heals":                heals,
		"a closed case stays closed":                         staysClosed,
		"a closed case that was closed by mistake goes on":   livesAgain,
		"a record is put right":                              putsRight,
		"a fact told by two people is known":                 knowsItTwice,
		"a fact told late is lived again":                    livesItAgain,
		"an order opens one case":                            opensOnce,
		"a fleet reaches every case and can be undone":       bulkActs,
		"a fleet can be paused and cancelled":                bulkStops,
		"the watch over coverage goes round":                 watchGoesRound,
		"notices are delivered to a subscription":            noticesLeave,
		"what cannot be right is refused without a trace":    refusedWithoutTrace,
		"what was not sealed is refused":                     refusesUnsealed,
	} {
		t.Run(name, func(t *testing.T) {
			inner := *s // the same engine, this test's t
			inner.t = t
			test(t, &inner)
			s.worker = inner.worker
		})
	}
}

// survivesNewRuns sends updates and signals while the case continues as new.
func survivesNewRuns(t *testing.T, s *system) {
	limited := *s.cases
	limited.HistoryLimit = 100
	inner := *s
	inner.cases = &limited
	id := inner.open()
	first := s.run(id)
	const n = 120
	each(n, func(i int) {
		cmd := rehab.Command{ID: fmt.Sprint("mixed-", i), Actor: head, OccurredAt: time.Now(), Digest: "d", Body: attempt}
		if i%3 == 0 {
			if err := s.temporal.SignalWorkflow(t.Context(), id, "", "record-contact", cmd); err != nil {
				t.Error(err)
			}
			return
		}
		if _, err := limited.Do(t.Context(), id, cmd); err != nil {
			t.Error(err)
		}
	})
	require.Eventually(t, func() bool {
		c, err := s.store.Load(t.Context(), id)
		return err == nil && c.Counters.Attempts == n
	}, 30*time.Second, 50*time.Millisecond, "not one is lost")
	require.NotEqual(t, first, s.run(id), "the case began a new run")
	require.Equal(t, n, inner.agrees(id).Counters.Attempts, "not one acts twice")
}

func (s *system) run(caseID string) string {
	d, err := s.temporal.DescribeWorkflowExecution(s.t.Context(), caseID, "")
	require.NoError(s.t, err)
	return d.GetWorkflowExecutionInfo().GetExecution().GetRunId()
}

func actsOnce(t *testing.T, s *system) {
	id := s.open()
	cmd := s.command(attempt)
	var fresh, duplicate atomic.Int32
	each(8, func(int) {
		r, err := s.cases.Do(t.Context(), id, cmd)
		if err != nil {
			t.Error(err)
		}
		if r.Duplicate {
			duplicate.Add(1)
		} else {
			fresh.Add(1)
		}
	})
	require.EqualValues(t, 1, fresh.Load())
	require.EqualValues(t, 7, duplicate.Load())
	require.Equal(t, 1, s.agrees(id).Counters.Attempts)

	cmd.Digest = "another request"
	_, err := s.cases.Do(t.Context(), id, cmd)
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
}

func waitsForWorker(t *testing.T, s *system) {
	id := s.open()
	s.rest()
	hasty := *s.cases
	hasty.CommandTimeout = 300 * time.Millisecond
	cmd := s.command(attempt)
	r, err := hasty.Do(t.Context(), id, cmd)
	require.NoError(t, err)
	require.True(t, r.Pending)
	s.work()
	require.Eventually(t, func() bool {
		_, _, found, err := s.store.CommandReceipt(t.Context(), id, cmd.ID)
		return err == nil && found
	}, 60*time.Second, 50*time.Millisecond)
	r, err = s.cases.Do(t.Context(), id, cmd)
	require.NoError(t, err)
	require.True(t, r.Duplicate)
	require.Equal(t, 1, s.agrees(id).Counters.Attempts)
}

func replaysAfterEviction(t *testing.T, s *system) {
	id := s.open()
	for range 12 {
		s.do(id, attempt)
	}
	s.rest()
	s.work()
	s.do(id, rehab.SignAgreement{})
	c := s.agrees(id)
	require.Equal(t, 12, c.Counters.Attempts)
	require.Equal(t, rehab.InExecution, c.Phase)
}

func visitCost(t *testing.T, s *system) {
	id := s.open()
	s.do(id, rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}) // meets the open window: the next wake moves later
	before := len(s.history(id))
	const n = 10
	for range n {
		s.do(id, rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met})
	}
	after := len(s.history(id))
	t.Logf("events per visit: %.1f", float64(after-before)/n)
	require.LessOrEqual(t, after-before, 8*n)
}

func nothingReadable(t *testing.T, s *system) {
	id := s.open()
	_, err := s.cases.Do(t.Context(), id, s.command(rehab.ReportIn{})) // is refused
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	kept := s.kept(id)
	for _, secret := range []string{head.ID, "served_on"} {
		readable := strings.Contains(kept, secret) // the bytes themselves are nothing to print
		require.False(t, readable, secret)
	}
}

// kept is what Temporal keeps of a case, byte for byte.
func (s *system) kept(caseID string) string {
	raw, err := proto.Marshal(&historypb.History{Events: s.history(caseID)})
	require.NoError(s.t, err)
	return string(raw)
}

func heals(t *testing.T, s *system) {
	id := s.open()
	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), id, "", "lost"))
	running, err := s.cases.Running(t.Context(), id)
	require.NoError(t, err)
	require.False(t, running)
	s.do(id, rehab.SignAgreement{})
	require.Equal(t, rehab.InExecution, s.agrees(id).Phase)
	c, err := s.store.Load(t.Context(), id)
	require.NoError(t, err)
	started, err := s.cases.Start(t.Context(), c)
	require.NoError(t, err)
	require.False(t, started, "it runs already")
}

func staysClosed(t *testing.T, s *system) {
	id := fmt.Sprintf("c-%d", s.ids.Add(1))
	long := order(rehab.DateOf(time.Now()).AddMonths(-40))
	long.Carried = &rehab.Carried{ReportedOn: long.ServedOn, AgreementOn: long.ServedOn, Tests: 22, Contacts: 36}
	s.do(id, long)
	s.do(id, rehab.Release{})
	running, err := s.cases.Running(t.Context(), id)
	require.NoError(t, err)
	require.True(t, running, "after-care goes on")
	_, err = s.cases.Do(t.Context(), id, s.command(rehab.SignAgreement{}))
	require.Equal(t, "DRR art.23", citation(err))
	require.Equal(t, rehab.Released, s.agrees(id).Phase)

	id = fmt.Sprintf("c-%d", s.ids.Add(1))
	s.do(id, long)
	s.do(id, rehab.Terminate{Ground: rehab.Death})
	require.Eventually(t, func() bool {
		running, err := s.cases.Running(t.Context(), id)
		return err == nil && !running
	}, 20*time.Second, 20*time.Millisecond)
	_, err = s.cases.Do(t.Context(), id, s.command(attempt))
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	_, err = s.cases.Do(t.Context(), id, s.command(long))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	require.Equal(t, rehab.Terminated, s.agrees(id).Phase)
}

func citation(err error) string {
	var e *rehab.Error
	if errors.As(err, &e) {
		return e.Citation
	}
	return ""
}

func opensOnce(t *testing.T, s *system) {
	id := fmt.Sprintf("c-%d", s.ids.Add(1))
	cmd := s.command(order(rehab.DateOf(time.Now())))
	var fresh atomic.Int32
	each(8, func(int) {
		r, err := s.cases.Do(t.Context(), id, cmd)
		if err != nil {
			t.Error(err)
		}
		if !r.Duplicate {
			fresh.Add(1)
		}
	})
	require.EqualValues(t, 1, fresh.Load())
	require.EqualValues(t, 2, s.agrees(id).Seq)
}

func refusedWithoutTrace(t *testing.T, s *system) {
	id := s.open()
	before := s.agrees(id).Seq
	length := len(s.history(id))
	future := s.command(attempt)
	future.OccurredAt = time.Now().Add(time.Hour)
	_, err := s.cases.Do(t.Context(), id, future)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err))
	require.ErrorContains(t, err, "occurred_at")
	_, err = s.cases.Do(t.Context(), "c-nobody", s.command(attempt))
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	require.Equal(t, before, s.agrees(id).Seq)
	require.LessOrEqual(t, len(s.history(id)), length)
}

// TestSearchAttributesFollowTheCase also shows that opening a case needs no upsert.
func TestSearchAttributesFollowTheCase(t *testing.T) {
	s := start(t, "")
	id := s.open()
	upserts := 0
	for _, e := range s.history(id) {
		if e.GetEventType() == enums.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES {
			upserts++
		}
	}
	require.Equal(t, 1, upserts, "of the phase, at report-in")
	require.True(t, strings.Contains(s.kept(id), head.ID) && strings.Contains(s.kept(id), "served_on"), "without encryption it could be read")
	s.do(id, rehab.ChangeRisk{Risk: rehab.High})
	d, err := s.temporal.DescribeWorkflowExecution(t.Context(), id, "")
	require.NoError(t, err)
	var all []string
	for name, value := range d.GetWorkflowExecutionInfo().GetSearchAttributes().GetIndexedFields() {
		all = append(all, name+"="+string(value.GetData()))
	}
	require.Contains(t, strings.Join(all, " "), `CaseRisk="high"`)
	require.Contains(t, strings.Join(all, " "), `CasePhase="awaiting_agreement"`)
}
