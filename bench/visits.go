package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/proto"

	"guitu/rehab"
	"guitu/workflows"
)

// variant is one way to take a visit.
type variant struct {
	name string
	open func(context.Context, []string) error
	give func(context.Context, string) error
}

// taken is what one round of one variant showed.
type taken struct {
	perSecond, p50, p99, events, history, wal, process, postgres float64
	types                                                        string
}

// visits measures (a), visits a second from the first byte of the request until the
// answer that says it is durable, one visit for each of many open cases, many callers;
// and (b), what a visit leaves in the history and in the WAL. Each round takes new cases
// for each variant, and each visit meets the duty of a contact window. Rounds are short and
// many: the speed of a shared machine changes within seconds, and a ratio is worth
// something only where both of its sides saw the same.
func (b *bench) visits(ctx context.Context) error {
	caller := newCaller(b.stack, b.callers)
	defer caller.close()
	variants := []variant{
		{"guitu, by HTTP", func(ctx context.Context, ids []string) error {
			return b.opened(ctx, ids, carried(b.policy()), time.Now(), false)
		}, caller.visit},
		{"floor", func(ctx context.Context, ids []string) error { return b.startFloor(ctx, ids, starters, floorCase) }, updater(b.plain)},
		{"plain", b.openedPlainly, updater(b.service.Temporal)},
	}
	seen := make(map[string][]taken)
	const parts = 3
	n := max(b.cases/parts, 50)
	for round := -1; round < parts*b.rounds; round++ { // the first one warms up and is forgotten
		ids := make([][]string, len(variants))
		for i, v := range variants {
			ids[i] = names(strings.Fields(strings.ReplaceAll(v.name, ",", ""))[0], round+1, n)
			if err := v.open(ctx, ids[i]); err != nil {
				return fmt.Errorf("open cases for %s: %w", v.name, err)
			}
		}
		for k := range variants {
			i := (k + round + 1) % len(variants)
			t, err := b.visited(ctx, variants[i], ids[i], round)
			if err != nil {
				return fmt.Errorf("%s: %w", variants[i].name, err)
			}
			if round >= 0 {
				seen[variants[i].name] = append(seen[variants[i].name], t)
				b.say("    round %d  %-15s %4.0f visits/s, p50 %3.0f ms, processor %4.1f + %4.1f ms a visit", round+1, variants[i].name, t.perSecond, t.p50, t.process, t.postgres)
			}
		}
	}
	b.reportVisits(variants, seen)
	return nil
}

// visited gives every case one visit and looks at what that left behind.
func (b *bench) visited(ctx context.Context, v variant, ids []string, round int) (taken, error) {
	b.settle(ctx)
	sample := ids[:min(20, len(ids))]
	before, err := b.histories(ctx, sample)
	if err != nil {
		return taken{}, err
	}
	lsn, err := b.lsn(ctx)
	if err != nil {
		return taken{}, err
	}
	used := b.cpu()
	var took time.Duration
	var waits []float64
	b.profiled("visits-"+strings.Split(v.name, ",")[0], round, func() { took, waits, err = timed(ctx, b.callers, ids, v.give) })
	if err != nil {
		return taken{}, err
	}
	used = b.cpu().minus(used)
	b.settle(ctx)
	after, err := b.histories(ctx, sample)
	if err != nil {
		return taken{}, err
	}
	end, err := b.lsn(ctx)
	n := float64(len(ids))
	t := taken{perSecond: n / took.Seconds(), p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), wal: (end - lsn) / n}
	t.process, t.postgres = used.process.Seconds()*1000/n, used.postgres.Seconds()*1000/n
	for i := range sample {
		t.events += float64(len(after[i].types)-len(before[i].types)) / float64(len(sample))
		t.history += float64(after[i].bytes-before[i].bytes) / float64(len(sample))
	}
	t.types = strings.Join(after[0].types[len(before[0].types):], " ")
	return t, err
}

