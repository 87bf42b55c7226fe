package simulation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/simulation"
)

// TestWholeLivesLeaveNothingUndoneByTheSimulationItself: where everybody keeps to everything
// and has time, from service to sealing, nothing is missed for want of somebody to play it.
func TestWholeLivesLeaveNothingUndoneByTheSimulationItself(t *testing.T) {
	t.Parallel()
	s := setup(t, 5, 20)
	s.Months, s.Runs, s.Places = 84, 1, s.Places[:1]
	s.Start, s.Places[0].Arrivals = rehab.NewDate(2026, 1, 5), 0
	s.Behavior = simulation.Behavior{ReportsIn: 1, Signs: 1, KeepsTest: 1, KeepsContact: 1, Answers: 1, Reached: 1}
	r := play(t, s)
	require.Zero(t, r.Whole.Mean.Open, "all were released")
	require.Zero(t, r.Whole.Mean.Misses)
	require.Zero(t, r.Whole.Mean.Escalations)
}
