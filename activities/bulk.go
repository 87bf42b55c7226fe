package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/bulk"
	"guitu/rehab"
)

// Names of the activities of an operation. They never change.
const (
	BulkPartName  = "FleetPart"
	BulkStateName = "FleetState"
)

// BulkStore is where operations and what became of their cases are kept. *store.Store is one.
type BulkStore interface {
	BulkOperation(ctx context.Context, id string) (bulk.Operation, error)
	// BulkChunk lists the cases from the first to before the last that stand at the outcome.
	BulkChunk(ctx context.Context, id string, first, last int, turn bulk.Outcome) ([]bulk.Item, error)
	// SaveOutcome changes the outcome that was.
	SaveOutcome(ctx context.Context, item bulk.Item, was bulk.Outcome) error
	SaveBulkState(ctx context.Context, id string, state bulk.State, until time.Time) error
	// Case is the row of a case as it stands.
	Case(ctx context.Context, caseID string) (rehab.Summary, error)
}

// Engine gives a command to a case. *workflows.Client is one.
type Engine interface {
	Do(ctx context.Context, caseID string, cmd rehab.Command) (board.Receipt, error)
}

// BulkPart is a stretch of an operation's cases: those from First to before Last.
type BulkPart struct {
	OperationID string `json:"fleet"`
	First       int    `json:"first"`
	Last        int    `json:"last"`
	Undo        bool   `json:"undo,omitempty"`
}

// BulkProgress is where an operation stands. Until is the end of the undo window.
type BulkProgress struct {
	OperationID string     `json:"fleet"`
	State       bulk.State `json:"state"`
	Until       time.Time  `json:"until,omitzero"`
}

// parallelCases is how many cases of a part are under way at the same time.
const parallelCases = 16

// BulkPart gives each case of the part its command, or takes it back, and notes what
// became of it. A part that is run again passes over what has its outcome; the command id
// makes a command that had acted before its outcome was noted act once. Where the engine
// did not answer, the case keeps its turn and the part fails, to be run again.
func (a *Activities) BulkPart(ctx context.Context, p BulkPart) error {
	turn := bulk.Pending
	if p.Undo {
		turn = bulk.Acted
	}
	op, err := a.Bulk.BulkOperation(ctx, p.OperationID)
	if err != nil {
		return Wrap(err)
	}
	items, err := a.Bulk.BulkChunk(ctx, p.OperationID, p.First, p.Last, turn)
	if err != nil {
		return Wrap(err)
	}
	var group errgroup.Group // without a context: one case that fails stops no other
	group.SetLimit(parallelCases)
	for _, item := range items {
		group.Go(func() error {
			defer activity.RecordHeartbeat(ctx, item.N)
			return a.bulkItem(ctx, op, item, p.Undo)
		})
	}
	return Wrap(group.Wait())
}

// bulkItem brings one case to its outcome. The error says that it keeps its turn.
func (a *Activities) bulkItem(ctx context.Context, op bulk.Operation, item bulk.Item, undo bool) error {
	body, err := rehab.DecodeCommandBody(item.Type, []byte(item.Body))
	if err != nil {
		return err
	}
	was, id, done, refused, by := bulk.Pending, op.CommandID(item.N, undo), bulk.Acted, bulk.Refused, op.By
	if undo {
		if op.UndoneBy.ID != "" {
			by = op.UndoneBy
		}
		was, done, refused = bulk.Acted, bulk.TakenBack, bulk.NotUndone
		back, why, err := a.wayBack(ctx, by, item, body)
		if err != nil {
			return err
		}
		if back == nil {
			item.Outcome, item.Code, item.Message = bulk.Kept, string(why.Code), why.Message
			return a.Bulk.SaveOutcome(ctx, item, was)
		}
		body = back
	}
	no, err := a.stillFits(ctx, op.By, item, body)
	if err != nil {
		return err
	}
	if no != nil {
		item.Outcome, item.Code, item.Message = refused, string(no.Code), no.Error()
		return a.Bulk.SaveOutcome(ctx, item, was)
	}
	sum := sha256.Sum256([]byte(item.Type + item.Body + item.Undo))
	receipt, err := a.Engine.Do(ctx, item.CaseID, rehab.Command{ID: id, Actor: by, OccurredAt: a.Now(), Digest: hex.EncodeToString(sum[:]), Body: body})
	switch code := rehab.CodeOf(err); {
	case err == nil && receipt.Pending, err != nil && (code == rehab.Unavailable || code == rehab.Internal):
		return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("case %d of the fleet was not answered", item.N)}
	case err != nil:
		item.Outcome, item.Code, item.Message = refused, string(code), err.Error()
	default:
		item.Outcome, item.Code, item.Message = done, "", ""
	}
	return a.Bulk.SaveOutcome(ctx, item, was)
}

// kept says why a case is not taken back; empty: it is.
type kept = rehab.Error

var (
	keptChanged = rehab.Error{Code: "changed", Message: "the case was changed since, or there is nothing to go back to"}
	keptOutside = rehab.Error{Code: rehab.Forbidden, Message: "the case lies outside the area of who takes the fleet back"}
)

// wayBack is the command that takes back what the operation did, or nil where somebody else has
// changed the case since, nothing takes it back, or the case lies where the actor does not
// act. A try that had acted before is given again: its id makes it act once.
func (a *Activities) wayBack(ctx context.Context, by rehab.Actor, item bulk.Item, body rehab.CommandBody) (rehab.CommandBody, kept, error) {
	if item.Undo == "" {
		return nil, keptChanged, nil
	}
	back, err := rehab.DecodeCommandBody(item.Type, []byte(item.Undo))
	if err != nil {
		return nil, kept{}, err
	}
	row, err := a.Bulk.Case(ctx, item.CaseID)
	switch {
	case err != nil:
		return nil, kept{}, err
	case !by.Area().Contains(rehab.PlaceCode(row.Place)):
		return nil, keptOutside, nil
	case bulk.Untouched(row, body) || bulk.Untouched(row, back):
		return back, kept{}, nil
	}
	return nil, keptChanged, nil
}

// BulkState notes where the operation stands.
func (a *Activities) BulkState(ctx context.Context, s BulkProgress) error {
	return Wrap(a.Bulk.SaveBulkState(ctx, s.OperationID, s.State, s.Until))
}
