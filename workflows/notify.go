package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
)

// Notify is one round of deliveries: what came since the last, and what is to be tried
// again. What became of each is in the ledger's database, so that a round may be lost.
func (w *Workflows) Notify(ctx workflow.Context) (activities.RoundResult, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute, MaximumAttempts: 3},
	})
	var done activities.RoundResult
	err := workflow.ExecuteActivity(ctx, activities.NotifyName).Get(ctx, &done)
	return done, err
}

// ScheduleNotify has notices delivered every so often.
func (c *Client) ScheduleNotify(ctx context.Context, every time.Duration) error {
	return c.schedule(ctx, notifySchedule, NotifyName, every)
}
