package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/board"
	"guitu/rehab"
)

func (w *world) BoardRows(_ context.Context, f board.RowFilter) ([]board.Row, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("BoardRows"); err != nil {
		return nil, err
	}
	var out []board.Row
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		s := w.cases[id].Summary()
		own := f.Workers == nil || slices.Contains(f.Workers, s.Worker) || s.Worker == "" && s.Place == f.FreeAt
		if !own || !strings.HasPrefix(s.Place, f.Place) || f.Cases != nil && !slices.Contains(f.Cases, id) || s.Phase == rehab.Sealed || s.Phase == rehab.Void {
			continue
		}
		out = append(out, board.Row{
			CaseID: s.CaseID, Place: s.Place, Worker: s.Worker, Measure: s.Measure, Phase: s.Phase, Risk: s.Risk, Engagement: s.Engagement, NextKind: s.NextKind,
			TopRung: s.TopRung, ServedOn: s.ServedOn, TermEnd: s.TermEnd, NextDue: s.NextDue, Overdue: s.Overdue, Escalations: s.Escalations, Crises: s.Crises,
		})
	}
	return out, nil
}

func (w *world) CountBoardRows(ctx context.Context, f board.RowFilter) (int, error) {
	rows, err := w.BoardRows(ctx, f)
	return len(rows), err
}

// fakeViews keeps views in memory.
type fakeViews struct {
	world   *world
	list    []board.View
	digests map[string]string
}

func (f *fakeViews) SaveView(_ context.Context, v board.View, digest string) (bool, error) {
	if err := f.world.failing("SaveView"); err != nil {
		return false, err
	}
	if was, ok := f.digests[v.ID]; ok {
		if was != digest {
			return false, &rehab.Error{Code: rehab.Conflict, Message: "another view"}
		}
		return true, nil
	}
	if f.digests == nil {
		f.digests = map[string]string{}
	}
	f.list, f.digests[v.ID] = append(f.list, v), digest
	return false, nil
}

func (f *fakeViews) Views(_ context.Context, owner, place string) ([]board.View, error) {
	var out []board.View
	for _, v := range f.list {
		if v.Owner == owner || v.Place != "" && strings.HasPrefix(place, v.Place) {
			out = append(out, v)
		}
	}
	return out, f.world.failing("Views")
}

func (f *fakeViews) DropView(_ context.Context, id string) error {
	f.list = slices.DeleteFunc(f.list, func(v board.View) bool { return v.ID == id })
	return f.world.failing("DropView")
}
