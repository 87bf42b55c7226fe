package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/board"
	"guitu/dossier"
	"guitu/evaluation"
	"guitu/inbox"
	"guitu/notify"
	"guitu/office"
	"guitu/registers"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/signin"
)

// now is the instant at which every test happens: 12:00 in Shanghai.
var now = time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)

// world is the store and the engine in memory: the real core behind the interfaces.
type world struct {
	mu          sync.Mutex
	cases       map[string]*rehab.Case
	events      map[string][]rehab.Event
	receipts    map[string]receipt
	order       api.SimulationOrder
	simulations []board.SimulationRow
	idle        bool // nobody plays them
	trendOf     evaluation.TrendQuery
	climbsOf    board.ClimbFilter
	previewed   rehab.PreviewOrder
	bodies      map[string]rehab.CommandBody // of the commands, by case and id
	identities  map[string]board.Identity
	texts       map[string]map[string]string
	changes     []board.Change
	notices     []board.NoticeRow
	rules       *policy.Set
	records     map[string][]registers.Record
	bulk        map[string]*fakeBulk
	offices     offices
	indicators  *evaluation.Set
	exported    []evaluation.Export
	snoozes     map[snoozed]inbox.Snooze
	shelved     map[string]inbox.SnoozeCommand // by actor and command
	list        inbox.NowList                  // what waits now
	listed      inbox.NowFilter                // and for whom it was asked
	subscribers *subscribers
	books       *fakeBooks
	forms       *fakeForms
	views       *fakeViews
	archive     *fakeArchive
	doneToo     bool // the duties of a case are all that there ever were
	reads       *fakeReads
	clients     *fakeClients
	states      map[string][]board.CommandState // by actor and key
	accounts    *fakeAccounts
	desk        *signin.Desk
	verified    *board.Verification // the last check
	verifying   *board.VerificationJob

	// fail, when set, is what the named method answers.
	fail map[string]error
	// pending makes the engine accept without acting.
	pending bool
	did     int // commands that reached the engine
	queries int // reads of the cases
	asked   int // who a token speaks for
	polls   int // reads of the changes
	tx      int64
	counted int                       // reads of the counts
	clock   atomic.Pointer[time.Time] // the present instant, once time passed
}

type receipt struct {
	board.Receipt
	digest string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	rules, err := policy.Load()
	require.NoError(t, err)
	indicators, err := evaluation.Load()
	require.NoError(t, err)
	w := &world{
		indicators: indicators,
		cases:      map[string]*rehab.Case{}, events: map[string][]rehab.Event{}, receipts: map[string]receipt{}, bodies: map[string]rehab.CommandBody{},
		states: map[string][]board.CommandState{}, identities: map[string]board.Identity{}, texts: map[string]map[string]string{}, fail: map[string]error{}, rules: rules,
	}
	w.subscribers = &subscribers{w, map[string]*fakeSubscription{}}
	w.reads = &fakeReads{world: w}
	w.clients = &fakeClients{w, map[string][]*dossier.Change{}, map[string]doneClient{}}
	w.accounts = newFakeAccounts()
	w.desk, err = signin.New(w.accounts, w.reads, w.accounts.now, signin.Rules{Idle: 30 * time.Minute, Absolute: 12 * time.Hour, Origin: "https://guitu.example.cn"})
	require.NoError(t, err)
	w.forms = newFakeForms(w)
	w.views = &fakeViews{world: w}
	w.archive = &fakeArchive{world: w}
	w.books = &fakeBooks{w, nil, map[office.PaperKey]map[string]string{}}
	return w
}

func (w *world) failing(method string) error {
	if err := w.fail[method]; err != nil {
		return err
	}
	return w.fail["*"]
}

// Do is the engine.
func (w *world) Do(_ context.Context, caseID string, cmd rehab.Command) (board.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did++
	if err := w.failing("Do"); err != nil {
		return board.Receipt{}, err
	}
	if err := cmd.Check(); err != nil {
		return board.Receipt{}, err
	}
	if r, ok := w.receipts[caseID+"/"+cmd.ID]; ok {
		if r.digest != cmd.Digest {
			return board.Receipt{}, &rehab.Error{Code: rehab.Conflict, Message: "clash"}
		}
		r.Duplicate = true
		return r.Receipt, nil
	}
	if w.pending {
		return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Pending: true}, nil
	}
	c := w.cases[caseID]
	if c == nil {
		c = &rehab.Case{ID: caseID}
	}
	h := w.history(caseID, time.Time{})
	events, err := h.Tell(c, cmd, w.rules, w.now())
	var e *rehab.Error
	if errors.As(err, &e) && e.Code == rehab.Known {
		return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: e.Record, Known: true}, nil
	}
	if err != nil {
		return board.Receipt{}, err
	}
	w.cases[caseID], w.bodies[caseID+"/"+cmd.ID] = c, cmd.Body
	w.record(c, events)
	r := board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: c.Seq}
	w.receipts[caseID+"/"+cmd.ID] = receipt{r, cmd.Digest}
	return r, nil
}

func (w *world) record(c *rehab.Case, events []rehab.Event) {
	w.tx++
	told := rehab.NewRecord(c, rehab.Command{}, events).Notices
	for _, e := range events {
		c.Apply(e)
		w.events[c.ID] = append(w.events[c.ID], e)
		w.changes = append(w.changes, board.Change{
			Tx: w.tx, Position: int64(len(w.changes) + 1), CaseID: c.ID, Seq: e.Seq, Type: e.Data.EventType(), At: e.RecordedAt, Place: c.Place, Worker: c.Worker,
		})
		for _, n := range told {
			if n.Seq == e.Seq {
				w.notices = append(w.notices, board.NoticeRow{Tx: w.tx, Position: int64(len(w.notices) + 1), CaseID: c.ID, Seq: e.Seq, CreatedAt: e.RecordedAt, Notice: n.Notice})
			}
		}
	}
}

