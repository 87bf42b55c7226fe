package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"guitu/config"
	"guitu/internal/wiring"
	"guitu/store"
	"guitu/suite"
	"guitu/workflows"
)

func newKeys(p *program) *cobra.Command {
	name := ""
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Make the secrets of an installation, once",
		Long: "keys prints the three secrets as environment lines. Keep them apart from the database and\n" +
			"its backups: whoever has both can read everything, and without them nobody can.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			payload, err := workflows.GenerateKeysetOf(name)
			if err != nil {
				return err
			}
			master, index, err := store.GenerateKeysOf(name)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "GUITU_SECRETS_PAYLOAD=%s\nGUITU_SECRETS_MASTER=%s\nGUITU_SECRETS_INDEX=%s\n", payload, master, index)
			return nil
		},
	}
	cmd.PersistentFlags().StringVar(&name, "suite", suite.AES, "aes, or sm: SM4, SM3 and SM2; the setting crypto.suite has to say the same")
	cmd.AddCommand(newKeysMaster(p, &name), newKeysRotate(p), newKeysRotateCase(p), newKeysHolder(p, &name), newKeysSeal(p))
	return cmd
}

func newKeysMaster(p *program, name *string) *cobra.Command {
	return &cobra.Command{
		Use:   "master",
		Short: "Make another master key, to take the place of the one in use",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			master, _, err := store.GenerateKeysOf(*name)
			if err != nil {
				return err
			}
			fmt.Fprintln(p.stdout, master)
			return nil
		},
	}
}

func newKeysRotate(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "rotate",
		Short: "Wrap every key by the first of the master keys",
		Long: "rotate is the last step of a change of the master key. secrets.master holds the new one, a\n" +
			"comma, and the one before; every process was started with both. rotate works in batches while\n" +
			"the system runs, under the owner's login of the database, and goes on where it was stopped.\n" +
			"It says when the old key may go.",
		Args: cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			out, err := s.RotateMaster(ctx, func(int) {})
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%d keys of cases and %d of the system wrapped anew, %d texts written anew, %d master keys kept for the read log\n", out.Cases, out.System, out.Texts, out.Kept)
			if out.Left > 0 {
				fmt.Fprintf(p.stdout, "%d things still need a master key that is not the first: keep it, and run rotate again\n", out.Left)
				return errReported
			}
			fmt.Fprintln(p.stdout, "nothing needs the other master keys any more: take them out of secrets.master")
			return nil
		}),
	}
}

func newKeysRotateCase(p *program) *cobra.Command {
	var grace time.Duration
	cmd := &cobra.Command{
		Use:   "rotate-case CASE",
		Short: "Give a case a new key and write its texts anew",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, args []string) error {
			n, err := s.RotateCase(ctx, args[0], grace)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%d texts of %s written anew\n", n, args[0])
			return nil
		}),
	}
	cmd.Flags().DurationVar(&grace, "grace", 30*time.Second, "how long a write that has begun under the old key may take")
	return cmd
}

// withStore is the frame of a command that asks the database alone.
func (p *program) withStore(do func(ctx context.Context, s *store.Store, c config.Config, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c, _, err := p.configure(cmd, "database.dsn", "secrets.master", "secrets.index")
		if err != nil {
			return err
		}
		s, err := wiring.OpenStore(cmd.Context(), c)
		if err != nil {
			return err
		}
		defer s.Close()
		return do(cmd.Context(), s, c, args)
	}
}
