// Package simulation answers "what if" with the rules of the running cases: another
// policy, fewer workers, other arrivals, clients who keep to it more or less. It plays
// whole caseloads, made up or real, through the pure core, day by day, and counts.
package simulation

import (
	"errors"
	"maps"
	"slices"

	"guitu/rehab"
)

// Scenario is what is played. Days are days in Shanghai, chances are between 0 and 1.
type Scenario struct {
	Policy   *rehab.Policy // of new orders
	Calendar *rehab.Calendar
	Rules    rehab.Rules // the policies that real cases were signed under; nil where there are none
	Move     bool        // real cases move to Policy at the start
	Start    rehab.Date
	Months   int     // how long it runs
	Places   []Place // each is played by itself, with its own workers
	Seed     uint64
	Runs     int // how often it is played with other chances, for the confidence intervals; at least 1
	Parallel int // places at the same time; 0: one a processor
	Behavior Behavior
	Played   func() // called for each place of each run once it is played, from several goroutines; nil: nobody asks
}

// Place is a street with its caseload and its staff.
type Place struct {
	Code     string
	Cases    int           // made up: open at the start, served in the year before it
	Real     []*rehab.Case // live at the start, in after-care too, as they stand
	Arrivals float64       // new orders a month, on average
	Workers  int
	Staff    []Staffing // who comes and who leaves later
	Capacity int        // contacts, visits, tests and assessments a worker can do in a day
}

// Staffing is a change of the number of workers from a day on.
type Staffing struct {
	On rehab.Date
	By int // workers who come; negative: who leave
}

// workers of the place on the day.
func (p *Place) workers(day rehab.Date) int {
	n := p.Workers
	for _, c := range p.Staff {
		if c.On <= day {
			n += c.By
		}
	}
	return max(n, 0)
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
	High, Medium float64 // shares of the risk classes among new orders; the rest is low
}

// Usual is a behavior to start from. Its numbers are assumptions, not measurements.
func Usual() Behavior {
	return Behavior{
		ReportsIn: 0.95, Signs: 0.97, KeepsTest: 0.94, KeepsContact: 0.93, Reached: 0.35, Positive: 0.02, Confirmed: 0.6,
		Evades: 0.3, Answers: 0.7, High: 0.13, Medium: 0.35,
	}
}

// FromCases groups live cases by their street: the caseload of today, with as many
// workers as have one of them, but one at least. Clients in after-care are looked after too; closed cases are
// left out. The cases are not changed, neither here nor by Run.
func FromCases(cases []*rehab.Case, capacity int) []Place {
	places := make(map[string]*Place)
	workers := make(map[[2]string]bool)
	for _, c := range cases {
		if !c.IsLive() {
			continue
		}
		p := places[c.Place]
		if p == nil {
			p = &Place{Code: c.Place, Capacity: capacity}
			places[c.Place] = p
		}
		p.Real = append(p.Real, c)
		if at := [2]string{c.Place, c.Worker}; c.Worker != "" && !workers[at] {
			workers[at] = true
			p.Workers++
		}
	}
	var out []Place
	for _, code := range slices.Sorted(maps.Keys(places)) {
		p := *places[code]
		p.Workers = max(p.Workers, 1) // who takes the cases that nobody has
		out = append(out, p)
	}
	return out
}

// What one scenario may hold, so that a slip of the hand does not take all the memory there is.
const (
	MaxPlaces = 1000
	maxCases  = 10_000    // made up, of one place at the start
	maxRows   = 2_000_000 // months of all places in all runs
)

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
	if len(s.Places) > MaxPlaces || len(s.Places)*min(max(s.Months, 1), 120)*min(max(s.Runs, 1), 100) > maxRows {
		bad("places", "at most %d, and at most %d months of all places in all runs", MaxPlaces, maxRows)
	}
	for i := range s.Places {
		p := &s.Places[i]
		if p.Code == "" || p.Cases < 0 || p.Cases > maxCases || p.Workers < 0 || p.Capacity < 0 || !(p.Arrivals >= 0 && p.Arrivals <= 3000) {
			bad("places", "%q: a place has a code, at most %d cases and 3000 arrivals a month, and no number of it is negative", p.Code, maxCases)
			break // the others of a made-up scenario are like it
		}
		if ref, ok := s.unknownPolicy(p); ok {
			bad("policy", "%s, under which a case was signed, is not loaded", ref)
		}
	}
	b := &s.Behavior
	for _, c := range []struct {
		name   string
		chance float64
	}{
		{"reports_in", b.ReportsIn}, {"signs", b.Signs}, {"keeps_test", b.KeepsTest}, {"keeps_contact", b.KeepsContact}, {"reached", b.Reached},
		{"positive", b.Positive}, {"confirmed", b.Confirmed}, {"evades", b.Evades}, {"answers", b.Answers},
		{"high", b.High}, {"medium", b.Medium}, {"high+medium", b.High + b.Medium},
	} {
		if !(c.chance >= 0 && c.chance <= 1) {
			bad("behavior."+c.name, "a chance is between 0 and 1")
		}
	}
	return errors.Join(errs...)
}

func (s *Scenario) unknownPolicy(p *Place) (rehab.PolicyRef, bool) {
	for _, c := range p.Real {
		if s.policyOf(c) == nil {
			return c.Policy, true
		}
	}
	return rehab.PolicyRef{}, false
}

// policyOf is the policy a real case was signed under.
func (s *Scenario) policyOf(c *rehab.Case) *rehab.Policy {
	if s.Rules == nil {
		return nil
	}
	return s.Rules.Policy(c.Policy)
}
