package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"guitu/rehab"
)

// starters is how many start cases at the same time.
const starters = 32

// names of cases, like "visit-1-00042".
func names(what string, round, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s-%d-%05d", what, round, i)
	}
	return out
}

// inParallel calls do for each id, until one answers with an error.
func inParallel(ctx context.Context, callers int, ids []string, do func(context.Context, string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(callers)
	for _, id := range ids {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(ctx, id)
		})
	}
	return group.Wait()
}

// carried is an order under way for six weeks: in execution, with its windows open.
func carried(policy rehab.PolicyRef) rehab.OpenCase {
	reported := rehab.DateOf(time.Now()).AddDays(-45)
	return rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: reported, ServedOn: reported, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: rehab.Low, Policy: policy,
		Carried: &rehab.Carried{ReportedOn: reported, AgreementOn: reported, Tests: 1, Contacts: 1},
	}
}

// policy is the one that new cases get.
func (s *stack) policy() rehab.PolicyRef {
	ref, _ := s.service.Rules.Latest(s.config.Policy.Default)
	return ref
}

// written opens cases in the ledger alone, at the instant, which is the quickest way.
func (s *stack) written(ctx context.Context, ids []string, order rehab.OpenCase, at time.Time) (map[string]*rehab.Case, error) {
	made := make(chan *rehab.Case, len(ids))
	env := rehab.Env{Now: at, Policy: s.rules.Policy(order.Policy), Calendar: s.rules.Calendar()}
	err := inParallel(ctx, s.config.Database.MaxConns, ids, func(ctx context.Context, id string) error {
		c := &rehab.Case{ID: id}
		cmd := rehab.Command{ID: "open-" + id, Actor: clerk, OccurredAt: at, Digest: "-", Body: order}
		events, err := c.Decide(cmd, env)
		if err != nil {
			return err
		}
		if _, err := s.service.Store.Record(ctx, rehab.NewRecord(c, cmd, events)); err != nil {
			return err
		}
		c.Fold(events)
		made <- c
		return nil
	})
	close(made)
	out := make(map[string]*rehab.Case, len(ids))
	for c := range made {
		out[c.ID] = c
	}
	return out, err
}

// opened writes cases and starts their workflows. With a virtual clock they live by
// that of the herds.
func (s *stack) opened(ctx context.Context, ids []string, order rehab.OpenCase, at time.Time, virtual bool) error {
	cases, err := s.written(ctx, ids, order, at)
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	starter := *s.service.Cases
	if virtual {
		starter.Clock = s.herdClock
	}
	return inParallel(ctx, starters, ids, func(ctx context.Context, id string) error {
		_, err := starter.Start(ctx, cases[id])
		return err
	})
}

// openedPlainly is opened for the plain pattern.
func (s *stack) openedPlainly(ctx context.Context, ids []string) error {
	if _, err := s.written(ctx, ids, carried(s.policy()), time.Now()); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return inParallel(ctx, starters, ids, func(ctx context.Context, id string) error {
		_, err := s.service.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: plainQueue}, "plainCase", id)
		return err
	})
}

// ended terminates workflows that are not needed any more.
func (s *stack) ended(ctx context.Context, ids []string) error {
	return inParallel(ctx, starters, ids, func(ctx context.Context, id string) error {
		return s.plain.TerminateWorkflow(ctx, id, "", "measured")
	})
}
