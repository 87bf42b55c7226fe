package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestMajor is the first PostgreSQL that Guitu's schema is tested with.
const oldestMajor = 15

// programs is one installation of PostgreSQL.
type programs struct {
	initdb, postgres string
	major            int
}

// programDirs lists where PostgreSQL may be installed: what is on PATH first, links
// resolved, then where Debian, Red Hat, Homebrew and a build from source put it.
func programDirs() []string {
	var dirs []string
	for _, name := range []string{"initdb", "postgres", "pg_ctl"} {
		found, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if target, err := filepath.EvalSymlinks(found); err == nil {
			dirs = append(dirs, filepath.Dir(target))
		}
		dirs = append(dirs, filepath.Dir(found))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin", "/usr/local/pgsql/bin",
	} {
		matches, err := filepath.Glob(pattern)
		if err == nil {
			dirs = append(dirs, matches...)
		}
	}
	return dirs
}

// findPrograms takes the installation of the wanted major version, which must match
// data that exists; want 0 takes the newest. Among equals the earlier directory wins.
func findPrograms(ctx context.Context, dirs []string, want int) (programs, error) {
	var best programs
	var seen, notes []string
	for _, dir := range dirs {
		if slices.Contains(seen, dir) {
			continue
		}
		seen = append(seen, dir)
		p, err := examine(ctx, dir)
		switch {
		case ctx.Err() != nil:
			return programs{}, fmt.Errorf("look for PostgreSQL's programs: %w", ctx.Err())
		case errors.Is(err, os.ErrNotExist):
			continue
		case err != nil:
			notes = append(notes, err.Error())
		case p.major < oldestMajor:
			notes = append(notes, fmt.Sprintf("%s holds version %d", dir, p.major))
		case want != 0 && p.major != want:
			notes = append(notes, fmt.Sprintf("%s holds version %d", dir, p.major))
		case p.major > best.major:
			best = p
		}
	}
	if best.major != 0 {
		return best, nil
	}
	found := "none was found"
	if len(notes) > 0 {
		found = strings.Join(notes, "; ")
	}
	if want != 0 {
		return programs{}, fmt.Errorf("the data was made by PostgreSQL %[1]d, and only PostgreSQL %[1]d can open it (%[2]s): install the package postgresql-%[1]d, or choose another data directory to start empty", want, found)
	}
	return programs{}, fmt.Errorf("Guitu needs PostgreSQL %d or newer (%s): install the package postgresql, for example with make setup", oldestMajor, found)
}

// examine runs the programs of a directory to see that they work and belong together.
func examine(ctx context.Context, dir string) (programs, error) {
	p := programs{initdb: filepath.Join(dir, "initdb"), postgres: filepath.Join(dir, "postgres")}
	for _, program := range []string{p.initdb, p.postgres, filepath.Join(dir, "pg_ctl")} {
		if _, err := os.Stat(program); err != nil {
			return programs{}, err
		}
	}
	major, err := versionOf(ctx, p.postgres)
	if err != nil {
		return programs{}, err
	}
	other, err := versionOf(ctx, p.initdb)
	if err != nil {
		return programs{}, err
	}
	if major != other {
		return programs{}, fmt.Errorf("%s mixes versions %d and %d", dir, major, other)
	}
	p.major = major
	return p, nil
}

func versionOf(ctx context.Context, program string) (int, error) {
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("%s does not run: %w", program, err)
	}
	match := regexp.MustCompile(`\(PostgreSQL\) (\d+)`).FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("%s does not say its version", program)
	}
	return strconv.Atoi(string(match[1]))
}
