package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/rehab/policy"
)

func newPlan(p *program) *cobra.Command {
	var in struct {
		measure, served, reported, agreement, printedEnd, risk, policy, dir string
		term, credit                                                        int
		json                                                                bool
	}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Compute every limit and window of an order, each with its citation",
		Long: "plan needs no server. With the day of service alone it gives the limit of report-in;\n" +
			"with --reported, the agreement, every test, contact, visit and assessment, the end of\n" +
			"the term and the steps of release.",
		Example: "  guitu plan --measure treatment --served 2026-09-16 --reported 2026-10-08",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			order := rehab.PlanInput{
				Measure: rehab.Measure(in.measure), TermMonths: in.term, CreditDays: in.credit, Risk: rehab.Risk(in.risk),
			}
			for flag, d := range map[string]struct {
				text string
				into *rehab.Date
			}{
				"served": {in.served, &order.ServedOn}, "reported": {in.reported, &order.ReportedOn},
				"agreement": {in.agreement, &order.AgreementOn}, "printed-end": {in.printedEnd, &order.PrintedEnd},
			} {
				if err := d.into.UnmarshalText([]byte(d.text)); err != nil {
					return fmt.Errorf("--%s: %w", flag, err)
				}
			}
			if order.ServedOn == 0 {
				return errors.New("--served: is missing")
			}
			if order.AgreementOn != 0 && order.ReportedOn == 0 {
				return errors.New("--agreement: there is none before report-in; give --reported, too")
			}
			plan, err := computePlan(order, in.policy, in.dir)
			if err != nil {
				return err
			}
			if in.json {
				enc := json.NewEncoder(p.stdout)
				enc.SetIndent("", "  ")
				return enc.Encode(plan)
			}
			return p.printPlan(plan)
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.measure, "measure", "treatment", "treatment (社区戒毒) or rehabilitation (社区康复)")
	f.IntVar(&in.term, "term-months", 36, "term in months")
	f.StringVar(&in.served, "served", "", "day on which the order was served, like 2026-09-16")
	f.StringVar(&in.reported, "reported", "", "day of report-in")
	f.StringVar(&in.agreement, "agreement", "", "day on which the agreement was signed")
	f.StringVar(&in.printedEnd, "printed-end", "", "last day of the term as printed on the order")
	f.IntVar(&in.credit, "credit-days", 0, "days served in isolation that are credited (DRR art.31)")
	f.StringVar(&in.risk, "risk", "medium", "risk class: high, medium or low")
	f.StringVar(&in.policy, "policy", "national", "policy id, or id@version")
	f.StringVar(&in.dir, "policy-dir", "", "folder with policies and calendars of the office")
	f.BoolVar(&in.json, "json", false, "print JSON")
	_ = cmd.MarkFlagRequired("served")
	return cmd
}

func computePlan(order rehab.PlanInput, policyID, dir string) (rehab.Plan, error) {
	set, err := wiring.Policies(dir)
	if err != nil {
		return rehab.Plan{}, err
	}
	ref, err := findPolicy(set, policyID)
	if err != nil {
		return rehab.Plan{}, err
	}
	return rehab.NewPlan(order, set.Policy(ref), set.Calendar())
}

// findPolicy reads "beijing" (its latest version) or "beijing@2026.1".
func findPolicy(set *policy.Set, name string) (rehab.PolicyRef, error) {
	for _, ref := range set.Refs() {
		if ref.String() == name {
			return ref, nil
		}
	}
	if ref, ok := set.Latest(name); ok {
		return ref, nil
	}
	return rehab.PolicyRef{}, fmt.Errorf("there is no policy %q; there are %v", name, set.Refs())
}

func (p *program) printPlan(plan rehab.Plan) error {
	p.say("%s, served on %s, policy %s\n", plan.Measure, plan.ServedOn, plan.Policy)
	t := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, p.line("STEP\tNO\tFROM\tUNTIL\tMARK\tSOURCE"))
	for _, l := range plan.Lines {
		no := ""
		if l.N > 0 {
			no = fmt.Sprint(l.N)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", l.Step, no, l.Opens, l.Due, l.Mark, l.Citation)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, warn := range plan.Warnings {
		p.say("\nwarning: %s\n         %s", warn.EN, warn.ZH)
	}
	return nil
}
