// Package worker registers and runs the Temporal worker of the cases.
package worker

import (
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/workflows"
)

// Register registers every workflow and activity under its explicit name.
func Register(r sdkworker.Registry, w *workflows.Workflows, a *activities.Activities) {
	RegisterWorkflows(r, w)
	r.RegisterActivityWithOptions(a.Record, activity.RegisterOptions{Name: activities.RecordName})
	r.RegisterActivityWithOptions(a.Load, activity.RegisterOptions{Name: activities.LoadName})
	r.RegisterActivityWithOptions(a.BulkPart, activity.RegisterOptions{Name: activities.BulkPartName})
	r.RegisterActivityWithOptions(a.BulkState, activity.RegisterOptions{Name: activities.BulkStateName})
	r.RegisterActivityWithOptions(a.CheckCoverage, activity.RegisterOptions{Name: activities.CheckCoverageName})
	r.RegisterActivityWithOptions(a.Notify, activity.RegisterOptions{Name: activities.NotifyName})
	r.RegisterActivityWithOptions(a.Verify, activity.RegisterOptions{Name: activities.VerifyName})
}

// RegisterWorkflows registers the workflows alone, as a replayer needs them.
func RegisterWorkflows(r sdkworker.WorkflowRegistry, w *workflows.Workflows) {
	r.RegisterWorkflowWithOptions(w.Case, workflow.RegisterOptions{Name: workflows.CaseName})
	r.RegisterWorkflowWithOptions(w.Transfer, workflow.RegisterOptions{Name: workflows.TransferName})
	r.RegisterWorkflowWithOptions(w.Bulk, workflow.RegisterOptions{Name: workflows.BulkName})
	r.RegisterWorkflowWithOptions(w.Coverage, workflow.RegisterOptions{Name: workflows.CoverageName})
	r.RegisterWorkflowWithOptions(w.Notify, workflow.RegisterOptions{Name: workflows.NotifyName})
	r.RegisterWorkflowWithOptions(w.Verify, workflow.RegisterOptions{Name: workflows.VerifyName})
}

// Interceptors are what cases need around them, where they run and where they replay.
func Interceptors() []interceptor.WorkerInterceptor {
	return []interceptor.WorkerInterceptor{&workflows.SignalInterceptor{}}
}

// NewReplayer makes what replays histories of the workflows: what replays is what runs.
func NewReplayer(w *workflows.Workflows) (sdkworker.WorkflowReplayer, error) {
	r, err := sdkworker.NewWorkflowReplayerWithOptions(sdkworker.WorkflowReplayerOptions{Interceptors: Interceptors()})
	if err != nil {
		return nil, err
	}
	RegisterWorkflows(r, w)
	return r, nil
}

// Options of a worker process.
type Options struct {
	// Concurrency is how many workflow tasks run at the same time. 0: the SDK's choice.
	Concurrency int
	// Identity of the process in Temporal; empty: host and process id.
	Identity string
	// Release is the name of the build, by which Temporal tells who ran a task; empty: the
	// checksum of the program, which is long and says nothing to a person.
	Release string
}

// stickyTimeout is how long a workflow task waits for the worker that has its case in memory
// before the server gives it to any, which reads the case again from its history. A herd of
// a thousand cases takes more than the SDK's five seconds to drain: the last of them would
// all be read again, and the drain take twice as long. A worker that was killed is found
// out in ten seconds whatever stands here.
const stickyTimeout = 10 * time.Second

// New makes a worker. Start it with Run or Start; Stop waits for what is under way.
func New(c client.Client, w *workflows.Workflows, a *activities.Activities, o Options) sdkworker.Worker {
	options := sdkworker.Options{
		Identity:                               o.Identity,
		BuildID:                                o.Release, //nolint:staticcheck // a deployment is versioned, and leaves its name in every task as well
		Interceptors:                           Interceptors(),
		MaxConcurrentWorkflowTaskExecutionSize: o.Concurrency,
		WorkflowTaskPollerBehavior:             sdkworker.NewPollerBehaviorAutoscaling(sdkworker.PollerBehaviorAutoscalingOptions{}),
		ActivityTaskPollerBehavior:             sdkworker.NewPollerBehaviorAutoscaling(sdkworker.PollerBehaviorAutoscalingOptions{}),
		StickyScheduleToStartTimeout:           stickyTimeout,
	}
	out := sdkworker.New(c, workflows.TaskQueue, options)
	Register(out, w, a)
	return out
}
