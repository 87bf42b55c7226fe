package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"guitu/bulk"
	"guitu/rehab"
)

// fakeBulk is an operation whose cases have all had their turn once it is started.
type fakeBulk struct {
	bulk.Operation
	digest  string
	changes []bulk.Change
	actions []string
}

func (w *world) SaveBulk(_ context.Context, f bulk.Operation, digest string, changes []bulk.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Bulk"); err != nil {
		return err
	}
	if w.bulk == nil {
		w.bulk = map[string]*fakeBulk{}
	}
	if known := w.bulk[f.ID]; known != nil {
		if known.digest != digest {
			return &rehab.Error{Code: rehab.Conflict, Message: "another fleet"}
		}
		return nil
	}
	f.Total, f.Outcomes = len(changes), map[bulk.Outcome]int{bulk.Pending: len(changes)}
	w.bulk[f.ID] = &fakeBulk{Operation: f, digest: digest, changes: changes}
	return nil
}

func (w *world) BulkOperation(_ context.Context, id string) (bulk.Operation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Bulk"); err != nil {
		return bulk.Operation{}, err
	}
	if f := w.bulk[id]; f != nil {
		return f.Operation, nil
	}
	return bulk.Operation{}, &rehab.Error{Code: rehab.NotFound, Message: "no fleet"}
}

func (w *world) BulkOperations(_ context.Context, place string, _ int) ([]bulk.Operation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []bulk.Operation
	for _, id := range slices.Sorted(maps.Keys(w.bulk)) {
		if f := w.bulk[id]; strings.HasPrefix(f.Place, place) {
			out = append(out, f.Operation)
		}
	}
	return out, w.failing("Bulk")
}

func (w *world) BulkItems(_ context.Context, id string, _ bulk.Outcome, after, limit int) ([]bulk.Item, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []bulk.Item
	for i, c := range w.bulk[id].changes {
		if i+1 > after && len(out) < limit {
			item := bulk.Item{N: i + 1, CaseID: c.CaseID, Type: c.Body.CommandType(), Outcome: bulk.Acted}
			if i == 1 {
				item.Outcome, item.Code, item.Message = bulk.Refused, "refused", "refused: worker: the registry does not know the worker w-2"
			}
			out = append(out, item)
		}
	}
	return out, w.failing("Bulk")
}

func (w *world) SaveUndo(_ context.Context, id string, by rehab.Actor) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bulk[id].UndoneBy = by
	return w.failing("Bulk")
}

func (w *world) LiveCases(_ context.Context, place string, ids []string, after string, limit int) ([]rehab.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []rehab.Summary
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		s := w.cases[id].Summary()
		if id > after && strings.HasPrefix(s.Place, place) && (ids == nil || slices.Contains(ids, id)) && w.cases[id].IsLive() && len(out) < limit {
			out = append(out, s)
		}
	}
	return out, w.failing("Bulk")
}

func (w *world) StartBulk(_ context.Context, f bulk.Operation, _ time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := w.bulk[f.ID]
	known.State, known.Outcomes = bulk.Undoable, map[bulk.Outcome]int{bulk.Acted: known.Total}
	return w.failing("StartBulk")
}

func (w *world) SignalBulk(_ context.Context, id, action string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bulk[id].actions = append(w.bulk[id].actions, action)
	return w.failing("SignalBulk")
}
