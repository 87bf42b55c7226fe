// Package api is the HTTP face of the engine: typed operations with an OpenAPI 3.1
// document, bearer tokens, scope by place and assignment, strict input and one form of
// error. It decides nothing itself: a handler decodes, asks one of the interfaces of
// ports.go, and encodes.
package api

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"guitu/attachments"
	"guitu/casework"
	"guitu/documents"
	"guitu/evaluation"
	"guitu/forms"
	"guitu/input"
	"guitu/rehab"
	"guitu/words"
)

// Deps is what the API is built from. Version and what follows it may be left out.
type Deps struct {
	Engine     Engine
	Ledger     Ledger
	Board      Board
	Identities Identities
	Clients    Clients
	Places     Places
	Registry   Registry
	Loads      Loads
	Inbox      InboxParts
	Policies   Policies
	Tokens     Tokens
	Past       Past
	Simulator  Simulator
	Figures    Figures
	// Simulations are kept with what came of them.
	Simulations SimulationStore
	Previewer   Previewer
	Health      Health
	Registers   casework.Registers
	Audit       Audit
	ReadLog     ReadLog
	Books       casework.Books
	Forms       Forms

	// Attachments are the scans and photos of cases.
	Attachments Attachments
	// Views are those of the board that somebody saved.
	Views Views
	// Definitions of forms; those of the program where nil.
	Definitions *forms.Set
	// AttachmentLimit is how many bytes an attachment has at most; 10 MiB where 0.
	AttachmentLimit int64

	CommandStates CommandStates
	PoliceReports PoliceReports

	// Desk is where people sign in, and Registrar where accounts and tokens are kept.
	Desk      Desk
	Registrar Registrar
	// Glasses keeps the looks of offices at identities.
	Glasses Glasses
	// Decode opens payloads of the engine, and passes on what is none; UIOrigin is the address of
	// its web UI, from which a browser may ask for that.
	Decode   func([]CodecPayload) ([]CodecPayload, error)
	UIOrigin string
	// Archive keeps sealed cases, for as long as Retention says.
	Archive   Archive
	Retention Retention
	// Origin of the web pages, from which a browser may send what changes something, where it is
	// not the host that the request names.
	Origin string
	// Proxies are the networks of those whose X-Forwarded-For is believed.
	Proxies []string
	// RefuseAdmin shuts the role admin out, which does everything at once.
	RefuseAdmin bool
	// DemoAccounts are shown to everybody: for demonstrations alone.
	DemoAccounts []DemoAccount

	// Room and Queues say whether the engine keeps up. A case is late where its wake has passed by
	// more than LateAfter; by the nightly sweep and an hour where 0.
	Room         Room
	VerifyEngine VerifyEngine
	Queues       Queues
	LateAfter    time.Duration
	// CaseInTemporal is where the engine's UI shows a case, its id put behind; empty: nowhere.
	CaseInTemporal string

	Evaluations   Evaluations
	Bulk          BulkStore
	BulkEngine    casework.BulkEngine
	Subscriptions Subscriptions
	Targets       Targets
	Indicators    *evaluation.Set
	// FiguresAge is how old figures may be that are given again; each is counted anew where 0.
	FiguresAge time.Duration

	// DefaultPolicy is the policy of a case opened at the place without naming one.
	DefaultPolicy func(place string) rehab.PolicyRef
	// StrictRegistry refuses to give a case to a worker whom the registry does not know.
	StrictRegistry bool
	// MayPick reports whether whoever opens a case may name the policy, beside the default one.
	// Authorities may name any; where nil, they alone.
	MayPick func(rehab.PolicyRef) bool
	Now     func() time.Time
	Log     *slog.Logger
	// Language of the answers to who asks for none of ours; English where empty.
	Language words.Lang
	Version  string

	// Metrics is the registry behind /metrics; a new one where nil, with the metrics of
	// the Go runtime and of the process.
	Metrics *prometheus.Registry
	// Poll is how often the live stream looks for news while somebody listens; default 1 s.
	Poll time.Duration
	// Heartbeat is how often a silent live stream shows that it lives; default 15 s.
	Heartbeat time.Duration
	// DigestKey keys the digests of commands, so that nobody can guess at what was sent
	// from a digest in the ledger. Without it a digest is a plain SHA-256.
	DigestKey []byte

	// Templates of papers; those of the program where nil.
	Templates *documents.Set
	// Printer of papers; without one there is no PDF.
	Printer Printer
	// LinkKey signs the links to papers; without one they end with the process.
	LinkKey []byte
	// Wall is the world's time, by which links end; time.Now where nil.
	Wall func() time.Time
}

