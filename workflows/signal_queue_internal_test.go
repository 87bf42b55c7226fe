package workflows

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

func TestTheSignalQueueSpeaksOfSignalsThatACaseKnowsAlone(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{&SignalInterceptor{}}})
	listen := func(ctx workflow.Context) (woken []string, err error) {
		q := signalQueueOf(ctx)
		sel, over := workflow.NewSelector(ctx), false
		sel.AddFuture(workflow.NewTimer(ctx, time.Hour), func(workflow.Future) { over = true })
		sel.AddReceive(q.arrived, func(c workflow.ReceiveChannel, _ bool) {
			var name string
			c.Receive(ctx, &name)
			woken = append(woken, name)
		})
		for !over {
			sel.Select(ctx)
		}
		require.Equal(t, []string{VisitCompleted, RecheckName}, q.seen)
		require.Equal(t, RecheckName, q.next(ctx))
		require.True(t, workflow.GetSignalChannel(ctx, RecheckName).ReceiveAsync(nil))
		require.True(t, workflow.GetSignalChannel(ctx, RecheckName).ReceiveAsync(nil))
		require.Equal(t, VisitCompleted, q.next(ctx))
		require.True(t, workflow.GetSignalChannel(ctx, VisitCompleted).ReceiveAsync(nil))
		require.Empty(t, q.next(ctx))
		return woken, nil
	}
	env.RegisterWorkflowWithOptions(listen, workflow.RegisterOptions{Name: CaseName})
	for n, name := range []string{"no-such-command", VisitCompleted, RecheckName, "no-such-command", RecheckName} {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow(name, nil) }, time.Duration(n+1)*time.Minute)
	}
	env.ExecuteWorkflow(CaseName)
	require.NoError(t, env.GetWorkflowError())
	var woken []string
	require.NoError(t, env.GetWorkflowResult(&woken))
	require.Equal(t, []string{VisitCompleted, RecheckName, RecheckName}, woken)
}
