package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"guitu/config"
	"guitu/internal/wiring"
	"guitu/rehab"
	"guitu/signin"
	"guitu/store"
)

func newAccount(p *program) *cobra.Command {
	cmd := group("account", "Make the first account; all others are made over the API")
	cmd.AddCommand(newBootstrap(p))
	return cmd
}

func newBootstrap(p *program) *cobra.Command {
	var id string
	var again bool
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Make the first security administrator and print a one-time password",
		Long: "bootstrap prints a password that opens the account once, within 7 days, to be changed, and to\n" +
			"enrol a second factor. Where there is a security administrator it refuses; --recover resets the\n" +
			"account named by --id, for the day on which nobody can sign in as one. Both are in the audit log.",
		Example: "  guitu account bootstrap --id sec-1",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.desk(cmd, func(ctx context.Context, d *signin.Desk) error {
				password, err := d.Bootstrap(ctx, id, again)
				if err != nil {
					return err
				}
				fmt.Fprintln(p.stdout, password)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&id, "id", "", "id of the person in the registry; never a name")
	cmd.Flags().BoolVar(&again, "recover", false, "reset the security administrator's account")
	_ = cmd.MarkFlagRequired("id")
	return cmd
}

// desk opens the desk for a command. What was done is in the audit log when it returns.
func (p *program) desk(cmd *cobra.Command, do func(context.Context, *signin.Desk) error) error {
	c, log, err := p.configure(cmd, "database.dsn", "secrets.master", "secrets.index")
	if err != nil {
		return err
	}
	s, err := wiring.OpenStore(cmd.Context(), c)
	if err != nil {
		return err
	}
	defer s.Close()
	audit := s.NewAudit(cmd.Context(), log)
	defer audit.Close()
	d, err := signin.New(s, audit, time.Now, signin.Rules{Idle: c.Auth.Idle, Absolute: c.Auth.Absolute})
	if err != nil {
		return err
	}
	return do(cmd.Context(), d)
}

// openSigning opens the store with the secrets where there are some: what is written without
// them is signed by nobody, and guitu verify names it.
func openSigning(ctx context.Context, c config.Config) (*store.Store, error) {
	if c.Secrets.Master == "" || c.Secrets.Index == "" {
		return tokens(ctx, c)
	}
	return wiring.OpenStore(ctx, c)
}

// tokens opens the store alone, without the secrets.
func tokens(ctx context.Context, c config.Config) (*store.Store, error) {
	return store.Open(ctx, store.Options{DSN: c.Database.DSN, MaxConns: 1})
}

func newTokenList(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List bearer tokens, those that ended too",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := p.configure(cmd, "database.dsn")
			if err != nil {
				return err
			}
			s, err := tokens(cmd.Context(), c)
			if err != nil {
				return err
			}
			defer s.Close()
			w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tACTOR\tROLE\tPLACE\tEXPIRES\tREVOKED\tMADE BY\tLABEL")
			const page = 500
			for after := ""; ; {
				list, err := s.TokenList(cmd.Context(), "", after, page)
				if err != nil {
					return err
				}
				for _, t := range list {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Actor.ID, t.Actor.Role, t.Actor.Place, dayOf(t.Expires), dayOf(t.Revoked), t.MadeBy, t.Label)
					after = t.ID
				}
				if len(list) < page {
					return w.Flush()
				}
			}
		},
	}
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(rehab.Shanghai).Format("2006-01-02 15:04")
}

func newTokenRevoke(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID",
		Short: "Revoke a bearer token: requests end within 5 seconds, live streams within 15",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.desk(cmd, func(ctx context.Context, d *signin.Desk) error {
				return d.RevokeToken(ctx, signin.CommandLine(), args[0])
			})
		},
	}
}
