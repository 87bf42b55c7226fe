package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/once"
	"guitu/registers"
	"guitu/rehab"
)

// The records of the work that is no case, version by version.

func (w *world) AddRecord(_ context.Context, r registers.Record) (registers.Record, bool, error) {
	return w.keep(r.ID, r.Command, r.Digest, func(now registers.Record) (registers.Record, error) {
		if now.Version > 0 {
			return now, &rehab.Error{Code: rehab.Conflict, Message: "taken"}
		}
		return r, nil
	})
}

func (w *world) ChangeRecord(_ context.Context, id, command, digest string, change func(registers.Record) (registers.Record, error)) (registers.Record, bool, error) {
	return w.keep(id, command, digest, change)
}

func (w *world) keep(id, command, digest string, change func(registers.Record) (registers.Record, error)) (registers.Record, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Registers"); err != nil {
		return registers.Record{}, false, err
	}
	var now registers.Record
	for _, now = range w.records[id] {
		if now.Command != command {
			continue
		}
		if now.Digest != digest {
			return now, false, once.ErrUsed
		}
		return now, true, nil
	}
	next, err := change(now)
	if err != nil {
		return registers.Record{}, false, err
	}
	next.Version, next.Command, next.Digest = now.Version+1, command, digest
	if w.records == nil {
		w.records = map[string][]registers.Record{}
	}
	w.records[id] = append(w.records[id], next)
	return next, false, nil
}

func (w *world) RecordHistory(_ context.Context, id string) ([]registers.Record, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Registers"); err != nil {
		return nil, err
	}
	if len(w.records[id]) == 0 {
		return nil, notFound("record")
	}
	return slices.Clone(w.records[id]), nil
}

func (w *world) RegisterRecord(ctx context.Context, id string) (registers.Record, error) {
	versions, err := w.RecordHistory(ctx, id)
	if err != nil {
		return registers.Record{}, err
	}
	return versions[len(versions)-1], nil
}

func (w *world) Records(_ context.Context, f registers.Filter) ([]registers.Record, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Registers"); err != nil {
		return nil, err
	}
	var out []registers.Record
	for _, id := range slices.Sorted(maps.Keys(w.records)) {
		r := w.records[id][len(w.records[id])-1]
		v, _ := r.Data.(registers.Supervision)
		if r.Data.Kind() == f.Kind && id > f.After && (strings.HasPrefix(r.Place, f.Place) || f.Above != "" && strings.HasPrefix(f.Above, r.Place)) &&
			(f.Organisation == "" || r.Organisation == f.Organisation) && (f.Programme == "" || r.Programme == f.Programme) && (f.CaseID == "" || r.CaseID == f.CaseID) &&
			(f.Worker == "" || slices.Contains(r.Data.Workers(), f.Worker)) && (f.Status == "" || v.Status == f.Status) &&
			(f.From == 0 || r.Data.Day() >= f.From) && (f.To == 0 || r.Data.Day() <= f.To) && len(out) < f.Limit {
			out = append(out, r)
		}
	}
	return out, nil
}
