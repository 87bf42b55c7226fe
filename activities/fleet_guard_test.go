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
	"guitu/office"
	"guitu/rehab"
)

// bulk is a fleet of one case, with the offices around it.
type bulk struct {
	activities.Fleets
	mu      sync.Mutex
	by      rehab.Actor
	row     rehab.Summary
	item    office.FleetItem
	workers map[string]office.Worker
	given   int
}

func (b *bulk) Fleet(context.Context, string) (office.Fleet, error) {
	return office.Fleet{ID: "f-1", Kind: office.Reassign, By: b.by, Reserved: true}, nil
}

func (b *bulk) FleetChunk(context.Context, string, int, int, office.Outcome) ([]office.FleetItem, error) {
	return []office.FleetItem{b.item}, nil
}

func (b *bulk) SaveOutcome(_ context.Context, item office.FleetItem, _ office.Outcome) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.item = item
	return nil
}

func (b *bulk) Case(context.Context, string) (rehab.Summary, error) { return b.row, nil }

func (b *bulk) Worker(_ context.Context, id string) (office.Worker, error) {
	w, ok := b.workers[id]
	w.ID = id
	if !ok {
		return w, &rehab.Error{Code: rehab.NotFound, Message: "there is no such worker"}
	}
	return w, nil
}

func (b *bulk) Place(_ context.Context, code string, _ rehab.Date) (office.Place, error) {
	return office.Place{Place: board.Place{Code: code}, Status: office.InForce}, nil
}

func (b *bulk) Do(_ context.Context, _ string, cmd rehab.Command) (board.Receipt, error) {
	b.given++
	b.row.Worker = cmd.Body.(rehab.AssignWorker).Worker
	return board.Receipt{}, nil
}

func (b *bulk) run(t *testing.T, undo bool) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	a := &activities.Activities{Fleets: b, Engine: b, Offices: b, StrictRegistry: true, Now: func() time.Time { return rehab.NewDate(2026, 3, 2).Start() }}
	env.RegisterActivity(a.FleetPart)
	_, err := env.ExecuteActivity(a.FleetPart, activities.FleetPart{FleetID: "f-1", First: 1, Last: 2, Undo: undo})
	require.NoError(t, err)
}

// staff of the place until the day; 0: without an end.
func staff(place string, until rehab.Date) office.Worker {
	return office.Worker{Periods: []office.Period{{From: rehab.NewDate(2026, 1, 1), To: until, Duty: office.Duty{Place: place, Post: office.FullTime}}}}
}

func newBulk() *bulk {
	return &bulk{
		by:      rehab.Actor{ID: "h-1", Role: rehab.StationHead, Place: "110101001"},
		row:     rehab.Summary{CaseID: "c-1", Place: "110101001", Worker: "w-1"},
		item:    office.FleetItem{FleetID: "f-1", N: 1, CaseID: "c-1", Type: "assign-worker", Body: `{"worker":"w-2"}`, Undo: `{"worker":"w-1"}`},
		workers: map[string]office.Worker{"h-1": staff("110101001", 0), "w-1": staff("110101001", 0), "w-2": staff("110101001", 0)},
	}
}

func TestEachItemOfABulkOperationIsHeldAgainstTheOfficesWhenItActs(t *testing.T) {
	t.Parallel()
	gone := rehab.NewDate(2026, 2, 1)
	for name, c := range map[string]struct {
		undo    bool
		change  func(*bulk)
		outcome office.Outcome
		says    string
	}{
		"all fits":                    {change: func(*bulk) {}, outcome: office.Acted},
		"the starter has left":        {change: func(b *bulk) { b.workers["h-1"] = staff("110101001", gone) }, outcome: office.Refused, says: "h-1"},
		"the starter has moved":       {change: func(b *bulk) { b.workers["h-1"] = staff("110101002", 0) }, outcome: office.Refused, says: "110101002"},
		"the case has gone elsewhere": {change: func(b *bulk) { b.row.Place = "110105001" }, outcome: office.Refused, says: "outside the area"},
		"the worker has left":         {change: func(b *bulk) { b.workers["w-2"] = staff("110101001", gone) }, outcome: office.Refused, says: "w-2 is not active"},
		"nobody knows the worker":     {change: func(b *bulk) { delete(b.workers, "w-2") }, outcome: office.Refused, says: "does not know"},
		"the role may not":            {change: func(b *bulk) { b.by.Role = rehab.WorkerRole }, outcome: office.Refused, says: "may not give"},
		"undone":                      {undo: true, change: func(b *bulk) { b.row.Worker = "w-2" }, outcome: office.TakenBack},
		"undone to who has left":      {undo: true, change: func(b *bulk) { b.row.Worker = "w-2"; b.workers["w-1"] = staff("110101001", gone) }, outcome: office.NotUndone, says: "w-1 is not active"},
		"acted before it was noted":   {change: func(b *bulk) { b.row.Worker = "w-2"; delete(b.workers, "w-2") }, outcome: office.Acted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBulk()
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
