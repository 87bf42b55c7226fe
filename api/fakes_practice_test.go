package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/once"
	"guitu/practice"
	"guitu/rehab"
)

// The records of the work that is no case, version by version.

func (w *world) AddRecord(_ context.Context, r practice.Record) (practice.Record, bool, error) {
	return w.keep(r.ID, r.Command, r.Digest, func(now practice.Record) (practice.Record, error) {
		if now.Version > 0 {
			return now, &rehab.Error{Code: rehab.Conflict, Message: "taken"}
		}
		return r, nil
	})
}

func (w *world) ChangeRecord(_ context.Context, id, command, digest string, change func(practice.Record) (practice.Record, error)) (practice.Record, bool, error) {
	return w.keep(id, command, digest, change)
}

func (w *world) keep(id, command, digest string, change func(practice.Record) (practice.Record, error)) (practice.Record, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Practice"); err != nil {
		return practice.Record{}, false, err
	}
	var now practice.Record
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
		return practice.Record{}, false, err
	}
	next.Version, next.Command, next.Digest = now.Version+1, command, digest
	if w.records == nil {
		w.records = map[string][]practice.Record{}
	}
	w.records[id] = append(w.records[id], next)
	return next, false, nil
}

func (w *world) RecordHistory(_ context.Context, id string) ([]practice.Record, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Practice"); err != nil {
		return nil, err
	}
	if len(w.records[id]) == 0 {
		return nil, notFound("record")
	}
	return slices.Clone(w.records[id]), nil
}

func (w *world) PracticeRecord(ctx context.Context, id string) (practice.Record, error) {
	versions, err := w.RecordHistory(ctx, id)
	if err != nil {
		return practice.Record{}, err
	}
	return versions[len(versions)-1], nil
}

func (w *world) Records(_ context.Context, f practice.Filter) ([]practice.Record, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Practice"); err != nil {
		return nil, err
	}
	var out []practice.Record
	for _, id := range slices.Sorted(maps.Keys(w.records)) {
		r := w.records[id][len(w.records[id])-1]
		v, _ := r.Data.(practice.Supervision)
		if r.Data.Kind() == f.Kind && id > f.After && (strings.HasPrefix(r.Place, f.Place) || f.Above != "" && strings.HasPrefix(f.Above, r.Place)) &&
			(f.Organisation == "" || r.Organisation == f.Organisation) && (f.Programme == "" || r.Programme == f.Programme) && (f.CaseID == "" || r.CaseID == f.CaseID) &&
			(f.Worker == "" || slices.Contains(r.Data.Workers(), f.Worker)) && (f.Status == "" || v.Status == f.Status) &&
			(f.From == 0 || r.Data.Day() >= f.From) && (f.To == 0 || r.Data.Day() <= f.To) && len(out) < f.Limit {
			out = append(out, r)
		}
	}
	return out, nil
}