// pass lets time do what it does to every case.
func (w *world) pass(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock.Store(&at)
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		c := w.cases[id]
		w.record(c, c.Advance(rehab.Env{Now: at, Policy: w.rules.Policy(c.Policy), Calendar: w.rules.Calendar()}))
	}
}

func (w *world) now() time.Time {
	if at := w.clock.Load(); at != nil {
		return *at
	}
	return now
}

// bench is an API over a world of its own.
type bench struct {
	t testing.TB
	*world
	handler http.Handler
	log     *bytes.Buffer
}

func setup(t testing.TB) *bench {
	t.Helper()
	b := &bench{t: t, world: newWorld(t), log: &bytes.Buffer{}}
	handler, err := api.New(b.deps())
	require.NoError(t, err)
	b.handler = handler
	return b
}

func (b *bench) deps(changes ...func(*api.Deps)) api.Deps {
	ref := b.rules.Refs()[0]
	d := api.Deps{
		Engine: b.world, Ledger: b.world, Board: b.world, Identities: b.world, Clients: b.clients, Places: b.world, Policies: b.world, Tokens: b.world,
		Past: b.world, Health: b.world, DefaultPolicy: func(string) rehab.PolicyRef { return ref },
		Registry: b.world, Loads: b.world, Inbox: b.world,
		Simulator: b.world, Simulations: b.world, Figures: b.world, Previewer: b.world,
		Registers: b.world, CommandStates: b.world, PoliceReports: b.world, Books: b.books, Forms: b.forms, Attachments: b.forms, Views: b.views, Audit: b.reads, ReadLog: b.reads,
		Desk: b.desk, Registrar: b.desk, Glasses: b.accounts, Archive: b.archive, Decode: rot, Retention: api.Retention{Years: 30, KeyBackupDays: 90}, Origin: "https://guitu.example.cn",
		Now: b.now, Log: slog.New(slog.NewJSONHandler(&locked{w: b.log}, nil)), Version: "test",
		Evaluations: b.world, Indicators: b.indicators,
		Bulk: b.world, BulkEngine: b.world, Room: b.world, VerifyEngine: b.world, Queues: b.world,
		Subscriptions: b.subscribers, Targets: notify.NewSender([]string{"hooks.example.cn"}, notify.SMTP{Host: "mail.example.cn"}, time.Now),
		Poll: 2 * time.Millisecond, Heartbeat: 20 * time.Millisecond,
	}
	for _, change := range changes {
		change(&d)
	}
	return d
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	text string
	json map[string]any
	sent string
}

// call sends a request as the actor. body is a string as it is, or anything else as JSON.
func (b *bench) call(token, method, path string, body any, headers ...string) answer {
	b.t.Helper()
	var sent string
	switch v := body.(type) {
	case nil:
	case string:
		sent = v
	default:
		raw, err := json.Marshal(v)
		require.NoError(b.t, err)
		sent = string(raw)
	}
	req := httptest.NewRequest(method, path, strings.NewReader(sent))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	a := b.send(req)
	a.sent = sent
	return a
}

func (b *bench) send(req *http.Request) answer {
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, req)
	a := answer{Response: rec.Result(), text: rec.Body.String()}
	_ = json.Unmarshal(rec.Body.Bytes(), &a.json)
	if a.Header.Get("Content-Type") == "application/problem+json" && a.Header.Get("Content-Language") == "en" {
		inChinese(b.t, a.json)
	}
	return a
}

// problem requires the answer to be a problem of the status, the code and the field.
func (a answer) problem(t testing.TB, status int, code, field string) {
	t.Helper()
	require.Equal(t, status, a.StatusCode, a.text)
	require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"), a.text)
	require.Equal(t, code, a.json["code"], a.text)
	require.Equal(t, field, fmt.Sprint(or(a.json["field"], "")), a.text)
	require.NotEmpty(t, a.json["detail"], a.text)
}

func or(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}

// idNumber of the n-th person.
func idNumber(n int) string {
	digits := fmt.Sprintf("11019919870210%03d", n%1000)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

// order is an order that can be opened; each pair of the changes sets or, with nil, drops a field.
func order(n int, changes ...any) map[string]any {
	o := map[string]any{
		"order_no": fmt.Sprintf("京公戒字〔2026〕%06d号", n), "measure": "treatment", "term_months": 36,
		"decided_on": "2026-10-01", "served_on": "2026-10-12", "service_method": "direct", "name": "赵某001", "sex": []string{"女", "男"}[n%2],
		"id_number": idNumber(n), "phone": "12000000000", "household_street": street, "residence_street": street,
		"execution_street": street, "risk": "medium", "maintenance_therapy": false, "employment_intent": true,
		"family_contact": "赵某某", "family_phone": "12100000000",
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == nil {
			delete(o, changes[i].(string))
		} else {
			o[changes[i].(string)] = changes[i+1]
		}
	}
	return o
}

// opened is the id of a case of the street that the worker "w-1" has, reported in.
func (b *bench) opened(n int, changes ...any) string {
	b.t.Helper()
	a := b.call("city", "POST", "/v1/cases", order(n, append([]any{"worker", "w-1"}, changes...)...))
	require.Equal(b.t, 201, a.StatusCode, a.text)
	return a.json["case_id"].(string)
}