// timed calls give for each id and answers with the milliseconds each took.
func timed(ctx context.Context, callers int, ids []string, give func(context.Context, string) error) (time.Duration, []float64, error) {
	var mu sync.Mutex
	var waits []float64
	began := time.Now()
	err := inParallel(ctx, callers, ids, func(ctx context.Context, id string) error {
		asked := time.Now()
		if err := give(ctx, id); err != nil {
			return fmt.Errorf("visit of %s: %w", id, err)
		}
		mu.Lock()
		defer mu.Unlock()
		waits = append(waits, time.Since(asked).Seconds()*1000)
		return nil
	})
	return time.Since(began), waits, err
}

// updater gives a visit as an update, without API and without the client of the cases.
func updater(c client.Client) func(context.Context, string) error {
	return func(ctx context.Context, id string) error {
		now := time.Now().UTC()
		cmd := rehab.Command{
			ID: fmt.Sprint("visit-", now.UnixNano()), Actor: clerk, OccurredAt: now, Digest: strings.Repeat("0", 64),
			Body: rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met},
		}
		handle, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID: id, UpdateName: visitName, Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		if err != nil {
			return err
		}
		var answer workflows.Answer
		return handle.Get(ctx, &answer)
	}
}

// history is what Temporal keeps of one workflow.
type history struct {
	types   []string
	weights []string // type and bytes of each event
	bytes   int
}

func (s *stack) histories(ctx context.Context, ids []string) ([]history, error) {
	out := make([]history, len(ids))
	for i, id := range ids {
		events := s.plain.GetWorkflowHistory(ctx, id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			e, err := events.Next()
			if err != nil {
				return nil, fmt.Errorf("read the history of %s: %w", id, err)
			}
			out[i].types = append(out[i].types, e.GetEventType().String())
			size := proto.Size(e)
			out[i].weights = append(out[i].weights, fmt.Sprintf("%s %d B", e.GetEventType(), size))
			out[i].bytes += size
		}
	}
	return out, nil
}

// lsn is how many bytes of WAL there have been.
func (s *stack) lsn(ctx context.Context) (float64, error) {
	var n float64
	err := s.admin["postgres"].QueryRow(ctx, "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8").Scan(&n)
	return n, err
}

func (b *bench) reportVisits(variants []variant, seen map[string][]taken) {
	column := func(name string, pick func(taken) float64) []float64 {
		var out []float64
		for _, t := range seen[name] {
			out = append(out, pick(t))
		}
		return out
	}
	rate := func(t taken) float64 { return t.perSecond }
	guitu := column(variants[0].name, rate)
	for _, v := range variants {
		b.report.add("a", "visits, "+v.name, "visits/s", target{}, column(v.name, rate)...)
	}
	b.report.add("a", "guitu : floor", "", atLeast(0.6), ratios(guitu, column(variants[1].name, rate))...)
	b.report.add("a", "guitu : plain", "", atLeast(2), ratios(guitu, column(variants[2].name, rate))...)
	for _, v := range variants {
		b.report.add("a", "latency p50, "+v.name, "ms", target{}, column(v.name, func(t taken) float64 { return t.p50 })...)
	}
	b.report.add("a", "latency p99, "+variants[0].name, "ms", target{}, column(variants[0].name, func(t taken) float64 { return t.p99 })...)
	for _, v := range variants {
		b.report.add("a", "processor of a visit, "+v.name, "ms", target{}, column(v.name, func(t taken) float64 { return t.process })...)
		b.report.add("a", "  and of PostgreSQL", "ms", target{}, column(v.name, func(t taken) float64 { return t.postgres })...)
	}
	for _, v := range variants {
		b.report.add("b", "history events, "+v.name, "events/visit", target{}, column(v.name, func(t taken) float64 { return t.events })...)
		b.report.add("b", "history bytes, "+v.name, "B/visit", target{}, column(v.name, func(t taken) float64 { return t.history })...)
		b.report.add("b", "WAL, "+v.name, "B/visit", target{}, column(v.name, func(t taken) float64 { return t.wal })...)
		if list := seen[v.name]; len(list) > 0 {
			b.report.note("(b) %s: %s", v.name, slices.MaxFunc(list, func(a, b taken) int { return len(a.types) - len(b.types) }).types)
		}
	}
}
