// Command guitu is the product: the API, the worker, and the tools of an operator.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"guitu/config"
)

// version is set by the linker at release.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// run is the whole program. It answers with the exit code: 0, or 1 with the reason on
// stderr.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	p := &program{environ: environ, stdout: stdout, stderr: stderr}
	root := newRoot(p)
	localize(root, p.language())
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(stderr, "guitu:", p.said(err))
		}
		return 1
	}
	return 0
}

// errReported ends a command whose output has said what is wrong.
var errReported = errors.New("reported")

// program is what the commands share.
type program struct {
	environ []string
	stdout  io.Writer
	stderr  io.Writer
	file    string
}

func newRoot(p *program) *cobra.Command {
	root := &cobra.Command{
		Use:           "guitu",
		Short:         "Guitu (归途): a case engine for community drug rehabilitation",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&p.file, "config", p.defaultFile(), "configuration file (YAML)")
	root.AddCommand(
		newAPI(p), newWorker(p), newMigrate(p), newImport(p), newWorkers(p), newPlan(p), newPolicy(p),
		newSimulate(p), newScenario(p), newEvaluate(p), newSignal(p), newVerify(p), newAudit(p), newInquiry(p), newBackup(p), newRestoreBackup(p), newDestroy(p), newRebuild(p), newReindex(p), newRestore(p), newAccount(p), newToken(p), newKeys(p),
	)
	return root
}

// group is a command that only holds others: alone it shows them, and it refuses what is
// none of them.
func group(use, short string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
}

// defaultFile is what GUITU_CONFIG names, or what guitu-dev wrote in this folder.
func (p *program) defaultFile() string {
	const written = ".guitu/guitu.yaml"
	if named := p.env("GUITU_CONFIG"); named != "" {
		return named
	}
	if _, err := os.Stat(written); err == nil {
		return written
	}
	return ""
}

func (p *program) env(name string) string {
	for _, line := range p.environ {
		if len(line) > len(name) && line[:len(name)+1] == name+"=" {
			return line[len(name)+1:]
		}
	}
	return ""
}

// configure loads the configuration of a command and names what it cannot do without.
func (p *program) configure(cmd *cobra.Command, needed ...string) (config.Config, *slog.Logger, error) {
	c, err := config.Load(p.file, p.environ, cmd.Flags())
	if err != nil {
		return c, nil, err
	}
	log := newLogger(c.Log, p.stderr)
	for _, setting := range c.Renamed() {
		log.WarnContext(cmd.Context(), p.line("a setting has a new name; the old one is read for now"), "setting", setting) //nolint:sloglint // in the language of who starts it
	}
	if ignored := config.Ignored(p.environ); len(ignored) > 0 {
		log.WarnContext(cmd.Context(), p.line("these variables are no settings of Guitu and are ignored"), "variables", ignored) //nolint:sloglint // likewise
	}
	return c, log, c.Require(needed...)
}

func newLogger(c config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Level)) // checked by config
	options := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
