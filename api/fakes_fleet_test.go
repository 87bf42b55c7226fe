package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"guitu/office"
	"guitu/rehab"
)

// fakeFleet is a fleet whose cases have all had their turn once it is started.
type fakeFleet struct {
	office.Fleet
	digest  string
	changes []office.Change
	wishes  []string
}

func (w *world) SaveFleet(_ context.Context, f office.Fleet, digest string, changes []office.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Fleets"); err != nil {
		return err
	}
	if w.fleets == nil {
		w.fleets = map[string]*fakeFleet{}
	}
	if known := w.fleets[f.ID]; known != nil {
		if known.digest != digest {
			return &rehab.Error{Code: rehab.Conflict, Message: "another fleet"}
		}
		return nil
	}
	f.Total, f.Outcomes = len(changes), map[office.Outcome]int{office.Pending: len(changes)}
	w.fleets[f.ID] = &fakeFleet{Fleet: f, digest: digest, changes: changes}
	return nil
}

func (w *world) Fleet(_ context.Context, id string) (office.Fleet, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Fleets"); err != nil {
		return office.Fleet{}, err
	}
	if f := w.fleets[id]; f != nil {
		return f.Fleet, nil
	}
	return office.Fleet{}, &rehab.Error{Code: rehab.NotFound, Message: "no fleet"}
}

func (w *world) Fleets(_ context.Context, place string, _ int) ([]office.Fleet, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []office.Fleet
	for _, id := range slices.Sorted(maps.Keys(w.fleets)) {
		if f := w.fleets[id]; strings.HasPrefix(f.Place, place) {
			out = append(out, f.Fleet)
		}
	}
	return out, w.failing("Fleets")
}

func (w *world) FleetItems(_ context.Context, id string, _ office.Outcome, after, limit int) ([]office.FleetItem, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []office.FleetItem
	for i, c := range w.fleets[id].changes {
		if i+1 > after && len(out) < limit {
			out = append(out, office.FleetItem{N: i + 1, CaseID: c.CaseID, Type: c.Body.CommandType(), Outcome: office.Acted})
		}
	}
	return out, w.failing("Fleets")
}

func (w *world) SaveUndo(_ context.Context, id string, by rehab.Actor) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fleets[id].UndoneBy = by
	return w.failing("Fleets")
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
	return out, w.failing("Fleets")
}

func (w *world) StartFleet(_ context.Context, f office.Fleet, _ time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := w.fleets[f.ID]
	known.State, known.Outcomes = office.FleetUndoable, map[office.Outcome]int{office.Acted: known.Total}
	return w.failing("StartFleet")
}

func (w *world) TellFleet(_ context.Context, id, wish string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fleets[id].wishes = append(w.fleets[id].wishes, wish)
	return w.failing("TellFleet")
}
