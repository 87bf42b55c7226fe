package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/workflows"
)

func TestASignalThatNoCaseWouldTakeIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	payload, err := workflows.GenerateKeyset()
	require.NoError(t, err)
	environ := []string{"GUITU_SECRETS_PAYLOAD=" + payload, "GUITU_TEMPORAL_ADDRESS=127.0.0.1:1"}
	for _, row := range []struct {
		says string
		args []string
	}{
		{"unknown command", []string{"c-1", "no-such-command", "--actor", "lis"}},
		{"is not a field", []string{"c-1", "report-in", `{"no":1}`, "--actor", "lis"}},
		{"occurred-at", []string{"c-1", "report-in", "--actor", "lis", "--occurred-at", "yesterday"}},
		{`"actor" not set`, []string{"c-1", "report-in"}},
		{"127.0.0.1:1", []string{"c-1", "report-in", "--actor", "lis"}}, // all is well, but nobody is there
	} {
		var out, errs bytes.Buffer
		require.Equal(t, 1, run(t.Context(), append([]string{"signal"}, row.args...), environ, &out, &errs), row.says)
		require.Contains(t, errs.String(), row.says)
		require.Empty(t, out.String(), "nothing was sent")
	}
}
