package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
)

// Source is where an archive is, and with what it is opened.
type Source struct {
	Dir        string
	Identities []age.Identity
}

// Restore reads a backup into a database that was migrated by the release which made it, and
// is empty. All of it comes in, or nothing. The login has to be the owner's. Without keys the
// events and figures come back, and nobody's name can be read.
func Restore(ctx context.Context, dsn, name string, data Source, keys *Source) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		schema, tables, err := describe(ctx, tx)
		if err != nil {
			return fmt.Errorf("look at the tables: %w", err)
		}
		if err := empty(ctx, tx); err != nil {
			return err
		}
		known := make(map[string]table, len(tables))
		for _, t := range tables {
			known[t.name] = t
			if _, err := tx.Exec(ctx, `ALTER TABLE `+pgx.Identifier{t.name}.Sanitize()+` DISABLE TRIGGER USER`); err != nil {
				return err
			}
		}
		sources := []*Source{&data, keys}
		for i, file := range []string{dataFile, keysFile} {
			if sources[i] == nil {
				continue
			}
			if err := restoreArchive(ctx, tx, *sources[i], name, file, schema, known); err != nil {
				return fmt.Errorf("read %s of %s: %w", file, name, err)
			}
		}
		return finish(ctx, tx, tables)
	})
}

func empty(ctx context.Context, tx pgx.Tx) error {
	var used bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM case_events) OR EXISTS (SELECT FROM case_keys) OR EXISTS (SELECT FROM audit) OR EXISTS (SELECT FROM office_facts)`).Scan(&used); err != nil {
		return err
	}
	if used {
		return errors.New("the database holds something already: a backup is read into an empty one")
	}
	return nil
}

// readManifest reads what the archive should hold, and whether its file is the one that was written.
func readManifest(dir, name, file string) (m Manifest, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, name, manifestFile))
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		return m, err
	}
	if m.Name != name || m.File != file {
		return m, fmt.Errorf("the manifest is of %s of %s", m.File, m.Name)
	}
	f, err := os.Open(filepath.Join(dir, name, file))
	if err != nil {
		return m, err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return m, err
	}
	if hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
		return m, errors.New("the file is not the one that was written: its digest differs")
	}
	return m, nil
}

func restoreArchive(ctx context.Context, tx pgx.Tx, from Source, name, file string, schema int64, known map[string]table) error {
	m, err := readManifest(from.Dir, name, file)
	if err != nil {
		return err
	}
	if m.Schema != schema {
		return fmt.Errorf("it was made at migration %d, and the database is at %d: read it with the release that made it, then migrate", m.Schema, schema)
	}
	f, err := os.Open(filepath.Join(from.Dir, name, file))
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := openArchive(f, from.Identities)
	if err != nil {
		return err
	}
	for _, want := range m.Tables {
		t, ok := known[want]
		if got := r.table(); !ok || got != want || m.Columns[want] != len(t.columns) {
			return fmt.Errorf("table %s should come, and %q does", want, got)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM `+pgx.Identifier{want}.Sanitize()); err != nil { // what migrations filled in
			return err
		}
		tag, err := tx.Conn().PgConn().CopyFrom(ctx, r.rows(), `COPY `+t.quoted()+` FROM STDIN`)
		if err != nil {
			return fmt.Errorf("table %s: %w", want, err)
		}
		if tag.RowsAffected() != m.Rows[want] {
			return fmt.Errorf("table %s has %d rows, and %d were written", want, tag.RowsAffected(), m.Rows[want])
		}
	}
	return nil
}

// finish lets the triggers work again, and the sequences go on.
func finish(ctx context.Context, tx pgx.Tx, tables []table) error {
	for _, t := range tables {
		name := pgx.Identifier{t.name}.Sanitize()
		for _, c := range t.identity {
			sql := fmt.Sprintf(`SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(%s), 0) + 1, false) FROM %s`, pgx.Identifier{c}.Sanitize(), name)
			if _, err := tx.Exec(ctx, sql, name, c); err != nil {
				return fmt.Errorf("let the numbers of %s go on: %w", t.name, err)
			}
		}
		if _, err := tx.Exec(ctx, `ALTER TABLE `+name+` ENABLE TRIGGER USER`); err != nil {
			return err
		}
	}
	return nil
}
