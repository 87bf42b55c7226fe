package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/board"
)

// Coverage is one round of the check that nobody is forgotten (无死角全覆盖). A schedule
// starts it all day, so that each round has a short history of its own.
func (w *Workflows) Coverage(ctx workflow.Context) (board.CoverageRound, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute, MaximumAttempts: 10},
	})
	var found board.CoverageRound
	err := workflow.ExecuteActivity(ctx, activities.CheckCoverageName).Get(ctx, &found)
	return found, err
}

// ScheduleCoverage has coverage checked every so often.
func (c *Client) ScheduleCoverage(ctx context.Context, every time.Duration) error {
	return c.schedule(ctx, coverageSchedule, CoverageName, every)
}

// schedule starts the workflow every so often, one at a time. A schedule that is there
// takes the new interval.
func (c *Client) schedule(ctx context.Context, id, name string, every time.Duration) error {
	spec := client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: every}}}
	_, err := c.Temporal.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: id, Spec: spec, Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: every, TriggerImmediately: true,
		Action: &client.ScheduleWorkflowAction{ID: id, Workflow: name, TaskQueue: TaskQueue, WorkflowRunTimeout: time.Hour},
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		err = c.Temporal.ScheduleClient().GetHandle(ctx, id).Update(ctx, client.ScheduleUpdateOptions{
			DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
				in.Description.Schedule.Spec = &spec
				return &client.ScheduleUpdate{Schedule: &in.Description.Schedule}, nil
			},
		})
	}
	if err != nil {
		return fmt.Errorf("schedule the workflow %s: %w", name, err)
	}
	return nil
}

// Wake makes a case look at the clock. One whose workflow was lost is started again.
func (c *Client) Wake(ctx context.Context, caseID string) error {
	known, err := c.Ledger.Load(ctx, caseID)
	if err != nil || !known.IsLive() {
		return err
	}
	if started, err := c.Start(ctx, known); started || err != nil {
		return err
	}
	return c.Recheck(ctx, caseID)
}
