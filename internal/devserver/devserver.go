// Package devserver runs a Temporal server inside this process, for one machine and for
// tests: all four services on loopback, persistence and visibility in PostgreSQL, the
// schema, a namespace and its search attributes set up, and the web UI when asked for.
//
// Nobody has to log in to it, so it listens on 127.0.0.1 alone. The server's own code
// gives up by ending the process in some places (a listener that cannot be opened, a
// namespace cache that cannot be read at start); here that becomes an error of Start or
// closes Done. One place is out of reach: the web UI ends the process when its port is
// taken in the instant between the check here and its own listening.
package devserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/temporal"
)

// FreePort as Options.UIPort takes any free port.
const FreePort = -1

const host = "127.0.0.1"

// Options says which server to start.
type Options struct {
	// Postgres is the connection URL of a superuser, who may create databases.
	Postgres string
	// Database is the name of the persistence database, "temporal" when empty. That of
	// visibility is the same with "_visibility".
	Database string
	// FrontendPort is for clients; 0 takes a free one.
	FrontendPort int
	// UIPort is for the web UI; 0 leaves it out, FreePort takes a free one.
	UIPort int
	// UICodec is the URL of a codec server, with which the web UI shows encrypted payloads.
	UICodec string
	// Namespace is registered when it is missing; "default" when empty.
	Namespace string
	// Retention of closed workflows, at least an hour; 72 hours when zero. An existing
	// namespace is brought to it.
	Retention time.Duration
	// Shards are chosen at the first start and stay; 4 when zero.
	Shards int
	// SearchAttributes of the namespace are registered before Start returns. One that is
	// no longer named stays.
	SearchAttributes map[string]enums.IndexedValueType
	// TrimVisibility drops the visibility indexes that lists by time, by workflow and by
	// run do not need. Other filters still work, by reading more rows. A start without it
	// builds them again.
	TrimVisibility bool
	// DynamicConfig holds settings of the server by key; they win over the defaults here.
	DynamicConfig map[string]any
	// CacheSize is how many workflows all workers of this process keep in memory, the SDK's
	// choice when zero. The server's own workers make the cache, so that it is too late to
	// say so afterwards.
	CacheSize int
	// Log gets the server's warnings and errors, and everything when Verbose; nil
	// discards them.
	Log     *slog.Logger
	Verbose bool
}

func (o Options) withDefaults() (Options, error) {
	if o.Database == "" {
		o.Database = "temporal"
	}
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	if o.Retention == 0 {
		o.Retention = 72 * time.Hour
	}
	if o.Retention < time.Hour {
		return o, fmt.Errorf("the retention of the Temporal namespace is %s: make it an hour or more", o.Retention)
	}
	if o.Shards == 0 {
		o.Shards = 4
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// Server is a running Temporal server.
type Server struct {
	options  Options
	ports    ports
	logger   *logger
	settings *dynamicconfig.MemoryClient
	temporal temporal.Server
	ui       *webUI

	stopOnce sync.Once
	stopErr  error
}

// Start returns when clients can start workflows in the namespace, with its search
// attributes. It then runs until Stop. The first start on a PostgreSQL creates the
// databases. Its errors are sentences for the person at the terminal.
func Start(ctx context.Context, o Options) (*Server, error) {
	began := time.Now()
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if o.CacheSize > 0 {
		worker.SetStickyWorkflowCacheSize(o.CacheSize)
	}
	database, err := parseDatabase(o.Postgres, o.Database)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, logger: newLogger(o.Log, o.Verbose), settings: dynamicSettings(o.DynamicConfig)}
	if err := database.prepare(ctx, s.logger); err != nil {
		return nil, err
	}
	if s.ports, err = choosePorts(o); err != nil {
		return nil, err
	}
	if err := s.startTemporal(ctx, serverConfig(database, o, s.ports)); err != nil {
		return nil, err
	}
	if err := s.finish(ctx, database); err != nil {
		return nil, errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	o.Log.InfoContext(ctx, "Temporal is running", "frontend", s.FrontendAddress(), "ui", s.UIAddress(),
		"namespace", o.Namespace, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

// finish is what needs a running server.
func (s *Server) finish(ctx context.Context, database database) error {
	if err := s.prepareNamespace(ctx); err != nil {
		return err
	}
	if s.options.TrimVisibility {
		if err := database.trimVisibility(ctx); err != nil {
			return err
		}
	} else if err := database.restoreVisibility(ctx); err != nil {
		return err
	}
	if s.ports.ui == 0 {
		return nil
	}
	var err error
	s.ui, err = startWebUI(ctx, s.ports, s.options)
	return err
}

// startTemporal runs the server's start on a goroutine of its own, because giving up in
// the middle ends the goroutine.
func (s *Server) startTemporal(ctx context.Context, options []temporal.ServerOption) error {
	options = append(options, temporal.WithLogger(s.logger), temporal.WithDynamicConfigClient(s.settings))
	type outcome struct {
		server temporal.Server
		err    error
	}
	result := make(chan outcome, 1)
	go func() {
		server, err := temporal.NewServer(options...)
		if err == nil {
			err = server.Start()
		}
		result <- outcome{server, err}
	}()
	select {
	case r := <-result:
		if r.err != nil {
			return fmt.Errorf("start the Temporal server: %w", r.err)
		}
		s.temporal = r.server
		return nil
	case <-s.logger.gaveUp:
		return fmt.Errorf("start the Temporal server: %w", s.logger.reason())
	case <-ctx.Done():
		// A start cannot be called off: whatever comes of it is stopped when it comes.
		go func() {
			if r := <-result; r.err == nil {
				s.logger.quiet.Store(true)
				_ = r.server.Stop() // its databases may be gone by now
			}
		}()
		return fmt.Errorf("start the Temporal server: %w", ctx.Err())
	}
}

// FrontendAddress is where clients connect, as host:port.
func (s *Server) FrontendAddress() string { return address(s.ports.frontend) }

// UIAddress is the web UI's address as host:port, "" without one.
func (s *Server) UIAddress() string {
	if s.ports.ui == 0 {
		return ""
	}
	return address(s.ports.ui)
}

// Namespace is the namespace that was set up.
func (s *Server) Namespace() string { return s.options.Namespace }

// Done is closed when the server has given up by itself; it should be stopped then.
func (s *Server) Done() <-chan struct{} { return s.logger.gaveUp }

// Err says why the server gave up, nil while it has not.
func (s *Server) Err() error { return s.logger.reason() }

// Stop ends the server, after its clients and workers have stopped: what is in flight
// gets a second or two. When ctx ends first it returns an error and the rest of the
// server goes with the process. PostgreSQL has to outlive it.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() { s.stopErr = s.stop(ctx) })
	return s.stopErr
}

func (s *Server) stop(ctx context.Context) error {
	began := time.Now()
	if s.ui != nil {
		s.ui.stop()
	}
	s.logger.quiet.Store(true)
	stopped := make(chan error, 1)
	go func() { stopped <- s.temporal.Stop() }()
	select {
	case err := <-stopped:
		if err != nil {
			return fmt.Errorf("stop the Temporal server: %w", err)
		}
	case <-ctx.Done():
		return fmt.Errorf("the Temporal server does not stop in time; nothing is lost, its state is in PostgreSQL: %w", ctx.Err())
	}
	s.options.Log.InfoContext(ctx, "Temporal has stopped", "took", time.Since(began).Round(time.Millisecond))
	return nil
}
