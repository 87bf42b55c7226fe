package activities

import (
	"context"
	"fmt"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// CheckCoverageName is the activity's name. It never changes.
const CheckCoverageName = "WatchCoverage"

// Coverages takes the coverage and acts on it. *store.Store is one.
type Coverages interface {
	CheckCoverage(ctx context.Context, city string, now time.Time, ladder []rehab.GapRung, late time.Time) (board.CoverageRound, error)
}

// Waker makes a case look at the clock, and starts it where its workflow was lost.
// *workflows.Client is one.
type Waker interface {
	Wake(ctx context.Context, caseID string) error
}

// CoverageRules are whom a gap is told to, and how long a timer may be late before the case is
// looked after: both in the cases' time.
type CoverageRules struct {
	Ladder []rehab.GapRung
	Late   time.Duration
}

// CheckCoverage takes the coverage of the city, tells offices of gaps that live too long,
// and wakes the cases whose timer did not ring. It may run twice: a gap is told of once.
func (a *Activities) CheckCoverage(ctx context.Context) (board.CoverageRound, error) {
	rules := a.CoverageRules()
	now := a.Now()
	w, err := a.Coverages.CheckCoverage(ctx, "11", now, rules.Ladder, now.Add(-rules.Late))
	if err != nil {
		return w, Wrap(err)
	}
	for _, id := range w.Late {
		if err := a.Waker.Wake(ctx, id); err != nil {
			return w, Wrap(fmt.Errorf("wake a case whose timer is late: %w", err))
		}
	}
	return w, nil
}
