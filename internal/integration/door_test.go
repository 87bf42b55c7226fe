package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"guitu/rehab"
	"guitu/workflows"
)

// refusesUnsealed comes to a case as somebody who reaches Temporal without the key of the system.
func refusesUnsealed(t *testing.T, s *system) {
	id := s.open()
	plain, err := client.NewClientFromExistingWithContext(t.Context(), s.temporal, client.Options{Namespace: "guitu", Logger: quiet()})
	require.NoError(t, err)
	cmd := s.command(rehab.SignAgreement{})
	cmd.Actor.ID = "stranger"
	require.NoError(t, plain.SignalWorkflow(t.Context(), id, "", "sign-agreement", cmd))
	handle, err := plain.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: "sign-agreement", Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(t.Context(), nil)
	}
	require.Error(t, err)
	_, err = plain.QueryWorkflow(t.Context(), id, "", workflows.QueryState, "stranger")
	require.ErrorContains(t, err, "not sealed")

	require.Eventually(t, func() bool {
		events, err := s.store.Events(t.Context(), id, 0, 100)
		require.NoError(t, err)
		last := events[len(events)-1]
		refused, ok := last.Data.(rehab.CommandRefused)
		return ok && refused.Command == "" && refused.Error.Code == rehab.Forbidden && last.Actor.ID == "signal"
	}, 20*time.Second, 50*time.Millisecond)
	s.do(id, rehab.SignAgreement{}) // by who has the key
	s.agrees(id)
	s.rest()
	s.work() // and the history, with the plain signal in it, replays
	s.do(id, attempt)
	s.agrees(id)
}
