// Package backup writes a database into two encrypted archives, data and keys apart, and reads
// them back into an empty one. Whoever has one of them, opened or not, reads nobody's name: the
// data is encrypted under keys that are in the other, and these under a master key that is in
// neither.
package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
)

// keyTables hold keys, each wrapped or sealed: they go into the archive of keys.
var keyTables = []string{"case_keys", "system_keys", "sealed_parts", "inquiries"}

// The files of a backup. Beside each stands a manifest with its digest.
const (
	dataFile     = "data.age"
	keysFile     = "keys.age"
	manifestFile = "manifest.json"
	prefix       = "guitu-"
	unfinished   = ".unfinished-"
)

// Manifest says what an archive holds. Nothing in it is secret.
type Manifest struct {
	Name    string           `json:"name"` // of the backup: the same for both archives
	MadeAt  time.Time        `json:"made_at"`
	Schema  int64            `json:"schema"` // number of the last migration
	File    string           `json:"file"`
	SHA256  string           `json:"sha256"`
	Tables  []string         `json:"tables"`
	Rows    map[string]int64 `json:"rows"`
	Columns map[string]int   `json:"columns"`
}

// Target is where an archive goes, and for whom it is encrypted.
type Target struct {
	Dir        string
	Recipients []age.Recipient
}

// Write makes a backup of the database as of one moment, while the system runs, and answers
// with its name. It is there whole or not at all: what was stopped halfway is taken away by the
// next one. The login has to be the owner's. keep is how many are kept; 0: all.
func Write(ctx context.Context, dsn string, data, keys Target, now time.Time, keep int) (string, error) {
	if data.Dir == keys.Dir {
		return "", errors.New("data and keys go into two folders, on two machines at best")
	}
	name := prefix + now.UTC().Format("20060102T150405Z")
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return "", fmt.Errorf("begin a backup: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	schema, tables, err := describe(ctx, tx)
	if err != nil {
		return "", fmt.Errorf("look at the tables: %w", err)
	}
	isKey := func(t table) bool { return slices.Contains(keyTables, t.name) }
	for _, part := range []struct {
		file   string
		target Target
		tables []table
	}{
		{keysFile, keys, only(tables, isKey)},
		{dataFile, data, only(tables, func(t table) bool { return !isKey(t) })},
	} {
		m := Manifest{Name: name, MadeAt: now.UTC(), Schema: schema, File: part.file, Rows: map[string]int64{}, Columns: map[string]int{}}
		if err := writeArchive(ctx, conn, part.target, part.tables, m); err != nil {
			return "", fmt.Errorf("write %s: %w", part.file, err)
		}
	}
	return name, errors.Join(prune(data.Dir, keep), prune(keys.Dir, keep))
}

// writeArchive writes into a folder of another name, and gives it its name once all is on disk.
func writeArchive(ctx context.Context, conn *pgx.Conn, to Target, tables []table, m Manifest) error {
	if len(to.Recipients) == 0 {
		return errors.New("it is encrypted for nobody")
	}
	tmp := filepath.Join(to.Dir, unfinished+m.Name)
	if err := errors.Join(os.RemoveAll(tmp), os.MkdirAll(tmp, 0o700)); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(tmp, m.File), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if m.SHA256, err = writeTables(ctx, conn, f, to.Recipients, tables, &m); err != nil {
		_ = f.Close()
		return err
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close(), os.WriteFile(filepath.Join(tmp, manifestFile), raw, 0o600), syncDir(tmp)); err != nil {
		return err
	}
	return errors.Join(os.Rename(tmp, filepath.Join(to.Dir, m.Name)), syncDir(to.Dir))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// prune takes away what was left halfway, and of the whole ones all but the newest.
func prune(dir string, keep int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var whole []string
	var errs []error
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), unfinished):
			errs = append(errs, os.RemoveAll(filepath.Join(dir, e.Name())))
		case strings.HasPrefix(e.Name(), prefix):
			whole = append(whole, e.Name())
		}
	}
	for ; keep > 0 && len(whole) > keep; whole = whole[1:] {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, whole[0])))
	}
	return errors.Join(errs...)
}

// Latest is the name of the newest whole backup in the folder.
func Latest(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range slices.Backward(entries) {
		if strings.HasPrefix(e.Name(), prefix) {
			return e.Name(), nil
		}
	}
	return "", fmt.Errorf("%s holds no backup", dir)
}
