// Package doors tries who gets in where: the API as it is wired, on a real PostgreSQL under the
// login of the API, with the core in the place of the workflows. It knows who may see what from a
// table of its own, makes requests of the contract, and looks for what should not be in an answer.
package doors

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/config"
	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/store"
	"guitu/suite"
	"guitu/workflows"
)

// House is the API with people, offices and cases in it.
type House struct {
	Handler  http.Handler
	Contract *Contract
	Cases    map[string]*Case // by what they are to the street Own
	Log      *Faults
	Private  map[string]string // keys of the two holders of the parts of keys of sealed cases, by token

	service *wiring.Service
	store   *store.Store // of the workers: it sees everything
	owner   *pgx.Conn
	began   time.Time
	glass   map[string]bool // actor and case of the looks that were opened
}

// The places. Own and Sibling are streets of District, Foreign is one of Elsewhere.
const (
	Own       = "110101001"
	Sibling   = "110101002"
	Foreign   = "110102003"
	District  = "110101"
	Elsewhere = "110102"
)

// now is where the clock of the cases begins: 12:00 in Shanghai.
var now = time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)

// Open makes a house on an empty database, whose owner the address names.
func Open(ctx context.Context, dsn string) (*House, error) {
	if err := store.Migrate(ctx, dsn); err != nil {
		return nil, err
	}
	h := &House{Log: &Faults{}, began: time.Now(), Cases: make(map[string]*Case), glass: make(map[string]bool)}
	var err error
	if h.owner, err = pgx.Connect(ctx, dsn); err != nil {
		return nil, err
	}
	front, err := h.login(ctx, dsn, "api_of_tests", "guitu_scoped")
	if err != nil {
		return nil, err
	}
	keeper, err := h.login(ctx, dsn, "keeper_of_doors", "guitu_app, guitu_keys")
	if err != nil {
		return nil, err
	}
	if err := h.wire(ctx, dsn, front, keeper); err != nil {
		return nil, err
	}
	if err := h.holders(ctx); err != nil {
		return nil, err
	}
	if err := h.people(ctx); err != nil {
		return nil, err
	}
	if h.Contract, err = readContract(h.Ask(ctx, "", http.MethodGet, "/openapi.json", "").Body); err != nil {
		return nil, err
	}
	return h, h.populate(ctx)
}

// Close ends what Open began.
func (h *House) Close(ctx context.Context) {
	h.service.Close()
	h.store.Close()
	_ = h.owner.Close(ctx)
}

