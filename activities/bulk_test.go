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
	"guitu/rehab"
)

// undoing is an operation of one case that was reassigned and then moved to the place.
type undoing struct {
	op    bulk.Operation
	place string
	mu    sync.Mutex
	saved []bulk.Item
	given []rehab.Command
}

func (u *undoing) BulkOperation(context.Context, string) (bulk.Operation, error) { return u.op, nil }

func (u *undoing) BulkChunk(context.Context, string, int, int, bulk.Outcome) ([]bulk.Item, error) {
	return []bulk.Item{{N: 1, CaseID: "c-1", Type: "assign-worker", Body: `{"worker":"w-2"}`, Undo: `{"worker":"w-1"}`, Outcome: bulk.Acted}}, nil
}

func (u *undoing) SaveOutcome(_ context.Context, item bulk.Item, _ bulk.Outcome) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.saved = append(u.saved, item)
	return nil
}

func (u *undoing) SaveBulkState(context.Context, string, bulk.State, time.Time) error {
	return nil
}

func (u *undoing) Case(context.Context, string) (rehab.Summary, error) {
	return rehab.Summary{CaseID: "c-1", Place: u.place, Worker: "w-2"}, nil
}

func (u *undoing) Do(_ context.Context, id string, cmd rehab.Command) (board.Receipt, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.given = append(u.given, cmd)
	return board.Receipt{CaseID: id}, nil
}

func (u *undoing) run(t *testing.T) bulk.Item {
	t.Helper()
	a := &activities.Activities{Bulk: u, Engine: u, Now: time.Now}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(a.BulkPart)
	_, err := env.ExecuteActivity(a.BulkPart, activities.BulkPart{OperationID: "f-1", First: 1, Last: 2, Undo: true})
	require.NoError(t, err)
	require.Len(t, u.saved, 1)
	return u.saved[0]
}

func TestAnUndoLeavesAloneWhatLiesOutsideTheAreaOfWhoUndoes(t *testing.T) {
	t.Parallel()
	city := rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}
	district := rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	u := &undoing{op: bulk.Operation{ID: "f-1", By: city, UndoneBy: district, Reserved: true}, place: "110102003"}
	item := u.run(t)
	require.Equal(t, bulk.Kept, item.Outcome)
	require.Equal(t, "forbidden", item.Code)
	require.Empty(t, u.given)

	u = &undoing{op: bulk.Operation{ID: "f-1", By: district, Reserved: true}, place: "110102003"}
	require.Equal(t, bulk.Kept, u.run(t).Outcome, "nor what has left the area of who began it")

	u = &undoing{op: bulk.Operation{ID: "f-1", By: city, UndoneBy: district, Reserved: true}, place: "110101002"}
	require.Equal(t, bulk.TakenBack, u.run(t).Outcome)
	require.Equal(t, district, u.given[0].Actor)
}
