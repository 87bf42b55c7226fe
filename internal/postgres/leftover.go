package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postmaster is what a running server writes about itself in postmaster.pid.
type postmaster struct {
	pid   int
	ready bool
}

func (d directory) postmasterFile() string { return filepath.Join(d.cluster(), "postmaster.pid") }

func (d directory) readPostmaster() (postmaster, error) {
	text, err := os.ReadFile(d.postmasterFile())
	if err != nil {
		return postmaster{}, err
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return postmaster{}, fmt.Errorf("read %s: %w", d.postmasterFile(), err)
	}
	// The eighth line is the state.
	return postmaster{pid: pid, ready: len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"}, nil
}

// stopLeftover ends a server whose owner was killed. The caller holds the directory's
// lock, so nobody else is using that server. A pid file that names another program by
// now, or nothing, is removed; PostgreSQL itself deals with one that names no process.
func (d directory) stopLeftover(ctx context.Context, log *slog.Logger) error {
	pm, err := d.readPostmaster()
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && errors.Is(syscall.Kill(pm.pid, 0), syscall.ESRCH) {
		return nil
	}
	if err != nil || !runsIn(pm.pid, d.cluster()) {
		if err := os.Remove(d.postmasterFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
			return unusable(d.postmasterFile(), err)
		}
		return nil
	}
	log.InfoContext(ctx, "stopping a PostgreSQL that a killed process left running", "dir", d.path, "pid", pm.pid)
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, 20 * time.Second}, {syscall.SIGQUIT, immediatePatience}} {
		if err := syscall.Kill(pm.pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("a PostgreSQL is left running in %s and could not be stopped: stop process %d yourself: %w", d.path, pm.pid, err)
		}
		if gone(ctx, pm.pid, d.cluster(), step.patience) {
			return nil
		}
	}
	return fmt.Errorf("a PostgreSQL is left running in %s and does not stop: stop process %d yourself", d.path, pm.pid)
}

func gone(ctx context.Context, pid int, cluster string, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for runsIn(pid, cluster) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return true
}
