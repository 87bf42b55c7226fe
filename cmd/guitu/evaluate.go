package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"guitu/evaluation"
	"guitu/evaluation/workbook"
	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/store"
)

// evaluateFlags are what is asked.
type evaluateFlags struct {
	place, period, level, out, purpose string
	json                               bool
}

func newEvaluate(p *program) *cobra.Command {
	var in evaluateFlags
	cmd := &cobra.Command{
		Use:   "evaluate",
		Short: "Evaluate the work of a place over a period",
		Long: "evaluate computes the indicators for the workers, streets and districts of a place, from the\n" +
			"ledger and the records of supervision, training and publicity. A file needs a purpose: it is\n" +
			"noted with the time, and printed on every sheet.",
		Example: "  guitu evaluate --place 东城区 --period 2026-Q2 --level street\n" +
			"  guitu evaluate --place 110101 --period 2026-Q2 --out figures.xlsx --purpose \"quarterly review\"",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.evaluate(cmd, in) },
	}
	f := cmd.Flags()
	f.StringVar(&in.place, "place", "11", "a place by its code or its name (东城区, 东华门街道), and all below it")
	f.StringVar(&in.period, "period", "", "a month like 2026-05, a quarter like 2026-Q2 or a year like 2026")
	f.StringVar(&in.level, "level", "", "worker, street, district or city (all there are in the place where it is left out)")
	f.StringVar(&in.out, "out", "", "write a spreadsheet: a matrix a level with the period before, details, charts")
	f.StringVar(&in.purpose, "purpose", "", "what the file is for; it names nobody")
	f.BoolVar(&in.json, "json", false, "print JSON, a report a level")
	_ = cmd.MarkFlagRequired("period")
	return cmd
}

func (p *program) evaluate(cmd *cobra.Command, in evaluateFlags) error {
	ctx := cmd.Context()
	if in.out != "" {
		if err := evaluation.CheckPurpose(in.purpose); err != nil {
			return fmt.Errorf("--%s: %s", err.Field, err.Message)
		}
	}
	c, _, err := p.configure(cmd, "database.dsn", "secrets.master", "secrets.index")
	if err != nil {
		return err
	}
	set, err := wiring.Indicators(c.Evaluation.Dir)
	if err != nil {
		return err
	}
	s, err := wiring.OpenStore(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	x, err := newExtract(ctx, s, set, in)
	if err != nil {
		return err
	}
	if in.out != "" {
		return p.saveEvaluation(ctx, s, x, in)
	}
	reports, err := x.Reports(ctx)
	if err != nil {
		return err
	}
	if in.json {
		return json.NewEncoder(p.stdout).Encode(reports)
	}
	p.printEvaluation(set, reports)
	return nil
}

func newExtract(ctx context.Context, s *store.Store, set *evaluation.Set, in evaluateFlags) (evaluation.Extract, error) {
	x := evaluation.Extract{Source: s, Set: set, Place: in.place, Level: evaluation.Level(in.level), Now: time.Now()}
	var err error
	if x.Period, err = evaluation.ParsePeriod(in.period); err != nil {
		return x, err
	}
	switch x.Level {
	case "", evaluation.Worker, evaluation.Street, evaluation.District, evaluation.City:
	default:
		return x, rehab.InvalidField("level", "%q is not one of worker, street, district, city", in.level)
	}
	places, err := s.Places(ctx, x.Period.LastDay(x.Now))
	if err != nil {
		return x, err
	}
	if x.Place, err = evaluation.FindPlace(places, in.place); err != nil {
		return x, err
	}
	x.Places = evaluation.PlacesOf(places, x.Period)
	return x, nil
}

// saveEvaluation writes the file after it was noted.
func (p *program) saveEvaluation(ctx context.Context, s *store.Store, x evaluation.Extract, in evaluateFlags) error {
	list, err := x.Matrices(ctx)
	if err != nil {
		return err
	}
	if err := evaluation.NameWorkers(ctx, s, x.Place, x.Period.LastDay(x.Now), list); err != nil {
		return err
	}
	who := rehab.Actor{ID: "command-line", Role: rehab.Admin}
	var file bytes.Buffer
	if err := workbook.Write(&file, x.Set, workbook.Head{Place: x.PlaceName(), By: who.ID, Purpose: in.purpose}, list); err != nil {
		return err
	}
	sum := sha256.Sum256(file.Bytes())
	note := x.Export(list, who, in.purpose, hex.EncodeToString(sum[:]))
	if err := s.KeepExport(ctx, note); err != nil {
		return err
	}
	if err := os.WriteFile(in.out, file.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	p.say("%d rows in %s", note.Rows, in.out)
	return nil
}

func (p *program) printEvaluation(set *evaluation.Set, reports []evaluation.Report) {
	for _, r := range reports {
		p.say("%s %s, %s, as of %s", r.Level, r.Place, r.Period.Name, r.TakenAt.In(rehab.Shanghai).Format(time.DateTime))
		for _, row := range r.Rows {
			value := row.Reason
			if row.Value != nil {
				value = fmt.Sprintf("%.2f %s", *row.Value, set.Indicator(row.Indicator).Unit)
			}
			fmt.Fprintf(p.stdout, "  %-12s %-22s %s\n", row.Unit.ID, row.Indicator, value)
		}
	}
}
