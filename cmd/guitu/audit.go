package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"guitu/board"
	"guitu/internal/wiring"
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
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := p.configure(cmd, "database.dsn", "secrets.master", "secrets.index")
			if err != nil {
				return err
			}
			s, err := wiring.OpenStore(cmd.Context(), c)
			if err != nil {
				return err
			}
			defer s.Close()
			found, err := s.VerifyAudit(cmd.Context())
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
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
