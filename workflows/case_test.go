package workflows_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/internal/memledger"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/worker"
	"guitu/workflows"
)

var (
	head    = rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}
	started = time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC) // 09:00 in Shanghai
)

// bundle is one case in the test environment, with a ledger in memory.
type bundle struct {
	t      *testing.T
	env    *testsuite.TestWorkflowEnvironment
	ledger *memledger.Ledger
	failed []string

	updates, given int // how many were sent
}

func setup(t *testing.T) *bundle {
	t.Helper()
	return setupOn(t, func(l *memledger.Ledger) activities.Ledger { return l })
}

// setupOn has the activities see the ledger as wrap has it.
func setupOn(t *testing.T, wrap func(*memledger.Ledger) activities.Ledger) *bundle {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	b := &bundle{t: t, env: suite.NewTestWorkflowEnvironment(), ledger: memledger.New()}
	b.env.SetStartTime(started)
	b.env.SetWorkflowRunTimeout(100 * 365 * 24 * time.Hour)
	b.env.SetTestTimeout(time.Minute)
	b.env.RegisterWorkflow(stage)
	b.env.SetWorkerOptions(sdkworker.Options{Interceptors: worker.Interceptors()})
	worker.Register(b.env, &workflows.Workflows{Rules: set}, &activities.Activities{Ledger: wrap(b.ledger), Rules: set})
	return b
}

func opening() rehab.OpenCase {
	return rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: rehab.Low, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	}
}

// group and plan are what the office does for the client soon after report-in.
func group() rehab.JoinGroup {
	return rehab.JoinGroup{Members: []rehab.NewMember{
		{Role: rehab.GroupPolice, ID: "p-1"}, {Role: rehab.GroupMedical, ID: "m-1"}, {Role: rehab.GroupFamily, ID: "family-1"},
	}}
}

func plan() rehab.MakePlan {
	by := rehab.NewDate(2028, 1, 8)
	return rehab.MakePlan{Goals: []rehab.NewGoal{
		{Stage: rehab.Detoxification, Code: "clean_tests", Target: by}, {Stage: rehab.Recovery, Code: "counselling", Target: by},
		{Stage: rehab.ReturnHome, Code: "employment", Target: by},
	}}
}

// at plans something for an instant after the start.
func (b *bundle) at(after time.Duration, do func()) { b.env.RegisterDelayedCallback(do, after) }

// send gives a command as an update now and expects it to be taken.
func (b *bundle) send(body rehab.CommandBody) { b.sendAs(head, body) }

func (b *bundle) sendAs(actor rehab.Actor, body rehab.CommandBody) {
	b.update(actor, body, func(err error) {
		if err != nil {
			b.failed = append(b.failed, fmt.Sprintf("%s: %v", body.CommandType(), err))
		}
	})
}

func (b *bundle) update(actor rehab.Actor, body rehab.CommandBody, done func(error)) {
	b.given++
	b.updateWith(rehab.Command{ID: fmt.Sprintf("c-%d", b.given), Actor: actor, OccurredAt: b.env.Now(), Body: body}, body.CommandType(), done)
}

// updateWith sends the argument as it is.
func (b *bundle) updateWith(arg any, name string, done func(error)) {
	b.updates++
	callback := &testsuite.TestUpdateCallback{
		OnAccept:   func() {},
		OnReject:   done,
		OnComplete: func(_ any, err error) { done(err) },
	}
	if err := b.env.UpdateWorkflowByID("c-1", name, fmt.Sprintf("u-%d", b.updates), callback, arg); err != nil {
		done(err)
	}
}

func (b *bundle) state() workflows.State {
	v, err := b.env.QueryWorkflowByID("c-1", workflows.QueryState)
	require.NoError(b.t, err)
	var s workflows.State
	require.NoError(b.t, v.Get(&s))
	return s
}

// stage runs a case as a child for a stretch of time: by itself a case ends only by release.
func stage(ctx workflow.Context, in workflows.CaseInput, stretch time.Duration) error {
	child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: in.CaseID}), workflows.CaseName, in)
	done := workflow.NewSelector(ctx)
	done.AddFuture(workflow.NewTimer(ctx, stretch), func(workflow.Future) {})
	done.AddFuture(child, func(workflow.Future) {})
	done.Select(ctx)
	return nil
}

func (b *bundle) runFor(stretch time.Duration) *rehab.Case {
	b.env.ExecuteWorkflow(stage, workflows.CaseInput{CaseID: "c-1", Fresh: true}, stretch)
	require.Empty(b.t, b.failed)
	c, err := b.ledger.Load(context.Background(), "c-1")
	require.NoError(b.t, err)
	return c
}

