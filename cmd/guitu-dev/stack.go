package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.temporal.io/api/enums/v1"
	sdkworker "go.temporal.io/sdk/worker"

	"guitu/api"
	"guitu/config"
	"guitu/internal/devserver"
	"guitu/internal/postgres"
	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/store"
	"guitu/words"
	"guitu/workflows"
)

const namespace = "guitu"

// stack is everything that runs, in the order in which it was started.
type stack struct {
	noAccounts bool // of the demonstration

	postgres   *postgres.Server
	temporal   *devserver.Server
	clock      *devClock
	service    *wiring.Service
	worker     sdkworker.Worker
	api        *http.Server
	apiAddr    string
	configFile string
	people     []person
	lang       words.Lang
	passedOver []string // variables of the environment that are no settings here
	failed     chan error
	ticker     chan struct{}
}

// start brings everything up; what was started before an error is stopped again.
func start(ctx context.Context, o options, log *slog.Logger) (_ *stack, err error) {
	s := &stack{lang: o.lang, failed: make(chan error, 2), ticker: make(chan struct{}), noAccounts: o.noAccounts}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		}
	}()
	listener, err := listen(o.apiPort)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = listener.Close()
		}
	}()
	s.apiAddr = listener.Addr().String()
	if s.postgres, err = postgres.Start(ctx, postgres.Options{DataDir: filepath.Join(o.data, "postgres"), Log: log}); err != nil {
		return nil, err
	}
	// Asked before anything of the directory is made: its secrets are there from the end of
	// the first start on.
	_, unused := os.Stat(filepath.Join(o.data, secretsFile))
	if s.clock, err = openClock(o.data, o.speed, o.from, unused == nil, time.Now()); err != nil {
		return nil, err
	}
	if s.temporal, err = startTemporal(ctx, s.postgres, o, log); err != nil {
		return nil, err
	}
	c, err := s.configure(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.serve(ctx, c, o.roster, listener, log); err != nil {
		return nil, err
	}
	go s.tick()
	return s, nil
}

func listen(port int) (net.Listener, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("port %d cannot be had: choose another with --api-port (0 takes a free one): %w", port, err)
	}
	return listener, nil
}

func startTemporal(ctx context.Context, pg *postgres.Server, o options, log *slog.Logger) (*devserver.Server, error) {
	log, err := temporalLog(filepath.Join(o.data, "temporal.log"), log, o.verbose)
	if err != nil {
		return nil, err
	}
	attributes := make(map[string]enums.IndexedValueType)
	for _, name := range workflows.SearchAttributes() {
		attributes[name] = enums.INDEXED_VALUE_TYPE_KEYWORD
	}
	return devserver.Start(ctx, devserver.Options{
		Postgres: pg.DSN("postgres"), FrontendPort: o.temporalPort, UIPort: o.uiPort, Namespace: namespace,
		SearchAttributes: attributes, TrimVisibility: true, CacheSize: config.Default().Worker.CacheSize, Log: log, Verbose: o.verbose,
	})
}

// maxLog is how large a log may be before the next start begins a new one.
const maxLog = 8 << 20

// temporalLog has what the Temporal server says written to a file: most of it is about its
// own parts that wait for each other. Who wants everything sees it on the terminal too.
func temporalLog(file string, terminal *slog.Logger, verbose bool) (*slog.Logger, error) {
	mode := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(file); err == nil && info.Size() > maxLog {
		mode |= os.O_TRUNC
	}
	f, err := os.OpenFile(file, mode, 0o600) // open until the process ends: the server may log to the last
	if err != nil {
		return nil, fmt.Errorf("the log of Temporal: %w", err)
	}
	if !verbose {
		return slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelWarn})), nil
	}
	return slog.New(slog.NewMultiHandler(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug}), terminal.Handler())), nil
}

const secretsFile = "secrets.json"

// configure makes what production configures: a database, secrets made at the first
// start, tokens. It writes them where the command line finds them, beside what a person
// wrote there, and reads the settings with what the environment says.
func (s *stack) configure(ctx context.Context, o options) (config.Config, error) {
	c := config.Default()
	if err := createDatabase(ctx, s.postgres.DSN("postgres")); err != nil {
		return c, err
	}
	c.Database.DSN = s.postgres.DSN("guitu")
	c.Temporal = config.Temporal{Address: s.temporal.FrontendAddress(), Namespace: namespace}
	c.API.Address = s.apiAddr
	c.Auth.AdminTokens = true
	c.Evaluation.Age = 0 // its clock may run much faster than the world's
	if _, port, err := net.SplitHostPort(s.apiAddr); err == nil {
		c.Auth.Origin = "http://localhost:" + port // passkeys take no address of numbers
	}
	var err error
	if c.Secrets, err = secrets(filepath.Join(o.data, secretsFile)); err != nil {
		return c, err
	}
	if s.people, err = peopleOf(o.roster, c.Secrets.Index, o.lang); err != nil {
		return c, err
	}
	s.configFile = filepath.Join(o.data, "guitu.yaml")
	if err := writeSettings(s.configFile, own(c, s.people[0].token)); err != nil {
		return c, err
	}
	c, s.passedOver, err = load(s.configFile, o.environ, c)
	return c, err
}

