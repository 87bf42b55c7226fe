package wiring

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAPreviewLooksAtTheOpenCasesOfTheLedger(t *testing.T) {
	t.Parallel()
	s := caseload(t)
	raw, err := os.ReadFile("../../rehab/policy/data/national@2026.1.yaml")
	require.NoError(t, err)
	folder := t.TempDir()
	text := strings.Replace(string(raw), `"2026.1"`, `"2026.9"`, 1)
	require.NotEqual(t, string(raw), text)
	text = strings.Replace(text, "rule: corresponding_day", "rule: day_before", 1)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "national@2026.9.yaml"), []byte(text), 0o600))
	s.Rules, err = Policies(folder)
	require.NoError(t, err)

	o := rehab.PreviewOrder{To: rehab.PolicyRef{ID: "national", Version: "2026.9"}, Place: "110101", Limit: 2}
	v, err := s.PreviewPolicy(t.Context(), o, 0)
	require.NoError(t, err)
	require.Equal(t, 6, v.Total.Cases)
	require.Equal(t, 6, v.Total.Terms, "every term ends a day earlier")
	require.Len(t, v.Streets, 2)
	require.Len(t, v.Rows, 2)
	o.After = v.Next
	next, err := s.PreviewPolicy(t.Context(), o, 0)
	require.NoError(t, err)
	require.Equal(t, "c-2", next.Rows[0].CaseID)

	_, err = s.PreviewPolicy(t.Context(), o, 5)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err), "the place is too large")
	o.To.Version = "1"
	_, err = s.PreviewPolicy(t.Context(), o, 0)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}
