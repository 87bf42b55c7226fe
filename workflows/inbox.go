package workflows

import (
	"slices"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// Inboxes gives every run of a case its inbox. What runs or replays cases has to have it
// among its interceptors.
type Inboxes struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow puts the inbox before a run of a case.
func (*Inboxes) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	if workflow.GetInfo(ctx).WorkflowType.Name != CaseName {
		return next
	}
	i := &inbox{}
	i.Next = next
	return i
}

// inbox knows which signals came to a run. A case hears few of the names that it knows: a
// channel for each, and a wait for all of them, would be most of what a case in memory
// costs. So a channel is there from the first signal of its name on.
type inbox struct {
	interceptor.WorkflowInboundInterceptorBase
	heard []string         // the names that came, each once
	came  workflow.Channel // the name that came first, to a run that waits; nobody else hears
}

type inboxKey struct{}

// ExecuteWorkflow hands the inbox to the run.
func (i *inbox) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	i.came = workflow.NewChannel(ctx)
	return i.Next.ExecuteWorkflow(workflow.WithValue(ctx, inboxKey{}, i), in)
}

// HandleSignal lets the signal into the channel of its name, and says that it came. A name
// that no case knows wakes nobody.
func (i *inbox) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if err := i.Next.HandleSignal(ctx, in); err != nil || !slices.Contains(signals, in.SignalName) {
		return err
	}
	if !slices.Contains(i.heard, in.SignalName) {
		i.heard = append(i.heard, in.SignalName)
	}
	if i.came != nil {
		i.came.SendAsync(in.SignalName)
	}
	return nil
}

// holds reports whether a signal of the name waits to be taken.
func (i *inbox) holds(ctx workflow.Context, name string) bool {
	return slices.Contains(i.heard, name) && workflow.GetSignalChannel(ctx, name).Len() > 0
}

// next names the first of the signals that wait; empty: none does.
func (i *inbox) next(ctx workflow.Context) string {
	for _, name := range signals {
		if i.holds(ctx, name) {
			return name
		}
	}
	return ""
}

// inboxOf is the inbox of the run.
func inboxOf(ctx workflow.Context) *inbox {
	i, ok := ctx.Value(inboxKey{}).(*inbox)
	if !ok {
		panic("a worker of cases needs the interceptor Inboxes")
	}
	return i
}
