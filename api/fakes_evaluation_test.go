package api_test

import (
	"context"
	"slices"
	"strings"

	"guitu/evaluation"
	"guitu/rehab"
)

// facts are what the world has counted: two streets, two workers, one activity.
var facts = []evaluation.Fact{
	{Metric: "contacts_due", CaseID: "c-1", Detail: "contact-1", Place: street, Worker: "w-1", On: rehab.NewDate(2026, 9, 7), Value: 1},
	{Metric: "contacts_due", CaseID: "c-1", Detail: "contact-2", Place: street, Worker: "w-1", On: rehab.NewDate(2026, 9, 14), Value: 1},
	{Metric: "contacts_due", CaseID: "c-2", Detail: "contact-1", Place: street, Worker: "w-2", On: rehab.NewDate(2026, 9, 14), Value: 1},
	{Metric: "contacts_due", CaseID: "c-3", Detail: "contact-1", Place: otherStreet, Worker: "w-9", On: rehab.NewDate(2026, 9, 14), Value: 1},
	{Metric: "contacts_in_time", CaseID: "c-1", Detail: "contact-2", Place: street, Worker: "w-1", On: rehab.NewDate(2026, 9, 14), Value: 1},
	{Metric: "contacts_in_time", CaseID: "c-3", Detail: "contact-1", Place: otherStreet, Worker: "w-9", On: rehab.NewDate(2026, 9, 14), Value: 1},
	{Metric: "publicity_reached", Record: "pa-1", Place: street, On: rehab.NewDate(2026, 9, 20), Value: 340},
}

func (w *world) count(q evaluation.Query) (sums []evaluation.Tally, list []evaluation.Fact) {
	for _, f := range facts {
		unit := q.Level.UnitOf(f.Place, f.Worker)
		if !slices.Contains(q.Metrics, f.Metric) || !strings.HasPrefix(f.Place, q.Place) || q.Unit != "" && q.Unit != unit || f.On < q.From || f.On > q.To {
			continue
		}
		sums = append(sums, evaluation.Tally{Metric: f.Metric, Place: f.Place, Worker: f.Worker, Value: f.Value})
		f.Key = f.Metric + "/" + f.CaseID + f.Record + "/" + f.Detail
		if f.Key > q.After {
			list = append(list, f)
		}
	}
	return sums, list[:min(len(list), max(q.Limit, 0))]
}

func (w *world) Tallies(_ context.Context, q evaluation.Query) ([]evaluation.Tally, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sums, _ := w.count(q)
	return sums, w.failing("Tallies")
}

func (w *world) Facts(_ context.Context, q evaluation.Query) ([]evaluation.Tally, []evaluation.Fact, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sums, list := w.count(q)
	return sums, list, w.failing("Facts")
}

func (w *world) KeepExport(_ context.Context, e evaluation.Export) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("KeepExport"); err != nil {
		return err
	}
	e.Position = int64(len(w.exported) + 1)
	w.exported = append(w.exported, e)
	return nil
}

func (w *world) Exports(_ context.Context, place string, before int64, limit int) ([]evaluation.Export, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []evaluation.Export
	for _, e := range slices.Backward(w.exported) {
		if strings.HasPrefix(e.Place, place) && (before == 0 || e.Position < before) && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, w.failing("Exports")
}

func (w *world) Revised(context.Context, evaluation.Query) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return 2, w.failing("Revised")
}
