package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/internal/testprogram"
)

func TestARestartKeepsTheDataAndStaysPrivate(t *testing.T) {
	t.Parallel()
	dir := newDir(t)

	s := startServer(t, dir)
	exec1(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, s.Stop(t.Context()), "stopping twice does nothing")
	require.NoError(t, s.Err(), "a stop on purpose is no error")

	s = startServer(t, dir)
	require.Equal(t, 7, queryInt(t, s, "SELECT n FROM kept"))
	require.Equal(t, 0, queryInt(t, s, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"))
	_, err := pgx.Connect(t.Context(), dsn(s.Port(), "wrong", "postgres"))
	require.ErrorContains(t, err, "password authentication failed")
	info, err := os.Stat(filepath.Join(dir, passwordName))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestTheChosenSettingsAndPortAreUsed(t *testing.T) {
	t.Parallel()
	port, err := choosePort(0)
	require.NoError(t, err)

	s, err := Start(t.Context(), Options{DataDir: newDir(t), Port: port, Fast: true, Settings: map[string]string{"max_connections": "17"}})
	require.NoError(t, err)
	stopAtEnd(t, s)

	require.Equal(t, port, s.Port())
	require.Equal(t, 17, queryInt(t, s, "SELECT current_setting('max_connections')::int"))
}

func TestABusyPortIsNamed(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", host+":0")
	require.NoError(t, err)
	defer taken.Close()

	port := taken.Addr().(*net.TCPAddr).Port
	_, err = Start(t.Context(), Options{DataDir: newDir(t), Port: port, Fast: true})
	require.ErrorContains(t, err, fmt.Sprintf("port %d on 127.0.0.1 is not free", port))
	require.ErrorContains(t, err, "choose another (0 takes a free one)")
}

func TestTheServerDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	owner := startOwner(t, dir, 0)
	before := owner.pid(t)

	require.NoError(t, owner.cmd.Process.Signal(syscall.SIGKILL))
	_ = owner.cmd.Wait()
	require.Eventually(t, func() bool { return !runsIn(before, filepath.Join(dir, clusterName)) }, 20*time.Second, 20*time.Millisecond,
		"the system did not stop the server of a killed owner")

	s := startServer(t, dir)
	require.Equal(t, 1, queryInt(t, s, "SELECT n FROM owned"))
}

func TestAServerLeftRunningIsStoppedFirst(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := startServer(t, dir)
	exec1(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	require.NoError(t, s.Stop(t.Context()))
	left := runWithoutOwner(t, dir)

	s = startServer(t, dir)
	require.Equal(t, 7, queryInt(t, s, "SELECT n FROM kept"))
	require.NotEqual(t, left, s.process.pid())
	require.False(t, runsIn(left, s.dir.cluster()))
}

func TestAKilledPostmasterIsReportedAndRecovered(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := startServer(t, dir)
	exec1(t, s, "SET synchronous_commit = on; CREATE TABLE kept AS SELECT 7 AS n")
	conn, err := pgx.Connect(t.Context(), s.DSN("postgres"))
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // test

	require.NoError(t, s.process.cmd.Process.Signal(syscall.SIGKILL))
	<-s.Done()
	require.ErrorContains(t, s.Err(), "PostgreSQL stopped by itself")
	require.NoError(t, s.Stop(t.Context()))

	s = startServer(t, dir)
	require.Equal(t, 7, queryInt(t, s, "SELECT n FROM kept"))
}

func TestAPidFileOfAnotherProgramIsNoObstacle(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"another program": strconv.Itoa(os.Getpid()), "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newDir(t)
			require.NoError(t, startServer(t, dir).Stop(t.Context()))
			require.NoError(t, os.WriteFile(filepath.Join(dir, clusterName, "postmaster.pid"), []byte(content), 0o600))
			startServer(t, dir)
		})
	}
}

func TestADirectoryServesOneProcessAtATime(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	startServer(t, dir)

	_, err := Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.ErrorIs(t, err, ErrInUse)
	require.ErrorContains(t, err, fmt.Sprintf("process %d is using %s", os.Getpid(), dir))
	require.ErrorIs(t, Remove(t.Context(), dir), ErrInUse)
}

func TestAnInterruptedInitdbIsBegunAgain(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for begun := []string(nil); len(begun) == 0 && ctx.Err() == nil; {
			begun, _ = filepath.Glob(filepath.Join(dir, "unfinished-*", "base"))
		}
	}()

	_, err := Start(ctx, Options{DataDir: dir, Fast: true})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "unfinished-1", "base"), 0o700))

	startServer(t, dir)
	left, err := filepath.Glob(filepath.Join(dir, "unfinished-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestRootRunsTheServerAsTheOwnerOfTheDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can be another user")
	}
	const nobody = 65534
	dir := newDir(t)
	require.NoError(t, os.Chown(dir, nobody, nobody))

	owner := startOwner(t, dir, nobody) // an ordinary user
	require.NoError(t, owner.stdin.Close())
	require.NoError(t, owner.cmd.Wait())

	s := startServer(t, dir) // then root
	require.Equal(t, 1, queryInt(t, s, "SELECT n FROM owned"))
	info, err := os.Stat(fmt.Sprintf("/proc/%d", s.process.pid()))
	require.NoError(t, err)
	require.EqualValues(t, nobody, info.Sys().(*syscall.Stat_t).Uid)
}

func TestRemoveDeletesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	foreign := t.TempDir()
	require.ErrorContains(t, Remove(t.Context(), foreign), "was left alone")
	require.DirExists(t, foreign)

	dir := newDir(t)
	require.NoError(t, startServer(t, dir).Stop(t.Context()))
	left := runWithoutOwner(t, dir)
	require.NoError(t, Remove(t.Context(), dir))
	require.NoDirExists(t, dir)
	require.Eventually(t, func() bool { return errors.Is(syscall.Kill(left, 0), syscall.ESRCH) }, 5*time.Second, 10*time.Millisecond)
}

// newDir is a directory that the account of the server can reach, unlike t.TempDir.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "guitu-postgres-") //nolint:usetesting // t.TempDir is for this user alone
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func startServer(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.NoError(t, err)
	stopAtEnd(t, s)
	return s
}

func stopAtEnd(t *testing.T, s *Server) {
	t.Cleanup(func() { require.NoError(t, s.Stop(context.WithoutCancel(t.Context()))) })
}

func exec1(t *testing.T, s *Server, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN("postgres"))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, errors.Join(err, conn.Close(t.Context())))
}

func queryInt(t *testing.T, s *Server, sql string) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN("postgres"))
	require.NoError(t, err)
	var n int
	err = conn.QueryRow(t.Context(), sql).Scan(&n)
	require.NoError(t, errors.Join(err, conn.Close(t.Context())))
	return n
}

// runWithoutOwner starts the server of a directory as if its owner had been killed on a
// system that does not end children with their parents.
func runWithoutOwner(t *testing.T, dir string) int {
	t.Helper()
	d, err := takeDirectory(dir)
	require.NoError(t, err)
	defer d.release()
	p, err := findPrograms(t.Context(), programDirs(), 0)
	require.NoError(t, err)
	port, err := choosePort(0) // a server that listens nowhere ends at once
	require.NoError(t, err)
	cmd := d.command(p.postgres, "-D", d.cluster(), "-c", "listen_addresses="+host, "-c", fmt.Sprintf("port=%d", port), "-c", "unix_socket_directories=")
	require.NoError(t, cmd.Start())
	go func() { _ = cmd.Wait() }()
	require.Eventually(t, func() bool {
		pm, err := d.readPostmaster()
		return err == nil && pm.ready && pm.pid == cmd.Process.Pid && runsIn(pm.pid, d.cluster())
	}, 10*time.Second, 10*time.Millisecond)
	return cmd.Process.Pid
}

const ownerDirEnv = "GUITU_TEST_OWNER_DIR"

// TestOwnerProcess is no test: startOwner runs it in a process of its own.
func TestOwnerProcess(t *testing.T) {
	dir := os.Getenv(ownerDirEnv)
	if dir == "" {
		t.Skip("only for startOwner")
	}
	s, err := Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.NoError(t, err)
	exec1(t, s, "CREATE TABLE owned AS SELECT 1 AS n")
	fmt.Println("ready", s.process.pid())
	_, _ = os.Stdin.Read(make([]byte, 1))
	require.NoError(t, s.Stop(t.Context()))
}

// owner is another process that owns a server until its input is closed.
type owner struct {
	cmd   *exec.Cmd
	stdin interface{ Close() error }
	ready chan int
}

func startOwner(t *testing.T, dir string, uid uint32) *owner {
	t.Helper()
	program, home := readableCopy(t)
	cmd := exec.Command(program, "-test.run=^TestOwnerProcess$")
	cmd.Dir = home
	cmd.Env = append(os.Environ(), ownerDirEnv+"="+dir)
	cmd.Stderr = os.Stderr
	if uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	o := &owner{cmd: cmd, stdin: stdin, ready: make(chan int, 1)}
	var pid int
	_, err = fmt.Fscanf(stdout, "ready %d\n", &pid)
	require.NoError(t, err, "the owner did not start its server")
	o.ready <- pid
	return o
}

func (o *owner) pid(t *testing.T) int {
	t.Helper()
	return <-o.ready
}

// readableCopy puts this test program where any user can run it.
func readableCopy(t *testing.T) (program, dir string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	content, err := os.ReadFile(self)
	require.NoError(t, err)
	dir = newDir(t)
	require.NoError(t, os.Chmod(dir, 0o755))
	program = filepath.Join(dir, "owner")
	testprogram.Write(t, program, string(content))
	return program, dir
}
