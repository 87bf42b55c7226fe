package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/workflow"

	"guitu/rehab"
	"guitu/workflows"
)

// alone runs the case by itself, so that the test sees how its run ends.
func (b *bundle) alone() error {
	b.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: "c-1"})
	b.env.ExecuteWorkflow(workflows.CaseName, workflows.CaseInput{CaseID: "c-1", Fresh: true})
	require.Empty(b.t, b.failed)
	return b.env.GetWorkflowError()
}

// backlog sends signals while the database writes the update c-2: all wait when it is done.
func (b *bundle) backlog(signal func(name string, body any)) {
	b.ledger.Before = func(r rehab.Record) error {
		for _, body := range []rehab.CommandBody{
			rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}, rehab.AssignWorker{Worker: "w-3"}, rehab.ReportIn{},
		} {
			if r.Command == "c-2" {
				signal(body.CommandType(), rehab.Command{ID: "s-" + body.CommandType(), Actor: head, OccurredAt: b.env.Now(), Body: body})
				signal("no-such-command", nil)
			}
		}
		return nil
	}
	b.at(time.Second, func() { b.send(opening()) })
	b.at(time.Hour, func() { b.send(rehab.ChangeRisk{Risk: rehab.High}) })
}

// commands are those whose events are in the ledger, in its order.
func (b *bundle) commands() []string {
	var out []string
	for _, e := range b.ledger.Events("c-1") {
		if e.Command != "" && !slices.Contains(out, e.Command) {
			out = append(out, e.Command)
		}
	}
	return out
}

var taken = []string{"c-1", "c-2", "s-record-contact", "s-report-in", "s-assign-worker"}

func TestOfSignalsThatWaitTheFirstIsTakenFirstAndTheRestInTheOrderOfALife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.backlog(func(name string, body any) { require.NoError(t, b.env.SignalWorkflowByID("c-1", name, body)) })
	b.runFor(day)
	require.Equal(t, taken, b.commands())
}

func TestSignalsThatWaitAreTakenBeforeTheRunEnds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.backlog(b.env.SignalWorkflow)
	b.at(time.Hour-time.Second, func() { b.env.SetContinueAsNewSuggested(true) })
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, b.alone(), &next)
	require.Equal(t, taken, b.commands())
}

func TestASignalThatNoCaseKnowsChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at(time.Second, func() { b.send(opening()) })
	for hour := range 3 {
		b.at(time.Duration(hour+1)*time.Hour, func() {
			require.NoError(t, b.env.SignalWorkflowByID("c-1", "no-such-command", nil))
		})
	}
	b.at(day, func() { b.send(rehab.ReportIn{}) })
	c := b.runFor(2 * day)
	require.Equal(t, rehab.AwaitingAgreement, c.Phase)
	require.Equal(t, []string{"c-1", "c-2"}, b.commands())
}
