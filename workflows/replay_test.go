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

// TestEveryRecordedHistoryReplays is the gate of every release: cases live for years and
// meet many of them.
func TestEveryRecordedHistoryReplays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/replay/v*/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files, "no recorded history was found: this test would show nothing")
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
