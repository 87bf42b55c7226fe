package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/board"
	"guitu/casework"
	"guitu/evaluation"
	"guitu/internal/roster"
	"guitu/office"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/words"
)

// town is the cases of a demonstration in memory: the real API over the real core.
type town struct {
	t     *testing.T
	now   time.Time
	rules *policy.Set
	cases map[string]*rehab.Case
	told  map[string]*rehab.History
	did   map[string]board.Receipt // by case and command
}

// The parts of the API's world that a demonstration touches. What is not here is nil and
// fails loudly.
type (
	townEngine struct{ *town }
	townLedger struct {
		api.Ledger
		*town
	}
	townBoard struct {
		api.Board
		*town
	}
	townIdentities struct{ identities }
	townPlaces     struct{ places }
	townRegistry   struct{ api.Registry }
	townLoads      struct{ loads }
	townTokens     struct{}
	townDesk       struct{ api.Desk }
	townGlasses    struct{ looks }
	papersOfCases  = api.Attachments
	looks          = api.Glasses // a field named Glasses would hide the method
)

// Under these names an interface can be embedded that has a method of its own name.
type (
	identities  = api.Identities
	places      = api.Places
	loads       = api.Loads
	bulkStore   = api.BulkStore
	evaluations = api.Evaluations
	savedViews  = api.Views
	subscribers = api.Subscriptions
	states      = api.CommandStates

	policeReports = api.PoliceReports
)

func (e townEngine) Do(_ context.Context, id string, cmd rehab.Command) (board.Receipt, error) {
	if r, again := e.did[id+"/"+cmd.ID]; again {
		r.Duplicate = true
		return r, nil
	}
	c := e.cases[id]
	if c == nil {
		c, e.told[id] = &rehab.Case{ID: id}, &rehab.History{CaseID: id}
	}
	events, err := e.told[id].Tell(c, cmd, e.rules, e.now)
	var known *rehab.Error
	if errors.As(err, &known) && known.Code == rehab.Known {
		return board.Receipt{CaseID: id, CommandID: cmd.ID, Seq: known.Record, Known: true}, nil
	}
	if err != nil {
		return board.Receipt{}, err
	}
	c.Fold(events)
	e.told[id].Add(cmd, events)
	e.cases[id] = c
	r := board.Receipt{CaseID: id, CommandID: cmd.ID, Seq: c.Seq}
	e.did[id+"/"+cmd.ID] = r
	return r, nil
}

func (townLedger) Timeline(context.Context, string, int64, int) ([]board.TimelineEntry, error) {
	return nil, nil
}

func (townLedger) CommandReceipt(context.Context, string, string) (board.Receipt, string, bool, error) {
	return board.Receipt{}, "", false, nil
}

func (b townBoard) CaseIDFor(orderNo string) string { return townIdentities{}.CaseIDFor(orderNo) }

