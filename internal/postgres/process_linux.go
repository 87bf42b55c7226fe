package postgres

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// stopWithParent: a fast shutdown when this process dies, even by SIGKILL.
func stopWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }

// killWithParent: an end at once, for work that is begun again.
func killWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// runsIn tells whether the process is the PostgreSQL of this cluster: a postmaster's
// working directory is its cluster. A process that has ended but was not yet collected
// by its parent has none.
func runsIn(pid int, cluster string) bool {
	where, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	if err != nil {
		return false
	}
	target, err := filepath.EvalSymlinks(cluster)
	return err == nil && where == target
}