// createDatabase makes the database of the product when it is missing.
func createDatabase(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, "CREATE DATABASE guitu")
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42P04" { // it is there
		return nil
	}
	return err
}

// secrets of this data directory; made when there are none.
func secrets(file string) (config.Secrets, error) {
	var out config.Secrets
	raw, err := os.ReadFile(file)
	if err == nil {
		if err := json.Unmarshal(raw, &out); err != nil {
			return out, fmt.Errorf("%s cannot be read; without these secrets the data cannot be read either: %w", file, err)
		}
		return out, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return out, err
	}
	if out.Payload, err = workflows.GenerateKeyset(); err != nil {
		return out, err
	}
	if out.Master, out.Index, err = store.GenerateKeys(); err != nil {
		return out, err
	}
	raw, err = json.Marshal(out)
	if err != nil {
		return out, err
	}
	return out, writeFile(file, raw)
}

// serve migrates, then runs worker and API.
func (s *stack) serve(ctx context.Context, c config.Config, roster string, listener net.Listener, log *slog.Logger) error {
	if err := store.Migrate(ctx, c.Database.DSN); err != nil {
		return err
	}
	var clock func() workflows.Clock
	if s.clock.virtual() {
		clock = s.clock.now
	}
	var err error
	if s.service, err = wiring.Open(ctx, c, log, clock); err != nil {
		return err
	}
	if !s.noAccounts { // before the roster, which knows its workers by their ids alone
		if err := s.openAccounts(ctx, c.Secrets.Index, rehab.DateOf(s.service.Now())); err != nil {
			return err
		}
	}
	if err := s.staff(ctx, roster); err != nil {
		return err
	}
	s.worker = s.service.Worker("dev")
	if err := s.worker.Start(); err != nil {
		s.worker = nil
		return fmt.Errorf("start the worker: %w", err)
	}
	if err := s.service.Cases.ScheduleCoverage(ctx, c.Worker.CoverageEvery); err != nil {
		return err
	}
	if err := s.service.Cases.ScheduleNotify(ctx, c.Notify.Every); err != nil {
		return err
	}
	if clock != nil {
		if err := s.nudge(ctx); err != nil {
			return err
		}
	}
	handler, err := s.service.API(ctx, "dev")
	if err != nil {
		return err
	}
	s.api = api.NewServer(s.apiAddr, handler)
	go func() {
		if err := s.api.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	go s.watch()
	return nil
}

// staff registers the workers of the roster and lets the people with tokens in.
func (s *stack) staff(ctx context.Context, roster string) error {
	today := func() rehab.Date { return rehab.DateOf(s.service.Now()) }
	if err := registerRoster(ctx, s.service.Store, roster, s.lang, s.people[0].Actor, today); err != nil {
		return err
	}
	for _, p := range s.people {
		if p.Role == rehab.WorkerRole {
			if err := registerWorker(ctx, s.service.Store, p.ID, "社工"+p.ID, p.Place, s.people[0].Actor, today()); err != nil {
				return err
			}
		}
		if err := s.service.Store.KeepToken(ctx, p.token, p.Actor, "development", time.Now().AddDate(10, 0, 0)); err != nil {
			return err
		}
	}
	return nil
}

// watch waits for a part that ends by itself.
func (s *stack) watch() {
	select {
	case <-s.ticker:
	case <-s.postgres.Done():
		s.failed <- fmt.Errorf("PostgreSQL has ended by itself; its log is %s", s.postgres.LogFile())
	case <-s.temporal.Done():
		s.failed <- fmt.Errorf("Temporal has given up, as temporal.log in the data directory says: %w", s.temporal.Err())
	}
}

// nudge makes every open case read the clock, which was set anew at this start.
func (s *stack) nudge(ctx context.Context) error {
	return s.service.EachLive(ctx, func(c *rehab.Case) error {
		_ = s.service.Cases.Recheck(ctx, c.ID) // a case without a workflow is restore's to start
		return nil
	})
}

// tick writes down every second where the clock stands.
func (s *stack) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-s.ticker:
			return
		case now := <-t.C:
			_ = s.clock.save(now) // the next second tries again
		}
	}
}

// stop ends everything in the order that loses nothing: API, worker, client, Temporal,
// PostgreSQL.
func (s *stack) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var errs []error
	if s.api != nil {
		close(s.ticker)
		errs = append(errs, s.clock.save(time.Now()), s.api.Shutdown(ctx))
	}
	if s.worker != nil {
		s.worker.Stop()
	}
	if s.service != nil {
		s.service.Close()
	}
	if s.temporal != nil {
		errs = append(errs, s.temporal.Stop(ctx))
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop(ctx))
	}
	return errors.Join(errs...)
}
