// Package wiring puts the parts together for the programs: from a configuration to a
// store, a client, the API's handler and a worker.
package wiring

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"

	"guitu/activities"
	"guitu/api"
	"guitu/casework"
	"guitu/config"
	"guitu/documents"
	"guitu/evaluation"
	"guitu/forms"
	"guitu/kms"
	"guitu/notify"
	"guitu/printing"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/signin"
	"guitu/store"
	"guitu/suite"
	"guitu/web"
	"guitu/words"
	"guitu/worker"
	"guitu/workflows"
)

// Service is the connected parts of one process.
type Service struct {
	Config     config.Config
	Log        *slog.Logger
	Rules      *policy.Set
	Indicators *evaluation.Set
	Templates  *documents.Set
	Forms      *forms.Set
	Store      *store.Store
	Temporal   client.Client
	Cases      *workflows.Client
	Clock      func() workflows.Clock // nil: the world's

	// Engine, BulkEngine and VerifyEngine take commands in the place of the workflows, for tests
	// without them.
	Engine       api.Engine
	BulkEngine   casework.BulkEngine
	VerifyEngine api.VerifyEngine

	// DemoAccounts are shown with their passwords: for demonstrations alone.
	DemoAccounts []api.DemoAccount

	front *store.Store // of the API: in the scope of each request; Store itself where the process is nothing else
	audit *store.Audit // of the API, once it is made
	codec workflows.Converters

	plays plays // the simulations that wait and the one that is played
}

// Open connects to the database and prepares the connection to Temporal, which is made
// when it is first needed. Close it when done.
func Open(ctx context.Context, c config.Config, log *slog.Logger, clock func() workflows.Clock) (*Service, error) {
	return open(ctx, c, log, clock, false)
}

// OpenFront is Open for a process that is the API and nothing else: its login of the database
// needs no rights beyond those of the API.
func OpenFront(ctx context.Context, c config.Config, log *slog.Logger) (*Service, error) {
	return open(ctx, c, log, nil, true)
}

func open(ctx context.Context, c config.Config, log *slog.Logger, clock func() workflows.Clock, front bool) (*Service, error) {
	s := &Service{Config: c, Log: log, Clock: clock}
	var err error
	if s.Rules, err = Policies(c.Policy.Dir); err != nil {
		return nil, err
	}
	if s.Indicators, err = Indicators(c.Evaluation.Dir); err != nil {
		return nil, err
	}
	if s.Templates, err = Templates(c.Documents.Dir); err != nil {
		return nil, err
	}
	if s.Forms, err = Forms(c.Forms.Dir); err != nil {
		return nil, err
	}
	if s.Store, err = openStore(ctx, c, front); err != nil {
		return nil, err
	}
	if front {
		s.front = s.Store
	}
	converters, err := workflows.NewConverters(c.Secrets.Payload)
	if err == nil {
		err = payloadSuite(c)
	}
	if err != nil {
		s.Store.Close()
		return nil, err
	}
	secure, err := c.Temporal.TLS.Client()
	if err != nil {
		s.Store.Close()
		return nil, err
	}
	s.Temporal, err = client.NewLazyClient(client.Options{
		HostPort: c.Temporal.Address, Namespace: c.Temporal.Namespace, Logger: sdklog.NewStructuredLogger(log),
		DataConverter: converters.Data, FailureConverter: converters.Failure, ConnectionOptions: client.ConnectionOptions{TLS: secure},
	})
	s.codec = converters
	if err != nil {
		s.Store.Close()
		return nil, fmt.Errorf("prepare the connection to Temporal at %s: %w", c.Temporal.Address, err)
	}
	s.Cases = &workflows.Client{
		Namespace: c.Temporal.Namespace,
		Temporal:  s.Temporal, Ledger: s.Store, Rules: s.Rules, Clock: clock, Log: log,
		CommandTimeout: c.API.CommandTimeout, HistoryLimit: c.Worker.HistoryLimit,
	}
	return s, nil
}

// OpenStore connects to the database alone.
func OpenStore(ctx context.Context, c config.Config) (*store.Store, error) {
	return openStore(ctx, c, false)
}

