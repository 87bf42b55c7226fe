package activities_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"guitu/activities"
	"guitu/board"
	"guitu/bulk"
	"guitu/office"
	"guitu/rehab"
)

// bulk is an operation of one case, with the offices around it.
type order struct {
	activities.BulkStore
	mu      sync.Mutex
	by      rehab.Actor
	row     rehab.Summary
	item    bulk.Item
	workers map[string]office.Worker
	given   int
}

func (b *order) BulkOperation(context.Context, string) (bulk.Operation, error) {
	return bulk.Operation{ID: "f-1", Kind: bulk.Reassign, By: b.by, Reserved: true}, nil
}

func (b *order) BulkChunk(context.Context, string, int, int, bulk.Outcome) ([]bulk.Item, error) {
	return []bulk.Item{b.item}, nil
}

func (b *order) SaveOutcome(_ context.Context, item bulk.Item, _ bulk.Outcome) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.item = item
	return nil
}

func (b *order) Case(context.Context, string) (rehab.Summary, error) { return b.row, nil }

func (b *order) Worker(_ context.Context, id string) (office.Worker, error) {
	w, ok := b.workers[id]
	w.ID = id
	if !ok {
		return w, &rehab.Error{Code: rehab.NotFound, Message: "there is no such worker"}
	}
	return w, nil
}

func (b *order) Place(_ context.Context, code string, _ rehab.Date) (office.Place, error) {
	return office.Place{Place: board.Place{Code: code}, Status: office.InForce}, nil
}

func (b *order) Do(_ context.Context, _ string, cmd rehab.Command) (board.Receipt, error) {
	b.given++
	b.row.Worker = cmd.Body.(rehab.AssignWorker).Worker
	return board.Receipt{}, nil
}

func (b *order) run(t *testing.T, undo bool) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	a := &activities.Activities{Bulk: b, Engine: b, Offices: b, StrictRegistry: true, Now: func() time.Time { return rehab.NewDate(2026, 3, 2).Start() }}
	env.RegisterActivity(a.BulkPart)
	_, err := env.ExecuteActivity(a.BulkPart, activities.BulkPart{OperationID: "f-1", First: 1, Last: 2, Undo: undo})
	require.NoError(t, err)
}

// staff of the place until the day; 0: without an end.
func staff(place string, until rehab.Date) office.Worker {
	return office.Worker{Periods: []office.Period{{From: rehab.NewDate(2026, 1, 1), To: until, Duty: office.Duty{Place: place, Post: office.FullTime}}}}
}

func newOrder() *order {
	return &order{
		by:      rehab.Actor{ID: "h-1", Role: rehab.StationHead, Place: "110101001"},
		row:     rehab.Summary{CaseID: "c-1", Place: "110101001", Worker: "w-1"},
		item:    bulk.Item{OperationID: "f-1", N: 1, CaseID: "c-1", Type: "assign-worker", Body: `{"worker":"w-2"}`, Undo: `{"worker":"w-1"}`},
		workers: map[string]office.Worker{"h-1": staff("110101001", 0), "w-1": staff("110101001", 0), "w-2": staff("110101001", 0)},
	}
}

func TestEachItemOfABulkOperationIsHeldAgainstTheOfficesWhenItActs(t *testing.T) {
	t.Parallel()
	gone := rehab.NewDate(2026, 2, 1)
	for name, c := range map[string]struct {
		undo    bool
		change  func(*order)
		outcome bulk.Outcome
		says    string
	}{
		"all fits":                    {change: func(*order) {}, outcome: bulk.Acted},
		"the starter has left":        {change: func(b *order) { b.workers["h-1"] = staff("110101001", gone) }, outcome: bulk.Refused, says: "h-1"},
		"the starter has moved":       {change: func(b *order) { b.workers["h-1"] = staff("110101002", 0) }, outcome: bulk.Refused, says: "110101002"},
		"the case has gone elsewhere": {change: func(b *order) { b.row.Place = "110105001" }, outcome: bulk.Refused, says: "outside the area"},
		"the worker has left":         {change: func(b *order) { b.workers["w-2"] = staff("110101001", gone) }, outcome: bulk.Refused, says: "w-2 is not active"},
		"nobody knows the worker":     {change: func(b *order) { delete(b.workers, "w-2") }, outcome: bulk.Refused, says: "does not know"},
		"the role may not":            {change: func(b *order) { b.by.Role = rehab.WorkerRole }, outcome: bulk.Refused, says: "may not give"},
		"undone":                      {undo: true, change: func(b *order) { b.row.Worker = "w-2" }, outcome: bulk.TakenBack},
		"undone to who has left":      {undo: true, change: func(b *order) { b.row.Worker = "w-2"; b.workers["w-1"] = staff("110101001", gone) }, outcome: bulk.NotUndone, says: "w-1 is not active"},
		"acted before it was noted":   {change: func(b *order) { b.row.Worker = "w-2"; delete(b.workers, "w-2") }, outcome: bulk.Acted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrder()
			c.change(b)
			b.run(t, c.undo)
			require.Equal(t, c.outcome, b.item.Outcome, b.item.Message)
			require.Contains(t, b.item.Message, c.says)
			if c.says != "" {
				require.Zero(t, b.given)
			}
		})
	}
}
