package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/backup"
	"guitu/board"
	"guitu/internal/pgtest"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/store"
)

var head = rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}

var at = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// system is a database with its keys, and two people who open its backups.
type system struct {
	t            *testing.T
	dsn          string
	store        *store.Store
	keys         *store.Keys
	data, secret *age.X25519Identity
	dataDir      string
	keysDir      string
}

func setup(t *testing.T) *system {
	t.Helper()
	master, index, err := store.GenerateKeys()
	require.NoError(t, err)
	s := &system{t: t, dsn: pgtest.New(t, "store", store.Migrate), dataDir: t.TempDir(), keysDir: t.TempDir()}
	s.keys, err = store.NewKeys(master, index)
	require.NoError(t, err)
	s.data, err = age.GenerateX25519Identity()
	require.NoError(t, err)
	s.secret, err = age.GenerateX25519Identity()
	require.NoError(t, err)
	s.store = s.open(s.dsn)
	return s
}

func (s *system) open(dsn string) *store.Store {
	s.t.Helper()
	out, err := store.Open(s.t.Context(), store.Options{DSN: dsn, MaxConns: 4, Keys: s.keys})
	require.NoError(s.t, err)
	s.t.Cleanup(out.Close)
	return out
}

// life opens a case with an identity, a note and an entry in the read log.
func (s *system) life(order string) string {
	s.t.Helper()
	ctx := s.t.Context()
	id := s.store.CaseIDFor(order)
	require.NoError(s.t, s.store.SaveIdentity(ctx, id, board.Identity{OrderNo: order, Name: "MARKNAME", Sex: "male", IDNumber: "MARKID" + order}))
	require.NoError(s.t, s.store.SaveTexts(ctx, id, "open", map[string]string{"note": "MARKNOTE"}))
	rules, err := policy.Load()
	require.NoError(s.t, err)
	ref := rehab.PolicyRef{ID: "national", Version: "2026.1"}
	c := &rehab.Case{ID: id}
	cmd := rehab.Command{ID: "open", Actor: head, OccurredAt: at, Digest: "d", Body: rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.DateOf(at), ServedOn: rehab.DateOf(at), Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: rehab.Medium, Policy: ref,
	}}
	events, err := c.Decide(cmd, rehab.Env{Now: at, Policy: rules.Policy(ref), Calendar: rules.Calendar()})
	require.NoError(s.t, err)
	_, err = s.store.Record(ctx, rehab.NewRecord(c, cmd, events))
	require.NoError(s.t, err)
	a := s.store.NewAudit(ctx, slog.New(slog.DiscardHandler))
	require.NoError(s.t, a.Note(board.Read{At: at, Actor: head, Operation: "get-case", Subject: id, Reason: "MARKREASON"}))
	a.Close()
	return id
}

func (s *system) write(ctx context.Context, now time.Time, keep int) (string, error) {
	made, err := s.run(ctx, now, keep)
	return made.Name, err
}

func (s *system) run(ctx context.Context, now time.Time, keep int) (backup.Report, error) {
	return backup.Write(ctx, s.dsn, backup.Target{Dir: s.dataDir, Recipients: []age.Recipient{s.data.Recipient()}},
		backup.Target{Dir: s.keysDir, Recipients: []age.Recipient{s.secret.Recipient()}}, now, keep)
}

func (s *system) written() string {
	s.t.Helper()
	name, err := s.write(s.t.Context(), at, 0)
	require.NoError(s.t, err)
	return name
}

func (s *system) restore(name string, keys *backup.Source) (string, error) {
	s.t.Helper()
	return s.into(pgtest.New(s.t, "store", store.Migrate), name, keys)
}

// restoreWith reads it into a database with one more table.
func (s *system) restoreWith(name, table string) (string, error) {
	s.t.Helper()
	dsn := pgtest.New(s.t, "store", store.Migrate)
	conn, err := pgx.Connect(s.t.Context(), dsn)
	require.NoError(s.t, err)
	defer conn.Close(s.t.Context()) //nolint:errcheck // of a test
	_, err = conn.Exec(s.t.Context(), table)
	require.NoError(s.t, err)
	return s.into(dsn, name, s.withKeys())
}

func (s *system) into(dsn, name string, keys *backup.Source) (string, error) {
	s.t.Helper()
	err := backup.Restore(s.t.Context(), dsn, name, backup.Source{Dir: s.dataDir, Identities: []age.Identity{s.data}}, keys)
	return dsn, err
}

func (s *system) withKeys() *backup.Source {
	return &backup.Source{Dir: s.keysDir, Identities: []age.Identity{s.secret}}
}

func TestABackupIsReadIntoAnEmptyDatabaseAndVerifies(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	ids := []string{s.life("ORDER-1"), s.life("ORDER-2")}
	name := s.written()
	s.life("ORDER-3") // afterwards
	dsn, err := s.restore(name, s.withKeys())
	require.NoError(t, err)
	require.NoError(t, store.Migrate(ctx, dsn))
	restored := s.open(dsn)
	broken, err := restored.Whole(ctx)
	require.NoError(t, err)
	require.Empty(t, broken, "heads, exports and read log are what was signed")
	all, err := restored.CaseIDs(ctx, "", 10)
	require.NoError(t, err)
	require.ElementsMatch(t, ids, all)
	for _, id := range ids {
		require.NoError(t, restored.VerifyChain(ctx, id))
		diffs, err := restored.CompareReadModel(ctx, id)
		require.NoError(t, err)
		require.Empty(t, diffs)
		who, err := restored.Identity(ctx, id)
		require.NoError(t, err)
		require.Equal(t, "MARKNAME", who.Name)
		timeline, err := restored.Timeline(ctx, id, 0, 10)
		require.NoError(t, err)
		require.Equal(t, "MARKNOTE", timeline[0].Texts["note"])
	}
	s.store = restored
	s.life("ORDER-4") // the numbers go on
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(t, err)
	defer conn.Close(ctx) //nolint:errcheck // of a test
	_, err = conn.Exec(ctx, `DELETE FROM case_events`)
	require.ErrorContains(t, err, "append-only", "the triggers work again")
	broken, err = restored.Whole(ctx)
	require.NoError(t, err)
	require.Empty(t, broken)
}

