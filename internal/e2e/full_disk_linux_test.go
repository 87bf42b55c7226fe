package e2e_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAFullDiskLosesNothingAndIsSurvived fills the disk of the databases under load. Where
// PostgreSQL cannot even recover without room, guitu-dev ends and says why, and goes on at
// its next start.
func TestAFullDiskLosesNothingAndIsSurvived(t *testing.T) { //nolint:paralleltest // it needs its time for itself
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	disk := dataDir(t)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=400m,mode=0755"); err != nil {
		t.Skipf("this machine lets nobody mount a disk: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	w := newWorldIn(t, disk)
	town := startTown(t, w)
	await(t, time.Minute, "the callers to get something done", func() bool { return town.failed() || town.count() >= 50 })

	ballast, err := os.Create(filepath.Join(disk, "ballast"))
	require.NoError(t, err)
	defer ballast.Close()
	full := func() { // what PostgreSQL lets go is filled up again
		for size := 1 << 20; size >= 512; size /= 2 {
			for {
				if _, err := ballast.Write(make([]byte, size)); err != nil {
					require.ErrorIs(t, err, syscall.ENOSPC)
					break
				}
			}
		}
	}
	full()
	await(t, time.Minute, "a command to meet the full disk", func() bool { full(); return town.failed() || town.wasMissed() })
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		full()
	}
	require.Empty(t, town.complaint)
	require.NoError(t, ballast.Truncate(0))
	require.NoError(t, os.Remove(ballast.Name()))

	if w.ends(5 * time.Second) {
		require.ErrorContains(t, w.process.err, "exit status 1")
		t.Log("PostgreSQL could not go on without room: guitu-dev is started again")
		w.start(t)
	}
	before := town.count()
	await(t, time.Minute, "the callers to get on", func() bool { return town.failed() || town.count() > before+50 })
	town.finish(t)
	t.Logf("%d commands in %d cases were acknowledged, %d tried again (%d of them had acted), %d left with the engine",
		len(town.acknowledged), len(town.cases), town.retried, town.acted, town.pending)
	town.everyCommandActedOnce(t)
	w.verify(t)
}

// ends reports whether guitu-dev ends by itself within the time.
func (w *world) ends(within time.Duration) bool {
	select {
	case <-w.process.ended:
		return true
	case <-time.After(within):
		return false
	}
}
