package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"guitu/api"
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
func (w *world) Simulate(_ context.Context, o api.SimulationOrder) (api.SimulationResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.order = o
	out := api.SimulationResult{Cases: 3, Events: 9, Names: []string{"open"}, Before: api.SimulationOutput{Policy: "national@2026.1"}}
	out.Before.Refused = []api.SimulationRefusal{{Command: "record-test", Code: rehab.Refused, Field: "staff", Message: "a test needs # people", Times: 7}}
	out.Before.Months, out.Before.Places = []string{"2026-10"}, []api.SimulationSeries{}
	out.Before.Total = api.SimulationSeries{Mean: [][]float64{{1.5}}, Error: [][]float64{{0}}}
	out.Before.Whole = api.SimulationSums{Mean: []float64{1.5}, Error: []float64{0}}
	return out, w.failing("Simulate")
}
