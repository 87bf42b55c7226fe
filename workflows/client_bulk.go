package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"guitu/bulk"
	"guitu/rehab"
)

// bulkWorkflow is the workflow id of an operation. An operation has one run of its life.
func bulkWorkflow(id string) string { return "fleet-" + id }

// StartBulk starts the operation, or finds that it runs or has run. An operation that was under
// way when Temporal was lost goes on where Postgres says that it stood.
func (c *Client) StartBulk(ctx context.Context, f bulk.Operation, undoWindow time.Duration) error {
	in := BulkInput{OperationID: f.ID, Total: f.Total, Window: undoWindow, Next: 1, Undoing: f.State == bulk.Undoing}
	if f.State == bulk.Undoable {
		in.Next, in.Until = f.Total+1, f.UndoUntil
	}
	_, err := c.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: bulkWorkflow(f.ID), TaskQueue: TaskQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}, BulkName, in)
	var known *serviceerror.WorkflowExecutionAlreadyStarted
	if err == nil || errors.As(err, &known) {
		return nil
	}
	return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the fleet is kept and was not started: send it again with the same key: %v", err)}
}

// SignalBulk says "pause", "continue", "cancel" or "undo" to a running operation.
func (c *Client) SignalBulk(ctx context.Context, id, action string) error {
	err := c.Temporal.SignalWorkflow(ctx, bulkWorkflow(id), "", action, nil)
	var notFound *serviceerror.NotFound
	switch {
	case errors.As(err, &notFound):
		return &rehab.Error{Code: rehab.Refused, Message: "the fleet is over"}
	case err != nil:
		return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not answer: %v", err)}
	}
	return nil
}
