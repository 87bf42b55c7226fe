// Package e2e_test runs the whole program as its users do: the built binaries as processes
// of their own, spoken to over HTTP and by the command line, killed and started again.
package e2e_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// bin is the folder of the built programs, made before the first test.
var bin string

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "temporal" { // by the link that composed makes
		os.Exit(temporalCLI(os.Args[1:]))
	}
	if flag.Parse(); testing.Short() {
		fmt.Println("the tests of the built programs are left out of -short")
		os.Exit(0)
	}
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (code int, err error) {
	if bin, err = os.MkdirTemp("", "guitu-e2e-"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(bin)) }()
	if err := os.Chmod(bin, 0o755); err != nil { // other users run the programs too
		return 0, err
	}
	for program, from := range map[string]string{
		"guitu": "./cmd/guitu", "guitu-dev": "./cmd/guitu-dev",
		"temporal-server": "go.temporal.io/server/cmd/server", "temporal-sql-tool": "go.temporal.io/server/cmd/tools/sql", // tools of go.mod
	} {
		build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", filepath.Join(bin, program), from)
		build.Dir = filepath.Join("..", "..")
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("build %s: %w\n%s", program, err, out)
		}
	}
	return m.Run(), nil
}
