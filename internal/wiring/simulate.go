package wiring

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"guitu/api"
	"guitu/rehab"
	"guitu/simulation"
)

// What one request may ask for: so many real cases, so many cases times months times runs.
const (
	mostCases  = 5_000
	mostMonths = 1_500_000
)

// Simulate plays an order on half of the processors, so that it cannot starve the requests that
// people wait for. total is told how many pieces there are, and played of each that is done.
func (s *Service) Simulate(ctx context.Context, o api.SimulationOrder, total func(int), played func()) (api.SimulationResult, error) {
	before, after, err := s.scenarios(ctx, o)
	if err != nil {
		return api.SimulationResult{}, err
	}
	before.Played = played
	out := api.SimulationResult{Names: simulation.Names()}
	if after == nil {
		total(before.Runs * len(before.Places))
		r, err := simulation.Run(ctx, before)
		if err != nil {
			return api.SimulationResult{}, err
		}
		out.Cases, out.Events, out.Before = r.Cases, r.Events, simulated(&before, &r)
		return out, nil
	}
	after.Played = played
	total(2 * before.Runs * len(before.Places))
	c, err := simulation.Compare(ctx, before, *after)
	if err != nil {
		return api.SimulationResult{}, err
	}
	out.Cases, out.Events, out.Before = c.Before.Cases, c.Before.Events+c.After.Events, simulated(&before, &c.Before)
	with, less := simulated(after, &c.After), simulated(after, &c.Difference)
	out.After, out.Difference = &with, &less
	return out, nil
}

// CheckSimulation looks at what needs no case: the policies, and all of what is made up.
func (s *Service) CheckSimulation(ctx context.Context, o api.SimulationOrder) error {
	if o.MadeUp != nil {
		_, _, err := s.scenarios(ctx, o)
		return err
	}
	for _, a := range []*api.Assumption{&o.Assume, o.Change} {
		if a == nil {
			continue
		}
		if _, err := s.policyOf(*a); err != nil {
			return err
		}
	}
	return nil
}

// scenarios are the one that is assumed and, where there is a change, the other.
func (s *Service) scenarios(ctx context.Context, o api.SimulationOrder) (simulation.Scenario, *simulation.Scenario, error) {
	ref, ok := s.Rules.Latest(s.Config.Policy.Default)
	if !ok {
		return simulation.Scenario{}, nil, fmt.Errorf("there is no policy %q", s.Config.Policy.Default)
	}
	base := simulation.Scenario{
		Policy: s.Rules.Policy(ref), Rules: s.Rules, Calendar: s.Rules.Calendar(), Start: o.Start, Months: o.Months, Runs: o.Runs, Seed: uint64(o.Seed),
		Behavior: simulation.Usual(), Parallel: max(1, runtime.GOMAXPROCS(0)/2),
	}
	if err := s.populate(ctx, &base, o); err != nil {
		return base, nil, err
	}
	base, err := s.with(base, o.Assume)
	if err != nil || o.Change == nil {
		return base, nil, err
	}
	after, err := s.with(base, *o.Change)
	return base, &after, err
}

// populate fills in the places, and refuses what would take too long.
func (s *Service) populate(ctx context.Context, base *simulation.Scenario, o api.SimulationOrder) error {
	var cases int
	if m := o.MadeUp; m != nil {
		for i := range m.Streets {
			base.Places = append(base.Places, simulation.Place{
				Code: fmt.Sprintf("street-%03d", i+1), Cases: m.Cases, Workers: m.Workers, Capacity: o.Capacity, Arrivals: 1,
			})
		}
		cases = m.Streets * (m.Cases + o.Months)
	} else {
		list, err := s.Caseload(ctx, o.Place, base.Start, mostCases)
		if err != nil {
			return err
		}
		base.Places, cases = simulation.FromCases(list, o.Capacity), len(list)
		if cases == 0 {
			return rehab.InvalidField("place", "there is no live case in it")
		}
	}
	plays := o.Runs
	if o.Change != nil {
		plays *= 2
	}
	if cases*o.Months*plays > mostMonths {
		return rehab.InvalidField("runs", "%d cases, %d months and %d runs are more than can be played at once: ask for fewer, or use guitu simulate", cases, o.Months, plays)
	}
	return nil
}