func (b *bundle) types() map[string]int {
	n := make(map[string]int)
	for _, e := range b.ledger.Events("c-1") {
		n[e.Data.EventType()]++
	}
	return n
}

const day = 24 * time.Hour

func TestAClientWhoKeepsToItIsReleasedAfterThreeYears(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at(time.Second, func() { b.send(opening()) })
	b.at(3*day, func() { b.send(rehab.ReportIn{}) })
	b.at(5*day, func() { b.send(rehab.SignAgreement{}) })
	b.at(6*day, func() { b.send(group()); b.send(plan()) })
	reported := rehab.NewDate(2026, 1, 8)
	for month := range 36 {
		when := reported.AddMonths(month).AddDays(10).Start().Add(6 * time.Hour).Sub(started)
		b.at(when, func() {
			b.send(rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
			b.send(rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative})
		})
		if month%6 == 5 {
			b.at(reported.AddMonths(month+1).AddDays(-10-month/3).Start().Add(6*time.Hour).Sub(started), func() {
				b.send(rehab.RecordAssessment{})
				b.send(rehab.ReviewPlan{})
			})
		}
	}
	end := rehab.NewDate(2029, 1, 8)
	b.at(end.AddDays(-20).Start().Add(6*time.Hour).Sub(started), func() { b.send(rehab.SubmitReleaseFile{}) })
	b.at(end.AddDays(2).Start().Add(6*time.Hour).Sub(started), func() { b.send(rehab.Release{}) })

	c := b.runFor(1200 * day)
	require.Equal(t, rehab.Released, c.Phase)
	require.Equal(t, end, c.TermEnd)
	n := b.types()
	require.Zero(t, n["obligation_missed"])
	require.Zero(t, n["escalation_opened"])
	require.Equal(t, 36, c.Counters.Tests)
	require.Equal(t, 14, c.Counters.TestsUnscheduled, "36 tests in 22 windows")
}

func TestAClientWhoNeverAnswersClimbsToTheCityAndAnAnswerStopsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at(time.Second, func() { b.send(opening()) })
	b.at(60*day, func() {
		s := b.state()
		require.Len(t, s.Case.Escalations, 1)
		require.Equal(t, rehab.CityOffice, s.Case.Escalations[0].Role)
		require.False(t, s.Timer.IsZero(), "a timer is pending")
	})
	b.at(61*day, func() {
		b.sendAs(rehab.Actor{ID: "city-1", Role: rehab.CityOffice, Place: "11"},
			rehab.AcknowledgeEscalation{Escalation: b.state().Case.Escalations[0].ID, Promise: rehab.DateOf(b.env.Now()).AddDays(3)})
	})
	b.at(63*day, func() { require.True(t, b.state().Case.Escalations[0].Acknowledged()) })
	b.at(66*day, func() { require.False(t, b.state().Case.Escalations[0].Acknowledged(), "the promise was broken") })
	b.runFor(70 * day)

	var rungs []rehab.Role
	broken := 0
	for _, e := range b.ledger.Events("c-1") {
		switch d := e.Data.(type) {
		case rehab.ObligationMissed:
			require.Equal(t, rehab.NewDate(2026, 1, 20).End(), e.OccurredAt, "the legal instant is the end of the last day")
			require.Less(t, e.RecordedAt.Sub(e.OccurredAt), 6*time.Hour+time.Second)
		case rehab.EscalationOpened:
			rungs = append(rungs, d.Role)
		case rehab.EscalationClimbed:
			if !d.Repeat {
				rungs = append(rungs, d.Role)
			}
			if d.Broken {
				broken++
			}
		}
	}
	require.Equal(t, []rehab.Role{rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice}, rungs)
	require.Equal(t, 1, broken)
}

