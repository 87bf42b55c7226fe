package integration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/internal/scenario"
	"guitu/rehab"
	"guitu/workflows"
)

// TestEveryScenarioRunsThroughTheEngine plays the lives of testdata/scenarios on one real
// engine, several at a time, each on a clock of its own that stands until it is set. What
// the real ledger holds at the end is what the core says, byte for byte.
func TestEveryScenarioRunsThroughTheEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a server")
	}
	t.Parallel()
	lives, err := scenario.Load(os.DirFS("../../testdata/scenarios"))
	require.NoError(t, err)
	require.NotEmpty(t, lives)
	s := start(t, "")
	rules := scenario.NewRules(s.rules)
	s.rest()
	s.rules, s.cases.Rules = rules, rules
	var clocks sync.Map
	s.workOn(func(caseID string) workflows.Clock { return clockOf(&clocks, caseID) })
	began := time.Now()
	live := func(life *scenario.Scenario) {
		l := &engineLife{s: s, rules: rules, c: &rehab.Case{ID: life.Name}, clocks: &clocks, cases: *s.cases}
		l.cases.Clock = func() workflows.Clock { return clockOf(&clocks, l.c.ID) }
		l.cases.CommandTimeout = time.Minute // nothing is left with the engine as a signal
		if err := l.live(t.Context(), life); err != nil {
			t.Errorf("%s: %v", life.Name, err)
		}
	}
	each(len(lives), func(i int) {
		if !lives[i].Notices() {
			live(lives[i])
		}
	})
	for _, life := range lives {
		if life.Notices() { // for all cases: alone
			live(life)
			rules.Reset()
		}
	}
	t.Logf("%d lives in %s", len(lives), time.Since(began).Round(time.Millisecond))
}

func clockOf(clocks *sync.Map, caseID string) workflows.Clock {
	at, _ := clocks.Load(caseID)
	return workflows.Standing(at.(time.Time))
}

// engineLife is a life on the engine; the case is what the ledger folds to.
type engineLife struct {
	s      *system
	cases  workflows.Client
	rules  *scenario.Rules
	clocks *sync.Map
	c      *rehab.Case
	ledger []rehab.Event
}

// live plays the life on core and engine and compares the two ledgers, and the ledger with
// workflow and rows.
func (l *engineLife) live(ctx context.Context, s *scenario.Scenario) error {
	core := scenario.NewCore(s.Name, l.rules)
	if err := s.Play(ctx, core); err != nil {
		return fmt.Errorf("core: %w", err)
	}
	if err := s.Play(ctx, l); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	want, err := core.Ledger(ctx)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(lines(want), lines(l.ledger)); diff != "" {
		return fmt.Errorf("the ledgers differ (-core +engine):\n%s", diff)
	}
	known, err := core.State(ctx)
	if err != nil {
		return err
	}
	l.s.agrees(s.Name)
	if diff := cmp.Diff(text(known), text(l.c)); diff != "" {
		return fmt.Errorf("the cases differ (-core +engine):\n%s", diff)
	}
	return nil
}

func lines(events []rehab.Event) []string {
	out := make([]string, len(events))
	for i := range events {
		out[i] = text(events[i])
	}
	return out
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// Do sets the clock and gives the command.
func (l *engineLife) Do(ctx context.Context, cmd rehab.Command, told time.Time) error {
	l.clocks.Store(l.c.ID, told)
	if _, err := l.cases.Do(ctx, l.c.ID, cmd); err != nil {
		return err
	}
	return l.read(ctx)
}

// Notice makes the days off of a year known to the whole engine.
func (l *engineLife) Notice(_ context.Context, y rehab.YearDays) error {
	l.rules.Notice(y)
	return nil
}

// To sets the clock, makes the case look, and waits until the ledger has it.
func (l *engineLife) To(ctx context.Context, at time.Time) error {
	l.clocks.Store(l.c.ID, at)
	if err := l.cases.Recheck(ctx, l.c.ID); err != nil {
		return err
	}
	for giveUp := time.Now().Add(30 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if err := l.read(ctx); err != nil {
			return err
		}
		if wake := l.c.Wake(); wake.IsZero() || wake.After(at) {
			return nil
		}
		if time.Now().After(giveUp) {
			return fmt.Errorf("the engine did not take what time brought at %s", l.c.Wake())
		}
	}
}

// read folds what is new in the ledger.
func (l *engineLife) read(ctx context.Context) error {
	events, err := l.s.store.Events(ctx, l.c.ID, l.c.Seq, 1000)
	if err != nil {
		return err
	}
	l.c.Fold(events)
	l.ledger = append(l.ledger, events...)
	return nil
}

// State is the case.
func (l *engineLife) State(context.Context) (*rehab.Case, error) { return l.c, nil }

// Ledger lists all events.
func (l *engineLife) Ledger(context.Context) ([]rehab.Event, error) { return l.ledger, nil }
