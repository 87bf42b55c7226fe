// Command bench measures Guitu against what it stands on: in one run, the variants one
// after the other in every round, each ratio taken within its round. It prints a table
// and asserts nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err) // and exit 0: figures are looked at, not asserted
	}
}

// measurement is one letter of the table.
type measurement struct {
	letter, title string
	servers       bool // needs PostgreSQL and Temporal
	run           func(*bench, context.Context) error
}

// measurements are in the order in which they run: what needs no servers while the machine
// is still, sizes while the databases are new, 30,000 cases when nothing is measured after
// them. A new one is a method in a file of its own and a line here.
func measurements() []measurement {
	return []measurement{
		{"f", "the pure core", false, (*bench).core},
		{"t", "a fact told late", false, (*bench).late},
		{"s", "simulate", false, (*bench).simulate},
		{"e", "bytes of an open idle case", true, (*bench).size},
		{"a", "visits", true, (*bench).visits},
		{"d", "an evicted case", true, (*bench).cold},
		{"c", "herd", true, (*bench).herd},
		{"r", "fleet", true, (*bench).bulk},
		{"i", "import", true, (*bench).imports},
		{"g", "reads", true, (*bench).reads},
		{"v", "verify", true, (*bench).verified},
		{"m", "memory", true, (*bench).memory},
	}
}

// options are the flags.
type options struct {
	short    bool
	only     []string
	rounds   int
	cases    int
	open     int
	callers  int
	out      string
	profile  string
	heapFile string
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.BoolVar(&o.short, "short", false, "small sizes, to see that it works")
	only := f.String("only", "", "letters of measurements, like a,c (a brings b; m is the memory of e)")
	f.IntVar(&o.rounds, "rounds", 0, "rounds of each measurement (default 5, short 2)")
	f.IntVar(&o.cases, "cases", 0, "cases of a variant in a round (default 1000, short 150)")
	f.IntVar(&o.open, "open", 0, "open cases for the memory, the reads and verify, and rows of the import (default 30000, short 1000)")
	f.IntVar(&o.callers, "callers", 32, "callers at the same time")
	f.StringVar(&o.out, "out", "", "file of the results (default: results.json in a new temporary directory)")
	f.StringVar(&o.profile, "cpuprofile", "", "prefix of CPU profiles, one of each variant and round")
	f.StringVar(&o.heapFile, "memprofile", "", "file of the heap's profile, taken while the cases of m are open")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if *only != "" {
		o.only = strings.Split(strings.ReplaceAll(*only, "b", "a"), ",")
	}
	pick := func(v *int, long, short int) {
		switch {
		case *v > 0:
		case o.short:
			*v = short
		default:
			*v = long
		}
	}
	pick(&o.rounds, 5, 2)
	pick(&o.cases, 1000, 150)
	pick(&o.open, 30_000, 1000)
	for _, letter := range o.only {
		known := slices.ContainsFunc(measurements(), func(m measurement) bool { return m.letter == letter })
		if !known {
			return o, fmt.Errorf("--only: there is no measurement %q; there are a (with b), c, d, e, f, g, i, m, r, s, t and v", letter)
		}
	}
	return o, nil
}

func (o options) wants(letter string) bool {
	return len(o.only) == 0 || slices.Contains(o.only, letter) || letter == "m" && slices.Contains(o.only, "e")
}

// bench is one run.
type bench struct {
	options
	*stack
	report report
	out    io.Writer
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.out, "%s  "+format+"\n", append([]any{time.Now().Format("15:04:05")}, args...)...)
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parse(args)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	debug.SetGCPercent(400) // as guitu-dev
	dir, err := os.MkdirTemp("", "guitu-bench-")
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL may run as another user
		return err
	}
	if o.out == "" {
		o.out = filepath.Join(dir, "results.json")
	}
	b := &bench{options: o, out: out}
	b.report.begin(o)
	defer func() {
		b.report.print(out)
		err = errors.Join(err, b.report.save(o.out), b.stop(context.WithoutCancel(ctx)), os.RemoveAll(filepath.Join(dir, "postgres")))
		fmt.Fprintln(out, "results:", o.out)
	}()
	for _, m := range measurements() {
		if !o.wants(m.letter) {
			continue
		}
		if m.servers && b.stack == nil {
			b.say("starting PostgreSQL and Temporal in %s", dir)
			if b.stack, err = start(ctx, dir, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))); err != nil {
				return err
			}
		}
		b.say("(%s) %s", m.letter, m.title)
		if err := m.run(b, ctx); err != nil {
			return fmt.Errorf("(%s) %s: %w", m.letter, m.title, err)
		}
	}
	return nil
}
