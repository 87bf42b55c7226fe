package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
		for i, archive := range []string{dataArchive, keysArchive} {
			if sources[i] == nil {
				continue
			}
			if err := restoreArchive(ctx, tx, *sources[i], name, archive, schema, known); err != nil {
				return fmt.Errorf("read %s of %s: %w", archive, name, err)
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

// readManifest reads what the archive should hold, and whether its pieces are those that were written.
func readManifest(dir, name, archive string) (m Manifest, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, name, manifestFile))
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		return m, err
	}
	if m.Name != name || m.Archive != archive {
		return m, fmt.Errorf("the manifest is of %s of %s", m.Archive, m.Name)
	}
	for _, t := range m.Tables {
		for _, p := range t.Pieces {
			if p.File != filepath.Base(p.File) {
				return m, fmt.Errorf("the piece %s lies elsewhere", p.File)
			}
			content, err := os.ReadFile(filepath.Join(dir, name, p.File))
			if err != nil {
				return m, err
			}
			if sum(content) != p.SHA256 {
				return m, fmt.Errorf("the piece %s is not the one that was written: its digest differs", p.File)
			}
		}
	}
	return m, nil
}

func restoreArchive(ctx context.Context, tx pgx.Tx, from Source, name, archive string, schema int64, known map[string]table) error {
	m, err := readManifest(from.Dir, name, archive)
	if err != nil {
		return err
	}
	if m.Schema != schema {
		return fmt.Errorf("it was made at migration %d, and the database is at %d: read it with the release that made it, then migrate", m.Schema, schema)
	}
	key, err := opened(filepath.Join(from.Dir, name), from.Identities)
	if err != nil {
		return err
	}
	for _, want := range m.Tables {
		t, ok := known[want.Name]
		if !ok || want.Columns != len(t.columns) {
			return fmt.Errorf("table %s does not fit the database", want.Name)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM `+pgx.Identifier{want.Name}.Sanitize()); err != nil { // what migrations filled in
			return err
		}
		rows := &reader{dir: filepath.Join(from.Dir, name), key: key, pieces: want.Pieces}
		tag, err := tx.Conn().PgConn().CopyFrom(ctx, rows, `COPY `+t.quoted()+` FROM STDIN`)
		if err != nil {
			return fmt.Errorf("table %s: %w", want.Name, err)
		}
		if tag.RowsAffected() != want.Rows {
			return fmt.Errorf("table %s has %d rows, and %d were written", want.Name, tag.RowsAffected(), want.Rows)
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
