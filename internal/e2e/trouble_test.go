package e2e_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestGuituDevSaysWhatToDoAboutWhatStopsIt looks at the one sentence for the person at the
// terminal.
func TestGuituDevSaysWhatToDoAboutWhatStopsIt(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	busy := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port) //nolint:forcetypeassert // of tcp
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"--data", dir, "--api-port", busy}, []string{"port " + busy, "choose another with --api-port"}},
		{[]string{"--data", dir, "--api-port", "0", "--temporal-port", busy, "--ui-port", "0"}, []string{busy, "--temporal-port"}},
		{[]string{"--data", dir, "--api-port", "0", "--temporal-port", "0", "--ui-port", busy}, []string{busy, "--ui-port"}},
		{[]string{"--data", file, "--api-port", "0"}, []string{file, "choose another data directory"}},
		{[]string{"--data", dir, "--from", "yesterday"}, []string{"--from"}},
		{[]string{"--data", dir, "--speed", "-1"}, []string{"--speed", "between 1 and 1000000"}},
		{[]string{"--data", dir, "--api-port", "99999"}, []string{"--api-port", "99999 is no port"}},
		{[]string{"--data", dir, "--speed", "NaN"}, []string{"--speed", "between 1 and 1000000"}},
		{[]string{"--data", dir, "now"}, []string{`"now" is not a flag`}},
	} {
		says(t, exec.Command(filepath.Join(bin, "guitu-dev"), c.args...), c.says...)
	}
	require.NoError(t, exec.Command(filepath.Join(bin, "guitu-dev"), "--help").Run(), "who asks for help has done nothing wrong")
}

func TestGuituDevSaysThatPostgreSQLIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("unshare"); err != nil || os.Geteuid() != 0 {
		t.Skip("only root can hide the programs of PostgreSQL from a process")
	}
	hide := "mount -t tmpfs none /usr/lib/postgresql && "
	if err := exec.CommandContext(t.Context(), "unshare", "-m", "sh", "-c", hide+"true").Run(); err != nil {
		t.Skipf("this machine lets nobody hide a directory: %v", err)
	}
	cmd := exec.Command("unshare", "-m", "sh", "-c", hide+`exec "$0" --data "$1" --api-port 0 --temporal-port 0 --ui-port 0`, filepath.Join(bin, "guitu-dev"), dataDir(t))
	cmd.Env = []string{"PATH=/sbin:/bin:/usr/sbin:/usr/bin"}
	says(t, cmd, "Guitu needs PostgreSQL 15 or newer", "install the package postgresql", "make setup")
}

func TestGuituDevSaysWhatIsWrongWithItsData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	again := func() *exec.Cmd {
		return exec.Command(filepath.Join(bin, "guitu-dev"), append([]string{"--data", w.dir}, w.flags...)...)
	}
	says(t, again(), "is using", "stop that one first, or choose another data directory")
	w.stop(t)

	secrets := filepath.Join(w.dir, "secrets.json")
	kept, err := os.ReadFile(secrets)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(secrets, []byte("{"), 0o600))
	says(t, again(), "secrets.json cannot be read", "without these secrets the data cannot be read either")
	require.NoError(t, os.WriteFile(secrets, kept, 0o600))

	require.NoError(t, os.Rename(filepath.Join(w.dir, "postgres", "password"), filepath.Join(w.dir, "elsewhere")))
	says(t, again(), "password of the database", "put back the file")
	require.NoError(t, os.Rename(filepath.Join(w.dir, "elsewhere"), filepath.Join(w.dir, "postgres", "password")))

	control := filepath.Join(w.dir, "postgres", "cluster", "global", "pg_control")
	require.NoError(t, os.Rename(control, filepath.Join(w.dir, "elsewhere")))
	says(t, again(), "is damaged", "put back a backup, or move the directory away to start empty")
	require.NoError(t, os.Rename(filepath.Join(w.dir, "elsewhere"), control))

	w.start(t) // nothing of all that has changed the data
	w.verify(t)
}

// TestGuituDevRunsAsAnOrdinaryUser: all other tests run as whoever runs them, which may be
// root.
func TestGuituDevRunsAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("all tests do")
	}
	const nobody = 65534
	dir := dataDir(t)
	require.NoError(t, os.Chown(dir, nobody, nobody))
	w := &world{
		dir: dir, moved: make(chan struct{}), http: &http.Client{Timeout: 30 * time.Second}, flags: []string{"--api-port", "0", "--temporal-port", "0", "--ui-port", "0"},
		as: &syscall.Credential{Uid: nobody, Gid: nobody},
	}
	w.endWithTest(t)
	w.start(t)
	w.staff(t, 1)
	w.open(t, newOrder(1, today().AddDays(-3), "w-1"))
	w.verify(t)
	w.stop(t)
	info, err := os.Stat(filepath.Join(dir, "postgres", "cluster"))
	require.NoError(t, err)
	require.EqualValues(t, nobody, info.Sys().(*syscall.Stat_t).Uid) //nolint:forcetypeassert // of this system
}

// says runs a program that has to end with 1 and, as its last line, what is wrong and what
// to do.
func says(t *testing.T, cmd *exec.Cmd, words ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var errs strings.Builder
	cmd.Stderr, cmd.SysProcAttr = &errs, dieWithTest()
	require.NoError(t, cmd.Start())
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	_ = cmd.Wait() // its code says it
	require.Equal(t, 1, cmd.ProcessState.ExitCode(), "%v: %s", cmd.Args, errs.String())
	lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
	for _, w := range words {
		require.Contains(t, lines[len(lines)-1], w, "%v: %s", cmd.Args, errs.String())
	}
}
