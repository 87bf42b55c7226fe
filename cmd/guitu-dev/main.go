// Command guitu-dev runs everything on one machine: a private PostgreSQL, an embedded
// Temporal server with its web UI, the worker and the API, on a clock that may run faster
// than the world's. It is for development, demonstrations and trials.
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
	"syscall"

	"guitu/rehab"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "guitu-dev:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	data         string
	apiPort      int
	uiPort       int
	temporalPort int
	speed        float64
	from         rehab.Date
	demo         bool
	roster       string
	verbose      bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("guitu-dev", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.data, "data", ".guitu", "directory of the data, kept between starts")
	f.IntVar(&o.apiPort, "api-port", 8080, "port of the API (0: a free one)")
	f.IntVar(&o.uiPort, "ui-port", 8233, "port of Temporal's web UI (-1: a free one, 0: none)")
	f.IntVar(&o.temporalPort, "temporal-port", 7233, "port of Temporal (0: a free one)")
	f.Float64Var(&o.speed, "speed", 0, "how many times as fast as the world the cases' clock runs (0: as at the last start, at first 1)")
	from := f.String("from", "", "day on which the cases' clock starts, at the first start, like 2026-01-05")
	f.BoolVar(&o.demo, "demo", false, "open the cases of a roster as their orders are served, and play the workers")
	f.StringVar(&o.roster, "roster", "testdata/roster.csv", "roster of the demonstration")
	f.BoolVar(&o.verbose, "verbose", false, "log everything")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is not a flag", f.Arg(0))
	}
	if err := o.from.UnmarshalText([]byte(*from)); err != nil {
		return o, fmt.Errorf("--from: %w", err)
	}
	for flag, port := range map[string]int{"api-port": o.apiPort, "temporal-port": o.temporalPort, "ui-port": max(o.uiPort, 0)} {
		if port < 0 || port > 65535 {
			return o, fmt.Errorf("--%s: %d is no port", flag, port)
		}
	}
	if !(o.speed >= 0 && o.speed <= 1_000_000) { // nor is it NaN
		return o, fmt.Errorf("--speed: %v is not between 1 and 1000000", o.speed)
	}
	if o.demo && o.from == 0 {
		o.from = rehab.NewDate(2026, 1, 5)
	}
	var err error
	o.data, err = filepath.Abs(o.data)
	return o, err
}

// run starts everything, says where it serves, and stops everything when ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	// Most of the processor goes to the garbage collector of the embedded server: let
	// the heap grow further between collections.
	debug.SetGCPercent(400)
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	fmt.Fprintln(stderr, "starting PostgreSQL and Temporal in", o.data)
	s, err := start(ctx, o, log)
	if err != nil {
		return err
	}
	defer func() {
		stopped := s.stop(context.WithoutCancel(ctx))
		if err == nil {
			err = stopped
		}
	}()
	s.announce(stdout)
	if o.demo {
		return s.playDemo(ctx, o, stdout, log)
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(stderr, "stopping")
		return nil
	case err := <-s.failed:
		return err
	}
}

// announce says where everything is.
func (s *stack) announce(w io.Writer) {
	now := s.service.Now().In(rehab.Shanghai)
	fmt.Fprintf(w, "\nGuitu serves at   http://%s\n", s.apiAddr)
	fmt.Fprintf(w, "API docs          http://%s/docs\n", s.apiAddr)
	if ui := s.temporal.UIAddress(); ui != "" {
		fmt.Fprintf(w, "Temporal's UI     http://%s\n", ui)
	}
	fmt.Fprintf(w, "The clock says    %s", now.Format("2006-01-02 15:04"))
	if c := s.clock.now(); c.Speed > 0 {
		fmt.Fprintf(w, ", %g times as fast as the world", c.Speed)
	}
	fmt.Fprintf(w, "\nConfiguration     %s\n\nTry:\n", s.configFile)
	fmt.Fprintf(w, "  export GUITU_CONFIG=%s\n", s.configFile)
	fmt.Fprintf(w, "  go run ./cmd/guitu import testdata/roster.csv\n")
	fmt.Fprintf(w, "  curl -H 'Authorization: Bearer %s' http://%s/v1/cases\n\n", s.token, s.apiAddr)
}
