// Command with runs another command beside a private PostgreSQL:
//
//	go run ./internal/pgtest/with -- go test ./...
//
// The command finds the server's connection URL in GUITU_TEST_POSTGRES. The server and its
// data go when the command ends, and with ends with the command's exit code.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"guitu/internal/pgtest"
	"guitu/internal/postgres"
)

const startTimeout, stopTimeout = 2 * time.Minute, 30 * time.Second

func main() {
	code, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "with:", err)
	}
	os.Exit(code)
}

// run returns the command's exit code; 125 when it was not run.
func run(ctx context.Context, args []string) (code int, err error) {
	const notRun = 125
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return notRun, errors.New("no command was given: write one after two dashes, such as -- go test")
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)

	dir, err := os.MkdirTemp("", "guitu-pgtest-with-")
	if err != nil {
		return notRun, fmt.Errorf("make a directory for PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := start(ctx, dir)
	if err != nil {
		return notRun, err
	}
	defer func() {
		stopCtx, cancel := context.WithTimeout(ctx, stopTimeout)
		defer cancel()
		err = errors.Join(err, server.Stop(stopCtx))
	}()
	return runCommand(args, server.DSN("postgres"), signals)
}

func start(ctx context.Context, dir string) (*postgres.Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return postgres.Start(ctx, postgres.Options{DataDir: dir, Fast: true, Settings: map[string]string{"max_connections": "500"}})
}

// runCommand passes signals on and waits for the command, whatever it makes of them.
func runCommand(args []string, dsn string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx,gosec // it ends by the signals that are passed on; to run what the caller names is the purpose
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), pgtest.ServerVariable+"="+dsn)
	if err := cmd.Start(); err != nil {
		return 127, fmt.Errorf("run %s: %w", args[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // it may have ended
		case err := <-ended:
			return exitCode(cmd, err)
		}
	}
}

// exitCode follows the shell: 128 and the signal's number for a command that a signal ended.
func exitCode(cmd *exec.Cmd, err error) (int, error) {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 1, fmt.Errorf("wait for %s: %w", cmd.Path, err)
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}
