package verify

import (
	"context"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// turns is how many days it takes until every case was asked by turns, also those that
// never moved.
const turns = 28

// Memory is what was found right before. *store.Store is one.
type Memory interface {
	// Standings lists all cases, open and closed, after the id given, as their rows stand.
	Standings(ctx context.Context, after string, limit int) ([]board.Standing, error)
	// KeepSound notes cases that were found right, and forgets those that were not.
	KeepSound(ctx context.Context, sound []board.Sound, broken []string) error
}

// round is one verification under way.
type round struct {
	Verifier
	began time.Time
	runs  map[string]string // what runs, as listed at the beginning; nil where nothing is noted
	looks chan struct{}     // a case that waits to settle holds up no other

	mu     sync.Mutex
	report Report
	sound  []board.Sound
	broken []string
}

// begin lists what runs, once for all cases.
func (v Verifier) begin(ctx context.Context) (*round, error) {
	if v.Now == nil {
		v.Now = time.Now
	}
	r := &round{Verifier: v, began: time.Now(), looks: make(chan struct{}, max(v.Parallel, 8)), report: Report{Findings: []Finding{}}}
	if v.Memory == nil {
		return r, nil
	}
	var err error
	if r.runs, err = v.Engine.Runs(ctx); err != nil {
		return nil, fmt.Errorf("list what runs: %w", err)
	}
	return r, nil
}

func (v Verifier) list(ctx context.Context, after string) ([]board.Standing, error) {
	if v.Memory != nil {
		return v.Memory.Standings(ctx, after, page)
	}
	ids, err := v.Ledger.CaseIDs(ctx, after, page)
	out := make([]board.Standing, len(ids))
	for i, id := range ids {
		out[i].CaseID = id
	}
	return out, err
}

// pass counts a case that nothing has to be asked about: it stands where it was found
// right, its workflow is in the same run, it has no reason to wake before now, and it is not
// its turn today.
func (r *round) pass(st *board.Standing) bool {
	now := r.Now()
	st.Rules, st.Run, st.At = r.Rules, r.runs[st.CaseID], now
	if r.runs == nil || r.Full || st.Moved() || st.Watched {
		return false
	}
	today, late := rehab.DateOf(now), !st.Wake.IsZero() && !st.Wake.After(now)
	if st.Live && late || turn(st.CaseID) == int(today)%turns && rehab.DateOf(st.Last.At) < today {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Cases++
	r.report.Unmoved++
	if st.Live {
		r.report.Open++
	}
	if r.report.Oldest.IsZero() || st.Last.At.Before(r.report.Oldest) {
		r.report.Oldest = st.Last.At
	}
	if r.Done != nil {
		r.Done()
	}
	return true
}

// turn of a case among the days: a share of the cases comes up each day.
func turn(caseID string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(caseID)) // a hash takes all
	return int(h.Sum32() % turns)
}

// look asks about one case.
func (r *round) look(ctx context.Context, st board.Standing) error {
	open, found, err := r.settled(ctx, st.CaseID)
	r.mu.Lock()
	r.report.Cases++
	if open {
		r.report.Open++
	}
	for _, f := range found {
		f.Place = st.Place
		r.report.Findings = append(r.report.Findings, f)
	}
	switch {
	case err != nil:
	case len(found) > 0:
		r.broken = append(r.broken, st.CaseID)
	case r.runs != nil && st.Live == (st.Run != ""): // as it stood before it was looked at: what moved since is asked again
		r.sound = append(r.sound, st.Sound)
	}
	if r.Done != nil {
		r.Done()
	}
	r.mu.Unlock()
	if err != nil {
		return err
	}
	return r.note(ctx, page)
}

// note writes down what was found, once there are so many.
func (r *round) note(ctx context.Context, many int) error {
	r.mu.Lock()
	sound, broken := r.sound, r.broken
	if r.Memory == nil || len(sound)+len(broken) < many {
		r.mu.Unlock()
		return nil
	}
	r.sound, r.broken = nil, nil
	r.mu.Unlock()
	return r.Memory.KeepSound(ctx, sound, broken)
}

// running asks the engine only where the list is not what is expected.
func (v Verifier) running(ctx context.Context, id string, runs map[string]string, expected bool) (bool, error) {
	if _, listed := runs[id]; runs != nil && listed == expected {
		return listed, nil
	}
	return v.Engine.Running(ctx, id)
}
