package api_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"guitu/api"
	"guitu/board"
	"guitu/evaluation"
	"guitu/rehab"
)

// CheckSimulation finds nothing wrong.
func (w *world) CheckSimulation(context.Context, api.SimulationOrder) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failing("CheckSimulation")
}

// PlaySimulation plays at once.
func (w *world) PlaySimulation(_ context.Context, id string, o api.SimulationOrder) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.order = o
	if w.idle {
		return
	}
	out := api.SimulationResult{Cases: 3, Events: 9, Names: []string{"open"}, Before: api.SimulationOutput{Policy: "national@2026.1"}}
	out.Before.Refused = []api.SimulationRefusal{{Command: "record-test", Code: rehab.Refused, Field: "staff", Message: "a test needs # people", Times: 7}}
	out.Before.Months, out.Before.Places = []string{"2026-10"}, []api.SimulationSeries{}
	out.Before.Total = api.SimulationSeries{Mean: [][]float64{{1.5}}, Error: [][]float64{{0}}}
	out.Before.Whole = api.SimulationSums{Mean: []float64{1.5}, Error: []float64{0}}
	for i := range w.simulations {
		if r := &w.simulations[i]; r.ID == id {
			r.State, r.Done, r.Total, r.Started, r.Ended = board.SimulationDone, 6, 6, now, now.Add(2_000_000_000)
			r.Result, _ = json.Marshal(out)
		}
	}
}

func (w *world) AddSimulation(_ context.Context, r board.SimulationRow) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	r.Created = now
	w.simulations = append(w.simulations, r)
	return w.failing("AddSimulation")
}

func (w *world) Simulation(_ context.Context, id string) (board.SimulationRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.simulations {
		if r.ID == id {
			return r, w.failing("Simulation")
		}
	}
	return board.SimulationRow{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such simulation"}
}

func (w *world) Simulations(_ context.Context, f board.SimulationFilter) ([]board.SimulationRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []board.SimulationRow
	for _, r := range slices.Backward(w.simulations) {
		if strings.HasPrefix(r.Place, f.Place) && (r.By == f.By || r.Shared) && len(out) < f.Limit {
			r.Result = nil
			out = append(out, r)
		}
	}
	return out, w.failing("Simulations")
}

func (w *world) UnfinishedSimulations(_ context.Context, by string) (n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.simulations {
		if r.By == by && r.State == board.SimulationQueued {
			n++
		}
	}
	return n, w.failing("UnfinishedSimulations")
}

// change does something to the simulation.
func (w *world) change(id string, do func(*board.SimulationRow)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.simulations {
		if w.simulations[i].ID == id {
			do(&w.simulations[i])
		}
	}
}

func (w *world) KeepSimulation(_ context.Context, id, name string, shared bool) error {
	w.change(id, func(r *board.SimulationRow) { r.Name, r.Shared = name, shared })
	return nil
}

func (w *world) StopSimulation(_ context.Context, id string) error {
	w.change(id, func(r *board.SimulationRow) { r.State = board.SimulationStopped })
	return nil
}

func (w *world) DropSimulation(_ context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.simulations = slices.DeleteFunc(w.simulations, func(r board.SimulationRow) bool { return r.ID == id })
	return nil
}

// Trend says that a test fell due in September and was done in time, and one in October was not.
func (w *world) Trend(_ context.Context, q evaluation.TrendQuery) ([]evaluation.DueMonth, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trendOf = q
	return []evaluation.DueMonth{
		{Month: rehab.NewDate(2026, 9, 1), Kind: "test", Due: 4, InTime: 3}, {Month: rehab.NewDate(2026, 10, 1), Kind: "test", Due: 1}, {Month: rehab.NewDate(2026, 10, 1), Kind: "contact", Due: 2, InTime: 2},
	}, w.failing("Trend")
}

// Climbs are six: two answered by the worker, one by the head after the worker did not, one by the head of a case without a worker, one that the
// district has, and one that became void at the city office.
func (w *world) Climbs(_ context.Context, f board.ClimbFilter) ([]board.ClimbCount, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.climbsOf = f
	ref := w.rules.Refs()[0]
	return []board.ClimbCount{
		{Policy: ref, Kind: "contact", Rung: 0, Role: rehab.WorkerRole, Answered: true, Climbs: 2},
		{Policy: ref, Kind: "contact", Rung: 1, Role: rehab.StationHead, Climbed: true, Answered: true, Climbs: 1},
		{Policy: ref, Kind: "contact", Rung: 1, Role: rehab.StationHead, Answered: true, Climbs: 1},
		{Policy: ref, Kind: "supervision", Rung: 1, Role: rehab.DistrictOffice, Climbed: true, Open: true, Climbs: 1},
		{Policy: rehab.PolicyRef{ID: "gone", Version: "1"}, Kind: "test", Rung: 3, Role: rehab.CityOffice, Climbed: true, Climbs: 1},
	}, w.failing("Climbs")
}
