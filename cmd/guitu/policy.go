package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"guitu/rehab"
)

func newPolicy(p *program) *cobra.Command {
	cmd := group("policy", "Look at versions of the rules")
	cmd.AddCommand(newPolicyPreview(p))
	return cmd
}

func newPolicyPreview(p *program) *cobra.Command {
	var from, to, place string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "preview",
		Short: "Show what another version of a policy would bring to the open cases",
		Long: "preview tries migrate-policy on a copy of every open case of the place: which limits move from\n" +
			"which day to which, what would be overdue at once, and the sums per street. Nothing changes.",
		Example: "  guitu policy preview --to national@2026.2 --place 110101",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			o := rehab.PreviewOrder{Place: place, Limit: 1 << 30}
			if o.To, err = findPolicy(s.Rules, to); err != nil {
				return err
			}
			if from != "" {
				if o.From, err = findPolicy(s.Rules, from); err != nil {
					return err
				}
			}
			v, err := s.PreviewPolicy(cmd.Context(), o, 0)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(p.stdout).Encode(v)
			}
			return p.printPreview(v)
		},
	}
	f := cmd.Flags()
	f.StringVar(&to, "to", "", "policy to come: id@version, or id for its latest version")
	f.StringVar(&from, "from", "", "only cases under this policy")
	f.StringVar(&place, "place", "", "a place and all below it (everywhere where it is left out)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	_ = cmd.MarkFlagRequired("to")
	return cmd
}

func (p *program) printPreview(v rehab.PolicyPreview) error {
	w := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, p.line("to %s: %d cases, %d changed, %d kept\n\nstreet\tcases\tchanged\tkept\tlimits moved\toverdue at once\tterms moved", v.To, v.Total.Cases, v.Total.Changed, v.Total.Kept))
	for _, t := range append(v.Streets, v.Total) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", t.Place, t.Cases, t.Changed, t.Kept, t.Moves, t.Overdue, t.Terms)
	}
	fmt.Fprintln(w, p.line("\ncase\tobligation\twas due\tdue\tsource"))
	for _, r := range v.Rows {
		for _, m := range r.Moves {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.CaseID, m.ID, m.Was, m.Due, m.Citation)
		}
		for _, id := range r.Overdue {
			fmt.Fprintln(w, p.line("%s\t%s\toverdue at once\t\t", r.CaseID, id))
		}
		if r.TermEnd != nil {
			fmt.Fprintln(w, p.line("%s\tend of term\t%s\t%s\t%s", r.CaseID, r.TermEnd.Was, r.TermEnd.Due, r.TermEnd.Citation))
		}
	}
	return w.Flush()
}
