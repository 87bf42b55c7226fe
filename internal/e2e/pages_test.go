package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a new installation does first, and a worker all day, is pasted from the pages that say it,
// one after the other into one shell.
func TestTheFirstTenMinutesAndAWorkersDayAreAsThePagesSay(t *testing.T) {
	t.Parallel()
	var blocks []block
	for _, of := range []struct{ page, heading string }{
		{"operations.md", "## The first administrator's first ten minutes"}, {"api.md", "## A worker's whole day with curl"},
	} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "docs", of.page))
		require.NoError(t, err)
		_, section, found := strings.Cut(string(raw), of.heading+"\n")
		require.True(t, found, of.heading)
		section, _, _ = strings.Cut(section, "\n## ")
		list, err := blocksOf(section)
		require.NoError(t, err, of.page)
		require.Greater(t, len(list), 5, of.page)
		blocks = append(blocks, list...)
	}
	w := newWorld(t, "--no-accounts")
	server, _, _ := w.at()
	blocks = append([]block{{how: runs, text: "API=" + server + "\n"}}, blocks...)
	w.runPage(t, "the first ten minutes, and a day", blocks)
	require.Contains(t, w.verify(t), " 0 findings")
}
