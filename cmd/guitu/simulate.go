package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/simulation"
)

// simulateFlags are what is assumed.
type simulateFlags struct {
	policy, dir, start, xlsx, place                 string
	months, streets, cases, workers, capacity, runs int
	arrivals                                        float64
	behavior                                        simulation.Behavior
	seed                                            uint64
	staff, change                                   []string
	json                                            bool
}

func newSimulate(p *program) *cobra.Command {
	in := simulateFlags{behavior: simulation.Usual()}
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Play what would happen under another policy, with other staff, arrivals or compliance",
		Long: "simulate plays whole caseloads through the rules of the running cases, day by day, and counts per\n" +
			"street and month: visits, tests, misses, escalations, breaches, load per worker; each as the mean\n" +
			"over the runs with its 95 % confidence interval. It needs no server. How people act is assumed:\n" +
			"the flags say what is assumed. Commands that the rules refuse are listed, and then it fails: the\n" +
			"counts lack what was refused.\n\n" +
			"With --place the live cases of the ledger are played as they stand. With --change everything is\n" +
			"played twice, with the same chances, and the difference is shown with its own interval.",
		Example: "  guitu simulate --streets 329 --cases 91 --workers 2 --months 36 --runs 3 --xlsx whatif.xlsx\n" +
			"  guitu simulate --place 110101 --change workers=-1 --change policy=national@2026.1 --change move=true",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.simulate(cmd, in) },
	}
	f, b := cmd.Flags(), &in.behavior
	f.StringVar(&in.policy, "policy", "beijing", "policy id, or id@version")
	f.StringVar(&in.dir, "policy-dir", "", "folder with policies and calendars of the office")
	f.StringVar(&in.start, "start", "", "first day, like 2026-12-01 (today where it is left out)")
	f.StringVar(&in.place, "place", "", "play the live cases of the place in the ledger, instead of made-up ones")
	f.StringArrayVar(&in.staff, "staff", nil, "workers who come or leave: STREET:DAY:NUMBER, like 110101001:2026-07-01:-1")
	f.StringArrayVar(&in.change, "change", nil, "compare with policy=, move=, workers=, arrivals=, keeps-test=, keeps-contact=, answers=, evades= or staff=")
	f.StringVar(&in.xlsx, "xlsx", "", "write the rows to a spreadsheet")
	f.IntVar(&in.months, "months", 36, "how long")
	f.IntVar(&in.streets, "streets", 10, "streets, all alike")
	f.IntVar(&in.cases, "cases", 40, "open cases of a street at the start")
	f.IntVar(&in.workers, "workers", 2, "workers of a street")
	f.IntVar(&in.capacity, "capacity", 8, "contacts, visits, tests and assessments a worker does in a day")
	f.IntVar(&in.runs, "runs", 3, "how often it is played, for the confidence intervals")
	f.Float64Var(&in.arrivals, "arrivals", 1, "new orders of a street a month")
	f.Float64Var(&b.KeepsTest, "keeps-test", b.KeepsTest, "chance that a test window is kept")
	f.Float64Var(&b.KeepsContact, "keeps-contact", b.KeepsContact, "chance that a contact window is kept")
	f.Float64Var(&b.Reached, "reached", b.Reached, "chance that an attempt of an outreach reaches the client")
	f.Float64Var(&b.Answers, "answers", b.Answers, "chance that an escalation is answered within a day")
	f.Float64Var(&b.Evades, "evades", b.Evades, "chance that a missed test is confirmed as evasion")
	f.Uint64Var(&in.seed, "seed", 1, "the same seed gives the same result")
	f.BoolVar(&in.json, "json", false, "print JSON, a row per street and month")
	return cmd
}

func (p *program) simulate(cmd *cobra.Command, in simulateFlags) error {
	if in.xlsx != "" && filepath.Ext(in.xlsx) != ".xlsx" {
		return fmt.Errorf("--xlsx: %q does not end in .xlsx", in.xlsx)
	}
	if in.place == "" && (in.streets < 1 || in.streets > simulation.MaxPlaces) {
		return fmt.Errorf("--streets: %d is not between 1 and %d", in.streets, simulation.MaxPlaces)
	}
	set, err := wiring.Policies(in.dir)
	if err != nil {
		return err
	}
	before, err := p.scenario(cmd, set, in)
	if err != nil {
		return err
	}
	began := time.Now()
	if len(in.change) == 0 {
		r, err := simulation.Run(cmd.Context(), before)
		if err != nil {
			return err
		}
		return p.report(in, before, simulation.Comparison{Before: r}, time.Since(began))
	}
	change, err := parseChange(set, in.change)
	if err != nil {
		return err
	}
	after, err := before.With(change)
	if err != nil {
		return err
	}
	c, err := simulation.Compare(cmd.Context(), before, after)
	if err != nil {
		return err
	}
	return p.report(in, before, c, time.Since(began))
}

