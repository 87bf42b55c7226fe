package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/rehab"
	"guitu/store"
	"guitu/workflows"
)

const (
	floorQueue = "bench-floor"
	plainQueue = "bench-plain"
	visitName  = "visit"
	quarter    = 90 * 24 * time.Hour
)

// floorCase is the least that a case on Temporal can be: it answers an update and arms
// its timer again. No database, no rules, no codec.
func floorCase(ctx workflow.Context) error {
	seq := int64(0)
	timer := rearmed(ctx)
	if err := workflow.SetUpdateHandler(ctx, visitName, func(ctx workflow.Context, _ rehab.Command) (workflows.Answer, error) {
		seq++
		timer(ctx)
		return workflows.Answer{Seq: seq}, nil
	}); err != nil {
		return err
	}
	timer(ctx)
	return workflow.Await(ctx, func() bool { return false })
}

// rearmed is a timer that each call cancels and starts again.
func rearmed(workflow.Context) func(workflow.Context) {
	var cancel workflow.CancelFunc
	return func(ctx workflow.Context) {
		if cancel != nil {
			cancel()
		}
		ctx, cancel = workflow.WithCancel(ctx)
		workflow.NewTimer(ctx, quarter)
	}
}

// floorTimer is the least that a deadline on Temporal can be: a timer fires, and the
// workflow ends.
func floorTimer(ctx workflow.Context, at time.Time) error {
	return workflow.Sleep(ctx, max(at.Sub(workflow.Now(ctx)), time.Millisecond))
}

func floorWorker(c client.Client) sdkworker.Worker {
	w := sdkworker.New(c, floorQueue, autoscaling())
	w.RegisterWorkflow(floorCase)
	w.RegisterWorkflow(floorTimer)
	return w
}

func autoscaling() sdkworker.Options {
	return sdkworker.Options{
		WorkflowTaskPollerBehavior: sdkworker.NewPollerBehaviorAutoscaling(sdkworker.PollerBehaviorAutoscalingOptions{}),
		ActivityTaskPollerBehavior: sdkworker.NewPollerBehaviorAutoscaling(sdkworker.PollerBehaviorAutoscalingOptions{}),
	}
}

// plainCases are cases as most would write them: the same core and the same Record, but
// written by a regular activity, and the timer armed again with every visit.
type plainCases struct{ rules rehab.Rules }

func (p *plainCases) plainCase(ctx workflow.Context, id string) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	lock, timer := workflow.NewMutex(ctx), rearmed(ctx)
	var c *rehab.Case
	if err := workflow.SetUpdateHandler(ctx, visitName, func(ctx workflow.Context, cmd rehab.Command) (workflows.Answer, error) {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
		if err := workflow.Await(ctx, func() bool { return c != nil }); err != nil {
			return workflows.Answer{}, err
		}
		_ = lock.Lock(ctx)
		defer lock.Unlock()
		events, err := c.Decide(cmd, rehab.Env{Now: workflow.Now(ctx), Policy: p.rules.Policy(c.Policy), Calendar: p.rules.Calendar()})
		if err != nil {
			return workflows.Answer{}, activities.Wrap(err)
		}
		var res rehab.RecordResult
		if err := workflow.ExecuteActivity(ctx, activities.RecordName, rehab.NewRecord(c, cmd, events)).Get(ctx, &res); err != nil {
			return workflows.Answer{}, err
		}
		c.Fold(res.Events)
		timer(ctx)
		return workflows.Answer{Seq: res.CommandSeq}, nil
	}); err != nil {
		return err
	}
	var loaded *rehab.Case
	if err := workflow.ExecuteActivity(ctx, activities.LoadName, id).Get(ctx, &loaded); err != nil {
		return err
	}
	c = loaded
	timer(ctx)
	return workflow.Await(ctx, func() bool { return false })
}

func plainWorker(c client.Client, rules rehab.Rules, ledger *store.Store) sdkworker.Worker {
	w := sdkworker.New(c, plainQueue, autoscaling())
	w.RegisterWorkflowWithOptions((&plainCases{rules}).plainCase, workflow.RegisterOptions{Name: "plainCase"})
	a := &activities.Activities{Ledger: ledger}
	w.RegisterActivityWithOptions(a.Record, activity.RegisterOptions{Name: activities.RecordName})
	w.RegisterActivityWithOptions(a.Load, activity.RegisterOptions{Name: activities.LoadName})
	return w
}

// startFloor starts workflows of the floor.
func (s *stack) startFloor(ctx context.Context, ids []string, callers int, flow any, args ...any) error {
	return inParallel(ctx, callers, ids, func(ctx context.Context, id string) error {
		_, err := s.plain.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: floorQueue}, flow, args...)
		return err
	})
}
