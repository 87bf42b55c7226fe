// Package pgtest gives each test a PostgreSQL database of its own, cloned from a template
// that was migrated once.
//
// The server is the one that GUITU_TEST_POSTGRES names (a superuser's connection URL), as
// `go run ./internal/pgtest/with -- go test ./...` sets it. Without it each test process
// runs a private server, which the system ends with the process. Its goroutine is
// guitu/internal/postgres.(*process).run, for leak detectors to ignore.
package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/internal/postgres"
)

const (
	// ServerVariable names the environment variable with the server's connection URL.
	ServerVariable = "GUITU_TEST_POSTGRES"

	dirPrefix    = "guitu-pgtest-"
	youngAge     = 2 * time.Minute
	startTimeout = 2 * time.Minute
	dropTimeout  = 30 * time.Second
)

// New returns the connection URL of a fresh database for this test. It is cloned from a
// template on which prepare ran; the database is dropped when the test ends.
//
// key names the template: calls with the same key share it, in this process and in all
// others on the server. So key must change with what prepare does: Key makes such a one
// from migration files. prepare must close its connections.
func New(t testing.TB, key string, prepare func(ctx context.Context, dsn string) error) string {
	t.Helper()
	s, err := processServer()
	if err != nil {
		t.Fatalf("no PostgreSQL for this test: %v", err)
	}
	template, err := s.template(t.Context(), key, prepare)
	if err != nil {
		t.Fatalf("prepare the template database %q: %v", key, err)
	}
	name := databaseName(t.Name())
	if err := s.run(t.Context(), "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template)); err != nil {
		t.Fatalf("clone the template database %q: %v", key, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), dropTimeout)
		defer cancel()
		if err := s.run(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return s.dsn(name)
}

// server is where this process's test databases are made.
type server struct{ url url.URL }

// processServer is the one value that outlives a test: starting PostgreSQL for each would
// take seconds.
var processServer = sync.OnceValues(findServer)

func findServer() (server, error) {
	address := os.Getenv(ServerVariable)
	if address == "" {
		var err error
		if address, err = startPrivate(); err != nil {
			return server{}, err
		}
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return server{}, fmt.Errorf("%s must be a connection URL such as postgres://user:password@127.0.0.1:5432/postgres", ServerVariable)
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/postgres"
	}
	return server{url: *u}, nil
}

// startPrivate runs a server until this process ends. Nothing runs at the end of a test
// process, so the directory is deleted by a later one.
func startPrivate() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	sweep(ctx)
	dir, err := os.MkdirTemp("", dirPrefix)
	if err != nil {
		return "", fmt.Errorf("make a directory for PostgreSQL: %w", err)
	}
	s, err := postgres.Start(ctx, postgres.Options{DataDir: dir, Fast: true, Settings: map[string]string{"max_connections": "500"}})
	if err != nil {
		return "", err
	}
	return s.DSN("postgres"), nil
}

// sweep deletes what earlier test processes left behind. Young directories are spared:
// their owner may be about to lock them.
func sweep(ctx context.Context) {
	old, err := filepath.Glob(filepath.Join(os.TempDir(), dirPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range old {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > youngAge {
			_ = postgres.Remove(ctx, dir) // refused while a living process uses it
		}
	}
}

func (s server) dsn(database string) string {
	u := s.url
	u.Path = "/" + database
	return u.String()
}

// run executes one statement in the maintenance database, on a connection of its own:
// a pool would keep goroutines that leak detectors in tests complain about.
func (s server) run(ctx context.Context, sql string) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer disconnect(ctx, conn)
	_, err = conn.Exec(ctx, sql)
	return err
}

func (s server) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, s.url.String())
	if err != nil {
		return nil, fmt.Errorf("connect to the test server (%s): %w", ServerVariable, err)
	}
	return conn, nil
}

func disconnect(ctx context.Context, conn *pgx.Conn) { _ = conn.Close(ctx) }

// databaseName is readable in a list of databases, and new for each call.
func databaseName(test string) string {
	suffix := make([]byte, 6)
	_, _ = rand.Read(suffix) // never fails
	return "test_" + plain(test, 40) + "_" + hex.EncodeToString(suffix)
}

// plain keeps letters and digits; PostgreSQL cuts names at 63 bytes.
func plain(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(s))
	return s[:min(len(s), limit)]
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