func (b townBoard) Case(_ context.Context, id string) (rehab.Summary, error) {
	if c := b.cases[id]; c != nil {
		return c.Summary(), nil
	}
	return rehab.Summary{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
}

func (b townBoard) Tasks(ctx context.Context, f board.TaskFilter) ([]board.ObligationRow, error) {
	var out []board.ObligationRow
	for _, id := range slices.Sorted(maps.Keys(b.cases)) {
		rows, _ := b.Obligations(ctx, id)
		for _, o := range rows {
			if o.Status == rehab.Missed || o.Status == rehab.Open && o.Due <= f.DueBy {
				out = append(out, o)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b board.ObligationRow) int { return int(a.Due - b.Due) })
	return out, nil
}

func (b townBoard) Obligations(_ context.Context, id string) ([]board.ObligationRow, error) {
	c := b.cases[id]
	out := make([]board.ObligationRow, 0, len(c.Obligations))
	for _, o := range c.Obligations {
		out = append(out, board.ObligationRow{CaseID: id, Place: c.Place, Worker: c.Worker, Risk: c.Risk, Obligation: o})
	}
	return out, nil
}

func (b townBoard) Escalations(ctx context.Context, _ board.TaskFilter) ([]board.EscalationRow, error) {
	var out []board.EscalationRow
	for _, id := range slices.Sorted(maps.Keys(b.cases)) {
		rows, _ := b.CaseEscalations(ctx, id)
		out = append(out, rows...)
	}
	return out, nil
}

func (b townBoard) CaseEscalations(_ context.Context, id string) ([]board.EscalationRow, error) {
	var out []board.EscalationRow
	for _, e := range b.cases[id].Escalations {
		out = append(out, board.EscalationRow{CaseID: id, Place: b.cases[id].Place, Worker: b.cases[id].Worker, Escalation: e})
	}
	return out, nil
}

func (townIdentities) CaseIDFor(orderNo string) string {
	return "case-" + orderNo[len(orderNo)-9:len(orderNo)-3]
}
func (townIdentities) SaveIdentity(context.Context, string, board.Identity) error         { return nil }
func (townIdentities) DropIdentity(context.Context, string) error                         { return nil }
func (townIdentities) CasesOfPerson(context.Context, string) ([]string, error)            { return nil, nil }
func (townIdentities) SaveTexts(context.Context, string, string, map[string]string) error { return nil }
func (townIdentities) DropTexts(context.Context, string, string) error                    { return nil }

func (townPlaces) Place(_ context.Context, code string, _ rehab.Date) (office.Place, error) {
	return office.Place{Place: board.Place{Code: code, Level: "street"}, Status: office.InForce}, nil
}

func (townRegistry) Worker(context.Context, string) (office.Worker, error) {
	return office.Worker{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such worker"}
}

func (townLoads) Loads(context.Context, office.LoadFilter) ([]office.Load, error) { return nil, nil }

func (townDesk) HasOIDC() bool { return false }

func (townGlasses) GlassOpen(context.Context, string, string, time.Time) (bool, error) {
	return false, nil
}

func (townTokens) Actor(context.Context, string) (rehab.Actor, error) {
	return rehab.Actor{ID: "dev", Role: rehab.CityOffice, Place: "11"}, nil
}

// direct makes requests without a network.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	d.handler.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// playing is a demonstration of every nth order of the roster, and what it logs.
func playing(t *testing.T, nth int) (*town, *demo, *bytes.Buffer) {
	t.Helper()
	rules, err := policy.Load()
	require.NoError(t, err)
	w := &town{t, rehab.NewDate(2026, 1, 5).Start().Add(4 * time.Hour), rules, map[string]*rehab.Case{}, map[string]*rehab.History{}, map[string]board.Receipt{}}
	ref, _ := rules.Latest("beijing")
	indicators, err := evaluation.Load()
	require.NoError(t, err)
	handler, err := api.New(api.Deps{
		Engine: townEngine{w}, Ledger: townLedger{town: w}, Board: townBoard{town: w}, Identities: townIdentities{}, Clients: struct{ api.Clients }{}, Places: townPlaces{}, Registry: townRegistry{},
		Loads: townLoads{}, Tokens: townTokens{}, Policies: rules, DefaultPolicy: func(string) rehab.PolicyRef { return ref },
		Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler), Indicators: indicators,
		Past: struct{ api.Past }{}, Inbox: struct{ api.InboxParts }{}, Simulator: struct{ api.Simulator }{}, Simulations: struct{ api.SimulationStore }{}, Figures: struct{ api.Figures }{}, Views: struct{ savedViews }{},
		Previewer: struct{ api.Previewer }{}, Health: struct{ api.Health }{}, Registers: struct{ casework.Registers }{}, Evaluations: struct{ evaluations }{},
		Bulk: struct{ bulkStore }{}, BulkEngine: struct{ casework.BulkEngine }{}, Subscriptions: struct{ subscribers }{}, Targets: struct{ api.Targets }{}, Books: struct{ casework.Books }{}, CommandStates: noStates{}, PoliceReports: struct{ policeReports }{},
		Audit: townAudit{}, ReadLog: struct{ api.ReadLog }{},
		Desk: townDesk{}, Registrar: struct{ api.Registrar }{}, Glasses: townGlasses{}, Archive: struct{ api.Archive }{}, Decode: func(p []api.CodecPayload) ([]api.CodecPayload, error) { return p, nil }, Forms: struct{ api.Forms }{}, Attachments: struct{ papersOfCases }{}, Room: struct{ api.Room }{}, VerifyEngine: struct{ api.VerifyEngine }{}, Queues: struct{ api.Queues }{},
	})
	require.NoError(t, err)
	f, err := os.Open("../../testdata/roster.csv")
	require.NoError(t, err)
	defer f.Close()
	list, err := roster.Read("roster.csv", f, roster.Options{})
	require.NoError(t, err)
	var some []roster.Row
	for i := 0; i < len(list.Rows); i += nth {
		some = append(some, list.Rows[i])
	}
	var logged bytes.Buffer
	d := newDemo(townBoard{town: w}, func() time.Time { return w.now }, "http://town", "token", some, newStory(townLedger{town: w}, words.EN, "http://town", io.Discard), io.Discard, slog.New(slog.NewTextHandler(&logged, nil)))
	d.http = &http.Client{Transport: direct{handler}}
	return w, d, &logged
}

// noStates keeps no state of any command.
type noStates struct{ states }

func (noStates) KeepCommandState(context.Context, string, string, board.CommandState) error {
	return nil
}

// townAudit takes every read.
type townAudit struct{}

func (townAudit) Note(board.Read) error { return nil }

// days plays so many days, with some rounds on each.
func (w *town) days(d *demo, n int) {
	w.t.Helper()
	for range n {
		for range 2 {
			for id, c := range w.cases {
				w.told[id].Add(rehab.Command{}, c.PlayTime(rehab.NewEnv(w.rules, c, nil, w.now)))
			}
			require.NoError(w.t, d.round(w.t.Context()))
			w.now = w.now.Add(12 * time.Hour)
		}
	}
}

func TestTheDemonstrationIsRefusedNothing(t *testing.T) {
	t.Parallel()
	w, d, logged := playing(t, 12)
	w.days(d, 5*365)
	require.Zero(t, d.refusals(), "%v", d.refused)
	require.Empty(t, logged.String())
	require.Zero(t, d.done["overtaken"], "time stands still between a look and a command")
	require.Equal(t, len(d.orders), d.done["open-case"])
	released := 0
	for _, c := range w.cases {
		if !c.IsOpen() {
			released++
		}
	}
	require.Greater(t, released, len(w.cases)/2)
	for _, name := range []string{"report-in", "sign-agreement", "record-test", "record-contact", "confirm-miss", "send-police-report", "issue-measure", "release"} {
		require.Positive(t, d.done[name], name)
	}
}

func TestARefusalOfTheDemonstrationIsCountedAndTold(t *testing.T) {
	t.Parallel()
	w, d, logged := playing(t, 100)
	for _, row := range d.orders {
		row.Request["measure"] = "advice"
	}
	w.days(d, 365)
	require.Equal(t, len(d.orders), d.refusals())
	require.Contains(t, logged.String(), "level=ERROR")
	require.Contains(t, logged.String(), "open-case")
	d.report()
	require.Contains(t, logged.String(), "times=3")
}
