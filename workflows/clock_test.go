package workflows_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/workflows"
)

func TestAStandingClockStandsAndNeverComesToAnyTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	written, err := json.Marshal(workflows.Standing(at))
	require.NoError(t, err)
	var clock workflows.Clock
	require.NoError(t, json.Unmarshal(written, &clock))
	world := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	require.Equal(t, at, clock.At(world))
	require.Equal(t, 100*365*24*time.Hour, clock.Until(world, at.Add(time.Second)))
	require.Zero(t, clock.Until(world, at))
}
