//go:build unix && !linux

package postgres

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// Outside Linux nothing ends a child with its parent: the next start does.
func stopWithParent(*syscall.SysProcAttr) {}
func killWithParent(*syscall.SysProcAttr) {}

// runsIn tells whether the process is the PostgreSQL of this cluster, by its command line.
func runsIn(pid int, cluster string) bool {
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres") && strings.Contains(string(out), cluster)
}
