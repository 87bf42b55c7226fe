package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"guitu/rehab"
)

// The past.

func (w *world) Calendar() *rehab.Calendar { return w.rules.Calendar() }

func (w *world) History(_ context.Context, id string) (rehab.History, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.history(id, time.Time{}), w.failing("History")
}

func (w *world) history(id string, recordedBefore time.Time) rehab.History {
	h := rehab.History{CaseID: id, Commands: map[string]rehab.CommandBody{}}
	for _, e := range w.events[id] {
		if recordedBefore.IsZero() || e.RecordedAt.Before(recordedBefore) {
			h.Events = append(h.Events, e)
			if body := w.bodies[id+"/"+e.Command]; body != nil {
				h.Commands[e.Command] = body
			}
		}
	}
	return h
}

func (w *world) PlaceHistories(_ context.Context, place, after string, n int, recordedBefore time.Time) ([]rehab.History, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []rehab.History
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		if id > after && strings.HasPrefix(w.cases[id].Place, place) && len(out) < n {
			out = append(out, w.history(id, recordedBefore))
		}
	}
	return out, w.failing("PlaceHistories")
}

// Simulate answers with what was asked.
