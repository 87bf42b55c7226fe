package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"

	"guitu/rehab"
	"guitu/workflows"
)

// herd measures (c): the deadline of many cases falls in the same instant; how many a
// second are looked at until the last miss is in the ledger, with its escalation and its
// notice. Against it, as many workflows whose timers fire in the same instant and that
// end without having done anything. The cases live by a clock of their own, set so that
// the last day of report-in ends seconds after they were started, and by a policy that
// does not spread the wakes.
func (b *bench) herd(ctx context.Context) error {
	var cases, floor []float64
	perStart := map[string]time.Duration{"guitu": 25 * time.Millisecond, "floor": 20 * time.Millisecond} // learnt from the starts that were
	for round := -1; round < b.rounds; round++ {
		n := b.cases
		if round < 0 {
			n = min(n, 100) // warms up, and is forgotten
		}
		for k := range 2 {
			run, list, name := b.herdOfCases, &cases, "guitu"
			if (k+round+1)%2 == 1 {
				run, list, name = b.herdOfTimers, &floor, "floor"
			}
			lead := 8*time.Second + time.Duration(n)*perStart[name]*3/2
			drained, starting, err := run(ctx, names("herd-"+name, round+1, n), lead, round)
			if err != nil {
				return fmt.Errorf("herd of %s: %w", name, err)
			}
			perStart[name] = max(starting/time.Duration(n), perStart[name]/2)
			if starting > lead-2*time.Second {
				b.say("    round %d  %s: starting took %s, longer than there was time; this one is left out", round+1, name, starting.Round(time.Second))
				continue
			}
			if round >= 0 {
				*list = append(*list, float64(n)/drained.Seconds())
				b.say("    round %d  %-6s %d in %.1f s, %.0f/s", round+1, name, n, drained.Seconds(), float64(n)/drained.Seconds())
			}
		}
	}
	b.report.add("c", "misses recorded, guitu", "cases/s", target{}, cases...)
	b.report.add("c", "timers fired and workflows ended, floor", "cases/s", target{}, floor...)
	b.report.add("c", "guitu : floor", "", atLeast(0.8), ratios(cases, floor)...)
	return nil
}

// herdOfCases starts cases whose report-in is missed lead from now. It answers with the
// time from that instant to the last miss, and with how long the starts took.
func (b *bench) herdOfCases(ctx context.Context, ids []string, lead time.Duration, round int) (drained, starting time.Duration, err error) {
	b.settle(ctx)
	order := rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 3, 2), ServedOn: rehab.NewDate(2026, 3, 2), Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: rehab.Low, Policy: b.rules.sweepless.Ref(),
	}
	last := b.rules.sweepless.ReportIn.After(order.ServedOn, b.rules.Calendar())
	now := time.Now().UTC().Truncate(time.Millisecond)
	instant := now.Add(lead)
	b.clock.Store(&workflows.Clock{World: now, Case: last.End().Add(-lead), Speed: 1})
	missed := make(chan time.Time, 2*len(ids))
	var tell chan<- time.Time = missed
	b.ledger.misses.Store(&tell)
	defer b.ledger.misses.Store(nil)
	if err := b.opened(ctx, ids, order, order.ServedOn.Start().Add(9*time.Hour), true); err != nil {
		return 0, 0, err
	}
	starting = time.Since(now)
	b.sleepUntil(ctx, instant)
	var end time.Time
	b.profiled("herd-guitu", round, func() {
		for range ids {
			select {
			case end = <-missed:
			case <-time.After(time.Minute):
				err = fmt.Errorf("no miss for a minute; %d of %d seen", len(missed), len(ids))
				return
			case <-ctx.Done():
				err = ctx.Err()
				return
			}
		}
	})
	if err != nil {
		return 0, 0, err
	}
	b.settle(ctx)
	if err := b.timeouts(ctx, ids, round); err != nil {
		return 0, 0, err
	}
	return end.Sub(instant), starting, b.ended(ctx, ids)
}

// timeouts says how many workflow tasks of the herd waited so long for the worker that has
// their case in memory that the server gave them to any: then the case is read again from
// its history, which costs as much as several tasks.
func (b *bench) timeouts(ctx context.Context, ids []string, round int) error {
	n := 0
	for i := 0; i < len(ids); i += 10 {
		events := b.plain.GetWorkflowHistory(ctx, ids[i], "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			e, err := events.Next()
			if err != nil {
				return fmt.Errorf("read a history of the herd: %w", err)
			}
			if e.GetEventType() == enums.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT {
				n++
			}
		}
	}
	b.say("    round %d  guitu  %d workflow tasks of %d cases timed out on their way to the worker that has the case", round+1, n, (len(ids)+9)/10)
	return nil
}

// herdOfTimers is herdOfCases for the floor: a workflow counts when its end is durable.
func (b *bench) herdOfTimers(ctx context.Context, ids []string, lead time.Duration, round int) (drained, starting time.Duration, err error) {
	b.settle(ctx)
	now := time.Now().UTC()
	instant := now.Add(lead)
	if err := b.startFloor(ctx, ids, starters, floorTimer, instant); err != nil {
		return 0, 0, err
	}
	starting = time.Since(now)
	b.sleepUntil(ctx, instant)
	prefix := ids[0][:len(ids[0])-len("00000")]
	b.profiled("herd-floor", round, func() {
		for open := -1; open != 0 && err == nil; {
			const completed = 3 // WorkflowExecutionState
			err = b.admin["temporal"].QueryRow(ctx, "SELECT count(*) FROM current_executions WHERE workflow_id LIKE $1 AND state <> $2", prefix+"%", completed).Scan(&open)
			time.Sleep(50 * time.Millisecond)
			if time.Since(instant) > 5*time.Minute && err == nil {
				err = fmt.Errorf("%d workflows have not ended after 5 minutes", open)
			}
		}
	})
	return time.Since(instant) - 50*time.Millisecond, starting, err
}

func (b *bench) sleepUntil(ctx context.Context, at time.Time) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Until(at)):
	}
}
