package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guitu/rehab"
	"guitu/rehab/policy"
)

// late measures (t): how long the core takes to decide a fact told late on a case near the
// end of its three years, some 900 events: one that changes nothing that was known, and one that takes a
// confirmed miss of the first year back.
func (b *bench) late(ctx context.Context) error {
	lives, err := writeLives()
	if err != nil {
		return err
	}
	rules, err := policy.Load()
	if err != nil {
		return err
	}
	h, c, now, err := lives[0].toYear(3)
	if err != nil {
		return err
	}
	var plain, revising []float64
	for range b.rounds {
		for _, x := range []struct {
			into *[]float64
			ago  int
			body rehab.CommandBody
		}{
			{&plain, 30, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}},
			{&revising, 1000, rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative}},
		} {
			const n = 50
			began := time.Now()
			for i := range n {
				cmd := rehab.Command{ID: "late", Actor: clerk, OccurredAt: now.AddDate(0, 0, -x.ago).Add(time.Duration(i) * time.Minute), Body: x.body}
				if _, err := h.Tell(c, cmd, rules, now); err != nil {
					return fmt.Errorf("tell late: %w", err)
				}
			}
			*x.into = append(*x.into, time.Since(began).Seconds()*1000/n)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	b.report.add("t", "a late fact that changes nothing", "ms", atMost(5), plain...)
	b.report.add("t", "a late fact that takes a miss back", "ms", atMost(5), revising...)
	b.report.note("(t) on a history of %d events", len(h.Events))
	return nil
}

// toYear lives the life up to shortly before the end of the year of its term.
func (l *life) toYear(year int) (*rehab.History, *rehab.Case, time.Time, error) {
	c, h, env := &rehab.Case{ID: "life"}, &rehab.History{CaseID: "life"}, l.env
	last := l.steps[0].now.AddDate(year, 0, -40)
	for i := range l.steps {
		s := &l.steps[i]
		if s.now.After(last) {
			return h, c, env.Now, nil
		}
		env.Now = s.now
		if s.cmd.Body == nil {
			h.Events = append(h.Events, c.PlayTime(env)...)
			continue
		}
		events, err := c.Play(s.cmd, env)
		if err != nil {
			return nil, nil, time.Time{}, fmt.Errorf("live again: %w", err)
		}
		h.Add(s.cmd, events)
	}
	return nil, nil, time.Time{}, errors.New("the life is shorter than that")
}
