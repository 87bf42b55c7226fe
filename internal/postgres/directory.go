package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

const (
	lockName     = "lock"
	passwordName = "password"
	clusterName  = "cluster"
	logName      = "postgres.log"
)

// directory is a data directory that this process alone uses, and the account that
// PostgreSQL runs under there.
type directory struct {
	path  string
	owner account
	lock  *flock.Flock
}

// account is a user of this machine. PostgreSQL refuses to run as root.
type account struct {
	name     string
	uid, gid uint32
	// switched tells that it is another account than this process's.
	switched bool
}

func (d directory) cluster() string { return filepath.Join(d.path, clusterName) }
func (d directory) logFile() string { return filepath.Join(d.path, logName) }

// takeDirectory makes the directory where it is missing, gives it to the account that
// will run PostgreSQL, and locks it for this process.
func takeDirectory(dataDir string) (directory, error) {
	if dataDir == "" {
		return directory{}, errors.New("no data directory was given for PostgreSQL: name one that is empty or does not exist yet")
	}
	path, err := filepath.Abs(dataDir)
	if err != nil {
		return directory{}, fmt.Errorf("find the directory %q: %w", dataDir, err)
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return directory{}, unusable(path, err)
	}
	owner, err := accountFor(path)
	if err != nil {
		return directory{}, err
	}
	if err := checkContent(path); err != nil {
		return directory{}, err
	}
	d := directory{path: path, owner: owner}
	if err := os.Chmod(path, 0o700); err != nil {
		return directory{}, unusable(path, err)
	}
	if err := d.give(path); err != nil {
		return directory{}, err
	}
	if err := d.checkReachable(); err != nil {
		return directory{}, err
	}
	d.lock, err = d.takeLock()
	return d, err
}

// accountFor: an ordinary user runs PostgreSQL under their own account; root runs it as
// the owner of the directory, or as "postgres" where that is root.
func accountFor(path string) (account, error) {
	info, err := os.Stat(path)
	if err != nil {
		return account{}, unusable(path, err)
	}
	owner, me := info.Sys().(*syscall.Stat_t), uint32(os.Geteuid())
	switch {
	case me == owner.Uid && me != 0:
		return account{name: userName(me), uid: me, gid: uint32(os.Getegid())}, nil
	case me != 0:
		return account{}, fmt.Errorf("%[1]s belongs to user %[2]s, so you cannot run PostgreSQL in it: choose another directory, run this as that user or as root, or take it over with: sudo chown -R %[3]d %[1]s", path, userName(owner.Uid), me)
	case owner.Uid != 0:
		return account{name: userName(owner.Uid), uid: owner.Uid, gid: owner.Gid, switched: true}, nil
	}
	u, err := user.Lookup(superuser)
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL refuses to run as root and there is no user %q to run it instead: install the package postgresql (make setup), or run this as an ordinary user: %w", superuser, err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the id of user %s: %w", superuser, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the group of user %s: %w", superuser, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), switched: true}, nil
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// checkContent protects what is not ours: a directory is used when it is empty or was
// used before.
func checkContent(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return unusable(path, err)
	}
	names := make(map[string]bool, len(entries))
	for _, e := range entries {
		names[e.Name()] = true
	}
	switch {
	case len(entries) == 0 || names[lockName]:
		return nil
	case names["PG_VERSION"]:
		return fmt.Errorf("%s is the data directory of another PostgreSQL, and Guitu keeps its hands off it: choose a directory that is empty or does not exist yet", path)
	default:
		return fmt.Errorf("%s holds other files (%s, …), and Guitu keeps its hands off them: choose a directory that is empty or does not exist yet", path, entries[0].Name())
	}
}

// give makes the account the owner of a file that this process has made.
func (d directory) give(path string) error {
	if !d.owner.switched {
		return nil
	}
	if err := os.Chown(path, int(d.owner.uid), int(d.owner.gid)); err != nil {
		return fmt.Errorf("give %s to user %s: %w", path, d.owner.name, err)
	}
	return nil
}

// command runs a program as the directory's account, in the directory, with nothing of
// this process's environment: PGPORT and its like would change what it does.
func (d directory) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...) //nolint:noctx // it outlives the call that starts it
	cmd.Dir = d.path
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	// Its own session: Ctrl-C at the terminal is for us, who stop the server in due order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if d.owner.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: d.owner.uid, Gid: d.owner.gid}
	}
	return cmd
}

// checkReachable asks the system whether the account can enter the directory, and finds
// the parent in the way when it cannot.
func (d directory) checkReachable() error {
	err := d.command("/bin/sh", "-c", "exit 0").Run()
	if err == nil {
		return nil
	}
	for p := filepath.Dir(d.path); ; p = filepath.Dir(p) {
		probe := d
		probe.path = p
		if probe.command("/bin/sh", "-c", "exit 0").Run() == nil || p == filepath.Dir(p) {
			return fmt.Errorf("PostgreSQL would run here as user %s, who may not enter %s: choose a data directory elsewhere (such as /var/lib/guitu), or open the way with: chmod o+x %s (%w)",
				d.owner.name, d.blocked(p), d.blocked(p), err)
		}
	}
}

// blocked is the step from an open parent towards the data directory.
func (d directory) blocked(open string) string {
	rest, err := filepath.Rel(open, d.path)
	if err != nil {
		return d.path
	}
	first, _, _ := strings.Cut(rest, string(filepath.Separator))
	return filepath.Join(open, first)
}

// takeLock holds the directory for as long as this process lives. The lock goes with the
// process, however it ends, and the server does not inherit it.
func (d directory) takeLock() (*flock.Flock, error) {
	path := filepath.Join(d.path, lockName)
	lock := flock.New(path, flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, unusable(path, err)
	}
	if !taken {
		holder, _ := os.ReadFile(path)
		_ = lock.Close()
		return nil, fmt.Errorf("%w: process %s is using %s: stop that one first, or choose another data directory", ErrInUse, strings.TrimSpace(string(holder)), d.path)
	}
	if err := errors.Join(d.give(path), os.WriteFile(path, fmt.Appendln(nil, os.Getpid()), 0o600)); err != nil {
		_ = lock.Close()
		return nil, unusable(path, err)
	}
	return lock, nil
}

// ErrInUse: a living process has the data directory.
var ErrInUse = errors.New("the data directory is in use")

func (d directory) release() {
	if d.lock != nil {
		_ = d.lock.Close()
	}
}

func unusable(path string, err error) error {
	return fmt.Errorf("use %s for PostgreSQL: %w%s", path, err, advice(err.Error()))
}
