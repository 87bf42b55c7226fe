package main

import (
	"context"
	"fmt"
	"time"
)

// memory measures (e), second half: what lives in the heap when many cases are open,
// with the worker's cache at its default. What goes when the workers are stopped is
// theirs; the rest is Temporal's server and the API. The cases are written into the
// ledger and their workflows started as after a restore.
func (b *bench) memory(ctx context.Context) error {
	b.stopWorkers() // forgets the cases of other measurements
	if err := b.startWorkers(); err != nil {
		return err
	}
	b.settle(ctx)
	empty := heap()
	began := time.Now()
	for from := 0; from < b.open; from += 5000 {
		ids := names(fmt.Sprintf("memory-%d", from), 0, min(5000, b.open-from))
		if err := b.opened(ctx, ids, carried(b.policy()), time.Now(), false); err != nil {
			return err
		}
		b.say("    %d open, %.0f a second", from+len(ids), float64(from+len(ids))/time.Since(began).Seconds())
	}
	b.settle(ctx)
	whole, stacked, held := heap(), stacks(), resident()
	b.heapProfile()
	b.stopWorkers()
	time.Sleep(2 * time.Second)
	theirs := whole - heap()
	stacked -= stacks()
	cached := float64(min(b.open, b.config.Worker.CacheSize))
	const mb = 1 << 20
	b.report.add("e", fmt.Sprintf("whole process, heap with %d open", b.open), "MB", target{}, whole/mb)
	b.report.add("e", "  more than with none", "MB", target{}, (whole-empty)/mb)
	b.report.add("e", "  resident", "MB", target{}, held/mb)
	b.report.add("e", fmt.Sprintf("worker, heap with %.0f of them cached", cached), "MB", target{}, theirs/mb)
	b.report.add("e", "  a cached case", "KB", target{}, theirs/cached/1024)
	b.report.add("e", "  and its stacks", "KB", target{}, stacked/cached/1024)
	b.report.add("e", "worker, if all 30000 were cached", "MB", target{}, theirs/cached*30_000/mb)
	b.report.note("(e) the cache holds %d cases at most (worker.cache_size), whatever is open", b.config.Worker.CacheSize)
	return nil
}
