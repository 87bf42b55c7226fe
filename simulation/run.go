package simulation

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"guitu/rehab"
)

// Counts are what happens in a place in a month.
type Counts struct {
	Open        float64 `json:"open"`        // cases at the end of the month
	Visits      float64 `json:"visits"`      // contacts and visits at which the client was met
	Tests       float64 `json:"tests"`       // tests taken
	Misses      float64 `json:"misses"`      // provisional misses
	Escalations float64 `json:"escalations"` // climbs that began
	District    float64 `json:"district"`    // climbs that reached the district office
	City        float64 `json:"city"`        // climbs that reached the city office
	Breaches    float64 `json:"breaches"`    // thresholds of DRR art.20 crossed
	Reports     float64 `json:"reports"`     // reports to the police that fell due
	Load        float64 `json:"load"`        // actions per worker, attempts that reached nobody among them
	Turned      float64 `json:"turned"`      // actions put off for want of a worker's time
}

// Names of the counts, in the order of Values.
func Names() []string {
	return []string{"open", "visits", "tests", "misses", "escalations", "district", "city", "breaches", "reports", "load", "put_off"}
}

// Values of the counts, in the order of Names.
func (c *Counts) Values() []float64 {
	var out []float64
	for _, f := range fields(c) {
		out = append(out, *f)
	}
	return out
}

// Row is a place in a month: the mean over the runs, and half of the width of its 95 %
// confidence interval (0 with a single run).
type Row struct {
	Place string     `json:"place,omitempty"` // empty: all of them together
	Month rehab.Date `json:"month,omitzero"`  // its first day; none: the whole time
	Mean  Counts     `json:"mean"`
	Error Counts     `json:"error"`
}

// Result is the answer. Months are all places together, and Whole is the whole time: of
// Open its end, of Load the mean. Events is how many the core decided, over all runs.
// Refused is empty where the simulation is right: what was refused is missing in the counts.
type Result struct {
	Rows    []Row     `json:"rows"`
	Months  []Row     `json:"months"`
	Whole   Row       `json:"whole"`
	Events  int64     `json:"events"`
	Cases   int       `json:"cases"` // per run, on average
	Refused []Refusal `json:"refused"`
}

// Comparison is two scenarios over the same caseload with the same chances: whatever the
// change does not touch happens alike in both. Difference is the second less the first,
// each with the interval of the difference; commands were refused in the two, not in it.
type Comparison struct {
	Before     Result `json:"before"`
	After      Result `json:"after"`
	Difference Result `json:"difference"`
}

// piece is what came of one place in one run.
type piece struct {
	months  []Counts
	events  int64
	cases   int
	refused refusals
}

// Run plays the scenario. The same seed gives the same result, however many processors
// there are. Errors are those of Check, or the context's.
func Run(ctx context.Context, s Scenario) (Result, error) {
	pieces, err := s.play(ctx)
	if err != nil {
		return Result{}, err
	}
	return s.result(pieces), nil
}

// Compare plays two scenarios that have the same start, months, runs, seed and places;
// staff, arrivals, policy and behavior may differ.
func Compare(ctx context.Context, before, after Scenario) (Comparison, error) {
	if before.Months != after.Months || before.Runs != after.Runs || len(before.Places) != len(after.Places) {
		return Comparison{}, rehab.InvalidField("months", "two scenarios are compared over the same places, months and runs")
	}
	a, err := before.play(ctx)
	if err != nil {
		return Comparison{}, err
	}
	b, err := after.play(ctx)
	if err != nil {
		return Comparison{}, err
	}
	diff := make([]piece, len(a))
	for i := range diff {
		diff[i] = piece{months: minus(b[i].months, a[i].months), events: b[i].events - a[i].events, cases: b[i].cases - a[i].cases}
	}
	return Comparison{before.result(a), after.result(b), before.result(diff)}, nil
}

func minus(a, b []Counts) []Counts {
	out := make([]Counts, len(a))
	for i := range a {
		for j, f := range fields(&out[i]) {
			*f = *fields(&a[i])[j] - *fields(&b[i])[j]
		}
	}
	return out
}

// begin moves the first day behind what the real cases have lived through: what is done on a day
// before would be told late, and a simulation has no history to live again.
func (s *Scenario) begin() {
	for _, p := range s.Places {
		for _, c := range p.Real {
			s.Start = max(s.Start, c.Unsettled+1)
			if c.LivedTo.After(noon(s.Start)) {
				s.Start = rehab.DateOf(c.LivedTo) + 1
			}
		}
	}
}

// play gives a piece per run and place.
func (s *Scenario) play(ctx context.Context) ([]piece, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	s.begin()
	pieces := make([]piece, len(s.Places)*s.Runs)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel(s.Parallel))
	for run := range s.Runs {
		for i := range s.Places {
			group.Go(func() error {
				st := newStreet(s, i, run)
				if err := st.play(ctx); err != nil {
					return fmt.Errorf("simulate %s: %w", s.Places[i].Code, err)
				}
				pieces[run*len(s.Places)+i] = piece{st.months, st.events, len(st.cases), st.refused}
				if s.Played != nil {
					s.Played()
				}
				return nil
			})
		}
	}
	return pieces, group.Wait()
}

func parallel(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// result adds the pieces up and estimates over the runs.
func (s *Scenario) result(pieces []piece) Result {
	var out Result
	of := func(run, place, month int) Counts { return pieces[run*len(s.Places)+place].months[month] }
	row := func(place string, month rehab.Date, count func(run int) Counts) Row {
		sample := make([]Counts, s.Runs)
		for run := range sample {
			sample[run] = count(run)
		}
		mean, half := estimate(sample)
		return Row{place, month, mean, half}
	}
	for i := range s.Places {
		for m := range s.Months {
			out.Rows = append(out.Rows, row(s.Places[i].Code, s.Start.AddMonths(m), func(run int) Counts { return of(run, i, m) }))
		}
	}
	total := func(run, month int) Counts {
		var sum Counts
		for i := range s.Places {
			sum.add(of(run, i, month))
		}
		sum.Load /= float64(len(s.Places))
		return sum
	}
	for m := range s.Months {
		out.Months = append(out.Months, row("", s.Start.AddMonths(m), func(run int) Counts { return total(run, m) }))
	}
	out.Whole = row("", 0, func(run int) Counts {
		var sum Counts
		for m := range s.Months {
			sum.add(total(run, m))
		}
		sum.Open, sum.Load = total(run, s.Months-1).Open, sum.Load/float64(s.Months)
		return sum
	})
	cases := 0
	var refused refusals
	for _, p := range pieces {
		out.Events += p.events
		cases += p.cases
		for of, times := range p.refused {
			refused.add(of, times)
		}
	}
	out.Cases, out.Refused = cases/s.Runs, refused.list()
	return out
}

func (c *Counts) add(d Counts) {
	for i, f := range fields(c) {
		*f += *fields(&d)[i]
	}
}
