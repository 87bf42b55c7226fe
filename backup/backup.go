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

// The two archives of a backup. In the folder of each stands its manifest.
const (
	dataArchive  = "data"
	keysArchive  = "keys"
	manifestFile = "manifest.json"
	prefix       = "guitu-"
)

// Manifest says what an archive holds. Nothing in it is secret.
type Manifest struct {
	Name    string    `json:"name"` // of the backup: the same for both archives
	Archive string    `json:"archive"`
	MadeAt  time.Time `json:"made_at"`
	Schema  int64     `json:"schema"` // number of the last migration
	Tables  []Table   `json:"tables"` // in the order in which they are read
}

// Table is a table of an archive.
type Table struct {
	Name    string  `json:"name"`
	Rows    int64   `json:"rows"`
	Columns int     `json:"columns"`
	Pieces  []Piece `json:"pieces"`
}

// Target is where an archive goes, and for whom it is encrypted. Identities are given with a
// passphrase, which has no name: by them a run knows whether it may go on with what one before left.
type Target struct {
	Dir        string
	Recipients []age.Recipient
	Identities []age.Identity
}

// Report is what a run did. Written and Kept are pieces: those that it wrote, and those that a
// run before it, which was stopped, had written already.
type Report struct {
	Name          string
	Written, Kept int
}

// Write makes a backup of the database as of one moment, while the system runs. It is there whole
// or not at all; a run that was stopped is gone on with by the next one, which writes of the data
// what is missing or has changed since, and all of the keys. The login has to be the owner's. keep is how many are kept; 0: all.
func Write(ctx context.Context, dsn string, data, keys Target, now time.Time, keep int) (Report, error) {
	var out Report
	if data.Dir == keys.Dir {
		return out, errors.New("data and keys go into two folders, on two machines at best")
	}
	out.Name = prefix + now.UTC().Format("20060102T150405Z")
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return out, fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return out, fmt.Errorf("begin a backup: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	schema, tables, err := describe(ctx, tx)
	if err != nil {
		return out, fmt.Errorf("look at the tables: %w", err)
	}
	names, err := alone(ctx, tx)
	if err != nil {
		return out, err
	}
	// Keys are begun anew, since they may be destroyed before the next run, and not left behind.
	forget := func() error { return os.RemoveAll(filepath.Join(keys.Dir, unfinished)) }
	defer func() { _ = forget() }()
	if err := forget(); err != nil {
		return out, err
	}
	isKey := func(t table) bool { return slices.Contains(keyTables, t.name) }
	for _, part := range []struct {
		archive string
		target  Target
		tables  []table
	}{
		{keysArchive, keys, only(tables, isKey)},
		{dataArchive, data, only(tables, func(t table) bool { return !isKey(t) })},
	} {
		m := Manifest{Name: out.Name, Archive: part.archive, MadeAt: now.UTC(), Schema: schema}
		if err := writeArchive(ctx, conn, part.target, names, part.tables, m, &out); err != nil {
			return out, fmt.Errorf("write %s: %w", part.archive, err)
		}
	}
	for _, dir := range []string{keys.Dir, data.Dir} { // both are on disk: now they are a backup
		if err := errors.Join(os.Rename(filepath.Join(dir, unfinished), filepath.Join(dir, out.Name)), syncDir(dir)); err != nil {
			return out, err
		}
	}
	return out, prune(data.Dir, keys.Dir, keep)
}

// alone lets one run be under way, which reads tables from their beginning, and answers with the
// key by whose digests it knows pieces: who has the archive of data alone does not have it.
func alone(ctx context.Context, tx pgx.Tx) (names []byte, err error) {
	var first bool
	err = tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock(7261), set_config('synchronize_seqscans', 'off', true) = 'off',
  sha256(coalesce((SELECT string_agg(sha256(k::text::bytea), '' ORDER BY k::text) FROM system_keys k), ''))`).Scan(&first, new(bool), &names)
	if err == nil && !first {
		err = errors.New("another backup of this database is under way")
	}
	return names, err
}

// writeArchive writes into the folder of what is not finished.
func writeArchive(ctx context.Context, conn *pgx.Conn, to Target, names []byte, tables []table, m Manifest, out *Report) error {
	a, err := begin(to, names)
	if err != nil {
		return err
	}
	pieces := 0
	for _, t := range tables {
		c := &cutter{archive: a, table: t.name, pieces: []Piece{}}
		tag, err := conn.PgConn().CopyTo(ctx, c, `COPY `+t.quoted()+` TO STDOUT`)
		if err == nil {
			err = c.flush()
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		m.Tables, pieces = append(m.Tables, Table{t.name, tag.RowsAffected(), len(t.columns), c.pieces}), pieces+len(c.pieces)
	}
	out.Written, out.Kept = out.Written+a.written, out.Kept+pieces-a.written
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(a.keepOnly(m.Tables), a.put(manifestFile, raw))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// prune takes away all but the newest, the keys of each with its data.
func prune(data, keys string, keep int) error {
	entries, err := os.ReadDir(data)
	if err != nil {
		return err
	}
	var whole []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			whole = append(whole, e.Name())
		}
	}
	var errs []error
	for ; keep > 0 && len(whole) > keep; whole = whole[1:] {
		errs = append(errs, os.RemoveAll(filepath.Join(keys, whole[0])), os.RemoveAll(filepath.Join(data, whole[0])))
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
