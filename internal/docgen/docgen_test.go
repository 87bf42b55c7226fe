package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePagesHoldTheTablesOfTheCode(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	used := map[string]bool{}
	for _, path := range paths {
		was, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, m := range generated.FindAllSubmatch(was, -1) {
			used[string(m[1])] = true
		}
		page, err := fill(was)
		require.NoError(t, err)
		require.Equal(t, string(page), string(was), "%s is behind the code: go run ./internal/docgen", path)
	}
	for name := range tables {
		require.True(t, used[name], "no page shows the table %s", name)
	}
}

func TestOnlyWhatStandsBetweenTheMarkersIsReplaced(t *testing.T) {
	t.Parallel()
	page, err := fill([]byte("a\n<!-- generated: duties -->\nold\n<!-- end -->\nb\n"))
	require.NoError(t, err)
	require.Equal(t, "a\n<!-- generated: duties -->\n"+duties()+"<!-- end -->\nb\n", string(page))
	_, err = fill([]byte("<!-- generated: flights -->\n<!-- end -->"))
	require.ErrorContains(t, err, "flights")
}
