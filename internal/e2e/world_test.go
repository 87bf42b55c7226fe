package e2e_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const startPatience = 2 * time.Minute

// world is one data directory and the guitu-dev that may run on it.
type world struct {
	dir   string
	flags []string
	http  *http.Client
	as    *syscall.Credential // whom guitu-dev runs as; nil: as the test
	// environ is what the command line runs under, where the parts are processes of their own.
	environ []string

	mu      sync.Mutex
	process *process
	server  string        // address of the API; it changes with every start
	moved   chan struct{} // closed when server changes
	token   string        // of the city office
	dsn     string
}

// process is a running guitu-dev.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // how it ended; set before ended is closed
}

// newWorld starts guitu-dev on a new data directory. It is stopped when the test ends.
func newWorld(t *testing.T, flags ...string) *world {
	t.Helper()
	return newWorldIn(t, dataDir(t), flags...)
}

func newWorldIn(t *testing.T, dir string, flags ...string) *world {
	t.Helper()
	w := &world{
		dir: dir, moved: make(chan struct{}),
		http:  &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
		flags: append([]string{"--api-port", "0", "--temporal-port", "0", "--ui-port", "0"}, flags...),
	}
	w.endWithTest(t)
	w.start(t)
	w.staff(t, 2)
	return w
}

// staff puts w-1 to w-n into the registry, for all of the city.
func (w *world) staff(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		id := "w-" + strconv.Itoa(i+1)
		res := w.post(t, "", "/v1/workers", "", object{"id": id, "name": "社工" + id, "post": "full_time", "place": "11", "from": "2020-01-01"})
		require.Contains(t, []int{http.StatusOK, http.StatusCreated}, res.status, "%s", res)
	}
}

// endWithTest kills what runs when the test ends, and shows the log of a test that failed.
func (w *world) endWithTest(t *testing.T) {
	t.Cleanup(func() {
		if w.process != nil {
			w.kill()
			w.awaitPostgresGone(t, 30*time.Second)
		}
		if t.Failed() {
			t.Logf("the end of guitu-dev's log:\n%s", w.logEnd())
		}
	})
}

// dataDir is a new folder that the account of PostgreSQL may enter.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o711))
	return dir
}

// start runs guitu-dev and waits until it serves.
func (w *world) start(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	p, serving := w.launch(t)
	select {
	case server := <-serving:
		w.serves(t, server)
	case <-p.ended:
		require.FailNow(t, "guitu-dev ended instead of serving", "%v\n%s", p.err, w.logEnd())
	case <-time.After(startPatience):
		require.FailNow(t, "guitu-dev does not serve", "%s", w.logEnd())
	}
	return time.Since(began)
}

// launch runs guitu-dev; the channel gets the address of its API.
func (w *world) launch(t *testing.T) (*process, <-chan string) {
	t.Helper()
	log, err := os.OpenFile(w.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	defer log.Close()
	out, stdout, err := os.Pipe()
	require.NoError(t, err)
	defer stdout.Close()
	p := &process{cmd: exec.Command(filepath.Join(bin, "guitu-dev"), append([]string{"--data", w.dir}, w.flags...)...), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.SysProcAttr = stdout, log, dieWithTest()
	p.cmd.SysProcAttr.Credential = w.as
	started := make(chan error)
	go p.run(started)
	require.NoError(t, <-started)
	w.process = p
	serving := make(chan string, 1)
	go func() {
		defer out.Close()
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if address, ok := strings.CutPrefix(lines.Text(), "Guitu serves at"); ok {
				serving <- strings.TrimSpace(address)
			}
		}
	}()
	return p, serving
}

// run keeps its thread until the child has ended: Linux ties the child's life to it.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
		close(p.ended)
	}
}

// serves reads what guitu-dev wrote for its users, and tells those who wait.
func (w *world) serves(t *testing.T, server string) {
	t.Helper()
	var written struct {
		Database struct{ DSN string }
		Remote   struct{ Server, Token string }
	}
	raw, err := os.ReadFile(w.configFile())
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(raw, &written))
	require.Equal(t, server, written.Remote.Server)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.server, w.token, w.dsn = server, written.Remote.Token, written.Database.DSN
	close(w.moved)
	w.moved = make(chan struct{})
}

// at is where the API is, and a channel that is closed when it is elsewhere.
func (w *world) at() (server, token string, moved <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.server, w.token, w.moved
}

// stop ends guitu-dev as Ctrl-C does.
func (w *world) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, w.process.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-w.process.ended:
		require.NoError(t, w.process.err)
	case <-time.After(time.Minute):
		require.FailNow(t, "guitu-dev does not stop")
	}
	w.process = nil
}

// kill ends guitu-dev by SIGKILL, and nothing beside it.
func (w *world) kill() {
	_ = w.process.cmd.Process.Kill() // it may have ended by itself
	<-w.process.ended
	w.process = nil
}

// postgres is the process id of the private PostgreSQL; 0 when none is known.
func (w *world) postgres() int {
	text, err := os.ReadFile(filepath.Join(w.dir, "postgres", "cluster", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(first)
	return pid
}

// awaitPostgresGone waits until PostgreSQL has followed its owner.
func (w *world) awaitPostgresGone(t *testing.T, patience time.Duration) {
	t.Helper()
	pid := w.postgres()
	await(t, patience, "the private PostgreSQL to end with its owner", func() bool {
		return pid == 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
	})
}

func (w *world) configFile() string { return filepath.Join(w.dir, "guitu.yaml") }
func (w *world) logFile() string    { return filepath.Join(w.dir, "guitu-dev.log") }

func (w *world) logEnd() string {
	raw, err := os.ReadFile(w.logFile())
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-8<<10):])
}

// guitu runs the command line and gives what it prints and its exit code.
func (w *world) guitu(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "guitu"), args...)
	cmd.Env = append(os.Environ(), "GUITU_CONFIG="+w.configFile())
	if w.environ != nil {
		cmd.Env = append(os.Environ(), w.environ...)
	}
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// verify is "guitu verify", which has to find nothing.
func (w *world) verify(t *testing.T) string {
	t.Helper()
	out, errs, code := w.guitu(t, "verify")
	require.Zero(t, code, "guitu verify: %s%s", out, errs)
	return out
}

// tokenFor is "guitu token".
func (w *world) tokenFor(t *testing.T, id, role, place string) string {
	t.Helper()
	out, errs, code := w.guitu(t, "token", "--id", id, "--role", role, "--place", place)
	require.Zero(t, code, errs)
	return strings.TrimSpace(out)
}

// database is a connection to the product's database.
func (w *world) database(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// query gives the rows of one column or of one struct's fields by position.
func query[T any](t *testing.T, conn *pgx.Conn, scan pgx.RowToFunc[T], sql string, args ...any) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, scan)
	require.NoError(t, err)
	return out
}

// await waits for a condition, and ends the test when it does not come true in time.
func await(t *testing.T, patience time.Duration, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !done(); <-tick.C {
		require.True(t, time.Now().Before(deadline), "waited %s in vain for %s", patience, what)
	}
}
