package doors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"guitu/board"
	"guitu/bulk"
	"guitu/once"
	"guitu/rehab"
	"guitu/store"
)

// engine does what the workflow of a case does, at once: it folds the history, has the core
// decide, and records. One command acts at a time.
type engine struct {
	mu    sync.Mutex
	store *store.Store
	rules rehab.Rules
	now   func() time.Time
}

var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// StartVerification takes what nobody runs here.
func (e *engine) StartVerification(context.Context, board.VerificationJob) error { return nil }

// Do gives one command to its case.
func (e *engine) Do(ctx context.Context, caseID string, cmd rehab.Command) (board.Receipt, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ctx = context.WithoutCancel(ctx) // who asked may go; the workflow goes on
	if err := cmd.Check(); err != nil {
		return board.Receipt{}, err
	}
	if was, digest, found, err := e.store.CommandReceipt(ctx, caseID, cmd.ID); found || err != nil {
		if err == nil {
			err = once.Request{Key: cmd.ID, Digest: cmd.Digest}.Repeats(digest)
		}
		was.Duplicate = true
		return was, err
	}
	h, err := e.store.History(ctx, caseID)
	if err != nil {
		return board.Receipt{}, err
	}
	h.CaseID = caseID
	r, err := e.decide(&h, cmd)
	var known *rehab.Error
	if errors.As(err, &known) && known.Code == rehab.Known {
		return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: known.Record, Known: true}, nil
	}
	if err != nil {
		return board.Receipt{}, err
	}
	res, err := e.store.Record(ctx, r)
	switch {
	case err != nil:
		return board.Receipt{}, err
	case res.Outcome == rehab.RefusedByHistory:
		return board.Receipt{}, res.Refusal
	}
	return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: res.CommandSeq}, nil
}

// decide makes the record of the command, by the history where the state alone does not do.
func (e *engine) decide(h *rehab.History, cmd rehab.Command) (rehab.Record, error) {
	c, now := h.Known(never), e.now()
	events, err := c.Decide(cmd, rehab.NewEnv(e.rules, c, cmd.Body, now))
	if errors.Is(err, rehab.ErrHistory) {
		return h.Retold(rehab.NewRetelling(c, cmd, now, false), e.rules)
	}
	return rehab.NewRecord(c, cmd, events), err
}

// StartBulk does the operation before it answers.
func (e *engine) StartBulk(ctx context.Context, f bulk.Operation, undoWindow time.Duration) error {
	if err := e.bulk(ctx, f.ID, false); err != nil {
		return err
	}
	return e.store.SaveBulkState(ctx, f.ID, bulk.Undoable, e.now().Add(undoWindow))
}

// SignalBulk takes an operation back; there is no time in which it could be held.
func (e *engine) SignalBulk(ctx context.Context, id, action string) error {
	if action != "undo" {
		return nil
	}
	if err := e.bulk(ctx, id, true); err != nil {
		return err
	}
	return e.store.SaveBulkState(ctx, id, bulk.Undone, time.Time{})
}

func (e *engine) bulk(ctx context.Context, id string, undo bool) error {
	ctx = context.WithoutCancel(ctx)
	f, err := e.store.BulkOperation(ctx, id)
	if err != nil {
		return err
	}
	turn, done, refused, by := bulk.Pending, bulk.Acted, bulk.Refused, f.By
	if undo {
		turn, done, refused, by = bulk.Acted, bulk.TakenBack, bulk.NotUndone, f.UndoneBy
	}
	items, err := e.store.BulkItems(ctx, id, turn, 0, 10_000)
	if err != nil {
		return err
	}
	for _, item := range items {
		text := item.Body
		if undo {
			text = item.Undo
		}
		if err := e.oneOfMany(ctx, f.CommandID(item.N, undo), by, item, text); err != nil {
			item.Outcome, item.Code, item.Message = refused, string(rehab.CodeOf(err)), err.Error()
		} else {
			item.Outcome = done
		}
		if err := e.store.SaveOutcome(ctx, item, turn); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) oneOfMany(ctx context.Context, id string, by rehab.Actor, item bulk.Item, text string) error {
	body, err := rehab.DecodeCommandBody(item.Type, []byte(text))
	if err != nil {
		return err
	}
	row, err := e.store.Case(ctx, item.CaseID)
	if err != nil {
		return err
	}
	if !reaches(by, row.Place, row.Worker) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "the case lies outside the area"}
	}
	sum := sha256.Sum256([]byte(item.Type + text))
	_, err = e.Do(ctx, item.CaseID, rehab.Command{ID: id, Actor: by, OccurredAt: e.now(), Digest: hex.EncodeToString(sum[:]), Body: body})
	return err
}