// server is what the handlers share.
type server struct {
	Deps
	api      huma.API
	metrics  *metrics
	hub      *hub
	tokens   *tokenCache
	sessions *sessionCache
	origins  *http.CrossOriginProtection

	revocation *bell
	limits     *limits
	files      *attachments.Reader
	work       *casework.Service
	figures    *kept[evaluation.Report]
	trends     *kept[evaluation.Trend]
	funnels    *kept[Funnel]
}

// New builds the handler of the whole API. It starts nothing: the poller behind the
// live stream runs only while a client listens. An error names the missing dependency.
func New(d Deps) (http.Handler, error) {
	if err := d.complete(); err != nil {
		return nil, err
	}
	tokens, err := newTokenCache(d.Tokens)
	if err != nil {
		return nil, fmt.Errorf("build the api: %w", err)
	}
	d.Tokens = tokens
	sessions, err := newSessionCache(d.Desk)
	if err != nil {
		return nil, fmt.Errorf("build the api: %w", err)
	}
	s := &server{Deps: d, tokens: tokens, sessions: sessions, origins: http.NewCrossOriginProtection(), revocation: newBell(), limits: newLimits(d.Wall),
		files: attachments.NewReader(d.AttachmentLimit, picturesAtOnce), work: d.casework(), figures: newKept[evaluation.Report](d.FiguresAge, d.Log),
		trends: newKept[evaluation.Trend](d.FiguresAge, d.Log), funnels: newKept[Funnel](d.FiguresAge, d.Log)}
	if d.Origin != "" {
		if err := s.origins.AddTrustedOrigin(d.Origin); err != nil {
			return nil, fmt.Errorf("build the api: the origin of the web pages: %w", err)
		}
	}
	if s.metrics, err = newMetrics(d.Metrics, d.Board, d.Subscriptions); err != nil {
		return nil, fmt.Errorf("build the api: %w", err)
	}
	s.hub = newHub(d.Board, d.Poll, d.Log, s.metrics.clients)

	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = false
	if err := router.SetTrustedProxies(d.Proxies); err != nil {
		return nil, fmt.Errorf("build the api: the proxies: %w", err)
	}
	router.Use(s.identify, s.observe, s.recoverPanic, secure)
	router.NoRoute(func(c *gin.Context) { problem(http.StatusNotFound, "there is no such route").write(c) })
	router.NoMethod(func(c *gin.Context) {
		problem(http.StatusMethodNotAllowed, "this route does not take "+input.Printable(c.Request.Method)).write(c)
	})

	s.api = humagin.New(router, s.config())
	s.api.UseMiddleware(inTime, s.authenticate, guard)
	s.routes()
	if err := s.addExamples(); err != nil {
		return nil, err
	}
	s.oidcRoutes(router)
	router.OPTIONS(codecPath, s.codecPreflight)
	return router, s.pages(router)
}

// casework are the use cases over the same parts.
func (d *Deps) casework() *casework.Service {
	return &casework.Service{
		Engine: d.Engine, Ledger: d.Ledger, Past: d.Past, Board: d.Board, Identities: d.Identities, Clients: d.Clients, Places: d.Places, Registry: d.Registry,
		Loads: d.Loads, Bulk: d.Bulk, BulkEngine: d.BulkEngine, CommandStates: d.CommandStates, Policies: d.Policies,
		Forms: d.Forms, Definitions: d.Definitions, Registers: d.Registers, Books: d.Books, Templates: d.Templates,
		DefaultPolicy: d.DefaultPolicy, StrictRegistry: d.StrictRegistry, MayPick: d.MayPick, DigestKey: d.DigestKey, Now: d.Now, Log: d.Log,
	}
}

