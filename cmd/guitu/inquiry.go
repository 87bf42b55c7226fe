package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guitu/config"
	"guitu/store"
	"guitu/suite"
)

func newKeysHolder(p *program, suiteName *string) *cobra.Command {
	cmd := group("holder", "Who holds the two parts of the keys of sealed cases")
	cmd.AddCommand(newHolderPair(p, suiteName), newHolderAdd(p), newHolderEnd(p))
	return cmd
}

func newHolderPair(p *program, suiteName *string) *cobra.Command {
	file := ""
	cmd := &cobra.Command{
		Use:   "pair",
		Short: "Make the pair of a holder, on the holder's own machine",
		Long: "pair writes the private half into a file, which the holder keeps and gives to nobody, and\n" +
			"prints the public half, which the operator adds with holder add.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := suite.Named(*suiteName)
			if err != nil {
				return err
			}
			public, private, err := s.NewPair()
			if err != nil {
				return err
			}
			out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintln(out, private); err != nil {
				return err
			}
			if err := out.Close(); err != nil {
				return err
			}
			fmt.Fprintln(p.stdout, public)
			return nil
		},
	}
	cmd.Flags().StringVar(&file, "private", "", "file for the private half; it must not exist")
	_ = cmd.MarkFlagRequired("private")
	return cmd
}

func newHolderAdd(p *program) *cobra.Command {
	var h store.Holder
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Let somebody hold a part of the keys that are sealed from now on",
		Example: "  guitu keys holder add --id archive-1 --part 1 --public age1...",
		Args:    cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			return s.AddHolder(ctx, h)
		}),
	}
	cmd.Flags().StringVar(&h.ID, "id", "", "id of the person; never a name")
	cmd.Flags().IntVar(&h.Part, "part", 0, "1 or 2: the offices that hold them should be two")
	cmd.Flags().StringVar(&h.PublicKey, "public", "", "public half of the pair")
	for _, f := range []string{"id", "part", "public"} {
		_ = cmd.MarkFlagRequired(f)
	}
	return cmd
}

func newHolderEnd(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "end ID",
		Short: "Seal nothing for this person any more, and open nothing with their key",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, args []string) error {
			return s.EndHolder(ctx, args[0])
		}),
	}
}

func newKeysSeal(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "seal",
		Short: "Give the keys of cases that were sealed before there were holders to them",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			n := 0
			err := s.SealPending(ctx, func(string) { n++ })
			fmt.Fprintf(p.stdout, "%d keys given to their holders\n", n)
			return err
		}),
	}
}

func newInquiry(p *program) *cobra.Command {
	cmd := group("inquiry", "Show a sealed case to an organ that the law lets ask: two holders of keys open it")
	cmd.AddCommand(newInquiryAsk(p), newInquiryOpen(p), newInquiryShow(p), newInquiryEnd(p), newInquiryList(p))
	return cmd
}

// holderFlags are who gives a part of a key, and with which private key.
type holderFlags struct{ id, file string }

func (h *holderFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&h.id, "holder", "", "id of the holder of keys who says so")
	cmd.Flags().StringVar(&h.file, "private", "", "file with the private half of the holder's pair")
	_ = cmd.MarkFlagRequired("holder")
	_ = cmd.MarkFlagRequired("private")
}

func (h *holderFlags) private() (string, error) {
	raw, err := os.ReadFile(h.file)
	return strings.TrimSpace(string(raw)), err
}

func newInquiryAsk(p *program) *cobra.Command {
	var q store.Inquiry
	var h holderFlags
	cmd := &cobra.Command{
		Use:   "ask",
		Short: "Ask, as the first holder, to see a sealed case; prints the id of the inquiry",
		Example: "  guitu inquiry ask --case c-1 --organ 某某区公安分局 --document 查字〔2026〕1号 --ground 办理案件 \\\n" +
			"    --show identity,record --hours 24 --holder archive-1 --private archive-1.key",
		Args: cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			private, err := h.private()
			if err != nil {
				return err
			}
			id, err := s.AskInquiry(ctx, q, h.id, private)
			if err == nil {
				fmt.Fprintln(p.stdout, id)
			}
			return err
		}),
	}
	f := cmd.Flags()
	f.StringVar(&q.CaseID, "case", "", "the sealed case")
	f.StringVar(&q.Organ, "organ", "", "the organ that asks")
	f.StringVar(&q.Document, "document", "", "the number of its letter")
	f.StringVar(&q.Ground, "ground", "", "why it asks")
	f.StringSliceVar(&q.Shows, "show", nil, "identity, record, papers: what it asks for, and no more")
	f.IntVar(&q.Hours, "hours", 24, "for how long, once another holder has opened it: 1 to 72")
	h.add(cmd)
	_ = cmd.MarkFlagRequired("case")
	return cmd
}

func newInquiryOpen(p *program) *cobra.Command {
	var h holderFlags
	cmd := &cobra.Command{
		Use:   "open ID",
		Short: "Open an inquiry, as a holder of the other part",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, args []string) error {
			private, err := h.private()
			if err != nil {
				return err
			}
			return s.OpenInquiry(ctx, args[0], h.id, private)
		}),
	}
	h.add(cmd)
	return cmd
}

func newInquiryShow(p *program) *cobra.Command {
	reader := ""
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Print what an open inquiry shows, as JSON; that it was shown is in the read log",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, args []string) error {
			d, err := s.ReadInquiry(ctx, args[0], reader)
			if err != nil {
				return err
			}
			return json.NewEncoder(p.stdout).Encode(d)
		}),
	}
	cmd.Flags().StringVar(&reader, "reader", "", "id of who looks")
	_ = cmd.MarkFlagRequired("reader")
	return cmd
}

func newInquiryEnd(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "end ID",
		Short: "End an inquiry before its time",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, args []string) error {
			return s.EndInquiry(ctx, args[0])
		}),
	}
}

func newInquiryList(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The book of inquiries: who asked for what, who opened it, until when",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, _ []string) error {
			list, err := s.Inquiries(ctx)
			for _, q := range list {
				until := "-"
				if !q.Until.IsZero() {
					until = q.Until.Format(time.RFC3339)
				}
				fmt.Fprintf(p.stdout, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", q.ID, q.CaseID, q.Organ, q.Document, strings.Join(q.Shows, ","), q.AskedBy, q.OpenedBy, until)
			}
			return err
		}),
	}
}
