package workflows

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/workflow"

	"guitu/rehab"
)

// transferOptions make a transfer a workflow of its own, which ends by itself
// and not with the run of the case that began it. There is one at a time.
func transferOptions(caseID string, transfer int64) workflow.ChildWorkflowOptions {
	return workflow.ChildWorkflowOptions{
		WorkflowID: rehab.TransferKey(caseID, transfer), TaskQueue: TaskQueue,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}
}

// StartTransfers runs the workflow of each transfer of the case that is under way, and
// answers how many had none.
func (c *Client) StartTransfers(ctx context.Context, known *rehab.Case) (int, error) {
	started := 0
	for _, id := range known.Transfers() {
		key := rehab.TransferKey(known.ID, id)
		options := client.StartWorkflowOptions{
			ID: key, TaskQueue: TaskQueue,
			WorkflowIDConflictPolicy:                 enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
			WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
			WorkflowExecutionErrorWhenAlreadyStarted: true,
		}
		_, err := c.Temporal.ExecuteWorkflow(ctx, options, TransferName, TransferInput{CaseID: known.ID, Transfer: id, Virtual: c.Clock != nil})
		var running *serviceerror.WorkflowExecutionAlreadyStarted
		switch {
		case errors.As(err, &running):
		case err != nil:
			return started, fmt.Errorf("start transfer %s: %w", key, err)
		default:
			started++
		}
	}
	return started, nil
}

// Transfer asks a running transfer how far it has come. NotFound when it does not run.
func (c *Client) Transfer(ctx context.Context, caseID string, transfer int64) (TransferProgress, error) {
	var p TransferProgress
	err := c.query(ctx, rehab.TransferKey(caseID, transfer), QueryTransfer, &p)
	return p, err
}