// scenario is what the flags assume.
func (p *program) scenario(cmd *cobra.Command, set *policy.Set, in simulateFlags) (simulation.Scenario, error) {
	ref, err := findPolicy(set, in.policy)
	if err != nil {
		return simulation.Scenario{}, err
	}
	s := simulation.Scenario{
		Policy: set.Policy(ref), Rules: set, Calendar: set.Calendar(), Months: in.months, Runs: in.runs, Seed: in.seed, Behavior: in.behavior,
	}
	if err := s.Start.UnmarshalText([]byte(in.start)); err != nil {
		return s, fmt.Errorf("--start: %w", err)
	}
	if s.Start == 0 {
		s.Start = rehab.DateOf(time.Now())
	}
	if in.place != "" {
		c, err := p.caseload(cmd, in.place, s.Start)
		if err != nil {
			return s, err
		}
		s.Places = simulation.FromCases(c, in.capacity)
		for i := range s.Places {
			s.Places[i].Arrivals = in.arrivals
		}
	} else {
		for i := range in.streets {
			s.Places = append(s.Places, simulation.Place{
				Code: fmt.Sprintf("street-%03d", i+1), Cases: in.cases, Arrivals: in.arrivals, Workers: in.workers, Capacity: in.capacity,
			})
		}
	}
	var c simulation.Change
	for _, text := range in.staff {
		if err := parseStaff(&c, text); err != nil {
			return s, fmt.Errorf("--staff: %w", err)
		}
	}
	return s.With(c)
}

func (p *program) caseload(cmd *cobra.Command, place string, start rehab.Date) ([]*rehab.Case, error) {
	s, err := p.open(cmd)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	cases, err := s.Caseload(cmd.Context(), place, start, 0)
	if err == nil && len(cases) == 0 {
		err = fmt.Errorf("there is no live case in %s", place)
	}
	return cases, err
}

// parseChange reads NAME=VALUE pairs.
func parseChange(set *policy.Set, pairs []string) (simulation.Change, error) {
	var c simulation.Change
	chances := map[string]**float64{
		"arrivals": &c.Arrivals, "keeps-test": &c.KeepsTest, "keeps-contact": &c.KeepsContact, "answers": &c.Answers, "evades": &c.Evades,
	}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		var err error
		switch name {
		case "policy":
			var ref rehab.PolicyRef
			if ref, err = findPolicy(set, value); err == nil {
				c.Policy = set.Policy(ref)
			}
		case "move":
			if c.Move, err = strconv.ParseBool(value); err != nil {
				err = fmt.Errorf("%q is neither true nor false", value)
			}
		case "workers":
			c.Workers, err = whole(value)
		case "staff":
			err = parseStaff(&c, value)
		default:
			to := chances[name]
			if to == nil {
				err = fmt.Errorf("nothing of that name can be changed")
				break
			}
			var v float64
			if v, err = strconv.ParseFloat(value, 64); err != nil {
				err = fmt.Errorf("%q is not a number", value)
			}
			*to = &v
		}
		if err != nil {
			return c, fmt.Errorf("--change %s: %w", pair, err)
		}
	}
	return c, nil
}

func whole(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	return n, nil
}

// parseStaff reads STREET:DAY:NUMBER.
func parseStaff(c *simulation.Change, text string) error {
	part := strings.Split(text, ":")
	if len(part) != 3 {
		return fmt.Errorf("%q is not of the form 110101001:2026-07-01:-1", text)
	}
	on, err := rehab.ParseDate(part[1])
	if err != nil {
		return err
	}
	by, err := whole(part[2])
	if err != nil {
		return err
	}
	c.Staff = append(c.Staff, simulation.PlaceStaffing{Place: part[0], Staffing: simulation.Staffing{On: on, By: by}})
	return nil
}
