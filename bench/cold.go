package main

import (
	"context"
	"fmt"
	"time"
)

// cold measures (d): a visit to a case that the worker has in memory against a visit to
// one that it has to read again, because the worker was restarted. The cases have some
// forty commands behind them; one caller, so that nothing waits for anything else.
func (b *bench) cold(ctx context.Context) error {
	cases, commands := 60, 40
	if b.short {
		cases, commands = 10, 40
	}
	ids := names("cold", 0, cases)
	if err := b.opened(ctx, ids, carried(b.policy()), time.Now(), false); err != nil {
		return err
	}
	caller := newCaller(b.stack, b.callers)
	defer caller.close()
	if err := b.lived(ctx, caller, ids, commands); err != nil {
		return err
	}
	histories, err := b.histories(ctx, ids[:1])
	if err != nil {
		return err
	}
	var warm, cold []float64
	for round := range b.rounds {
		b.stopWorkers()
		if err := b.startWorkers(); err != nil {
			return err
		}
		b.settle(ctx)
		for _, list := range []*[]float64{&cold, &warm} {
			what := map[bool]string{true: "cold", false: "warm"}[list == &cold]
			var waits []float64
			b.profiled("update-"+what, round, func() { _, waits, err = timed(ctx, 1, ids, caller.visit) })
			if err != nil {
				return err
			}
			*list = append(*list, median(waits))
			b.say("    round %d  %s: median %.1f ms, longest %.0f ms", round+1, what, median(waits), quantile(waits, 1))
		}
	}
	b.report.add("d", "visit to a case in memory", "ms", target{}, warm...)
	b.report.add("d", "visit to a case read again", "ms", target{}, cold...)
	b.report.add("d", "cold : warm", "", atMost(3), ratios(cold, warm)...)
	b.report.note("(d) %d cases, %d commands and %d history events each", cases, commands, len(histories[0].types))
	return nil
}

// lived gives every case a number of commands, as a year would bring them.
func (b *bench) lived(ctx context.Context, c *caller, ids []string, commands int) error {
	for n := range commands {
		name, body := "record-contact", map[string]any{"channel": "talk", "outcome": "met"}
		switch n % 4 {
		case 1:
			name, body = "record-test", map[string]any{"method": "urine", "result": "negative"}
		case 2:
			body["channel"], body["outcome"] = "phone", "no_answer"
		case 3:
			body["channel"] = "home_visit"
		}
		err := inParallel(ctx, b.callers, ids, func(ctx context.Context, id string) error { return c.command(ctx, id, name, body) })
		if err != nil {
			return fmt.Errorf("command %d: %w", n+1, err)
		}
	}
	return nil
}
