package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"guitu/office"
	"guitu/rehab"
)

// fleetWorkflow is the workflow id of a fleet. A fleet has one run of its life.
func fleetWorkflow(id string) string { return "fleet-" + id }

// StartFleet starts the fleet, or finds that it runs or has run. A fleet that was under
// way when Temporal was lost goes on where Postgres says that it stood.
func (c *Client) StartFleet(ctx context.Context, f office.Fleet, undoWindow time.Duration) error {
	in := FleetInput{FleetID: f.ID, Total: f.Total, Window: undoWindow, Next: 1, Undoing: f.State == office.FleetUndoing}
	if f.State == office.FleetUndoable {
		in.Next, in.Until = f.Total+1, f.UndoUntil
	}
	_, err := c.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: fleetWorkflow(f.ID), TaskQueue: TaskQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}, FleetName, in)
	var known *serviceerror.WorkflowExecutionAlreadyStarted
	if err == nil || errors.As(err, &known) {
		return nil
	}
	return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the fleet is kept and was not started: send it again with the same key: %v", err)}
}

// TellFleet says "pause", "continue", "cancel" or "undo" to a running fleet.
func (c *Client) TellFleet(ctx context.Context, id, wish string) error {
	err := c.Temporal.SignalWorkflow(ctx, fleetWorkflow(id), "", wish, nil)
	var notFound *serviceerror.NotFound
	switch {
	case errors.As(err, &notFound):
		return &rehab.Error{Code: rehab.Refused, Message: "the fleet is over"}
	case err != nil:
		return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not answer: %v", err)}
	}
	return nil
}
