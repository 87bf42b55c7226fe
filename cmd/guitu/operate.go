package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"guitu/config"
	"guitu/rehab"
	"guitu/store"
)

func newVerify(p *program) *cobra.Command {
	var asJSON, full bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check what must always hold against the running system; exit 1 and the list if it does not",
		Long: "verify asks the ledger, the read models and the engine about every case. A case that was found\n" +
			"right and of which nothing has changed since, neither ledger, rows, rules nor the run of its\n" +
			"workflow, is not asked again; --full asks all of them, and computes every hash anew.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			v := s.Verifier(version)
			v.Full = full
			report, err := v.Run(cmd.Context())
			if err != nil {
				return err
			}
			if err := s.Store.KeepVerification(cmd.Context(), report.Verification(time.Now(), full)); err != nil {
				return err
			}
			if asJSON {
				if err := json.NewEncoder(p.stdout).Encode(report); err != nil {
					return err
				}
			} else {
				p.say("%d cases, %d open, %d findings, in %s", report.Cases, report.Open, len(report.Findings), report.Took)
				if report.Unmoved > 0 {
					p.say("%d of them have not moved since they were found right (the first on %s); --full asks all",
						report.Unmoved, report.Oldest.In(rehab.Shanghai).Format(time.DateTime))
				}
				for _, f := range report.Findings {
					fmt.Fprintf(p.stdout, "%s: %s: %s\n", f.CaseID, f.Invariant, f.Detail)
				}
			}
			if len(report.Findings) > 0 {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&full, "full", false, "ask every case, whenever it was last found right")
	return cmd
}

func newRebuild(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Compute the read models again from the ledger",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			n := 0
			if err := s.Rebuild(ctx, func(string) { n++ }); err != nil {
				return err
			}
			p.say("%d cases rebuilt", n)
			return nil
		}),
	}
}

func newReindex(p *program) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Make the terms by which clients are found",
		Long: "reindex is for clients that were kept before they could be looked for: run it once after such\n" +
			"an upgrade. It works in batches while the system runs, and goes on where it was stopped. --all\n" +
			"makes the terms of every client again, for a release that says so.",
		Args: cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			n := 0
			err := s.ReindexClients(ctx, all, func(batch int) { n += batch })
			p.say("%d clients indexed", n)
			return err
		}),
	}
	cmd.Flags().BoolVar(&all, "all", false, "of every client, not only of those without terms")
	return cmd
}

func newRestore(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "restore",
		Short: "Start every open case that has no workflow, from the ledger",
		Long: "restore is for the day on which Temporal's databases are lost. Set up empty ones, then run\n" +
			"it: every open case starts where the ledger stands, with its timer. Cases that run are left\n" +
			"alone, so it may be run again at any time.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			started, running := 0, 0
			err = s.Restore(cmd.Context(), func(_ string, fresh bool) {
				if fresh {
					started++
				} else {
					running++
				}
			})
			p.say("%d cases started, %d were running", started, running)
			return err
		},
	}
}

func newToken(p *program) *cobra.Command {
	var id, role, place, organisation, label string
	var days int
	cmd := &cobra.Command{
		Use:     "token",
		Short:   "Make a bearer token for a person or a system",
		Example: "  guitu token --id w-001 --role worker --place 110101001 --days 90",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 || days > 3660 {
				return fmt.Errorf("--days: %d is not between 1 and 3660", days)
			}
			c, _, err := p.configure(cmd, "database.dsn")
			if err != nil {
				return err
			}
			s, err := openSigning(cmd.Context(), c)
			if err != nil {
				return err
			}
			defer s.Close()
			actor := rehab.Actor{ID: id, Role: rehab.Role(role), Place: place, Organisation: organisation}
			token, err := s.CreateToken(cmd.Context(), actor, label, time.Now().AddDate(0, 0, days))
			if err != nil {
				return err
			}
			fmt.Fprintln(p.stdout, token)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&id, "id", "", "id of the person in the registry, or of the system; never a name")
	f.StringVar(&role, "role", "", "worker, station_head, district, city, integration, partner, police, system_admin, security_admin, auditor or admin")
	f.StringVar(&place, "place", "", "code of the street, district or city (11 is the city)")
	f.StringVar(&organisation, "organisation", "", "id of a partner's organisation")
	f.StringVar(&label, "label", "", "what the token is for")
	f.IntVar(&days, "days", 90, "days until it expires")
	_ = cmd.MarkFlagRequired("id")
	_ = cmd.MarkFlagRequired("role")
	cmd.AddCommand(newTokenList(p), newTokenRevoke(p))
	return cmd
}
