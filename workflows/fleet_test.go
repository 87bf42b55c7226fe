package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"guitu/activities"
	"guitu/office"
	"guitu/workflows"
)

// TestAWishThatWasNotSealedIsNoWish: whoever reaches Temporal without the key of the system
// undoes no fleet.
func TestAWishThatWasNotSealedIsNoWish(t *testing.T) {
	t.Parallel()
	b := sealedSetup(t)
	var states []office.FleetState
	b.env.RegisterActivityWithOptions(func(_ context.Context, s activities.FleetStanding) error {
		states = append(states, s.State)
		return nil
	}, activity.RegisterOptions{Name: activities.FleetStateName, DisableAlreadyRegisteredCheck: true})
	other, err := converters(t).Data.ToPayload(nil)
	require.NoError(t, err)
	b.at(time.Minute, func() { b.env.SignalWorkflow(workflows.UndoFleet, plain{nil}) })
	b.at(time.Minute, func() { b.env.SignalWorkflow(workflows.UndoFleet, plain{converter.NewRawValue(other)}) })
	b.env.ExecuteWorkflow(workflows.FleetName, workflows.FleetInput{FleetID: "f-1", Window: time.Hour, Next: 1})
	require.NoError(t, b.env.GetWorkflowError())
	require.Equal(t, []office.FleetState{office.FleetUndoable, office.FleetDone}, states)

	b = sealedSetup(t)
	states = nil
	b.env.RegisterActivityWithOptions(func(_ context.Context, s activities.FleetStanding) error {
		states = append(states, s.State)
		return nil
	}, activity.RegisterOptions{Name: activities.FleetStateName, DisableAlreadyRegisteredCheck: true})
	b.at(time.Minute, func() { b.env.SignalWorkflow(workflows.UndoFleet, nil) })
	b.env.ExecuteWorkflow(workflows.FleetName, workflows.FleetInput{FleetID: "f-1", Window: time.Hour, Next: 1})
	require.NoError(t, b.env.GetWorkflowError())
	require.Equal(t, []office.FleetState{office.FleetUndoable, office.FleetUndoing, office.FleetUndone}, states)
}
