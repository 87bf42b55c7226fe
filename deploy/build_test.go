package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/internal/testprogram"
)

// building runs scripts/build with a compiler that lists n packages to build and then does as
// the shell text says.
func building(t *testing.T, n, does string, environ ...string) (string, error) {
	t.Helper()
	stub := filepath.Join(t.TempDir(), "go")
	testprogram.Write(t, stub, "#!/bin/sh\ncase $1 in list) seq "+n+" | sed 's|^|some/package|' ;; build) "+does+" ;; esac\n")
	cmd := exec.CommandContext(t.Context(), "../scripts/build", "./cmd/guitu-dev", filepath.Join(t.TempDir(), "out"))
	cmd.Env = append(os.Environ(), append([]string{"GO=" + stub, "LC_ALL=", "LANG="}, environ...)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestTheFirstBuildSaysHowLongItTakesAndHowFarItIs(t *testing.T) {
	t.Parallel()
	out, err := building(t, "250", `seq 250 | sed 's|^|some/package|' >&2`)
	require.NoError(t, err)
	require.Equal(t, "compiling 250 packages: the first time some ten minutes on two cores, then seconds\n  100 / 250\n  200 / 250\n  250 / 250\n", out)
	out, err = building(t, "250", "true", "LANG=zh_CN.UTF-8")
	require.NoError(t, err)
	require.Contains(t, out, "正在编译250个包")
	out, err = building(t, "3", `seq 3 | sed 's|^|some/package|' >&2`)
	require.NoError(t, err)
	require.NotContains(t, out, "minutes", "what is nearly built is built in seconds")
}

func TestABuildThatFailsSaysWhyAndFails(t *testing.T) {
	t.Parallel()
	out, err := building(t, "2", `printf 'some/package1\n# some/package2\nx.go:1:2: undefined: y\n' >&2; exit 3`)
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 3, exit.ExitCode())
	require.Contains(t, out, "# some/package2\nx.go:1:2: undefined: y\n")
}
