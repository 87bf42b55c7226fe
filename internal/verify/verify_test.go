package verify_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/internal/pgtest"
	"guitu/internal/verify"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/store"
	"guitu/workflows"
)

var (
	head = rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}
	now  = rehab.NewDate(2026, 1, 6).Start().Add(9 * time.Hour)
)

// engine is one in which every workflow stands where the ledger does.
type engine struct {
	store *store.Store
	runs  map[string]string

	mu    sync.Mutex
	asked []string
}

func (e *engine) Running(_ context.Context, id string) (bool, error) { return e.runs[id] != "", nil }

func (e *engine) Runs(context.Context) (map[string]string, error) { return maps.Clone(e.runs), nil }

func (e *engine) State(ctx context.Context, id string) (workflows.State, error) {
	e.mu.Lock()
	e.asked = append(e.asked, id)
	e.mu.Unlock()
	if e.runs[id] == "" {
		return workflows.State{}, &rehab.Error{Code: rehab.NotFound, Message: "the case has no running workflow"}
	}
	c, err := e.store.Load(ctx, id)
	if err != nil {
		return workflows.State{}, err
	}
	return workflows.State{Case: c, Timer: c.Wake()}, nil
}

// bundle is a system of three cases.
type bundle struct {
	*testing.T
	store  *store.Store
	admin  *pgx.Conn
	engine *engine
	verify.Verifier
	rules *policy.Set
}

func setup(t *testing.T) *bundle {
	dsn := pgtest.New(t, "store", store.Migrate)
	master, index, err := store.GenerateKeys()
	require.NoError(t, err)
	keys, err := store.NewKeys(master, index)
	require.NoError(t, err)
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, MaxConns: 8, Keys: keys})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	admin, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = admin.Close(context.WithoutCancel(t.Context())) })
	rules, err := policy.Load()
	require.NoError(t, err)
	b := &bundle{T: t, store: s, admin: admin, rules: rules, engine: &engine{store: s, runs: map[string]string{"c-1": "r-1", "c-2": "r-2", "c-3": "r-3"}}}
	b.Verifier = verify.Verifier{Ledger: s, Engine: b.engine, Memory: s, Rules: rules.Digest(), Settle: time.Millisecond, Now: func() time.Time { return now }}
	for id := range b.engine.runs {
		b.opened(id)
	}
	return b
}

func (b *bundle) opened(id string) {
	b.Helper()
	b.give(id, "open", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: rehab.High, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	})
}

func (b *bundle) give(id, key string, body rehab.CommandBody) {
	b.Helper()
	c, err := b.store.Load(b.Context(), id)
	require.NoError(b, err)
	cmd := rehab.Command{ID: key, Actor: head, OccurredAt: now.Add(-time.Hour), Digest: key, Body: body}
	events, err := c.Decide(cmd, rehab.Env{Now: now, Policy: b.rules.Policy(rehab.PolicyRef{ID: "national", Version: "2026.1"}), Calendar: b.rules.Calendar()})
	require.NoError(b, err)
	_, err = b.store.Record(b.Context(), rehab.NewRecord(c, cmd, events))
	require.NoError(b, err)
}

// asks verifies, and answers with the report and whose workflows were asked.
func (b *bundle) asks(v verify.Verifier) (verify.Report, []string) {
	b.Helper()
	b.engine.asked = nil
	report, err := v.Run(b.Context())
	require.NoError(b, err)
	return report, b.engine.asked
}

func (b *bundle) tamper(sql string) {
	b.Helper()
	_, err := b.admin.Exec(b.Context(), sql)
	require.NoError(b, err)
}

func TestACaseThatHasNotMovedIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	report, asked := b.asks(b.Verifier)
	require.Empty(t, report.Findings)
	require.ElementsMatch(t, []string{"c-1", "c-2", "c-3"}, asked, "the first time all are asked")

	report, asked = b.asks(b.Verifier)
	require.Empty(t, asked)
	require.Equal(t, 3, report.Cases)
	require.Equal(t, 3, report.Open)
	require.Equal(t, 3, report.Unmoved)
	require.True(t, report.Oldest.Equal(now))

	full := b.Verifier
	full.Full = true
	report, asked = b.asks(full)
	require.Len(t, asked, 3)
	require.Zero(t, report.Unmoved)
}

func TestWhateverMovedIsAskedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _ = b.asks(b.Verifier)
	moves := []struct {
		name string
		move func(*verify.Verifier)
	}{
		{"the ledger", func(*verify.Verifier) { b.give("c-1", "in", rehab.ReportIn{}) }},
		{"a row of a read model, by another hand", func(*verify.Verifier) { b.tamper(`UPDATE obligations SET cite = cite WHERE case_id = 'c-1'`) }},
		{"the row of the case", func(*verify.Verifier) { b.tamper(`UPDATE cases SET risk = risk WHERE case_id = 'c-1'`) }},
		{"the run of the workflow", func(*verify.Verifier) { b.engine.runs["c-1"] = "r-1b" }},
	}
	for _, m := range moves {
		m.move(&b.Verifier)
		report, asked := b.asks(b.Verifier)
		require.Empty(t, report.Findings, m.name)
		require.Equal(t, []string{"c-1"}, asked, m.name)
	}
	late := b.Verifier
	late.Now = func() time.Time { return now.AddDate(1, 0, 0) }
	_, asked := b.asks(late)
	require.Len(t, asked, 3, "their timers should have fired")
	b.Rules = "another calendar"
	_, asked = b.asks(b.Verifier)
	require.Len(t, asked, 3, "the rules")
}

func TestWhatIsBrokenIsFoundThoughTheCaseStandsStillAndAskedUntilItIsMended(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _ = b.asks(b.Verifier)
	b.tamper(`ALTER TABLE case_events DISABLE TRIGGER ALL`)
	b.tamper(`UPDATE case_events SET occurred_at = occurred_at - interval '1 day' WHERE case_id = 'c-2' AND seq = 1`)
	delete(b.engine.runs, "c-3")
	for range 2 {
		report, _ := b.asks(b.Verifier)
		require.Len(t, report.Findings, 2)
		require.Equal(t, "the ledger is whole", report.Findings[0].Invariant)
		require.Equal(t, "every live case has a running workflow", report.Findings[1].Invariant)
		require.Equal(t, 1, report.Unmoved)
	}
}

func TestANoteThatThisProgramDidNotSignCountsForNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _ = b.asks(b.Verifier)
	b.tamper(`UPDATE sound_cases SET found_at = found_at + interval '1 second' WHERE case_id = 'c-1'`)
	report, asked := b.asks(b.Verifier)
	require.Empty(t, report.Findings)
	require.Equal(t, []string{"c-1"}, asked)
}

func TestACaseWhoseFirstEventIsGoneIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _ = b.asks(b.Verifier)
	b.tamper(`ALTER TABLE case_events DISABLE TRIGGER ALL`)
	b.tamper(`DELETE FROM case_events WHERE case_id = 'c-2' AND seq = 1`)
	report, _ := b.asks(b.Verifier)
	require.NotEmpty(t, report.Findings)
	require.Equal(t, "c-2", report.Findings[0].CaseID)
	require.Equal(t, 3, report.Cases)
}

func TestEveryCaseComesUpByTurns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 60 {
		id := fmt.Sprintf("t-%d", n)
		b.engine.runs[id] = "r-" + id
		b.opened(id)
	}
	at := now
	b.Now = func() time.Time { return at }
	_, _ = b.asks(b.Verifier)
	seen := make(map[string]bool)
	for range 7 {
		at = at.AddDate(0, 0, 1)
		_, asked := b.asks(b.Verifier)
		_, again := b.asks(b.Verifier)
		require.Empty(t, again, "once a day")
		for _, id := range asked {
			require.False(t, seen[id], id)
			seen[id] = true
		}
	}
	require.Greater(t, len(seen), 5)
	require.Less(t, len(seen), 40)
}

// beats counts what a job says of itself.
type beats struct {
	*store.Store
	mu    sync.Mutex
	total int
}

func (b *beats) VerificationProgress(ctx context.Context, id string, done, total int) error {
	b.mu.Lock()
	b.total = total
	b.mu.Unlock()
	return b.Store.VerificationProgress(ctx, id, done, total)
}

func TestAVerificationThatWasAskedForLooksAtItsPlaceAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.tamper(`UPDATE cases SET place = '110102001' WHERE case_id = 'c-3'`) // of another district now, and not as the ledger has it
	ctx := t.Context()
	run := func(id, place string) board.Verification {
		b.Helper()
		j := board.VerificationJob{ID: id, Place: place, Full: true, By: "h-1"}
		require.NoError(b, b.store.BeginVerification(ctx, j))
		seen := &beats{Store: b.store}
		require.NoError(b, b.RunJob(ctx, j, seen, func() {}))
		last, ok, err := b.store.LastVerification(ctx, place)
		require.NoError(b, err)
		require.True(b, ok)
		require.Equal(b, last.Cases, seen.total)
		ended, _, err := b.store.Verification(ctx)
		require.NoError(b, err)
		require.Equal(b, []any{id, board.VerificationEnded, last.Cases}, []any{ended.ID, ended.State, ended.Done})
		return last
	}
	own := run("v-1", "110101")
	require.Equal(t, []any{2, 0, "110101"}, []any{own.Cases, own.Findings, own.Place})
	city := run("v-2", "11")
	require.Equal(t, []any{3, ""}, []any{city.Cases, city.Place})
	require.NotZero(t, city.Findings)
	require.Contains(t, city.First, board.Finding{CaseID: "c-3", Place: "110102001", Invariant: "the read models are the fold of the ledger"})
}
