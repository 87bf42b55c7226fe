package api_test

import (
	"context"
	"maps"
	"slices"

	"guitu/office"
	"guitu/rehab"
)

func (w *world) AbsenceHistory(_ context.Context, worker string) ([]office.AbsenceFact, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.offices.away[worker], w.failing("AbsenceHistory")
}

func (w *world) ChangeAbsence(_ context.Context, cmd office.Command, worker string, f office.AbsenceFact, elsewhere bool) (office.Changed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("ChangeAbsence"); err != nil {
		return office.Changed{}, err
	}
	if known, err := w.once(cmd, "a/"+worker); known {
		return office.Changed{Duplicate: true}, err
	}
	if err := office.CheckAbsence(w.offices.workers[worker], w.offices.away[worker], f, w.offices.workers[f.StandIn], office.Absences(w.offices.away[f.StandIn]), elsewhere, rehab.DateOf(cmd.At)); err != nil {
		return office.Changed{}, err
	}
	w.stamp(cmd, "a/"+worker, &f.Record)
	w.offices.away[worker] = append(w.offices.away[worker], f)
	return office.Changed{}, nil
}

func (w *world) StandsInFor(_ context.Context, worker string, on rehab.Date) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, id := range slices.Sorted(maps.Keys(w.offices.away)) {
		for _, a := range office.Absences(w.offices.away[id]) {
			if a.StandIn == worker && a.On(on) {
				out = append(out, id)
			}
		}
	}
	return out, w.failing("StandsInFor")
}
