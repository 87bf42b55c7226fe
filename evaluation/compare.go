package evaluation

import (
	"cmp"
	"context"
	"slices"

	"guitu/office"
	"guitu/rehab"
)

// Compared is a value beside that of the period before. Rank is the place among the units of
// the level, 1 for the best; 0 where the indicator judges nothing or there is no value. Units
// with the same value have the same rank.
type Compared struct {
	Row
	Before *float64
	Change *float64
	Rank   int
}

// Matrix is the figures of one level, a line a unit and a column an indicator.
type Matrix struct {
	Report
	Indicators []*Indicator
	Units      []Unit
	Cells      map[string]map[string]*Compared // by unit, then by indicator
}

// NewMatrix sets a report beside that of the period before, where there is one.
func NewMatrix(set *Set, now Report, before *Report) Matrix {
	m := Matrix{Report: now, Cells: make(map[string]map[string]*Compared)}
	for _, row := range now.Rows {
		if m.Cells[row.Unit.ID] == nil {
			m.Cells[row.Unit.ID] = make(map[string]*Compared)
			m.Units = append(m.Units, row.Unit)
		}
		m.Cells[row.Unit.ID][row.Indicator] = &Compared{Row: row}
		if i := set.Indicator(row.Indicator); !slices.Contains(m.Indicators, i) {
			m.Indicators = append(m.Indicators, i)
		}
	}
	if before != nil {
		for _, row := range before.Rows {
			c := m.Cells[row.Unit.ID][row.Indicator]
			if c == nil {
				continue
			}
			c.Before = row.Value
			if c.Value != nil && row.Value != nil {
				d := *c.Value - *row.Value
				c.Change = &d
			}
		}
	}
	for _, i := range m.Indicators {
		m.rank(i)
	}
	return m
}

func (m *Matrix) rank(i *Indicator) {
	if i.Direction == "none" {
		return
	}
	var list []*Compared
	for _, u := range m.Units {
		if c := m.Cells[u.ID][i.ID]; c != nil && c.Value != nil {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b *Compared) int {
		if i.Direction == "down" {
			return cmp.Compare(*a.Value, *b.Value)
		}
		return cmp.Compare(*b.Value, *a.Value)
	})
	for n, c := range list {
		c.Rank = n + 1
		if n > 0 && *list[n-1].Value == *c.Value {
			c.Rank = list[n-1].Rank
		}
	}
}

// Matrices are those of the levels, beside the period before.
func (x Extract) Matrices(ctx context.Context) ([]Matrix, error) {
	now, err := x.Reports(ctx)
	if err != nil {
		return nil, err
	}
	last := x
	last.Period = x.Period.Previous()
	before, err := last.Reports(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Matrix, len(now))
	for n := range now {
		out[n] = NewMatrix(x.Set, now[n], &before[n])
	}
	return out, nil
}

// Staff is the registry of workers.
type Staff interface {
	// Workers lists who is active on a day, in the order of their ids.
	Workers(ctx context.Context, f office.WorkerFilter) ([]office.Worker, error)
}

// NameWorkers writes the names of the workers of the place into the matrices, for whoever may see
// the registry of it.
func NameWorkers(ctx context.Context, staff Staff, place string, on rehab.Date, list []Matrix) error {
	names := make(map[string]string)
	for after, page := "", 200; ; {
		some, err := staff.Workers(ctx, office.WorkerFilter{Place: place, On: on, After: after, Limit: page})
		if err != nil {
			return err
		}
		for _, w := range some {
			names[w.ID] = w.Name
		}
		if len(some) < page {
			break
		}
		after = some[len(some)-1].ID
	}
	for n := range list {
		if list[n].Level != Worker {
			continue
		}
		for k := range list[n].Units {
			list[n].Units[k].Name = names[list[n].Units[k].ID]
		}
		for k := range list[n].Rows {
			list[n].Rows[k].Unit.Name = names[list[n].Rows[k].Unit.ID]
		}
	}
	return nil
}
