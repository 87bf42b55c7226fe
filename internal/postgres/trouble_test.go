package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/internal/testprogram"
)

func TestADamagedClusterSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	require.NoError(t, startServer(t, dir).Stop(t.Context()))
	cluster := filepath.Join(dir, clusterName)

	wal, err := filepath.Glob(filepath.Join(cluster, "pg_wal", "0*"))
	require.NoError(t, err)
	for _, path := range wal {
		require.NoError(t, os.Remove(path))
	}
	_, err = Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.ErrorContains(t, err, "could not locate a valid checkpoint record: put back a backup")

	require.NoError(t, os.Remove(filepath.Join(cluster, "global", "pg_control")))
	_, err = Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.ErrorContains(t, err, "is damaged")
	require.ErrorContains(t, err, "put back a backup")

	require.NoError(t, os.WriteFile(filepath.Join(cluster, "global", "pg_control"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("9\n"), 0o600))
	_, err = Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.ErrorContains(t, err, "the data was made by PostgreSQL 9, and only PostgreSQL 9 can open it")
	require.ErrorContains(t, err, "install the package postgresql-9")
}

func TestAMissingPasswordSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	require.NoError(t, startServer(t, dir).Stop(t.Context()))
	require.NoError(t, os.Remove(filepath.Join(dir, passwordName)))

	_, err := Start(t.Context(), Options{DataDir: dir, Fast: true})
	require.ErrorContains(t, err, "password of the database")
	require.ErrorContains(t, err, "put back the file")
}

func TestAWrongSettingSaysWhatToDo(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{DataDir: newDir(t), Fast: true, Settings: map[string]string{"no_such_thing": "1"}})
	require.ErrorContains(t, err, `unrecognized configuration parameter "no_such_thing": correct the setting`)
}

func TestForeignDirectoriesAreLeftAlone(t *testing.T) {
	t.Parallel()
	foreign := newDir(t)
	require.NoError(t, os.WriteFile(filepath.Join(foreign, "thesis.txt"), nil, 0o600))
	_, err := Start(t.Context(), Options{DataDir: foreign})
	require.ErrorContains(t, err, "holds other files (thesis.txt, …)")

	require.NoError(t, os.WriteFile(filepath.Join(foreign, "PG_VERSION"), nil, 0o600))
	_, err = Start(t.Context(), Options{DataDir: foreign})
	require.ErrorContains(t, err, "data directory of another PostgreSQL")

	_, err = Start(t.Context(), Options{DataDir: filepath.Join(foreign, "thesis.txt", "data")})
	require.ErrorContains(t, err, "choose another data directory")

	_, err = Start(t.Context(), Options{})
	require.ErrorContains(t, err, "no data directory was given")
}

func TestAClosedParentIsNamed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another user")
	}
	parent := t.TempDir() // its parent is for root alone
	_, err := Start(t.Context(), Options{DataDir: filepath.Join(parent, "data")})
	require.ErrorContains(t, err, "user postgres, who may not enter "+filepath.Dir(parent)+":")
	require.ErrorContains(t, err, "chmod o+x "+filepath.Dir(parent))
}

func TestFindProgramsTakesAWorkingCompleteInstallation(t *testing.T) {
	t.Parallel()
	install := func(initdb, postgres string) string {
		dir := t.TempDir()
		for name, version := range map[string]string{"initdb": initdb, "postgres": postgres, "pg_ctl": postgres} {
			script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version)
			if version == "broken" {
				script = "#!/bin/sh\nexit 3\n"
			}
			testprogram.Write(t, filepath.Join(dir, name), script)
		}
		return dir
	}
	missing := t.TempDir()
	old, fifteen, sixteen := install("14.9", "14.9"), install("15.3", "15.3"), install("16.1 (Debian)", "16.1 (Debian)")
	mixed, wrapper := install("18.0", "17.0"), install("17.0", "broken")
	all := []string{missing, old, mixed, wrapper, fifteen, sixteen, fifteen}

	p, err := findPrograms(t.Context(), all, 0)
	require.NoError(t, err)
	require.Equal(t, programs{initdb: filepath.Join(sixteen, "initdb"), postgres: filepath.Join(sixteen, "postgres"), major: 16}, p)

	p, err = findPrograms(t.Context(), all, 15)
	require.NoError(t, err)
	require.Equal(t, 15, p.major)

	_, err = findPrograms(t.Context(), all, 17)
	require.ErrorContains(t, err, "install the package postgresql-17")

	_, err = findPrograms(t.Context(), []string{missing, old, wrapper}, 0)
	require.ErrorContains(t, err, "Guitu needs PostgreSQL 15 or newer")
	require.ErrorContains(t, err, "holds version 14")
	require.ErrorContains(t, err, "does not run")
	require.ErrorContains(t, err, "make setup")
}
