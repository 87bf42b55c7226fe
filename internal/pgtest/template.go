package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

// Key is a key for New that changes when any of the files does, such as embedded
// migrations. name says what they make.
func Key(name string, files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", path, len(content))
		sum.Write(content)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read the files of %s: %w", name, err)
	}
	return name + "@" + hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// template returns the name of the template database of the key, and makes it when no
// process has yet. Whoever comes second waits on the lock. A template gets its name last,
// so a killed maker leaves none that is half done.
func (s server) template(ctx context.Context, key string, prepare func(context.Context, string) error) (string, error) {
	digest := sha256.Sum256([]byte(key))
	name := "template_" + plain(key, 30) + "_" + hex.EncodeToString(digest[:8])
	conn, err := s.connect(ctx)
	if err != nil {
		return "", err
	}
	defer disconnect(ctx, conn)
	if exists, err := databaseExists(ctx, conn, name); err != nil || exists {
		return name, err
	}
	// The lock goes with the connection.
	lock := int64(binary.BigEndian.Uint64(digest[:8]))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return "", fmt.Errorf("lock the template: %w", err)
	}
	if exists, err := databaseExists(ctx, conn, name); err != nil || exists {
		return name, err
	}
	return name, s.makeTemplate(ctx, conn, name, prepare)
}

func databaseExists(ctx context.Context, conn *pgx.Conn, name string) (bool, error) {
	var exists bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil {
		return false, fmt.Errorf("look for the template: %w", err)
	}
	return exists, nil
}

func (s server) makeTemplate(ctx context.Context, conn *pgx.Conn, name string, prepare func(context.Context, string) error) error {
	unfinished := name + "_new"
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + quote(unfinished) + " WITH (FORCE)",
		"CREATE DATABASE " + quote(unfinished),
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if prepare != nil {
		if err := prepare(ctx, s.dsn(unfinished)); err != nil {
			return err
		}
	}
	// A session in the template would make every clone fail.
	if _, err := conn.Exec(ctx, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", unfinished); err != nil {
		return fmt.Errorf("end the sessions of prepare: %w", err)
	}
	for _, sql := range []string{
		"ALTER DATABASE " + quote(unfinished) + " WITH ALLOW_CONNECTIONS false",
		"ALTER DATABASE " + quote(unfinished) + " RENAME TO " + quote(name),
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
