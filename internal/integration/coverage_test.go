package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// watchGoesRound sees the schedule take the coverage of a city with a gap, and a case whose
// workflow was lost come back by the watch's hand.
func watchGoesRound(t *testing.T, s *system) {
	id := s.open()
	require.NoError(t, s.cases.ScheduleCoverage(t.Context(), time.Hour))
	require.NoError(t, s.cases.ScheduleCoverage(t.Context(), time.Second), "a schedule that is there takes the new interval")
	require.Eventually(t, func() bool {
		runs, err := s.store.CoverageRuns(t.Context(), "11", time.Now().Add(time.Hour), 10)
		return err == nil && len(runs) > 0 && runs[0].Open > 0
	}, 60*time.Second, 100*time.Millisecond)
	require.NoError(t, s.cases.ScheduleCoverage(t.Context(), time.Hour))

	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), id, "", "lost"))
	require.NoError(t, s.cases.Wake(t.Context(), id))
	running, err := s.cases.Running(t.Context(), id)
	require.NoError(t, err)
	require.True(t, running)
	require.NoError(t, s.cases.Wake(t.Context(), id), "one that runs looks at the clock")
	require.Equal(t, rehab.AwaitingAgreement, s.agrees(id).Phase)
}