// routes lists every operation.
func (s *server) routes() {
	s.caseRoutes()
	s.commandRoutes()
	s.commandStateRoutes()
	s.boardRoutes()
	s.viewRoutes()
	s.findCaseRoutes()
	s.clientRoutes()
	s.searchRoutes()
	s.documentRoutes()
	s.batchRoutes()
	s.transferRoutes()
	s.coverageRoutes()
	s.bulkRoutes()
	s.subscriptionRoutes()
	s.helpRoutes()
	s.pastRoutes()
	s.simulationRoutes()
	s.previewRoutes()
	s.nowRoutes()
	s.calendarRoutes()
	s.dayRoutes()
	s.inboxRoutes()
	s.noticeRoutes()
	s.organisationRoutes()
	s.policyRoutes()
	s.codesRoutes()
	s.registerRoutes()
	s.placeRoutes()
	s.workerRoutes()
	s.absenceRoutes()
	s.caseloadRoutes()
	s.evaluationRoutes()
	s.figureRoutes()
	s.eventRoutes()
	s.auditRoutes()
	s.sessionRoutes()
	s.factorRoutes()
	s.accountRoutes()
	s.tokenRoutes()
	s.glassRoutes()
	s.policeRoutes()
	s.archiveRoutes()
	s.codecRoutes()
	s.formRoutes()
	s.filingRoutes()
	s.attachmentRoutes()
	s.engineRoutes()
	s.healthRoutes()
	s.describe()
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // huma's own form of errors
		delete(s.api.OpenAPI().Components.Schemas.Map(), unused)
	}
}

func (d *Deps) complete() error {
	for name, missing := range map[string]bool{
		"Engine": d.Engine == nil, "Ledger": d.Ledger == nil, "Board": d.Board == nil, "Identities": d.Identities == nil, "Clients": d.Clients == nil,
		"Places": d.Places == nil, "Policies": d.Policies == nil, "Tokens": d.Tokens == nil, "Past": d.Past == nil,
		"Registry": d.Registry == nil, "Loads": d.Loads == nil, "Inbox": d.Inbox == nil,
		"Simulator": d.Simulator == nil, "Simulations": d.Simulations == nil, "Previewer": d.Previewer == nil,
		"Health": d.Health == nil, "DefaultPolicy": d.DefaultPolicy == nil, "Now": d.Now == nil, "Log": d.Log == nil,
		"Registers": d.Registers == nil, "Audit": d.Audit == nil, "ReadLog": d.ReadLog == nil, "Books": d.Books == nil,
		"Desk": d.Desk == nil, "Registrar": d.Registrar == nil, "Glasses": d.Glasses == nil, "Archive": d.Archive == nil, "Decode": d.Decode == nil,
		"Forms": d.Forms == nil, "Attachments": d.Attachments == nil, "Views": d.Views == nil,
		"Bulk": d.Bulk == nil, "BulkEngine": d.BulkEngine == nil, "Subscriptions": d.Subscriptions == nil, "Targets": d.Targets == nil,
		"CommandStates": d.CommandStates == nil, "PoliceReports": d.PoliceReports == nil, "Evaluations": d.Evaluations == nil, "Indicators": d.Indicators == nil, "Figures": d.Figures == nil,
		"Room": d.Room == nil, "VerifyEngine": d.VerifyEngine == nil, "Queues": d.Queues == nil,
	} {
		if missing {
			return fmt.Errorf("build the api: %s is missing", name)
		}
	}
	if d.Poll <= 0 {
		d.Poll = time.Second
	}
	if d.Heartbeat <= 0 {
		d.Heartbeat = 15 * time.Second
	}
	if d.LateAfter <= 0 {
		d.LateAfter = usuallyLate
	}
	if d.Metrics == nil {
		d.Metrics = newRegistry()
	}
	return d.completePapers()
}

// completePapers fills in what papers can do without.
func (d *Deps) completePapers() error {
	var err error
	if d.Templates == nil {
		if d.Templates, err = documents.Load(); err != nil {
			return fmt.Errorf("build the api: %w", err)
		}
	}
	if d.Definitions == nil {
		if d.Definitions, err = forms.Load(); err != nil {
			return fmt.Errorf("build the api: %w", err)
		}
	}
	if d.AttachmentLimit <= 0 {
		d.AttachmentLimit = 10 << 20
	}
	if d.Wall == nil {
		d.Wall = time.Now
	}
	if len(d.LinkKey) == 0 {
		d.LinkKey = make([]byte, sha256.Size)
		_, err = rand.Read(d.LinkKey)
	}
	return err
}

// config is huma's: JSON alone, unknown query parameters refused, errors in our form.
func (s *server) config() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Guitu",
				Version:     s.Version,
				Description: "Case engine for community drug rehabilitation. Dates are days in Asia/Shanghai, instants RFC 3339.",
			},
			Components: &huma.Components{
				Schemas: newSchemas(),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer": {Type: "http", Scheme: "bearer"},
					"cookie": {Type: "apiKey", In: "cookie", Name: sessionCookie},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{rewriteHumaError, inTheLanguage},
	}
}