func TestARefusedCommandLeavesNothingAndASignalLeavesItsReason(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at(time.Second, func() { b.send(opening()) })
	var refusal *rehab.Error
	b.at(time.Hour, func() {
		b.update(head, rehab.SignAgreement{}, func(err error) { refusal = activities.Unwrap(err) })
	})
	b.at(2*time.Hour, func() {
		require.NoError(t, b.env.SignalWorkflowByID("c-1", "sign-agreement", rehab.Command{ID: "s-1", Actor: head, OccurredAt: b.env.Now(), Body: rehab.SignAgreement{}}))
		require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in", "not a command"))
		require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in", map[string]any{"id": "s-2", "actor": head, "occurred": b.env.Now()}))
	})
	b.at(3*time.Hour, func() {
		for range 2 {
			require.NoError(t, b.env.SignalWorkflowByID("c-1", workflows.VisitCompleted, map[string]any{"id": "s-3", "actor": head, "occurred": b.env.Now()}))
		}
	})
	c := b.runFor(5 * time.Hour)
	require.Equal(t, &rehab.Error{Code: rehab.Refused, Message: "the client has not reported in", Citation: "DRR art.14, 16"}, refusal)
	n := b.types()
	require.Equal(t, 2, n["command_refused"])
	require.Equal(t, 1, n["reported_in"])
	require.Equal(t, 1, n["contact_recorded"], "a signal that came twice acts once")
	require.Equal(t, rehab.AwaitingAgreement, c.Phase)
}

func TestALostAnswerOfTheLedgerActsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	lose := true
	b.ledger.After = func(r rehab.Record) error {
		if r.Command == "c-2" && lose {
			lose = false
			return &rehab.Error{Code: rehab.Unavailable, Message: "the connection was lost after the commit"}
		}
		return nil
	}
	b.at(time.Second, func() { b.send(opening()) })
	b.at(day, func() { b.send(rehab.ReportIn{}) })
	b.at(2*day, func() { require.Equal(t, rehab.AwaitingAgreement, b.state().Case.Phase) })
	b.runFor(3 * day)
	require.False(t, lose)
	require.Equal(t, 1, b.types()["reported_in"])
}

func TestADatabaseThatIsDownHoldsTheCommandUntilItIsBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	down := 0
	b.ledger.Before = func(r rehab.Record) error {
		if r.Command == "c-2" && down < 8 {
			down++
			return &rehab.Error{Code: rehab.Unavailable, Message: "the database is down"}
		}
		return nil
	}
	b.at(time.Second, func() { b.send(opening()) })
	b.at(day, func() { b.send(rehab.ReportIn{}) })
	c := b.runFor(3 * day)
	require.Equal(t, 8, down)
	require.Equal(t, rehab.AwaitingAgreement, c.Phase)
}

func TestALedgerThatIsAheadIsFoldedAndAskedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at(time.Second, func() { b.send(opening()) })
	b.at(day, func() {
		// Somebody else's worker recorded a contact that this run does not know.
		c, err := b.ledger.Load(t.Context(), "c-1")
		require.NoError(t, err)
		set, err := policy.Load()
		require.NoError(t, err)
		cmd := rehab.Command{ID: "other", Actor: head, OccurredAt: b.env.Now(), Body: rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}}
		events, err := c.Decide(cmd, rehab.Env{Now: b.env.Now(), Policy: set.Policy(c.Policy), Calendar: set.Calendar()})
		require.NoError(t, err)
		_, err = b.ledger.Record(t.Context(), rehab.NewRecord(c, cmd, events))
		require.NoError(t, err)
		b.send(rehab.ReportIn{})
	})
	b.at(2*day, func() { require.Equal(t, 1, b.state().Case.Counters.Attempts) })
	c := b.runFor(3 * day)
	require.Equal(t, rehab.AwaitingAgreement, c.Phase)
	for i, e := range b.ledger.Events("c-1") {
		require.EqualValues(t, i+1, e.Seq)
	}
}

func TestALedgerThatWasSetBackIsTheTruth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at(time.Second, func() { b.send(opening()) })
	b.at(day, func() { b.send(rehab.ReportIn{}) })
	b.at(2*day, func() {
		b.ledger.SetBack("c-1", 2) // a backup from before the report
		b.send(rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	})
	b.at(3*day, func() { require.Equal(t, rehab.AwaitingReportIn, b.state().Case.Phase) })
	c := b.runFor(4 * day)
	require.Equal(t, rehab.AwaitingReportIn, c.Phase)
	require.Equal(t, 1, c.Counters.Attempts)
}

func TestAnOpeningThatIsRefusedEndsItsRun(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bad := opening()
	bad.ServedOn = rehab.NewDate(2027, 1, 1)
	var refusal error
	b.at(time.Second, func() { b.update(head, bad, func(err error) { refusal = err }) })
	ended := false
	b.env.SetOnChildWorkflowCompletedListener(func(_ *workflow.Info, _ converter.EncodedValue, err error) { ended = err == nil })
	b.runFor(day)
	require.True(t, ended)
	require.Equal(t, rehab.Invalid, activities.Unwrap(refusal).Code)
	require.Empty(t, b.ledger.Events("c-1"))
}
