package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// landed is how many names have ever been released, and what they were: the first names of
// the order never change. Whoever adds a command adds it at the end and leaves these alone;
// with a release, both are set anew.
const (
	landed       = 81
	landedDigest = "ca93a0a43ea25fb2"
)

func TestEveryCommandStandsOnceInTheWireOrder(t *testing.T) {
	t.Parallel()
	for _, name := range append(rehab.CommandTypes(), VisitCompleted) {
		require.Contains(t, messages, name, "add %s at the end of the wire order", name)
	}
	for i, name := range messages {
		require.False(t, slices.Contains(messages[:i], name), "%s stands twice in the wire order", name)
		require.True(t, name == VisitCompleted || slices.Contains(rehab.CommandTypes(), name), "no command is called %s: a name that left the core keeps its place, with its handler", name)
	}
	require.Equal(t, RecheckName, signals[0])
}

func TestTheWireOrderThatHistoriesHoldNeverChanges(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(messages), landed)
	sum := sha256.Sum256([]byte(strings.Join(messages[:landed], " ")))
	require.Equal(t, landedDigest, hex.EncodeToString(sum[:8]), "a name moved or left the wire order: new names come at its end")
}
