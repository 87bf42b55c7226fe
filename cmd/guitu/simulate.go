package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/xuri/excelize/v2"

	"guitu/rehab"
	"guitu/simulation"
)

// simulateFlags are what is assumed.
type simulateFlags struct {
	policy, dir, start, xlsx                        string
	months, streets, cases, workers, capacity, runs int
	arrivals                                        float64
	behavior                                        simulation.Behavior
	seed                                            uint64
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
			"the flags say what is assumed.",
		Example: "  guitu simulate --streets 329 --cases 91 --workers 2 --months 36 --runs 3 --xlsx whatif.xlsx",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.simulate(cmd.Context(), in) },
	}
	f, b := cmd.Flags(), &in.behavior
	f.StringVar(&in.policy, "policy", "beijing", "policy id, or id@version")
	f.StringVar(&in.dir, "policy-dir", "", "folder with policies and calendars of the office")
	f.StringVar(&in.start, "start", "", "first day, like 2026-12-01 (today where it is left out)")
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

func (p *program) simulate(ctx context.Context, in simulateFlags) error {
	set, err := loadPolicies(in.dir)
	if err != nil {
		return err
	}
	ref, err := findPolicy(set, in.policy)
	if err != nil {
		return err
	}
	s := simulation.Scenario{
		Policy: set.Policy(ref), Calendar: set.Calendar(), Months: in.months, Runs: in.runs, Seed: in.seed, Behavior: in.behavior,
	}
	if err := s.Start.UnmarshalText([]byte(in.start)); err != nil {
		return fmt.Errorf("--start: %w", err)
	}
	if s.Start == 0 {
		s.Start = rehab.DateOf(time.Now())
	}
	for i := range in.streets {
		s.Places = append(s.Places, simulation.Place{
			Code: fmt.Sprintf("street-%03d", i+1), Cases: in.cases, Arrivals: in.arrivals, Workers: in.workers, Capacity: in.capacity,
		})
	}
	began := time.Now()
	r, err := simulation.Run(ctx, s)
	if err != nil {
		return err
	}
	if in.xlsx != "" {
		if err := saveSimulation(in.xlsx, r); err != nil {
			return err
		}
	}
	if in.json {
		return json.NewEncoder(p.stdout).Encode(r)
	}
	printSimulation(p.stdout, s, r, time.Since(began))
	return nil
}

// printSimulation prints the city month by month.
func printSimulation(w io.Writer, s simulation.Scenario, r simulation.Result, took time.Duration) {
	fmt.Fprintf(w, "%d cases, %d events in %s, policy %s, seed %d, %d runs\n\n", r.Cases, r.Events, took.Round(time.Millisecond), s.Policy.Ref(), s.Seed, s.Runs)
	fmt.Fprintf(w, "%-8s %8s %8s %8s %8s %8s %8s %8s %8s %8s\n", "month", "open", "visits", "tests", "misses", "climbs", "district", "city", "breaches", "put off")
	for month := range s.Months {
		var c simulation.Counts
		for place := range s.Places {
			m := r.Rows[place*s.Months+month].Mean
			c.Open, c.Visits, c.Tests, c.Misses = c.Open+m.Open, c.Visits+m.Visits, c.Tests+m.Tests, c.Misses+m.Misses
			c.Escalations, c.District, c.City, c.Breaches, c.Turned = c.Escalations+m.Escalations, c.District+m.District, c.City+m.City, c.Breaches+m.Breaches, c.Turned+m.Turned
		}
		fmt.Fprintf(w, "%-8s %8.0f %8.0f %8.0f %8.0f %8.0f %8.0f %8.0f %8.0f %8.0f\n", r.Rows[month].Month.String()[:7],
			c.Open, c.Visits, c.Tests, c.Misses, c.Escalations, c.District, c.City, c.Breaches, c.Turned)
	}
}

// saveSimulation writes a row per street and month, each count with its interval.
func saveSimulation(name string, r simulation.Result) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	sheet, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	head := []any{"place", "month"}
	for _, c := range []string{"open", "visits", "tests", "misses", "escalations", "district", "city", "breaches", "reports", "load", "put_off"} {
		head = append(head, c, c+" ±")
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range r.Rows {
		cells := []any{row.Place, row.Month.String()[:7]}
		m, e := row.Mean, row.Error
		for _, pair := range [][2]float64{
			{m.Open, e.Open}, {m.Visits, e.Visits}, {m.Tests, e.Tests}, {m.Misses, e.Misses}, {m.Escalations, e.Escalations}, {m.District, e.District},
			{m.City, e.City}, {m.Breaches, e.Breaches}, {m.Reports, e.Reports}, {m.Load, e.Load}, {m.Turned, e.Turned},
		} {
			cells = append(cells, pair[0], pair[1])
		}
		if err := sheet.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return f.SaveAs(name)
}
