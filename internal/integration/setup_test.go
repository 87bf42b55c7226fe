// Package integration_test runs cases on a real embedded Temporal server and a real
// PostgreSQL, for what a test environment hides: new runs, lost workers, replays, and
// what the server keeps.
package integration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"

	"guitu/activities"
	"guitu/board"
	"guitu/internal/devserver"
	"guitu/internal/pgtest"
	"guitu/notify"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/store"
	"guitu/worker"
	"guitu/workflows"
)

var head = rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}

// system is one engine: server, store, client, and a worker that can be stopped.
type system struct {
	t        testing.TB
	store    *store.Store
	temporal client.Client
	cases    *workflows.Client
	rules    rehab.Rules
	worker   sdkworker.Worker
	ids      *atomic.Int64
}

// start brings up an engine. Without a keyset, payloads stay readable, for fixtures.
func start(t testing.TB, keyset string) *system {
	t.Helper()
	server := startServer(t)
	s := &system{t: t, store: openStore(t), ids: new(atomic.Int64)}
	var err error
	s.rules, err = policy.Load()
	require.NoError(t, err)
	options := client.Options{HostPort: server.FrontendAddress(), Namespace: server.Namespace(), Logger: quiet()}
	if keyset != "" {
		converters, err := workflows.NewConverters(keyset)
		require.NoError(t, err)
		options.DataConverter, options.FailureConverter = converters.Data, converters.Failure
	}
	s.temporal, err = client.Dial(options)
	require.NoError(t, err)
	s.cases = &workflows.Client{Temporal: s.temporal, Ledger: s.store, Rules: s.rules, Log: slog.New(slog.DiscardHandler)}
	s.work()
	t.Cleanup(func() {
		s.rest()
		s.temporal.Close()
	})
	return s
}

func startServer(t testing.TB) *devserver.Server {
	t.Helper()
	attributes := make(map[string]enums.IndexedValueType)
	for _, name := range workflows.SearchAttributes() {
		attributes[name] = enums.INDEXED_VALUE_TYPE_KEYWORD
	}
	dsn := pgtest.New(t, "empty", func(context.Context, string) error { return nil })
	name := dsn[strings.LastIndex(dsn, "/")+1:]
	if cut := strings.IndexByte(name, '?'); cut >= 0 {
		name = name[:cut]
	}
	server, err := devserver.Start(t.Context(), devserver.Options{
		Postgres: dsn, Database: "t_" + name[max(0, len(name)-20):], Namespace: "guitu", SearchAttributes: attributes, TrimVisibility: true,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop(context.WithoutCancel(t.Context()))) })
	return server
}

func openStore(t testing.TB) *store.Store {
	t.Helper()
	master, index, err := store.GenerateKeys()
	require.NoError(t, err)
	keys, err := store.NewKeys(master, index)
	require.NoError(t, err)
	s, err := store.Open(t.Context(), store.Options{DSN: pgtest.New(t, "store", store.Migrate), MaxConns: 8, Keys: keys})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func quiet() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

// work starts a worker; rest stops it and forgets every case it had in memory.
func (s *system) work() { s.workOn(nil) }

// workOn starts a worker on a clock of its own.
func (s *system) workOn(clock func(caseID string) workflows.Clock) {
	s.worker = worker.New(s.temporal, &workflows.Workflows{Rules: s.rules, Clock: clock}, &activities.Activities{Ledger: s.store, Rules: s.rules, Bulk: s.store, Offices: s.store, Engine: s.cases, Now: time.Now,
		Coverages: s.store, Waker: s.cases, CoverageRules: func() activities.CoverageRules {
			return activities.CoverageRules{Ladder: (&rehab.Policy{GapAlert: rehab.Limit{N: 1}}).GapLadder(), Late: time.Hour}
		},
		Delivery: &activities.Delivery{Outbox: s.store, Sender: postbox{}, Now: time.Now, RetryPolicy: notify.RetryPolicy{Tries: 3, GiveUp: time.Hour}}}, worker.Options{})
	require.NoError(s.t, s.worker.Start())
}

func (s *system) rest() {
	if s.worker != nil {
		s.worker.Stop()
		s.worker = nil
		sdkworker.PurgeStickyWorkflowCache()
	}
}

// command makes a command of today.
func (s *system) command(body rehab.CommandBody) rehab.Command {
	return rehab.Command{ID: fmt.Sprintf("cmd-%d", s.ids.Add(1)), Actor: head, OccurredAt: time.Now(), Digest: "d", Body: body}
}

func (s *system) do(caseID string, body rehab.CommandBody) board.Receipt {
	s.t.Helper()
	cmd := s.command(body)
	r, err := s.cases.Do(s.t.Context(), caseID, cmd)
	require.NoError(s.t, err)
	if r.Pending { // a busy machine: it was left with the engine, and acts
		require.Eventually(s.t, func() bool {
			kept, _, found, err := s.store.CommandReceipt(s.t.Context(), caseID, cmd.ID)
			r = kept
			return err == nil && found
		}, time.Minute, 50*time.Millisecond)
	}
	return r
}

// open opens a case and reports the client in, today.
func (s *system) open() string {
	s.t.Helper()
	id := fmt.Sprintf("c-%d", s.ids.Add(1))
	s.do(id, order(rehab.DateOf(time.Now())))
	s.do(id, rehab.ReportIn{})
	return id
}

func order(served rehab.Date) rehab.OpenCase {
	return rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: rehab.Low, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	}
}

var attempt = rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}

// agrees holds workflow, ledger and rows against each other.
func (s *system) agrees(caseID string) *rehab.Case {
	s.t.Helper()
	c, err := s.store.Load(s.t.Context(), caseID)
	require.NoError(s.t, err)
	require.NoError(s.t, s.store.VerifyChain(s.t.Context(), caseID))
	diffs, err := s.store.CompareReadModel(s.t.Context(), caseID)
	require.NoError(s.t, err)
	require.Empty(s.t, diffs)
	if c.IsOpen() {
		state, err := s.cases.State(s.t.Context(), caseID)
		require.NoError(s.t, err)
		want, err := json.Marshal(c)
		require.NoError(s.t, err)
		got, err := json.Marshal(state.Case)
		require.NoError(s.t, err)
		require.Equal(s.t, string(want), string(got))
	}
	return c
}

// history of the latest run of a case.
func (s *system) history(caseID string) []*historypb.HistoryEvent {
	s.t.Helper()
	var out []*historypb.HistoryEvent
	events := s.temporal.GetWorkflowHistory(s.t.Context(), caseID, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(s.t, err)
		out = append(out, e)
	}
	return out
}

// each runs do for 0..n-1, several at a time.
func each(n int, do func(i int)) {
	var wg sync.WaitGroup
	work := make(chan int)
	for range 8 {
		wg.Go(func() {
			for i := range work {
				do(i)
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	wg.Wait()
}
