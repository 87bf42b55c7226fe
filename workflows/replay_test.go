package workflows_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"

	"guitu/rehab/policy"
	"guitu/worker"
	"guitu/workflows"
)

// recorded are the histories that have to be there, by the folder of the release that
// recorded them. Whoever records another adds its name; none is ever taken out.
var recorded = map[string][]string{
	"v1": {"signals-1", "silent-1", "steady-1", "steady-2", "steady-3"},
	"v2": {
		"backlog-1", "fleet-1", "moved-1", "moved-2", "rounds-1", "rounds-2", "signals-1", "silent-1",
		"steady-1", "steady-2", "steady-3", "steady-4",
	},
	"v3": {"queue-1"},
}

// TestEveryRecordedHistoryReplays is the gate of every release: cases live for years and
// meet many of them.
func TestEveryRecordedHistoryReplays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/replay/v*/*.json")
	require.NoError(t, err)
	want := []string{}
	for release, names := range recorded {
		for _, name := range names {
			want = append(want, filepath.Join("testdata/replay", release, name+".json"))
		}
	}
	require.ElementsMatch(t, want, files, "the recorded histories are not those that the list names")
	rules, err := policy.Load()
	require.NoError(t, err)
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			replayer, err := worker.NewReplayer(&workflows.Workflows{Rules: rules})
			require.NoError(t, err)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file))
		})
	}
}
