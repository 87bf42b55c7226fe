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
	"slices"
	"strings"
	"syscall"

	"guitu/rehab"
	"guitu/words"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "guitu-dev:", languageOf(os.Environ()).Failed(err))
		os.Exit(1)
	}
}

// languageOf is that of the environment: Chinese where LC_ALL or LANG says so, else English.
func languageOf(environ []string) words.Lang {
	return words.OfLocale(variables(environ).value, words.EN)
}

// options are the flags, and what the environment says.
type options struct {
	data         string
	apiPort      int
	uiPort       int
	temporalPort int
	speed        float64
	from         rehab.Date
	demo         bool
	steps        bool
	noAccounts   bool
	roster       string
	verbose      bool
	environ      []string
	lang         words.Lang
}

func parse(args, environ []string, stderr io.Writer) (options, error) {
	o := options{environ: environ, lang: languageOf(environ)}
	f := flag.NewFlagSet("guitu-dev", flag.ContinueOnError)
	f.SetOutput(io.Discard) // what is wrong is told once, in the language
	f.Usage = func() { usage(f, o.lang, stderr) }
	f.StringVar(&o.data, "data", ".guitu", o.lang.Line("directory of the data, kept between starts"))
	f.IntVar(&o.apiPort, "api-port", 8080, o.lang.Line("port of the API (0: a free one)"))
	f.IntVar(&o.uiPort, "ui-port", 8233, o.lang.Line("port of Temporal's web UI (-1: a free one, 0: none)"))
	f.IntVar(&o.temporalPort, "temporal-port", 7233, o.lang.Line("port of Temporal (0: a free one)"))
	f.Float64Var(&o.speed, "speed", 0, o.lang.Line("how many times as fast as the world the cases' clock runs, from the first start on (0: as at the last start, at first 1)"))
	from := f.String("from", "", o.lang.Line("day on which the cases' clock starts, at the first start, like 2026-01-05"))
	f.BoolVar(&o.demo, "demo", false, o.lang.Line("open the cases of a roster as their orders are served, play the workers, and tell what happens to three of them"))
	f.BoolVar(&o.steps, "steps", false, o.lang.Line("set the cases' clock forward to each day or instant that comes as a line of the standard input (with --speed or --from)"))
	f.StringVar(&o.roster, "roster", "testdata/roster.csv", o.lang.Line("roster whose workers are registered, and of the demonstration"))
	f.BoolVar(&o.noAccounts, "no-accounts", false, o.lang.Line("make no accounts of the demonstration: guitu account bootstrap makes the first"))
	f.BoolVar(&o.verbose, "verbose", false, o.lang.Line("log everything, Temporal's own lines too"))
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

// usage lists the flags with what holds where they are left out.
func usage(f *flag.FlagSet, lang words.Lang, w io.Writer) {
	fmt.Fprintln(w, lang.Line("Usage:"))
	fmt.Fprintf(w, "  guitu-dev %s\n\n%s\n", lang.Line("[flags]"), lang.Line("Flags:"))
	f.VisitAll(func(x *flag.Flag) {
		text := x.Usage
		if !slices.Contains([]string{"", "0", "false"}, x.DefValue) {
			text += lang.Line(" (by default %s)", x.DefValue)
		}
		fmt.Fprintf(w, "  --%s\n      %s\n", x.Name, text)
	})
}

// variables are an environment, as "NAME=value" lines.
type variables []string

func (v variables) value(name string) string {
	for _, line := range v {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// run starts everything, says where it serves, and stops everything when ctx ends.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, environ, stderr)
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
	fmt.Fprintln(stderr, o.lang.Line("starting PostgreSQL and Temporal in %s", o.data))
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
	s.announce(stdout, o.lang)
	if o.steps {
		go s.follow(ctx, os.Stdin, func(format string, args ...any) { fmt.Fprintln(stdout, o.lang.Line(format, args...)) })
	}
	if o.demo {
		return s.playDemo(ctx, o, stdout, log)
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(stderr, o.lang.Line("stopping"))
		return nil
	case err := <-s.failed:
		return err
	}
}

// announce says where everything is, and as whom to look at it.
func (s *stack) announce(w io.Writer, lang words.Lang) {
	say := func(format string, args ...any) { fmt.Fprintln(w, lang.Line(format, args...)) }
	if len(s.passedOver) > 0 {
		say("\nNo settings here, and passed over: %s", strings.Join(s.passedOver, ", "))
	}
	say("\nGuitu serves at   http://%s", s.apiAddr)
	say("API docs          http://%s/docs", s.apiAddr)
	if ui := s.temporal.UIAddress(); ui != "" {
		say("Temporal's UI     http://%s", ui)
	}
	now := s.service.Now().In(rehab.Shanghai).Format("2006-01-02 15:04")
	if c := s.clock.now(); c.Speed > 0 {
		say("The clock says    %s, %g times as fast as the world", now, c.Speed)
	} else {
		say("The clock says    %s", now)
	}
	say("Configuration     %s", s.configFile)
	say("\nTokens, for the header Authorization: Bearer …")
	for _, p := range s.people {
		fmt.Fprintf(w, "  %s  %-12s  %-9s  %s\n", p.token, p.Role, p.Place, p.ID)
	}
	say("\nTry:")
	fmt.Fprintf(w, "  export GUITU_CONFIG=%s\n", s.configFile)
	fmt.Fprintf(w, "  go run ./cmd/guitu import testdata/roster.csv\n")
	fmt.Fprintf(w, "  curl -H 'Authorization: Bearer %s' http://%s/v1/cases\n\n", s.people[0].token, s.apiAddr)
}
