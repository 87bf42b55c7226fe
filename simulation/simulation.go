// Package simulation answers "what if" with the rules of the running cases: another
// policy, fewer workers, other arrivals, clients who keep to it more or less. It plays
// whole caseloads through the pure core, day by day, and counts.
package simulation

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"guitu/rehab"
)

// Scenario is what is played. Days are days in Shanghai, chances are between 0 and 1.
type Scenario struct {
	Policy   *rehab.Policy
	Calendar *rehab.Calendar
	Start    rehab.Date
	Months   int     // how long it runs
	Places   []Place // each is played by itself, with its own workers
	Seed     uint64
	Runs     int // how often it is played with other chances, for the confidence intervals; at least 1
	Parallel int // places at the same time; 0: one a processor
	Behavior Behavior
}

// Place is a street with its caseload and its staff.
type Place struct {
	Code     string
	Cases    int     // open at the start, served in the year before it
	Arrivals float64 // new orders a month, on average
	Workers  int
	Capacity int // contacts, visits, tests and assessments a worker can do in a day
}

// Behavior is how clients and offices act. Each chance is about one obligation.
type Behavior struct {
	ReportsIn    float64 // a client reports in in time
	Signs        float64 // the agreement is signed in time
	KeepsTest    float64 // a test window is kept
	KeepsContact float64 // a contact window is kept, worker permitting
	Reached      float64 // an attempt of an outreach reaches the client
	Positive     float64 // a test is positive
	Confirmed    float64 // a provisional positive is confirmed
	Evades       float64 // a missed test is confirmed as evasion by the station head
	Answers      float64 // an escalation is acknowledged within a day of each telling
	High, Medium float64 // shares of the risk classes; the rest is low
}

// Usual is a behavior to start from. Its numbers are assumptions, not measurements.
func Usual() Behavior {
	return Behavior{
		ReportsIn: 0.95, Signs: 0.97, KeepsTest: 0.94, KeepsContact: 0.93, Reached: 0.35, Positive: 0.02, Confirmed: 0.6,
		Evades: 0.3, Answers: 0.7, High: 0.13, Medium: 0.35,
	}
}

// Check names what cannot be played. Errors are *rehab.Error with the field.
func (s *Scenario) Check() error {
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, rehab.InvalidField(field, format, args...))
	}
	if s.Policy == nil || s.Calendar == nil {
		bad("policy", "is missing")
	}
	if s.Start == 0 {
		bad("start", "is missing")
	}
	if s.Months < 1 || s.Months > 120 {
		bad("months", "is between 1 and 120")
	}
	if s.Runs < 1 || s.Runs > 100 {
		bad("runs", "is between 1 and 100")
	}
	if len(s.Places) == 0 {
		bad("places", "there is none")
	}
	for _, p := range s.Places {
		if p.Code == "" || p.Cases < 0 || p.Arrivals < 0 || p.Workers < 0 || p.Capacity < 0 {
			bad("places", "%q: a place has a code, and no number of it is negative", p.Code)
		}
	}
	for name, chance := range map[string]float64{
		"reports_in": s.Behavior.ReportsIn, "signs": s.Behavior.Signs, "keeps_test": s.Behavior.KeepsTest, "keeps_contact": s.Behavior.KeepsContact, "reached": s.Behavior.Reached,
		"positive": s.Behavior.Positive, "confirmed": s.Behavior.Confirmed, "evades": s.Behavior.Evades, "answers": s.Behavior.Answers,
		"high": s.Behavior.High, "medium": s.Behavior.Medium, "high+medium": s.Behavior.High + s.Behavior.Medium,
	} {
		if chance < 0 || chance > 1 {
			bad("behavior."+name, "a chance is between 0 and 1")
		}
	}
	return errors.Join(errs...)
}

// Counts are what happens in a place in a month.
type Counts struct {
	Open        float64 `json:"open"`        // cases at the end of the month
	Visits      float64 `json:"visits"`      // contacts and visits that took place
	Tests       float64 `json:"tests"`       // tests taken
	Misses      float64 `json:"misses"`      // provisional misses
	Escalations float64 `json:"escalations"` // climbs that began
	District    float64 `json:"district"`    // climbs that reached the district office
	City        float64 `json:"city"`        // climbs that reached the city office
	Breaches    float64 `json:"breaches"`    // thresholds of DRR art.20 crossed
	Reports     float64 `json:"reports"`     // reports to the police that fell due
	Load        float64 `json:"load"`        // actions per worker
	Turned      float64 `json:"turned"`      // actions put off for want of a worker's time
}

// Row is a place in a month: the mean over the runs, and half of the width of its 95 %
// confidence interval (0 with a single run).
type Row struct {
	Place string     `json:"place"`
	Month rehab.Date `json:"month"` // its first day
	Mean  Counts     `json:"mean"`
	Error Counts     `json:"error"`
}

// Result is the answer. Events is how many the core decided, over all runs.
type Result struct {
	Rows   []Row `json:"rows"`
	Events int64 `json:"events"`
	Cases  int   `json:"cases"` // per run, on average
}

// Run plays the scenario. The same seed gives the same result, however many processors
// there are. Errors are those of Check, or the context's.
func Run(ctx context.Context, s Scenario) (Result, error) {
	if err := s.Check(); err != nil {
		return Result{}, err
	}
	type piece struct {
		months []Counts
		events int64
		cases  int
	}
	pieces := make([]piece, len(s.Places)*s.Runs)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel(s.Parallel))
	for run := range s.Runs {
		for i := range s.Places {
			group.Go(func() error {
				st := newStreet(&s, i, run)
				if err := st.play(ctx); err != nil {
					return fmt.Errorf("simulate %s: %w", s.Places[i].Code, err)
				}
				pieces[run*len(s.Places)+i] = piece{st.months, st.events, len(st.cases)}
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		return Result{}, err
	}
	var out Result
	for i, p := range s.Places {
		for month := range s.Months {
			sample := make([]Counts, s.Runs)
			for run := range s.Runs {
				sample[run] = pieces[run*len(s.Places)+i].months[month]
			}
			mean, half := estimate(sample)
			out.Rows = append(out.Rows, Row{p.Code, s.Start.AddMonths(month), mean, half})
		}
	}
	cases := 0
	for _, p := range pieces {
		out.Events += p.events
		cases += p.cases
	}
	out.Cases = cases / s.Runs
	return out, nil
}

func parallel(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}
