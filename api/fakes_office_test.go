package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// offices is the organisation and the registry in memory: the real rules over lists.
type offices struct {
	places  map[string][]office.PlaceFact
	workers map[string]office.Worker
	given   map[string]string // command -> digest
	away    map[string][]office.AbsenceFact
}

// once reports whether the command acted before.
func (w *world) once(cmd office.Command, subject string) (bool, error) {
	if w.offices.given == nil {
		w.offices = offices{map[string][]office.PlaceFact{}, map[string]office.Worker{}, map[string]string{}, map[string][]office.AbsenceFact{}}
	}
	digest, known := w.offices.given[subject+cmd.ID]
	if known && digest != cmd.Digest {
		return true, &rehab.Error{Code: rehab.Conflict, Field: "Idempotency-Key", Message: "clash"}
	}
	return known, nil
}

func (w *world) stamp(cmd office.Command, subject string, r *office.Record) {
	w.offices.given[subject+cmd.ID] = cmd.Digest
	r.Position, r.RecordedAt, r.By = int64(len(w.offices.given)), cmd.At, cmd.Actor
}

func base(code string) (board.Place, error) {
	for _, p := range organisation {
		if p.Code == code {
			return p, nil
		}
	}
	return board.Place{}, notFound("place")
}

func (w *world) Place(_ context.Context, code string, on rehab.Date) (office.Place, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Place"); err != nil {
		return office.Place{}, err
	}
	p, err := base(code)
	return office.PlaceOn(p, w.offices.places[code], on), err
}

func (w *world) Places(_ context.Context, on rehab.Date) ([]office.Place, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []office.Place
	for _, p := range organisation {
		out = append(out, office.PlaceOn(p, w.offices.places[p.Code], on))
	}
	return out, w.failing("Places")
}

func (w *world) PlaceHistory(_ context.Context, code string) ([]office.PlaceFact, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.offices.places[code], w.failing("PlaceHistory")
}

func (w *world) openCases(fits func(*rehab.Case) bool) (n int) {
	for _, c := range w.cases {
		if c.IsOpen() && fits(c) {
			n++
		}
	}
	return n
}

func (w *world) ChangePlace(_ context.Context, cmd office.Command, code string, f office.PlaceFact) (office.Changed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("ChangePlace"); err != nil {
		return office.Changed{}, err
	}
	if known, err := w.once(cmd, code); known {
		return office.Changed{Duplicate: true}, err
	}
	p, err := base(code)
	if err != nil {
		return office.Changed{}, err
	}
	var successor *office.Place
	if s, err := base(f.Successor); err == nil {
		on := office.PlaceOn(s, w.offices.places[s.Code], f.From)
		successor = &on
	}
	if err := office.CheckPlaceFact(p, w.offices.places[code], f, successor, 0, rehab.DateOf(cmd.At)); err != nil {
		return office.Changed{}, err
	}
	var out office.Changed
	if f.Change == office.Merged || f.Change == office.Closed {
		out.Open = w.openCases(func(c *rehab.Case) bool { return c.Place == code })
		if err := office.CheckHandover("the place "+code, out.Open, f.From, rehab.DateOf(cmd.At)); err != nil {
			return office.Changed{}, err
		}
	}
	w.stamp(cmd, code, &f.Record)
	w.offices.places[code] = append(w.offices.places[code], f)
	return out, nil
}

func (w *world) Worker(_ context.Context, id string) (office.Worker, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Worker"); err != nil {
		return office.Worker{}, err
	}
	found, ok := w.offices.workers[id]
	if !ok {
		return found, notFound("worker")
	}
	return found, nil
}

func (w *world) Workers(_ context.Context, f office.WorkerFilter) ([]office.Worker, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []office.Worker
	for _, id := range slices.Sorted(maps.Keys(w.offices.workers)) {
		who := w.offices.workers[id]
		if p, ok := who.On(f.On); ok && strings.HasPrefix(p.Place, f.Place) && id > f.After && len(out) < f.Limit {
			out = append(out, office.Worker{ID: id, Name: who.Name, Periods: []office.Period{p}})
		}
	}
	return out, w.failing("Workers")
}

