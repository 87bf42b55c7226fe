// Command fuzz sends random and mutated requests of the contract, signed in as everybody and as
// nobody, and ends with an error where one was answered with 5xx, showed what it should not, or
// changed a case without permission, or where memory grew.
//
//	go run ./internal/doors/fuzz -n 1000000
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/internal/doors"
	"guitu/internal/postgres"
)

func main() {
	n := flag.Int("n", 200_000, "requests")
	round := flag.Int("round", 20_000, "requests on one database, before there is a new one")
	seed := flag.Uint64("seed", 1, "the same requests for the same seed")
	most := flag.Int("most", 20, "faults after which it ends")
	flag.Parse()
	if err := run(context.Background(), *n, *round, *seed, *most); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n, round int, seed uint64, most int) error {
	dir, err := os.MkdirTemp("", "guitu-fuzz-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // the user that PostgreSQL runs as has to pass
		return err
	}
	pg, err := postgres.Start(ctx, postgres.Options{DataDir: filepath.Join(dir, "postgres"), Fast: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop(context.WithoutCancel(ctx)) }()
	t := tally{statuses: map[int]int{}, began: time.Now(), most: most}
	for done := 0; done < n && len(t.faults) < most; done += round {
		if err := t.round(ctx, pg, min(round, n-done), seed+uint64(done)); err != nil {
			return err
		}
		t.report()
	}
	return t.verdict()
}

// tally is what came of it.
type tally struct {
	began    time.Time
	most     int
	sent     int
	statuses map[int]int
	faults   []string
	heaps    []uint64
}

// round sends requests to a house of its own.
func (t *tally) round(ctx context.Context, pg *postgres.Server, n int, seed uint64) error {
	name := fmt.Sprintf("fuzz_%d", seed)
	admin, err := pgx.Connect(ctx, pg.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close(ctx) }()
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	h, err := doors.Open(ctx, pg.DSN(name))
	if err != nil {
		return err
	}
	d := h.NewDraw(seed)
	for range n {
		r := d.Request()
		got, wrong := h.Try(ctx, r)
		d.Remember(r.Operation, got.Body)
		t.sent++
		t.statuses[got.Status]++
		for _, w := range wrong {
			t.fault(fmt.Sprintf("%s %d %.40s", r.Operation, got.Status, w), fmt.Sprintf("%s %s as %q, %s\n  body %.600q\n  headers %q\n  %.1500s", r.Method, r.Path, r.Token, r.Operation, r.Body, r.Headers, w))
		}
		if len(t.faults) >= t.most {
			break
		}
	}
	trespasses, err := h.Trespasses(ctx)
	if err != nil {
		return err
	}
	for _, x := range trespasses {
		t.fault(x, "without permission: "+x)
	}
	h.Close(ctx)
	if _, err := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		return err
	}
	var m runtime.MemStats
	debug.FreeOSMemory()
	runtime.ReadMemStats(&m)
	t.heaps = append(t.heaps, m.HeapAlloc)
	return nil
}

// fault shows one of each kind.
func (t *tally) fault(kind, text string) {
	if slices.Contains(t.faults, kind) {
		return
	}
	t.faults = append(t.faults, kind)
	fmt.Println("FAULT " + text)
}

func (t *tally) report() {
	took := time.Since(t.began)
	fmt.Printf("%d requests in %s (%.0f/s), heap %.1f MiB, goroutines %d, statuses", t.sent, took.Round(time.Second), float64(t.sent)/took.Seconds(), float64(t.heaps[len(t.heaps)-1])/(1<<20), runtime.NumGoroutine())
	for _, s := range slices.Sorted(maps.Keys(t.statuses)) {
		fmt.Printf(" %d:%d", s, t.statuses[s])
	}
	fmt.Println()
}

// growth is how much more the last rounds may hold than the first.
const growth = 32 << 20

func (t *tally) verdict() error {
	if first, last := t.heaps[0], t.heaps[len(t.heaps)-1]; last > first+growth {
		return fmt.Errorf("memory grew from %d to %d bytes", first, last)
	}
	if len(t.faults) > 0 {
		return fmt.Errorf("%d kinds of faults in %d requests", len(t.faults), t.sent)
	}
	fmt.Printf("no fault in %d requests, %s\n", t.sent, time.Since(t.began).Round(time.Second))
	return nil
}