// Caseload is the live cases of a place, in after-care too, as they stand on the eve of the
// day; what time has brought since is in them. Invalid where there are more than most (0:
// any number).
func (s *Service) Caseload(ctx context.Context, place string, start rehab.Date, most int) ([]*rehab.Case, error) {
	var out []*rehab.Case
	err := s.eachIn(ctx, place, (*rehab.Case).IsLive, func(c *rehab.Case) error {
		if p := s.Rules.Policy(c.Policy); p != nil {
			c.PlayTime(rehab.Env{Now: (start - 1).Start().Add(12 * time.Hour), Policy: p, Calendar: s.Rules.Calendar()})
		}
		if c.IsLive() {
			out = append(out, c)
		}
		if most > 0 && len(out) > most {
			return rehab.InvalidField("place", "there are more than %d live cases in it: ask for a district or a street", most)
		}
		return nil
	})
	return out, err
}

// eachIn calls do with every case of the place that is of the kind, in the order of their ids.
func (s *Service) eachIn(ctx context.Context, place string, kind func(*rehab.Case) bool, do func(*rehab.Case) error) error {
	const page = 200
	recorded := s.Now().Add(time.Second)
	for after := ""; ; {
		list, err := s.Store.PlaceHistories(ctx, place, after, page, recorded)
		if err != nil {
			return err
		}
		for i := range list {
			if c := list[i].Known(recorded); kind(c) {
				if err := do(c); err != nil {
					return err
				}
			}
		}
		if len(list) < page {
			return nil
		}
		after = list[len(list)-1].CaseID
	}
}

func (s *Service) with(base simulation.Scenario, a api.Assumption) (simulation.Scenario, error) {
	c := simulation.Change{
		Move: a.MoveCases, Workers: a.Workers, KeepsTest: share(a.KeepsTest), KeepsContact: share(a.KeepsContact), Answers: share(a.Answers), Evades: share(a.Evades),
	}
	var err error
	if c.Policy, err = s.policyOf(a); err != nil {
		return base, err
	}
	if a.Arrivals != nil {
		month := float64(*a.Arrivals) / 12
		c.Arrivals = &month
	}
	for _, x := range a.Staff {
		c.Staff = append(c.Staff, simulation.PlaceStaffing{Place: x.Place, Staffing: simulation.Staffing{On: x.On, By: x.By}})
	}
	return base.With(c)
}

// policyOf is the one that is named; nil where none is.
func (s *Service) policyOf(a api.Assumption) (*rehab.Policy, error) {
	if a.Policy == "" {
		return nil, nil //nolint:nilnil // it stays as it is
	}
	id, version, _ := strings.Cut(a.Policy, "@")
	p := s.Rules.Policy(rehab.PolicyRef{ID: id, Version: version})
	if p == nil {
		return nil, rehab.InvalidField("policy", "there is no policy of that name and version")
	}
	return p, nil
}

func share(percent *int) *float64 {
	if percent == nil {
		return nil
	}
	v := float64(*percent) / 100
	return &v
}

// simulated puts a result into the form of charts.
func simulated(s *simulation.Scenario, r *simulation.Result) api.SimulationOutput {
	out := api.SimulationOutput{
		Policy: s.Policy.Ref().String(), Total: seriesOf("", r.Months), Whole: api.SimulationSums{Mean: r.Whole.Mean.Values(), Error: r.Whole.Error.Values()},
		Places: []api.SimulationSeries{}, Refused: []api.SimulationRefusal{},
	}
	for _, x := range r.Refused {
		out.Refused = append(out.Refused, api.SimulationRefusal(x))
	}
	for m := range r.Months {
		out.Months = append(out.Months, r.Months[m].Month.String()[:7])
	}
	for i := 0; i < len(r.Rows); i += s.Months {
		out.Places = append(out.Places, seriesOf(r.Rows[i].Place, r.Rows[i:i+s.Months]))
	}
	return out
}

// seriesOf turns rows by month into lists by count.
func seriesOf(place string, rows []simulation.Row) api.SimulationSeries {
	n := len(simulation.Names())
	out := api.SimulationSeries{Place: place, Mean: make([][]float64, n), Error: make([][]float64, n)}
	for i := range rows {
		mean, half := rows[i].Mean.Values(), rows[i].Error.Values()
		for j := range n {
			out.Mean[j], out.Error[j] = append(out.Mean[j], mean[j]), append(out.Error[j], half[j])
		}
	}
	return out
}