func (w *world) ChangeWorker(_ context.Context, cmd office.Command, id string, f office.WorkerFact, name string) (office.Changed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("ChangeWorker"); err != nil {
		return office.Changed{}, err
	}
	if known, err := w.once(cmd, "w/"+id); known {
		return office.Changed{Duplicate: true}, err
	}
	who := w.offices.workers[id]
	who.ID = id
	if name != "" {
		who.Name = name
	}
	if err := office.CheckWorkerFact(who, f, rehab.DateOf(cmd.At)); err != nil {
		return office.Changed{}, err
	}
	var out office.Changed
	if f.Change == office.Left || f.Change == office.Moved {
		out.Open = w.openCases(func(c *rehab.Case) bool {
			return c.Worker == id && (f.Place == "" || !strings.HasPrefix(c.Place, f.Place))
		})
		if err := office.CheckHandover("the worker", out.Open, f.From, rehab.DateOf(cmd.At)); err != nil {
			return office.Changed{}, err
		}
	}
	w.stamp(cmd, "w/"+id, &f.Record)
	who.History = append(slices.Clone(who.History), f)
	who.Periods = office.Periods(who.History)
	w.offices.workers[id] = who
	return out, nil
}

func (w *world) Loads(_ context.Context, f office.LoadFilter) ([]office.Load, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	loads := map[string]*office.Load{}
	for id, who := range w.offices.workers {
		l := &office.Load{Worker: id, Places: []string{}, Registered: true, ByRisk: map[rehab.Risk]int{}}
		if p, ok := who.On(f.On); ok {
			l.Places, l.Until, l.Limit = []string{p.Place}, who.Stays(f.On), p.Limit
		}
		loads[id] = l
	}
	for _, c := range w.cases {
		if !c.IsOpen() || c.Worker == "" {
			continue
		}
		l := loads[c.Worker]
		if l == nil {
			l = &office.Load{Worker: c.Worker, ByRisk: map[rehab.Risk]int{}}
			loads[c.Worker] = l
		}
		if !l.Registered && !slices.Contains(l.Places, c.Place) {
			l.Places = append(l.Places, c.Place)
		}
		l.ByRisk[c.Risk]++
		l.Cases++
	}
	var out []office.Load
	for _, id := range slices.Sorted(maps.Keys(loads)) {
		here := slices.ContainsFunc(loads[id].Places, func(p string) bool {
			return strings.HasPrefix(p, f.Place) && (len(f.Streets) == 0 || slices.ContainsFunc(f.Streets, func(s string) bool { return strings.HasPrefix(s, p) }))
		})
		if here && id > f.After && (f.Worker == "" || id == f.Worker) && (f.Limit == 0 || len(out) < f.Limit) {
			out = append(out, *loads[id])
		}
	}
	return out, w.failing("Loads")
}

func (w *world) Unassigned(_ context.Context, place string) ([]office.UnassignedCase, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []office.UnassignedCase
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		if c := w.cases[id]; c.Worker == "" && strings.HasPrefix(c.Place, place) {
			out = append(out, office.UnassignedCase{CaseID: id, Place: c.Place, Risk: c.Risk})
		}
	}
	return out, w.failing("Unassigned")
}

func (w *world) CasesToAssign(_ context.Context, place string, ids []string, worker string) ([]office.UnassignedCase, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []office.UnassignedCase
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		c := w.cases[id]
		if c.IsOpen() && strings.HasPrefix(c.Place, place) && (slices.Contains(ids, id) || worker != "" && c.Worker == worker) {
			out = append(out, office.UnassignedCase{CaseID: id, Place: c.Place, Risk: c.Risk, From: c.Worker})
		}
	}
	return out, w.failing("Loose")
}
