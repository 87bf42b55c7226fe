// Package verify checks what must always hold against the running system: each case's
// ledger is whole, the read models and the workflow say what the ledger folds to, and
// every open case has a pending timer or waits for a person.
package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	// Runs lists the workflows that run, by their ids, with the id of the run. It may lag a
	// little behind.
	Runs(ctx context.Context) (map[string]string, error)
}

// Finding is one broken invariant.
type Finding struct {
	CaseID    string `json:"case_id"`
	Place     string `json:"-"`
	Invariant string `json:"invariant"`
	Detail    string `json:"detail"`

	whole bool // of all tables together: CaseID is whatever it is about
}

// Report is the result of one verification. Of the cases, Unmoved were not asked: nothing
// of them has changed since they were found right, the first of these at Oldest.
type Report struct {
	Cases    int       `json:"cases"`
	Open     int       `json:"open"`
	Unmoved  int       `json:"unmoved"`
	Oldest   time.Time `json:"oldest,omitzero"`
	Findings []Finding `json:"findings"`
	Took     string    `json:"took"`

	seconds float64
}

// Verification is the report as it is kept: figures, and the cases of the first findings. What
// exactly differs stays in the report.
func (r *Report) Verification(at time.Time, full bool) board.Verification {
	v := board.Verification{At: at, Seconds: r.seconds, Full: full, Cases: r.Cases, Open: r.Open, Unmoved: r.Unmoved, Findings: len(r.Findings)}
	for _, f := range r.Findings {
		if v.Broken == nil {
			v.Broken = make(map[string]int)
		}
		v.Broken[f.Invariant]++
		if len(v.First) < board.FindingsNamed {
			first := board.Finding{CaseID: f.CaseID, Place: f.Place, Invariant: f.Invariant}
			if f.whole {
				first.CaseID, first.Subject = "", f.CaseID
			}
			v.First = append(v.First, first)
		}
	}
	return v
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

	// Place and all below it; empty, or the city: every case, and all tables together.
	Place string

	Memory Memory // nil: every case is asked, and nothing is noted
	Full   bool   // ask every case all the same
	Rules  string // names the release with its policies and calendars
	Now    func() time.Time
}

const page = 500

// Run verifies every case. The error is about the verification itself; what is broken
// is in the report.
func (v Verifier) Run(ctx context.Context) (Report, error) {
	r, err := v.begin(ctx)
	if err != nil {
		return Report{}, err
	}
	group, each := errgroup.WithContext(ctx)
	for after := ""; ; {
		list, err := v.list(each, after)
		if err != nil {
			return r.report, errors.Join(fmt.Errorf("list cases: %w", err), group.Wait())
		}
		for _, st := range list {
			if !strings.HasPrefix(st.Place, v.area()) || r.pass(&st) {
				continue
			}
			group.Go(func() error { return r.look(each, st) })
		}
		if len(list) < page {
			break
		}
		after = list[len(list)-1].CaseID
	}
	err = errors.Join(group.Wait(), r.note(context.WithoutCancel(ctx), 1))
	if err == nil && v.area() == "" {
		err = v.whole(ctx, &r.report)
	}
	slices.SortFunc(r.report.Findings, func(a, b Finding) int { return strings.Compare(a.CaseID+a.Invariant, b.CaseID+b.Invariant) })
	took := time.Since(r.began).Round(time.Millisecond)
	r.report.Took, r.report.seconds = took.String(), took.Seconds()
	return r.report, err
}

// area is the prefix of the places of the cases: none of the city, whose every place begins alike,
// so that a case without its row is looked at as well.
func (v Verifier) area() string {
	if v.Place == city {
		return ""
	}
	return v.Place
}

const city = "11"

// whole adds what is broken of all cases together.
func (v Verifier) whole(ctx context.Context, report *Report) error {
	broken, err := v.Ledger.Whole(ctx)
	if err != nil {
		return fmt.Errorf("look at all tables together: %w", err)
	}
	for _, b := range broken {
		report.Findings = append(report.Findings, Finding{CaseID: b.Subject, Invariant: b.Invariant, Detail: b.Detail, whole: true})
	}
	return nil
}

// settled looks again for a while before it believes a difference.
func (r *round) settled(ctx context.Context, id string) (open bool, found []Finding, err error) {
	settle := r.Settle
	if settle == 0 {
		settle = 5 * time.Second
	}
	runs := r.runs
	if r.Full {
		runs = nil
	}
	for deadline := (time.Time{}); ; runs = nil { // the list is of the beginning: who looks again asks
		r.looks <- struct{}{}
		open, found, err = r.one(ctx, id, runs)
		<-r.looks
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

func (v Verifier) one(ctx context.Context, id string, runs map[string]string) (bool, []Finding, error) {
	var found []Finding
	add := func(invariant, format string, args ...any) {
		found = append(found, Finding{CaseID: id, Invariant: invariant, Detail: fmt.Sprintf(format, args...)})
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
	running, err := v.running(ctx, id, runs, c.IsLive())
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
		if rehab.CodeOf(err) == rehab.NotFound {
			add("every live case has a running workflow", "there is none; guitu restore starts it from the ledger")
			break
		}
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
