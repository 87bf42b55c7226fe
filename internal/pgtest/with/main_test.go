package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestTheCommandHasAServerAndItsExitCodeIsKept(t *testing.T) {
	note := filepath.Join(t.TempDir(), "note")

	code, err := run(t.Context(), []string{"--", "sh", "-c", `echo "$GUITU_TEST_POSTGRES" > "$0"; exit 7`, note})
	require.NoError(t, err)
	require.Equal(t, 7, code)

	dsn, err := os.ReadFile(note)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(dsn), "postgres://postgres:"))
	_, err = pgx.Connect(t.Context(), strings.TrimSpace(string(dsn)))
	require.ErrorContains(t, err, "connect", "the server is gone with the command")
}

func TestSignalsReachTheCommand(t *testing.T) {
	signals := make(chan os.Signal, 1)
	note := filepath.Join(t.TempDir(), "note")
	go func() {
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if _, err := os.Stat(note); err == nil {
				break
			}
		}
		signals <- syscall.SIGTERM
	}()

	code, err := runCommand([]string{"sh", "-c", `trap "exit 9" TERM; touch "$0"; while :; do sleep 0.05; done`, note}, "", signals)
	require.NoError(t, err)
	require.Equal(t, 9, code)

	signals <- syscall.SIGTERM
	code, err = runCommand([]string{"sleep", "20"}, "", signals)
	require.NoError(t, err)
	require.Equal(t, 128+int(syscall.SIGTERM), code)
}

func TestACommandThatCannotRunIsNamed(t *testing.T) {
	_, err := run(t.Context(), []string{"--"})
	require.ErrorContains(t, err, "no command was given")

	code, err := runCommand([]string{"/no/such/program"}, "", nil)
	require.ErrorContains(t, err, "/no/such/program")
	require.Equal(t, 127, code)
}