// login makes a login with the rights of the roles and no more, and gives its address.
func (h *House) login(ctx context.Context, dsn, name, roles string) (string, error) {
	_, err := h.owner.Exec(ctx, `DO $$ BEGIN CREATE ROLE `+name+` LOGIN PASSWORD 'api' IN ROLE `+roles+`;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", err
	}
	u.User = url.UserPassword(name, "api")
	return u.String(), nil
}

// wire connects the API under its own login, and the engine under that of the workers.
func (h *House) wire(ctx context.Context, dsn, front, keeper string) error {
	c := config.Default()
	c.Documents.Browser = "none"
	c.Auth.AdminTokens = true
	c.Auth.Origin = "https://guitu.example.cn"
	c.Database = config.Database{DSN: front, KeeperDSN: keeper, MaxConns: 8}
	var err error
	if c.Secrets.Payload, err = workflows.GenerateKeyset(); err != nil {
		return err
	}
	if c.Secrets.Master, c.Secrets.Index, err = store.GenerateKeys(); err != nil {
		return err
	}
	if h.service, err = wiring.OpenFront(ctx, c, slog.New(slog.NewJSONHandler(h.Log, &slog.HandlerOptions{Level: slog.LevelWarn}))); err != nil {
		return err
	}
	h.service.Clock = func() workflows.Clock { return workflows.Clock{World: h.began, Case: now, Speed: 1} }
	keys, err := store.NewKeys(c.Secrets.Master, c.Secrets.Index)
	if err != nil {
		return err
	}
	if h.store, err = store.Open(ctx, store.Options{DSN: dsn, MaxConns: 4, Keys: keys}); err != nil {
		return err
	}
	e := &engine{store: h.store, rules: h.service.Rules, now: h.service.Now}
	h.service.Engine, h.service.BulkEngine, h.service.VerifyEngine = e, e, e
	h.Handler, err = h.service.API(ctx, "doors")
	return err
}

// holders lets the two offices hold the parts of the keys of sealed cases.
func (h *House) holders(ctx context.Context) error {
	s, err := suite.Named(h.service.Config.Crypto.Suite)
	if err != nil {
		return err
	}
	h.Private = make(map[string]string)
	for token, part := range map[string]int{"city": 1, "district": 2} {
		public, private, err := s.NewPair()
		if err != nil {
			return err
		}
		h.Private[token] = private
		if err := h.store.AddHolder(ctx, store.Holder{ID: Actors[token].ID, Part: part, PublicKey: public}); err != nil {
			return err
		}
	}
	return nil
}

// people lets everybody in by a token that is called like them.
func (h *House) people(ctx context.Context) error {
	for token, a := range Actors {
		if err := h.store.KeepToken(ctx, token, a, "doors", time.Now().AddDate(1, 0, 0)); err != nil {
			return fmt.Errorf("let %s in: %w", token, err)
		}
	}
	for _, name := range workers() {
		a := Actors[name]
		body := fmt.Sprintf(`{"id":%q,"name":"工%s","post":"full_time","place":%q,"from":"2026-01-01"}`, a.ID, a.ID, a.Place)
		if r := h.Ask(ctx, "city", http.MethodPost, "/v1/workers", body); r.Status/100 != 2 {
			return fmt.Errorf("register %s: %d %s", name, r.Status, r.Body)
		}
	}
	return nil
}

// Reply is an answer of the API.
type Reply struct {
	Status int
	Body   string
	Header http.Header
}

// Problem is what an answer says that says no, without what differs each time.
func (r Reply) Problem() string {
	var v map[string]any
	if json.Unmarshal([]byte(r.Body), &v) != nil {
		return r.Body
	}
	delete(v, "request_id")
	raw, _ := json.Marshal(v)
	return fmt.Sprint(r.Status, " ", string(raw))
}

// Ask sends a request. token is empty for nobody; headers come in pairs.
func (h *House) Ask(ctx context.Context, token, method, path, body string, headers ...string) Reply {
	return h.Send(ctx, Request{Token: token, Method: method, Path: path, Body: body, Headers: headers})
}

// Request is what is sent. A path that is no URL is sent as far as it is one.
type Request struct {
	Token, Method, Path, Body string
	Headers                   []string
	Operation                 string // that it is meant for
}

// Send sends it as it came over a socket: what the standard library would not let through, it answers itself.
func (h *House) Send(ctx context.Context, r Request) Reply {
	u, err := url.ParseRequestURI(r.Path)
	if err != nil {
		return Reply{Status: http.StatusBadRequest}
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, "http://guitu.example.cn/", strings.NewReader(r.Body))
	if err != nil {
		return Reply{Status: http.StatusBadRequest}
	}
	req.URL.Path, req.URL.RawPath, req.URL.RawQuery = u.Path, u.RawPath, u.RawQuery
	req.RequestURI, req.RemoteAddr = r.Path, "127.0.0.1:9"
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	if r.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(r.Headers); i += 2 {
		req.Header.Set(r.Headers[i], r.Headers[i+1])
	}
	w := httptest.NewRecorder()
	h.Handler.ServeHTTP(w, req)
	res := w.Result()
	defer func() { _ = res.Body.Close() }()
	raw, _ := io.ReadAll(res.Body) // of memory
	return Reply{Status: w.Code, Body: string(raw), Header: res.Header}
}

// Row is where the case stands now.
func (h *House) Row(ctx context.Context, id string) (rehab.Summary, error) {
	return h.store.Case(ctx, id)
}
