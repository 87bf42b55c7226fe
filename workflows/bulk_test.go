package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"guitu/activities"
	"guitu/bulk"
	"guitu/workflows"
)

// TestAWishThatWasNotSealedIsNoWish: whoever reaches Temporal without the key of the system
// undoes no operation.
func TestAWishThatWasNotSealedIsNoWish(t *testing.T) {
	t.Parallel()
	b := sealedSetup(t)
	var states []bulk.State
	b.env.RegisterActivityWithOptions(func(_ context.Context, s activities.BulkProgress) error {
		states = append(states, s.State)
		return nil
	}, activity.RegisterOptions{Name: activities.BulkStateName, DisableAlreadyRegisteredCheck: true})
	other, err := converters(t).Data.ToPayload(nil)
	require.NoError(t, err)
	b.at(time.Minute, func() { b.env.SignalWorkflow(workflows.UndoBulk, plain{nil}) })
	b.at(time.Minute, func() { b.env.SignalWorkflow(workflows.UndoBulk, plain{converter.NewRawValue(other)}) })
	b.env.ExecuteWorkflow(workflows.BulkName, workflows.BulkInput{OperationID: "f-1", Window: time.Hour, Next: 1})
	require.NoError(t, b.env.GetWorkflowError())
	require.Equal(t, []bulk.State{bulk.Undoable, bulk.Done}, states)

	b = sealedSetup(t)
	states = nil
	b.env.RegisterActivityWithOptions(func(_ context.Context, s activities.BulkProgress) error {
		states = append(states, s.State)
		return nil
	}, activity.RegisterOptions{Name: activities.BulkStateName, DisableAlreadyRegisteredCheck: true})
	b.at(time.Minute, func() { b.env.SignalWorkflow(workflows.UndoBulk, nil) })
	b.env.ExecuteWorkflow(workflows.BulkName, workflows.BulkInput{OperationID: "f-1", Window: time.Hour, Next: 1})
	require.NoError(t, b.env.GetWorkflowError())
	require.Equal(t, []bulk.State{bulk.Undoable, bulk.Undoing, bulk.Undone}, states)
}
