package workflows

import (
	"slices"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// SignalInterceptor gives every run of a case its queue of signals. What runs or replays
// cases has to have it among its interceptors.
type SignalInterceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow puts the queue before a run of a case.
func (*SignalInterceptor) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	if workflow.GetInfo(ctx).WorkflowType.Name != CaseName {
		return next
	}
	q := &signalQueue{}
	q.Next = next
	return q
}

// signalQueue knows which signals arrived at a run. A case gets few of the names that it knows: a
// channel for each, and a wait for all of them, would be most of what a case in memory
// costs. So a channel is there from the first signal of its name on.
type signalQueue struct {
	interceptor.WorkflowInboundInterceptorBase
	seen    []string         // the names that arrived, each once
	arrived workflow.Channel // the name that arrived first, to a run that waits; nobody else listens
}

type signalQueueKey struct{}

// ExecuteWorkflow hands the queue to the run.
func (q *signalQueue) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	q.arrived = workflow.NewChannel(ctx)
	return q.Next.ExecuteWorkflow(workflow.WithValue(ctx, signalQueueKey{}, q), in)
}

// HandleSignal lets the signal into the channel of its name, and says that it arrived. A name
// that no case knows wakes nobody.
func (q *signalQueue) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if err := q.Next.HandleSignal(ctx, in); err != nil || !slices.Contains(signals, in.SignalName) {
		return err
	}
	if !slices.Contains(q.seen, in.SignalName) {
		q.seen = append(q.seen, in.SignalName)
	}
	if q.arrived != nil {
		q.arrived.SendAsync(in.SignalName)
	}
	return nil
}

// hasPending reports whether a signal of the name waits to be taken.
func (q *signalQueue) hasPending(ctx workflow.Context, name string) bool {
	return slices.Contains(q.seen, name) && workflow.GetSignalChannel(ctx, name).Len() > 0
}

// next names the first of the signals that wait; empty: none does.
func (q *signalQueue) next(ctx workflow.Context) string {
	for _, name := range signals {
		if q.hasPending(ctx, name) {
			return name
		}
	}
	return ""
}

// signalQueueOf is the queue of the run.
func signalQueueOf(ctx workflow.Context) *signalQueue {
	q, ok := ctx.Value(signalQueueKey{}).(*signalQueue)
	if !ok {
		panic("a worker of cases needs the interceptor SignalInterceptor")
	}
	return q
}