func openStore(ctx context.Context, c config.Config, scoped bool) (*store.Store, error) {
	keys, err := Keys(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	return store.Open(ctx, store.Options{DSN: c.Database.DSN, KeeperDSN: c.Database.KeeperDSN, MaxConns: c.Database.MaxConns, Keys: keys, Scoped: scoped})
}

// Keys are the secrets of the database, under the suite of the configuration. A master key is
// a key, or the address of the service that keeps it.
func Keys(ctx context.Context, c config.Config) (*store.Keys, error) {
	s, err := suite.Named(c.Crypto.Suite)
	if err != nil {
		return nil, fmt.Errorf("crypto.suite: %w", err)
	}
	var master suite.Ring
	for _, text := range strings.Split(c.Secrets.Master, ",") {
		k, err := masterKey(ctx, strings.TrimSpace(text), c.Secrets.KMSToken)
		if err != nil {
			return nil, fmt.Errorf("secrets.master: %w", err)
		}
		master = append(master, k)
	}
	return store.NewKeysOf(s, master, c.Secrets.Index)
}

func masterKey(ctx context.Context, text, token string) (suite.AEAD, error) {
	if strings.Contains(text, "://") {
		return kms.New(ctx, text, token)
	}
	return suite.ParseText(text)
}

// payloadSuite refuses a key for what Temporal keeps that is of another suite.
func payloadSuite(c config.Config) error {
	k, err := suite.ParseText(c.Secrets.Payload)
	if err != nil {
		return fmt.Errorf("secrets.payload: %w", err)
	}
	if k.Suite() != c.Crypto.Suite {
		return fmt.Errorf("secrets.payload is of the suite %s, and crypto.suite says %s", k.Suite(), c.Crypto.Suite)
	}
	return nil
}

// Policies loads the embedded policies and calendars, and those of the folder.
func Policies(dir string) (*policy.Set, error) {
	folders, err := folder(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of policies: %w", err)
	}
	return policy.Load(folders...)
}

// Indicators loads the embedded indicators, and those of the folder.
func Indicators(dir string) (*evaluation.Set, error) {
	folders, err := folder(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of indicators: %w", err)
	}
	return evaluation.Load(folders...)
}

// Forms loads the embedded forms, and those of the folder.
func Forms(dir string) (*forms.Set, error) {
	folders, err := folder(dir)
	if err != nil {
		return nil, fmt.Errorf("forms.dir: read the folder of forms: %w", err)
	}
	set, err := forms.Load(folders...)
	if err != nil {
		return nil, fmt.Errorf("forms.dir: %w", err)
	}
	return set, nil
}

// registerForms keeps the digest of every form of the program and of the folder: one that was
// in use under its version with other words is refused.
func (s *Service) registerForms(ctx context.Context) error {
	for _, d := range s.Forms.All() {
		if err := s.Store.ReleaseForm(ctx, forms.Released{Ref: d.Ref, Digest: d.Digest(), At: time.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// Templates loads the embedded templates of papers, and those of the folder.
func Templates(dir string) (*documents.Set, error) {
	folders, err := folder(dir)
	if err != nil {
		return nil, fmt.Errorf("documents.dir: read the folder of templates: %w", err)
	}
	set, err := documents.Load(folders...)
	if err != nil {
		return nil, fmt.Errorf("documents.dir: %w", err)
	}
	return set, nil
}

// printer is none where the configuration wants none, or the machine has no browser.
func (s *Service) printer() (api.Printer, error) {
	if s.Config.Documents.Browser == "none" {
		return nil, nil //nolint:nilnil // no PDF is no error
	}
	b, err := printing.Find(s.Config.Documents.Browser)
	if err != nil || b == nil {
		return nil, err
	}
	return b, nil
}

// folder is none where dir is empty. One that cannot be read is an error, and not a folder
// without files: the office relies on what is in it.
func folder(dir string) ([]fs.FS, error) {
	if dir == "" {
		return nil, nil
	}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, err
	}
	return []fs.FS{os.DirFS(dir)}, nil
}

// Close ends what is simulated, flushes the read log and closes the connections: Temporal first, then the database.
func (s *Service) Close() {
	s.plays.close()
	if s.audit != nil {
		s.audit.Close()
	}
	s.Temporal.Close()
	if s.front != nil && s.front != s.Store {
		s.front.Close()
	}
	s.Store.Close()
}

// Now is the cases' time.
func (s *Service) Now() time.Time {
	if s.Clock == nil {
		return time.Now()
	}
	return s.Clock().At(time.Now())
}

// Worker makes the worker of this process, which runs the release.
func (s *Service) Worker(release string) sdkworker.Worker {
	sdkworker.SetStickyWorkflowCacheSize(s.Config.Worker.CacheSize)
	var clock func(string) workflows.Clock
	if s.Clock != nil {
		clock = func(string) workflows.Clock { return s.Clock() }
	}
	acts := s.Activities()
	acts.Verifications = verifications{s, release}
	return worker.New(s.Temporal, &workflows.Workflows{Rules: s.Rules, Clock: clock},
		acts, worker.Options{Concurrency: s.Config.Worker.Concurrency, Release: release})
}

// Activities are the side effects of the workflows.
func (s *Service) Activities() *activities.Activities {
	return &activities.Activities{
		Ledger: s.Store, Rules: s.Rules, Bulk: s.Store, Engine: s.Cases, Offices: s.Store, StrictRegistry: s.Config.Registry.Strict, Now: s.Now, Coverages: s.Store, Waker: s.Cases, CoverageRules: s.coverageRules,
		Delivery: &activities.Delivery{
			Outbox: s.Store, Sender: s.sender(), Now: time.Now,
			RetryPolicy: notify.RetryPolicy{Tries: s.Config.Notify.Tries, GiveUp: s.Config.Notify.GiveUp},
		},
	}
}

// sender sends to where the configuration allows.
func (s *Service) sender() *notify.Sender {
	c := s.Config.Notify
	out := notify.NewSender(c.Hosts, notify.SMTP(c.SMTP), time.Now)
	out.Origin = s.Config.Auth.Origin
	return out
}

// coverageRules are those of the policy that new cases are signed under. A timer may be late
// by the sweep and an hour, or by a minute of the world where the cases' clock runs faster.
func (s *Service) coverageRules() activities.CoverageRules {
	ref, _ := s.Rules.Latest(s.Config.Policy.Default)
	p := s.Rules.Policy(ref)
	if p == nil { // no case can be opened either
		p = &rehab.Policy{GapAlert: rehab.Limit{N: 48}, Sweep: rehab.Limit{N: 6}}
	}
	rules := activities.CoverageRules{Ladder: p.GapLadder(), Late: time.Duration(p.Sweep.N+1) * time.Hour}
	if s.Clock != nil {
		rules.Late = max(rules.Late, time.Duration(s.Clock().Speed*float64(time.Minute)))
	}
	return rules
}

// API makes the handler of the HTTP API, with the pages in front of it. The read log that it writes ends with Close.
func (s *Service) API(ctx context.Context, version string) (http.Handler, error) {
	ref, ok := s.Rules.Latest(s.Config.Policy.Default)
	if !ok {
		return nil, fmt.Errorf("policy.default: there is no policy %q; there are %v", s.Config.Policy.Default, s.Rules.Refs())
	}
	printer, err := s.printer()
	if err != nil {
		return nil, err
	}
	if s.front == nil { // beside the worker
		if s.front, err = openStore(ctx, s.Config, true); err != nil {
			return nil, err
		}
	}
	if err := s.registerForms(ctx); err != nil {
		return nil, err
	}
	desk, err := s.Desk(ctx)
	if err != nil {
		return nil, err
	}
	db := s.front
	if s.Engine == nil {
		s.Engine, s.BulkEngine, s.VerifyEngine = s.Cases, s.Cases, s.Cases
	}
	handler, err := api.New(api.Deps{
		Engine: s.Engine, Ledger: db, Board: db, Identities: db, Clients: db, Places: db, Policies: s.Rules, Tokens: db,
		Past: db, Health: s, DefaultPolicy: func(string) rehab.PolicyRef { return ref },
		Registry: db, Loads: db, Inbox: db, StrictRegistry: s.Config.Registry.Strict,
		MayPick:   func(p rehab.PolicyRef) bool { return slices.Contains(s.Config.Policy.Allowed, p.String()) },
		Simulator: s, Simulations: db, Figures: db, Previewer: s,
		Registers: db, Audit: s.audit, ReadLog: db, Books: db, CommandStates: db, PoliceReports: db, Forms: db, Attachments: db, Views: db, Definitions: s.Forms, AttachmentLimit: s.Config.Attachments.MaxBytes, Templates: s.Templates, Printer: printer, LinkKey: db.LinkKey(),
		Now: s.Now, Log: s.Log, Version: version, DigestKey: db.DigestKey(),
		Evaluations: db, Indicators: s.Indicators, FiguresAge: s.Config.Evaluation.Age,
		Bulk: db, BulkEngine: s.BulkEngine, Room: db, VerifyEngine: s.VerifyEngine, Queues: s.Cases, LateAfter: s.coverageRules().Late,
		Subscriptions: db, Targets: s.sender(), Language: words.Lang(s.Config.API.Language),
		Desk: desk, Registrar: desk, Glasses: db, Archive: db, Decode: s.decode, UIOrigin: s.Config.Temporal.UIOrigin, CaseInTemporal: s.caseInTemporal(), Retention: api.Retention{Years: s.Config.Retention.Years, KeyBackupDays: s.Config.Retention.KeyBackupDays}, Origin: s.Config.Auth.Origin, Proxies: s.Config.API.Proxies, RefuseAdmin: !s.Config.Auth.AdminTokens,
		DemoAccounts: s.DemoAccounts,
	})
	if err != nil {
		return nil, err
	}
	return web.Handler(handler)
}

// Desk is where people sign in. What happens there stands in the read log, which ends with Close.
func (s *Service) Desk(ctx context.Context) (*signin.Desk, error) {
	if s.audit == nil {
		s.audit = s.Store.NewAudit(ctx, s.Log)
	}
	rules := signin.Rules{Idle: s.Config.Auth.Idle, Absolute: s.Config.Auth.Absolute, Origin: s.Config.Auth.Origin}
	for _, r := range s.Config.Auth.SecondFactor {
		rules.SecondFactor = append(rules.SecondFactor, rehab.Role(r))
	}
	if o := s.Config.Auth.OIDC; o.Issuer != "" {
		secret, err := os.ReadFile(o.ClientSecretFile)
		if err != nil {
			return nil, fmt.Errorf("auth.oidc.client_secret_file: %w", err)
		}
		rules.OIDC = signin.OIDC{
			Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: strings.TrimSpace(string(secret)), Claim: o.Claim, Callback: s.Config.Auth.Origin + "/auth/oidc/callback",
		}
	}
	for _, a := range s.DemoAccounts {
		rules.Exempt = append(rules.Exempt, a.Account)
	}
	return signin.New(s.Store, s.audit, time.Now, rules)
}

// Check looks at the database and at Temporal.
func (s *Service) Check(ctx context.Context) map[string]error {
	return map[string]error{"database": s.Store.Ping(ctx), "temporal": s.Cases.Healthy(ctx)}
}

// Restore starts every open case of the ledger that has no workflow, and the workflow of
// every transfer under way that has none. done is called
// with each case and whether it was started.
func (s *Service) Restore(ctx context.Context, done func(caseID string, started bool)) error {
	err := s.EachLive(ctx, func(c *rehab.Case) error {
		started, err := s.Cases.Start(ctx, c)
		if err != nil {
			return err
		}
		done(c.ID, started)
		_, err = s.Cases.StartTransfers(ctx, c)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.Cases.ScheduleCoverage(ctx, s.Config.Worker.CoverageEvery); err != nil {
		return err
	}
	if err := s.Cases.ScheduleNotify(ctx, s.Config.Notify.Every); err != nil {
		return err
	}
	operations, err := s.Store.UnfinishedBulk(ctx)
	if err != nil {
		return err
	}
	for _, f := range operations {
		if err := s.Cases.StartBulk(ctx, f, undoAfterRestore); err != nil {
			return fmt.Errorf("start fleet %s: %w", f.ID, err)
		}
	}
	return nil
}

// undoAfterRestore is how long an operation can be undone that was under way when Temporal was lost.
const undoAfterRestore = 24 * time.Hour

// EachLive calls do with every live case of the ledger, until it answers with an error.
func (s *Service) EachLive(ctx context.Context, do func(*rehab.Case) error) error {
	const page = 500
	after := ""
	for {
		ids, err := s.Store.LiveCaseIDs(ctx, after, page)
		if err != nil {
			return fmt.Errorf("list open cases: %w", err)
		}
		for _, id := range ids {
			c, err := s.Store.Load(ctx, id)
			if err != nil {
				return fmt.Errorf("load case %s: %w", id, err)
			}
			if err := do(c); err != nil {
				return err
			}
		}
		if len(ids) < page {
			return nil
		}
		after = ids[len(ids)-1]
	}
}
