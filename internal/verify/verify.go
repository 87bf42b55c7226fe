// Package verify checks what must always hold against the running system: each case's
// ledger is whole, the read models and the workflow say what the ledger folds to, and
// every open case has a pending timer or waits for a person.
package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/rehab"
	"guitu/workflows"
)

// Ledger is what is verified. *store.Store is one.
type Ledger interface {
	// CaseIDs lists all cases, open and closed, after the id given.
	CaseIDs(ctx context.Context, after string, limit int) ([]string, error)
	Load(ctx context.Context, caseID string) (*rehab.Case, error)
	// VerifyChain recomputes the hashes of a case; the error says where the chain breaks.
	VerifyChain(ctx context.Context, caseID string) error
	// CompareReadModel lists where the read models differ from the fold of the ledger.
	CompareReadModel(ctx context.Context, caseID string) ([]string, error)
	// Whole lists what does not hold of all tables together: a case that is gone, a place
	// that is none.
	Whole(ctx context.Context) ([]board.Broken, error)
}

// Engine is the running system. *workflows.Client is one.
type Engine interface {
	Running(ctx context.Context, caseID string) (bool, error)
	State(ctx context.Context, caseID string) (workflows.State, error)
}

// Finding is one broken invariant.
type Finding struct {
	CaseID    string `json:"case_id"`
	Invariant string `json:"invariant"`
	Detail    string `json:"detail"`
}

// Report is the result of one verification.
type Report struct {
	Cases    int       `json:"cases"`
	Open     int       `json:"open"`
	Findings []Finding `json:"findings"`
	Took     string    `json:"took"`
}

// Verifier walks over all cases.
type Verifier struct {
	Ledger   Ledger
	Engine   Engine
	Parallel int // cases at the same time; 0: 8
	// Settle is how long a difference may last before it counts: a case that moves
	// while it is looked at differs for a moment. 0: 5 seconds.
	Settle time.Duration
	Done   func() // called after each case; may be nil
}

const page = 500

// Run verifies every case. The error is about the verification itself; what is broken
// is in the report.
func (v Verifier) Run(ctx context.Context) (Report, error) {
	started := time.Now()
	report := Report{Findings: []Finding{}}
	var mu sync.Mutex
	group, each := errgroup.WithContext(ctx)
	looks := make(chan struct{}, max(v.Parallel, 8)) // a case that waits to settle holds up no other
	after := ""
	for {
		ids, err := v.Ledger.CaseIDs(ctx, after, page)
		if err != nil {
			return report, fmt.Errorf("list cases: %w", err)
		}
		for _, id := range ids {
			group.Go(func() error {
				open, found, err := v.settled(each, looks, id)
				mu.Lock()
				defer mu.Unlock()
				report.Cases++
				if open {
					report.Open++
				}
				report.Findings = append(report.Findings, found...)
				if v.Done != nil {
					v.Done()
				}
				return err
			})
		}
		if len(ids) < page {
			break
		}
		after = ids[len(ids)-1]
	}
	err := group.Wait()
	if err == nil {
		err = v.whole(ctx, &report)
	}
	slices.SortFunc(report.Findings, func(a, b Finding) int { return strings.Compare(a.CaseID+a.Invariant, b.CaseID+b.Invariant) })
	report.Took = time.Since(started).Round(time.Millisecond).String()
	return report, err
}

// whole adds what is broken of all cases together.
func (v Verifier) whole(ctx context.Context, report *Report) error {
	broken, err := v.Ledger.Whole(ctx)
	if err != nil {
		return fmt.Errorf("look at all tables together: %w", err)
	}
	for _, b := range broken {
		report.Findings = append(report.Findings, Finding{b.Subject, b.Invariant, b.Detail})
	}
	return nil
}

// settled looks again for a while before it believes a difference.
func (v Verifier) settled(ctx context.Context, looks chan struct{}, id string) (open bool, found []Finding, err error) {
	settle := v.Settle
	if settle == 0 {
		settle = 5 * time.Second
	}
	for deadline := (time.Time{}); ; {
		looks <- struct{}{}
		open, found, err = v.one(ctx, id)
		<-looks
		if deadline.IsZero() {
			deadline = time.Now().Add(settle)
		}
		if err != nil || len(found) == 0 || time.Now().After(deadline) {
			return open, found, err
		}
		select {
		case <-ctx.Done():
			return open, found, ctx.Err()
		case <-time.After(250 * time.Millisecond):
		}
	}
}

func (v Verifier) one(ctx context.Context, id string) (bool, []Finding, error) {
	var found []Finding
	add := func(invariant, format string, args ...any) {
		found = append(found, Finding{id, invariant, fmt.Sprintf(format, args...)})
	}
	if err := v.Ledger.VerifyChain(ctx, id); err != nil {
		add("the ledger is whole", "%v", err)
	}
	c, err := v.Ledger.Load(ctx, id)
	if err != nil {
		return false, found, fmt.Errorf("load case %s: %w", id, err)
	}
	diffs, err := v.Ledger.CompareReadModel(ctx, id)
	if err != nil {
		return false, found, fmt.Errorf("compare case %s: %w", id, err)
	}
	for _, d := range diffs {
		add("the read models are the fold of the ledger", "%s", d)
	}
	running, err := v.Engine.Running(ctx, id)
	if err != nil {
		return false, found, fmt.Errorf("ask for case %s: %w", id, err)
	}
	switch {
	case c.IsLive() && !running:
		add("every live case has a running workflow", "there is none; guitu restore starts it from the ledger")
	case !c.IsLive() && running:
		add("a closed case stays closed", "its workflow still runs")
	case running:
		if err := v.watched(ctx, c, add); err != nil {
			return false, found, err
		}
		state, err := v.Engine.State(ctx, id)
		if err != nil {
			add("a running case answers", "%v", err)
			break
		}
		v.compare(c, state, add)
	}
	return c.IsLive(), found, nil
}

// watched looks for the workflow of each transfer under way.
func (v Verifier) watched(ctx context.Context, c *rehab.Case, add func(invariant, format string, args ...any)) error {
	for _, id := range c.Transfers() {
		key := rehab.TransferKey(c.ID, id)
		running, err := v.Engine.Running(ctx, key)
		if err != nil {
			return fmt.Errorf("ask for transfer %s: %w", key, err)
		}
		if !running {
			add("every transfer under way has a running workflow", "transfer %d has none; guitu restore starts it from the ledger", id)
		}
	}
	return nil
}

// compare holds the workflow against the ledger, byte for byte, and looks for the timer.
func (v Verifier) compare(c *rehab.Case, state workflows.State, add func(invariant, format string, args ...any)) {
	want, err1 := json.Marshal(c)
	got, err2 := json.Marshal(state.Case)
	if err1 != nil || err2 != nil || !bytes.Equal(want, got) {
		add("the workflow is the fold of the ledger", "the workflow stands at event %d, the ledger at %d", state.Case.Seq, c.Seq)
		return
	}
	wake := c.Wake()
	switch {
	case wake.IsZero() && len(c.Obligations)+len(c.Escalations) == 0:
		add("every live case has a timer or an open task", "it has neither")
	case !wake.IsZero() && state.Timer.IsZero():
		add("every live case has a timer or an open task", "no timer is pending, though it wakes at %s", wake.Format(time.RFC3339))
	}
}
