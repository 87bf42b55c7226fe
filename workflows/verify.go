package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/board"
	"guitu/rehab"
)

// Verify runs one verification that somebody asked for, on a worker: a process that ends in the
// middle is followed by another.
func (w *Workflows) Verify(ctx workflow.Context, j board.VerificationJob) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 12 * time.Hour, HeartbeatTimeout: time.Minute,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute, MaximumAttempts: 5},
	})
	return workflow.ExecuteActivity(ctx, activities.VerifyName, j).Get(ctx, nil)
}

// StartVerification starts it: Conflict while another runs, which has the same id.
func (c *Client) StartVerification(ctx context.Context, j board.VerificationJob) error {
	_, err := c.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: verifyWorkflow, TaskQueue: TaskQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL, WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, VerifyName, j)
	var running *serviceerror.WorkflowExecutionAlreadyStarted
	switch {
	case errors.As(err, &running):
		return &rehab.Error{Code: rehab.Conflict, Message: "a verification is under way: wait for its result"}
	case err != nil:
		return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the verification was not started: %v", err)}
	}
	return nil
}
