package main

import (
	"context"
	"fmt"
	"time"

	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/simulation"
)

// simulate measures (s): how long three years of a city's caseload take in the what-if
// simulator, on all processors, by the core that runs the living cases.
func (b *bench) simulate(ctx context.Context) error {
	set, err := policy.Load()
	if err != nil {
		return err
	}
	ref, _ := set.Latest("beijing")
	const each = 40 // cases of a street
	cases := 30_000
	if b.short {
		cases = 2000
	}
	s := simulation.Scenario{
		Policy: set.Policy(ref), Calendar: set.Calendar(), Start: rehab.NewDate(2026, 1, 5), Months: 36, Runs: 1, Behavior: simulation.Usual(),
	}
	for i := range cases / each {
		s.Places = append(s.Places, simulation.Place{Code: fmt.Sprintf("street-%03d", i+1), Cases: each, Workers: 2, Capacity: 8})
	}
	var took, rate []float64
	for round := range b.rounds {
		s.Seed = uint64(round + 1)
		var r simulation.Result
		began := time.Now()
		b.profiled("simulate", round, func() { r, err = simulation.Run(ctx, s) })
		if err != nil {
			return err
		}
		seconds := time.Since(began).Seconds()
		took, rate = append(took, seconds), append(rate, float64(r.Events)/seconds)
		b.say("    round %d  %d cases, %d events, %.0f tests in %.1f s", round+1, r.Cases, r.Events, r.Whole.Mean.Tests, seconds)
		if len(r.Refused) > 0 || r.Whole.Mean.Tests == 0 {
			return fmt.Errorf("the simulation is not what is to be measured: %.0f tests were taken and %d commands refused: %+v", r.Whole.Mean.Tests, r.RefusedTimes(), r.Refused)
		}
	}
	goal := atMost(10)
	if b.short {
		goal = target{} // it is set for 30,000 cases
	}
	b.report.add("s", fmt.Sprintf("simulate %d cases over three years", cases), "s", goal, took...)
	b.report.add("s", "events of the simulation", "events/s", target{}, rate...)
	return nil
}
