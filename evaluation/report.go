package evaluation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// Unit is a worker or a place that is evaluated.
type Unit struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Counted is a metric of a row.
type Counted struct {
	Operand
	Value int64 `json:"value"`
}

// Row is one indicator of one unit.
type Row struct {
	Unit      Unit      `json:"unit"`
	Indicator string    `json:"indicator"`
	Value     *float64  `json:"value" doc:"Null where the formula has none."`
	Reason    string    `json:"reason,omitempty" doc:"Why there is no value."`
	Met       *bool     `json:"met,omitempty" doc:"Whether the target is reached; missing without a target or a value."`
	Metrics   []Counted `json:"measures" nullable:"false"`
}

// Report is an evaluation. The same period evaluated later may differ: evidence that
// comes late counts on the day on which it happened. TakenAt says as of when.
type Report struct {
	Place    string    `json:"place"`
	Level    Level     `json:"level" enum:"worker,street,district,city"`
	Period   Period    `json:"period"`
	TakenAt  time.Time `json:"taken_at"`
	Complete bool      `json:"complete" doc:"Whether the period was over when it was taken."`
	Revised  int       `json:"revised" doc:"How often something was told since the period was over that changed what it is counted from."`
	Rows     []Row     `json:"rows" nullable:"false"`
}

// Evaluate computes the indicators for the units from what was counted. A unit in which
// nothing was counted has zeros. Units of tallies that are not in the list, workers above
// all, come after it in the order of their ids.
func Evaluate(q Query, p Period, indicators []*Indicator, units []Unit, tallies []Tally) Report {
	out := Report{Place: q.Place, Level: q.Level, Period: p, TakenAt: q.Now.UTC(), Complete: rehab.DateOf(q.Now) > p.To, Rows: []Row{}}
	counted := make(map[string]map[string]int64)
	for _, u := range units {
		counted[u.ID] = make(map[string]int64)
	}
	var more []Unit
	for _, t := range tallies {
		unit := q.Level.UnitOf(t.Place, t.Worker)
		if unit == "" {
			continue
		}
		if counted[unit] == nil {
			counted[unit] = make(map[string]int64)
			more = append(more, Unit{ID: unit})
		}
		counted[unit][t.Metric] += t.Value
	}
	slices.SortFunc(more, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	for _, u := range append(slices.Clone(units), more...) {
		for _, i := range indicators {
			out.Rows = append(out.Rows, i.row(u, counted[u.ID]))
		}
	}
	return out
}

func (i *Indicator) row(u Unit, counted map[string]int64) Row {
	r := Row{Unit: u, Indicator: i.ID, Metrics: []Counted{}}
	for _, o := range i.Operands() {
		r.Metrics = append(r.Metrics, Counted{o, counted[o.Name]})
	}
	value, reason := i.compiled.Value(counted)
	if reason != "" {
		r.Reason = reason
		return r
	}
	r.Value = &value
	if i.Target != nil {
		met := value >= *i.Target
		if i.Direction == "down" {
			met = value <= *i.Target
		}
		r.Met = &met
	}
	return r
}

// MetricsOf are the metrics of the indicators, each once.
func MetricsOf(indicators []*Indicator) []string {
	var out []string
	for _, i := range indicators {
		for _, m := range i.Metrics() {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// Source counts.
type Source interface {
	Tallies(ctx context.Context, q Query) ([]Tally, error)
}

// Take evaluates the indicators of the level, or the one that is named. Every place of
// the level below the query's place has its rows, also where nothing was counted.
func (s *Set) Take(ctx context.Context, from Source, places []board.Place, q Query, p Period, only string) (Report, error) {
	list := s.For(q.Level, p.Span)
	if only != "" {
		if list = slices.DeleteFunc(list, func(i *Indicator) bool { return i.ID != only }); len(list) == 0 {
			return Report{}, rehab.InvalidField("indicator", "there is no indicator %q of the level %s for a %s", only, q.Level, p.Span)
		}
	}
	q.Metrics = MetricsOf(list)
	tallies, err := from.Tallies(ctx, q)
	if err != nil {
		return Report{}, err
	}
	return Evaluate(q, p, list, q.units(places), tallies), nil
}

// PlacesOf are the places that were in force on some day of the period, given all as
// they were on its last day.
func PlacesOf(all []office.Place, p Period) []board.Place {
	var out []board.Place
	for _, x := range all {
		if x.Status == office.InForce || x.Since > p.From {
			out = append(out, x.Place)
		}
	}
	return out
}

// LastDay is the day as of which places are looked at: that of the period, or today.
func (p Period) LastDay(now time.Time) rehab.Date { return min(p.To, rehab.DateOf(now)) }

// units are the places of the level inside the query's, or the one worker it is about.
func (q Query) units(places []board.Place) []Unit {
	if q.Level == Worker {
		if q.Unit == "" {
			return nil
		}
		return []Unit{{ID: q.Unit}}
	}
	var out []Unit
	for _, p := range places {
		if rehab.PlaceCode(p.Code).Level() == q.Level.Places() && rehab.PlaceCode(q.Place).Contains(rehab.PlaceCode(p.Code)) && (q.Unit == "" || q.Unit == p.Code) {
			out = append(out, Unit{p.Code, p.Name})
		}
	}
	return out
}
