package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// tables is the size of every table with its indexes and its long values, by
// "database.table".
type tables map[string]float64

// size measures (e), first half: how many bytes an open idle case takes in all databases.
// Cases are opened through the API, like those of an office that moves in; then what runs
// in the background has to end, and dead rows are cleared away. What counts is all that the
// databases grew by, with the room that opening leaves behind; how much a case takes where
// there are as many already, and that room is used again, is told beside it.
func (b *bench) size(ctx context.Context) error {
	caller := newCaller(b.stack, b.callers)
	defer caller.close()
	n := b.cases
	none, err := b.sizes(ctx)
	if err != nil {
		return err
	}
	seen := []tables{none}
	var left int
	for i, kind := range []string{"d", "e"} {
		numbers, ids := make(map[string]int, n), names("size", i, n)
		for k, id := range ids {
			numbers[id] = k
		}
		began := time.Now()
		b.profiled("open", i, func() {
			err = inParallel(ctx, b.callers, ids, func(ctx context.Context, id string) error { return caller.open(ctx, kind, numbers[id]) })
		})
		if err != nil {
			return fmt.Errorf("open cases: %w", err)
		}
		b.report.add("e", "cases opened through the API", "cases/s", target{}, float64(n)/time.Since(began).Seconds())
		if left, err = b.quiet(ctx); err != nil {
			return err
		}
		now, err := b.sizes(ctx)
		if err != nil {
			return err
		}
		seen = append(seen, now)
	}
	b.reportSizes(seen[0], seen[2], float64(2*n))
	b.report.add("e", "  of a further one", "B", target{}, total(seen[1], seen[2])/float64(n))
	one, err := b.histories(ctx, []string{b.service.Store.CaseIDFor(orderNo("e", 0))})
	if err != nil {
		return err
	}
	b.report.note("(e) the history of one: %s", strings.Join(one[0].weights, ", "))
	b.report.note("(e) tasks left in Temporal's queues when the sizes were read: %d", left)
	return nil
}

// total is what all tables grew by.
func total(before, after tables) float64 {
	sum := 0.0
	for name, bytes := range after {
		sum += bytes - before[name]
	}
	return sum
}

// quiet waits until Temporal has deleted the tasks it is done with, which it does about
// once a minute, and answers with how many are left of those that do not lie in the future.
func (b *bench) quiet(ctx context.Context) (left int, err error) {
	b.settle(ctx)
	for began := time.Now(); time.Since(began) < 3*time.Minute; {
		err = b.admin["temporal"].QueryRow(ctx, `SELECT (SELECT count(*) FROM transfer_tasks) + (SELECT count(*) FROM visibility_tasks) +
(SELECT count(*) FROM timer_tasks WHERE visibility_timestamp < now())`).Scan(&left)
		if err != nil || left < 10 {
			return left, err
		}
		select {
		case <-ctx.Done():
			return left, ctx.Err()
		case <-time.After(2 * time.Second):
		}
	}
	return left, nil
}

// sizes clears dead rows away and measures every table.
func (b *bench) sizes(ctx context.Context) (tables, error) {
	out := make(tables)
	for _, name := range databases() {
		if _, err := b.admin[name].Exec(ctx, "VACUUM"); err != nil {
			return nil, fmt.Errorf("vacuum %s: %w", name, err)
		}
		rows, err := b.admin[name].Query(ctx, `SELECT c.relname, pg_total_relation_size(c.oid)::float8 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'public'`)
		if err != nil {
			return nil, err
		}
		var table string
		var bytes float64
		if _, err := pgx.ForEachRow(rows, []any{&table, &bytes}, func() error {
			out[name+"."+table] = bytes
			return nil
		}); err != nil {
			return nil, fmt.Errorf("measure the tables of %s: %w", name, err)
		}
	}
	return out, nil
}

func (b *bench) reportSizes(before, after tables, n float64) {
	grown := make(tables)
	perDatabase := make(map[string]float64)
	for name, bytes := range after {
		d := (bytes - before[name]) / n
		database, _, _ := strings.Cut(name, ".")
		grown[name], perDatabase[database] = d, perDatabase[database]+d
	}
	b.report.add("e", "bytes of an open idle case", "B", atMost(16<<10), total(before, after)/n)
	for _, name := range databases() {
		b.report.add("e", "  in "+name, "B", target{}, perDatabase[name])
	}
	top := slices.SortedFunc(maps.Keys(grown), func(x, y string) int { return cmp.Compare(grown[y], grown[x]) })
	for _, name := range top[:min(12, len(top))] {
		if grown[name] >= 50 {
			b.report.note("(e) %6.0f B  %s", grown[name], name)
		}
	}
}