func TestABackupWithoutItsKeysIsUselessToAThief(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	id := s.life("ORDER-1")
	name := s.written()
	var marks [][]byte
	for _, m := range []string{"MARK", "ORDER-1"} {
		marks = append(marks, []byte(m), []byte(hex.EncodeToString([]byte(m)))) // as text, and as COPY writes bytes
	}
	for _, dir := range []string{s.dataDir, s.keysDir} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			for _, m := range append(marks, []byte(id)) {
				require.NotContains(t, string(raw), string(m), path)
			}
			return err
		}))
	}
	// A thief who can open both archives, and has no master key.
	for dir, who := range map[string]*age.X25519Identity{filepath.Join(s.dataDir, name): s.data, filepath.Join(s.keysDir, name): s.secret} {
		plain := decrypted(t, dir, who)
		require.Contains(t, string(plain), id, "the search finds what stands in it")
		for _, m := range marks {
			require.False(t, bytes.Contains(plain, m), "%s: %s", dir, m)
		}
	}
	_, err := age.Decrypt(reading(t, filepath.Join(s.keysDir, name, "key.age")), s.data)
	require.Error(t, err, "who opens the data does not open the keys")
	// A thief who has the data, and even the master key.
	dsn, err := s.restore(name, nil)
	require.NoError(t, err)
	robbed := s.open(dsn)
	_, err = robbed.Identity(ctx, id)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	_, err = robbed.Reads(ctx, board.ReadFilter{Place: "11", Limit: 1})
	require.Error(t, err)
}

func TestABackupThatWasChangedOrDoesNotFitIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.life("ORDER-1")
	name := s.written()
	_, err := s.restore(name, &backup.Source{Dir: s.keysDir, Identities: []age.Identity{s.data}})
	require.ErrorContains(t, err, "read keys of ", "with the wrong private key")
	require.ErrorContains(t, backup.Restore(t.Context(), s.dsn, name, backup.Source{Dir: s.dataDir, Identities: []age.Identity{s.data}}, s.withKeys()), "empty one")
	pieces, err := filepath.Glob(filepath.Join(s.keysDir, name, "case_keys-*.age"))
	require.NoError(t, err)
	require.Len(t, pieces, 1)
	file := pieces[0]
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	raw[len(raw)-1] ^= 1
	require.NoError(t, os.WriteFile(file, raw, 0o600))
	dsn, err := s.restore(name, s.withKeys())
	require.ErrorContains(t, err, "digest")
	ids, err := s.open(dsn).CaseIDs(t.Context(), "", 10)
	require.NoError(t, err)
	require.Empty(t, ids, "all of it comes in, or nothing")
	manifest := filepath.Join(s.dataDir, name, "manifest.json")
	text, err := os.ReadFile(manifest)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(manifest, bytes.Replace(text, []byte(`"schema": `), []byte(`"schema": 9`), 1), 0o600))
	_, err = s.restore(name, nil)
	require.ErrorContains(t, err, "migration")
}

func TestABackupIsThereWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.life("ORDER-1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.write(ctx, at, 0)
	require.Error(t, err)
	_, err = backup.Latest(s.dataDir)
	require.ErrorContains(t, err, "no backup")
	var last string
	for n := range 4 {
		last, err = s.write(t.Context(), at.Add(time.Duration(n)*time.Hour), 2)
		require.NoError(t, err)
	}
	for _, dir := range []string{s.dataDir, s.keysDir} {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, 2, "the newest are kept")
		name, err := backup.Latest(dir)
		require.NoError(t, err)
		require.Equal(t, last, name)
	}
	s.keysDir = s.dataDir
	_, err = s.write(t.Context(), at, 0)
	require.ErrorContains(t, err, "two folders")
}

func reading(t *testing.T, file string) io.Reader {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	return bytes.NewReader(raw)
}

// decrypted is all that stands in an archive.
func decrypted(t *testing.T, dir string, who age.Identity) []byte {
	t.Helper()
	plain, err := age.Decrypt(reading(t, filepath.Join(dir, "key.age")), who)
	require.NoError(t, err)
	text, err := io.ReadAll(plain)
	require.NoError(t, err)
	key, err := age.ParseX25519Identity(string(text))
	require.NoError(t, err)
	pieces, err := filepath.Glob(filepath.Join(dir, "*-*.age"))
	require.NoError(t, err)
	var all []byte
	for _, file := range pieces {
		plain, err := age.Decrypt(reading(t, file), key)
		require.NoError(t, err)
		packed, err := gzip.NewReader(plain)
		require.NoError(t, err)
		rows, err := io.ReadAll(packed)
		require.NoError(t, err)
		all = append(all, rows...)
	}
	return all
}
