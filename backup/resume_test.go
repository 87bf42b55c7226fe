package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/backup"
)

// filled has a table of some megabytes beside the others, whose rows stand in their order.
func (s *system) filled() {
	s.t.Helper()
	s.life("ORDER-1")
	s.exec(`CREATE TABLE bulky (id bigint PRIMARY KEY, v text NOT NULL)`,
		`INSERT INTO bulky SELECT n, md5(n::text) || md5((n + 1)::text) || md5((n + 2)::text) FROM generate_series(1, 80000) n`)
}

func (s *system) exec(statements ...string) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.dsn)
	require.NoError(s.t, err)
	defer conn.Close(s.t.Context()) //nolint:errcheck // of a test
	for _, sql := range statements {
		_, err := conn.Exec(s.t.Context(), sql)
		require.NoError(s.t, err)
	}
}

// stopped runs a backup until pieces of the table are there, and stops it.
func (s *system) stopped() map[string]time.Time {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	defer stop()
	go func() {
		for ctx.Err() == nil && len(s.pieces(".unfinished")) < 3 {
			time.Sleep(time.Millisecond)
		}
		stop()
	}()
	_, err := s.write(ctx, at, 0)
	require.Error(s.t, err)
	_, err = backup.Latest(s.dataDir)
	require.ErrorContains(s.t, err, "no backup")
	there := s.pieces(".unfinished")
	require.GreaterOrEqual(s.t, len(there), 3)
	require.NoDirExists(s.t, filepath.Join(s.keysDir, ".unfinished"), "no keys are left behind")
	return there
}

// pieces are those of the big table in the folder, with the time at which each was written.
func (s *system) pieces(folder string) map[string]time.Time {
	out := map[string]time.Time{}
	list, _ := filepath.Glob(filepath.Join(s.dataDir, folder, "bulky-*.age"))
	for _, p := range list {
		if info, err := os.Stat(p); err == nil {
			out[filepath.Base(p)] = info.ModTime()
		}
	}
	return out
}

func TestARunThatWasStoppedIsGoneOnWith(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.filled()
	before := s.stopped()
	// Meanwhile a row of a piece that was written goes, and rows come.
	s.exec(`DELETE FROM bulky WHERE id = 1000`, `INSERT INTO bulky SELECT n, md5(n::text) FROM generate_series(90001, 90010) n`)
	later := at.Add(time.Hour)
	made, err := s.run(t.Context(), later, 0)
	require.NoError(t, err)
	require.GreaterOrEqual(t, made.Kept, 2)
	after := s.pieces(made.Name)
	kept := 0
	for file, when := range after {
		if written, ok := before[file]; ok {
			require.Equal(t, written, when, "what was there is not written again")
			kept++
		}
	}
	require.GreaterOrEqual(t, kept, 2)
	entries, err := os.ReadDir(filepath.Join(s.dataDir, made.Name))
	require.NoError(t, err)
	manifest, err := os.ReadFile(filepath.Join(s.dataDir, made.Name, "manifest.json"))
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".age") && e.Name() != "key.age" {
			require.Contains(t, string(manifest), e.Name(), "what changed since is not left lying about")
		}
	}
	require.NoDirExists(t, filepath.Join(s.dataDir, ".unfinished"))

	again, err := s.run(t.Context(), later.Add(time.Hour), 0)
	require.NoError(t, err)
	require.Zero(t, again.Kept, "backups that are whole share nothing")

	dsn, err := s.restoreWith(made.Name, `CREATE TABLE bulky (id bigint PRIMARY KEY, v text NOT NULL)`)
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer conn.Close(t.Context()) //nolint:errcheck // of a test
	var n, gone int
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE id = 1000) FROM bulky`).Scan(&n, &gone))
	require.Equal(t, []int{80009, 0}, []int{n, gone}, "it is of the moment of the run that ended")
}

func TestWhatAStoppedRunLeftIsUsedForTheSamePeopleAndUnharmedAlone(t *testing.T) {
	t.Parallel()
	stranger, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	for what, spoil := range map[string]func(s *system, left string){
		"for other people": func(s *system, _ string) { s.data = stranger },
		"with the key of a stranger": func(s *system, left string) {
			raw, err := os.ReadFile(filepath.Join(left, "key.pub"))
			require.NoError(t, err)
			_, rest, _ := strings.Cut(string(raw), "\n")
			require.NoError(t, os.WriteFile(filepath.Join(left, "key.pub"), []byte(stranger.Recipient().String()+"\n"+rest), 0o600))
		},
		"with pieces that are harmed": func(s *system, left string) {
			list, err := filepath.Glob(filepath.Join(left, "*-*.age"))
			require.NoError(t, err)
			for _, p := range list {
				raw, err := os.ReadFile(p)
				require.NoError(t, err)
				raw[len(raw)-1] ^= 1
				require.NoError(t, os.WriteFile(p, raw, 0o600))
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			s.filled()
			s.stopped()
			spoil(s, filepath.Join(s.dataDir, ".unfinished"))
			made, err := s.run(t.Context(), at, 0)
			require.NoError(t, err)
			require.Zero(t, made.Kept)
			_, err = s.restoreWith(made.Name, `CREATE TABLE bulky (id bigint PRIMARY KEY, v text NOT NULL)`)
			require.NoError(t, err)
		})
	}
}

func TestAPassphraseGoesOnWithItsOwnRunAlone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.filled()
	with := func(words, dir string) backup.Target {
		r, err := age.NewScryptRecipient(words)
		require.NoError(t, err)
		r.SetWorkFactor(10)
		id, err := age.NewScryptIdentity(words)
		require.NoError(t, err)
		return backup.Target{Dir: dir, Recipients: []age.Recipient{r}, Identities: []age.Identity{id}}
	}
	run := func(ctx context.Context, words string) (backup.Report, error) {
		return backup.Write(ctx, s.dsn, with(words, s.dataDir), with(words, s.keysDir), at, 0)
	}
	stop := func(words string) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() {
			for ctx.Err() == nil && len(s.pieces(".unfinished")) < 3 {
				time.Sleep(time.Millisecond)
			}
			stop()
		}()
		_, err := run(ctx, words)
		require.Error(t, err)
	}
	stop("one two three four")
	made, err := run(t.Context(), "one two three four")
	require.NoError(t, err)
	require.GreaterOrEqual(t, made.Kept, 2)
	for _, dir := range []string{s.dataDir, s.keysDir} {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, made.Name)))
	}
	stop("one two three four")
	made, err = run(t.Context(), "five six seven eight")
	require.NoError(t, err)
	require.Zero(t, made.Kept)
}

func TestOneBackupIsUnderWayAtATime(t *testing.T) {
	t.Parallel()
	s := setup(t)
	conn, err := pgx.Connect(t.Context(), s.dsn)
	require.NoError(t, err)
	defer conn.Close(t.Context()) //nolint:errcheck // of a test
	_, err = conn.Exec(t.Context(), `SELECT pg_advisory_lock(7261)`)
	require.NoError(t, err)
	_, err = s.write(t.Context(), at, 0)
	require.ErrorContains(t, err, "under way")
}

func TestAPieceIsKnownByWhatStandsInIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.filled()
	name := s.written()
	known := func(file string) string { return file[:strings.LastIndexByte(file, '-')] } // without how it stands on the disk
	var names []string
	for file := range s.pieces(name) {
		names = append(names, known(file))
	}
	other := setup(t)
	other.filled()
	for file := range other.pieces(other.written()) {
		require.False(t, slices.Contains(names, known(file)), "the same rows of another installation have other names: nobody guesses at them")
	}
}
