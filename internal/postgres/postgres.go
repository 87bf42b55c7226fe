// Package postgres runs a private PostgreSQL server for one data directory: it finds the
// programs, makes the database cluster when there is none, starts it on 127.0.0.1 and
// stops it again. A server whose owner was killed is stopped at the next start.
package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	host      = "127.0.0.1"
	superuser = "postgres"
)

// Options says which server to start.
type Options struct {
	// DataDir is a directory for this server alone: missing, empty, or made by an
	// earlier Start. It holds the cluster, its log, the password and a lock.
	DataDir string
	// Port on 127.0.0.1; 0 takes a free one.
	Port int
	// Log gets a few lines about starting and stopping; nil discards them.
	Log *slog.Logger
	// Fast gives up durability for speed (fsync off). For tests alone.
	Fast bool
	// Settings are PostgreSQL configuration parameters; they win over the defaults here.
	Settings map[string]string
}

// Server is a running PostgreSQL.
type Server struct {
	dir      directory
	port     int
	password string
	process  *process
	log      *slog.Logger

	mu       sync.Mutex
	stopping bool
}

// Start returns when the server answers queries; it then runs until Stop or until this
// process ends. The first start in a directory makes the cluster, which takes seconds;
// recovery after a crash takes as long as it needs, until ctx ends. The errors are
// sentences for the person at the terminal.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	began := time.Now()
	dir, err := takeDirectory(o.DataDir)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, o, dir)
	if err != nil {
		dir.release()
		return nil, err
	}
	o.Log.InfoContext(ctx, "PostgreSQL is running", "dir", dir.path, "port", s.port, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

func start(ctx context.Context, o Options, dir directory) (*Server, error) {
	major, err := dir.clusterMajor()
	if err != nil {
		return nil, err
	}
	programs, err := findPrograms(ctx, programDirs(), major)
	if err != nil {
		return nil, err
	}
	password, err := dir.password(major != 0)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		o.Log.InfoContext(ctx, "making a PostgreSQL cluster", "dir", dir.path, "version", programs.major)
		if err := dir.makeCluster(ctx, programs, o.Fast); err != nil {
			return nil, err
		}
	}
	if err := dir.stopLeftover(ctx, o.Log); err != nil {
		return nil, err
	}
	s := &Server{dir: dir, password: password, log: o.Log}
	if err := s.launch(ctx, o, programs); err != nil {
		return nil, err
	}
	return s, nil
}

// Host is the address the server listens on.
func (s *Server) Host() string { return host }

// Port is the TCP port the server listens on.
func (s *Server) Port() int { return s.port }

// User is the superuser's name.
func (s *Server) User() string { return superuser }

// Password is the superuser's password, a random one per data directory.
func (s *Server) Password() string { return s.password }

// LogFile is where PostgreSQL writes its own log: terse, without statements or values.
func (s *Server) LogFile() string { return s.dir.logFile() }

// DSN is a connection URL of the superuser to a database, for setting things up.
func (s *Server) DSN(database string) string { return dsn(s.port, s.password, database) }

func dsn(port int, password, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, password),
		Host: fmt.Sprintf("%s:%d", host, port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Done is closed when the server process has ended, by Stop or by itself.
func (s *Server) Done() <-chan struct{} { return s.process.done }

// Err says why the server ended by itself. It is nil while it runs and after Stop.
func (s *Server) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || !s.process.ended() {
		return nil
	}
	return fmt.Errorf("%w; its log is %s", diagnose("PostgreSQL stopped by itself in %s", s.process.output(), s.dir), s.LogFile())
}

// Stop ends the server and waits: open transactions are rolled back and everything
// committed is on disk. When ctx ends first, the server is stopped at once, which
// loses nothing either but makes the next start recover, and an error says so.
// Stopping a stopped server does nothing.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	defer s.dir.release()
	began := time.Now()
	if err := s.process.stop(ctx); err != nil {
		return fmt.Errorf("stop PostgreSQL in %s: %w", s.dir.path, err)
	}
	s.log.InfoContext(ctx, "PostgreSQL has stopped", "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// Remove deletes a data directory, after stopping a server that a killed process left
// running there. It refuses while a living process uses the directory, and leaves alone
// what Start did not make.
func Remove(ctx context.Context, dataDir string) error {
	path, err := filepath.Abs(dataDir)
	if err != nil {
		return fmt.Errorf("find the directory %q: %w", dataDir, err)
	}
	if _, err := os.Stat(filepath.Join(path, lockName)); err != nil {
		return fmt.Errorf("%s is not a data directory of Guitu's PostgreSQL, so it was left alone: %w", path, err)
	}
	dir, err := takeDirectory(path)
	if err != nil {
		return err
	}
	defer dir.release()
	if err := dir.stopLeftover(ctx, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("delete the data directory: %w", err)
	}
	return nil
}
