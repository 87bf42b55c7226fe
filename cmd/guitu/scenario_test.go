package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestALifeIsPlayedFromItsFile(t *testing.T) {
	t.Parallel()
	const file = "../../testdata/scenarios/holiday-roll.yaml"
	code, out, errs := call(t, "scenario", file)
	require.Zero(t, code, errs)
	require.Contains(t, out, "as told: The fifteen days of the report end after the holidays")

	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	require.NoError(t, os.WriteFile(wrong, []byte(strings.ReplaceAll(string(raw), "due 2026-10-08", "due 2026-10-01")), 0o600))
	code, out, errs = call(t, "scenario", wrong, file)
	require.Equal(t, 1, code)
	require.Empty(t, errs)
	require.Contains(t, out, "report_in-1: open due 2026-10-01 was expected, it is open due 2026-10-08")
	require.Contains(t, out, "as told", "the other life is played all the same")

	code, _, errs = call(t, "scenario", "no-such-file.yaml")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "no-such-file.yaml")
}
