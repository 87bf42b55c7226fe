// Package testprogram writes programs that tests run.
package testprogram

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const mode = 0o755

// Write writes a program. No other test begins a process meanwhile: that would inherit the file,
// open for writing, and until it is closed there the system refuses to run it (ETXTBSY).
func Write(t testing.TB, path, content string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	require.NoError(t, os.WriteFile(path, []byte(content), mode))
}
