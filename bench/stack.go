package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"

	"guitu/activities"
	"guitu/api"
	"guitu/config"
	"guitu/internal/devserver"
	"guitu/internal/postgres"
	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/store"
	"guitu/worker"
	"guitu/workflows"
)

const namespace = "guitu"

// stack is everything that is measured, wired as in guitu-dev, and the variants it is
// measured against.
type stack struct {
	dir      string
	log      *slog.Logger
	postgres *postgres.Server
	temporal *devserver.Server
	config   config.Config
	service  *wiring.Service
	plain    client.Client // without the payload codec, for the floor
	workers  []sdkworker.Worker
	api      *http.Server
	base     string
	token    string
	rules    herdRules
	ledger   *watched
	clock    atomic.Pointer[workflows.Clock] // of the herds
	admin    map[string]*pgxpool.Pool        // by database
}

// databases are all that a case takes room in.
func databases() []string { return []string{"guitu", "temporal", "temporal_visibility"} }

// start brings everything up. stop ends what was started, also after an error.
func start(ctx context.Context, dir string, log *slog.Logger) (*stack, error) {
	s := &stack{dir: dir, log: log, token: "bench-token", admin: make(map[string]*pgxpool.Pool)}
	s.clock.Store(&workflows.Clock{})
	err := s.servers(ctx)
	if err == nil {
		err = s.parts(ctx)
	}
	if err == nil {
		err = s.startWorkers()
	}
	if err == nil {
		err = s.serve(ctx)
	}
	return s, err
}

// servers starts PostgreSQL as it is for users, fsync and all, and Temporal on it.
func (s *stack) servers(ctx context.Context) error {
	var err error
	if s.postgres, err = postgres.Start(ctx, postgres.Options{DataDir: filepath.Join(s.dir, "postgres"), Log: s.log}); err != nil {
		return err
	}
	attributes := make(map[string]enums.IndexedValueType)
	for _, name := range workflows.SearchAttributes() {
		attributes[name] = enums.INDEXED_VALUE_TYPE_KEYWORD
	}
	if s.temporal, err = devserver.Start(ctx, devserver.Options{
		Postgres: s.postgres.DSN("postgres"), Namespace: namespace, SearchAttributes: attributes, TrimVisibility: true, CacheSize: config.Default().Worker.CacheSize, Log: s.log,
	}); err != nil {
		return err
	}
	for _, name := range append([]string{"postgres"}, databases()...) {
		if name == "guitu" {
			if _, err := s.admin["postgres"].Exec(ctx, "CREATE DATABASE guitu"); err != nil {
				return err
			}
		}
		if s.admin[name], err = pgxpool.New(ctx, s.postgres.DSN(name)); err != nil {
			return err
		}
	}
	return nil
}

// parts connects what runs in the process.
func (s *stack) parts(ctx context.Context) error {
	c := config.Default()
	c.Registry.Strict = false // its workers are numbers
	c.Database.DSN = s.postgres.DSN("guitu")
	c.Temporal = config.Temporal{Address: s.temporal.FrontendAddress(), Namespace: namespace}
	c.API.CommandTimeout = 30 * time.Second // a slow answer is a figure here, not a signal
	var err error
	if c.Secrets.Payload, err = workflows.GenerateKeyset(); err != nil {
		return err
	}
	if c.Secrets.Master, c.Secrets.Index, err = store.GenerateKeys(); err != nil {
		return err
	}
	if err := store.Migrate(ctx, c.Database.DSN); err != nil {
		return err
	}
	if s.service, err = wiring.Open(ctx, c, s.log, nil); err != nil {
		return err
	}
	s.config = c
	s.rules = newHerdRules(s.service.Rules)
	s.ledger = &watched{Ledger: s.service.Store}
	s.plain, err = client.Dial(client.Options{HostPort: c.Temporal.Address, Namespace: namespace, Logger: sdklog.NewStructuredLogger(s.log)})
	return err
}

// startWorkers runs the worker of the cases, with the rules and the clock of the herds
// beside the real ones, and those of the floor and of the plain pattern.
func (s *stack) startWorkers() error {
	sdkworker.SetStickyWorkflowCacheSize(s.config.Worker.CacheSize)
	acts := s.service.Activities()
	acts.Ledger = s.ledger
	cases := worker.New(s.service.Temporal, &workflows.Workflows{Rules: s.rules, Clock: func(string) workflows.Clock { return s.herdClock() }},
		acts, worker.Options{Concurrency: s.config.Worker.Concurrency, Release: "bench"})
	for _, w := range []sdkworker.Worker{cases, floorWorker(s.plain), plainWorker(s.service.Temporal, s.rules, s.service.Store)} {
		if err := w.Start(); err != nil {
			return fmt.Errorf("start a worker: %w", err)
		}
		s.workers = append(s.workers, w)
	}
	return nil
}

// stopWorkers stops all workers of the process and forgets what they had in memory.
func (s *stack) stopWorkers() {
	for _, w := range s.workers {
		w.Stop()
	}
	s.workers = nil
	sdkworker.PurgeStickyWorkflowCache()
}

func (s *stack) herdClock() workflows.Clock { return *s.clock.Load() }

// serve runs the real API on loopback.
func (s *stack) serve(ctx context.Context) error {
	if err := s.service.Store.KeepToken(ctx, s.token, clerk, "bench", time.Now().AddDate(1, 0, 0)); err != nil {
		return err
	}
	handler, err := s.service.API(ctx, "bench")
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.base = "http://" + listener.Addr().String()
	s.api = api.NewServer(listener.Addr().String(), handler)
	go func() { _ = s.api.Serve(listener) }() // ends with Shutdown; before that, every request tells
	return nil
}

// stop ends what was started: API, workers, clients, Temporal, PostgreSQL.
func (s *stack) stop(ctx context.Context) error {
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var errs []error
	if s.api != nil {
		errs = append(errs, s.api.Shutdown(ctx))
	}
	s.stopWorkers()
	if s.plain != nil {
		s.plain.Close()
	}
	if s.service != nil {
		s.service.Close()
	}
	if s.temporal != nil {
		errs = append(errs, s.temporal.Stop(ctx))
	}
	for _, pool := range s.admin {
		pool.Close()
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop(ctx))
	}
	return errors.Join(errs...)
}

// watched is the ledger of the worker. It passes everything on and counts misses.
type watched struct {
	activities.Ledger
	misses atomic.Pointer[chan<- time.Time]
}

// Record writes, and then tells of each miss when it was durable.
func (w *watched) Record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error) {
	res, err := w.Ledger.Record(ctx, r)
	if tell := w.misses.Load(); tell != nil && err == nil && res.Outcome == rehab.Recorded {
		for _, e := range r.Events {
			if _, missed := e.Data.(rehab.ObligationMissed); missed {
				*tell <- time.Now()
			}
		}
	}
	return res, err
}

// herdRules are the real rules, and beside them a policy whose midnight wakes are not
// spread.
type herdRules struct {
	rehab.Rules
	sweepless *rehab.Policy
}

func newHerdRules(rules interface {
	rehab.Rules
	Latest(id string) (rehab.PolicyRef, bool)
}) herdRules {
	ref, _ := rules.Latest("national")
	p := *rules.Policy(ref)
	p.ID, p.Version, p.Sweep.N = "herd", "1", 0
	return herdRules{rules, &p}
}

// Policy of the reference, or nil.
func (h herdRules) Policy(ref rehab.PolicyRef) *rehab.Policy {
	if ref == h.sweepless.Ref() {
		return h.sweepless
	}
	return h.Rules.Policy(ref)
}
