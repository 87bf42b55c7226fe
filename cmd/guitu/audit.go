package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"guitu/board"
	"guitu/config"
	"guitu/store"
)

func newAudit(p *program) *cobra.Command {
	cmd := group("audit", "Look at the log of who read what")
	cmd.AddCommand(newAuditVerify(p))
	return cmd
}

func newAuditVerify(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Find what was changed in the read log, put in, or taken out; exit 1 and the list if there is any",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			found, err := s.VerifyAudit(ctx)
			if err != nil {
				return err
			}
			if asJSON {
				if err := json.NewEncoder(p.stdout).Encode(append([]board.Broken{}, found...)); err != nil {
					return err
				}
			} else {
				p.say("%d findings", len(found))
				for _, f := range found {
					fmt.Fprintf(p.stdout, "%s: %s: %s\n", f.Subject, f.Invariant, f.Detail)
				}
			}
			if len(found) > 0 {
				return errReported
			}
			return nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
