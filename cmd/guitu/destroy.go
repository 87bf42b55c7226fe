package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"guitu/config"
	"guitu/store"
)

func newDestroy(p *program) *cobra.Command {
	cmd := group("destroy", "Destroy sealed cases whose retention is over (销毁): two people, an appraisal and an approval")
	cmd.AddCommand(newDestroyPropose(p), newDestroyConfirm(p), newDestroyDrop(p), newDestroyList(p))
	return cmd
}

func newDestroyPropose(p *program) *cobra.Command {
	var by, appraisal string
	cmd := &cobra.Command{
		Use:   "propose",
		Short: "List every case that was sealed longer ago than retention.years, with the appraisal (鉴定意见)",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, s *store.Store, c config.Config, _ []string) error {
			d, err := s.ProposeDestruction(ctx, time.Now().AddDate(-c.Retention.Years, 0, 0), appraisal, by)
			if err == nil {
				printDestruction(p.stdout, d, c.Retention.KeyBackupDays)
			}
			return err
		}),
	}
	cmd.Flags().StringVar(&by, "by", "", "id of who proposes")
	cmd.Flags().StringVar(&appraisal, "appraisal", "", "what the appraisal says")
	_ = cmd.MarkFlagRequired("by")
	_ = cmd.MarkFlagRequired("appraisal")
	return cmd
}

func newDestroyConfirm(p *program) *cobra.Command {
	var by, approval string
	cmd := &cobra.Command{
		Use:   "confirm ID",
		Short: "Destroy what is on the list, as another person, with the approval; there is no way back",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, c config.Config, args []string) error {
			d, err := s.ConfirmDestruction(ctx, args[0], approval, by)
			if err == nil {
				printDestruction(p.stdout, d, c.Retention.KeyBackupDays)
			}
			return err
		}),
	}
	cmd.Flags().StringVar(&by, "by", "", "id of who confirms: another person than who proposed")
	cmd.Flags().StringVar(&approval, "approval", "", "the number of the approval")
	_ = cmd.MarkFlagRequired("by")
	_ = cmd.MarkFlagRequired("approval")
	return cmd
}

func newDestroyDrop(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "drop ID",
		Short: "Take back a list that nobody has confirmed",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, _ config.Config, args []string) error {
			return s.DropDestruction(ctx, args[0])
		}),
	}
}

func newDestroyList(p *program) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list ID",
		Short: "Print a list with its certificate",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, s *store.Store, c config.Config, args []string) error {
			d, err := s.Destruction(ctx, args[0])
			switch {
			case err != nil:
				return err
			case asJSON:
				return json.NewEncoder(p.stdout).Encode(d)
			}
			printDestruction(p.stdout, d, c.Retention.KeyBackupDays)
			return nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printDestruction is the list (销毁清册), and once it was confirmed the certificate.
func printDestruction(w io.Writer, d store.Destruction, keyBackupDays int) {
	day := func(t time.Time) string { return t.In(time.FixedZone("CST", 8*3600)).Format("2006-01-02 15:04") }
	fmt.Fprintf(w, "销毁清册 %s\n鉴定意见：%s\n提请：%s，%s\n", d.ID, d.Appraisal, d.ProposedBy, day(d.ProposedAt))
	if !d.ConfirmedAt.IsZero() {
		fmt.Fprintf(w, "批准文号：%s\n确认：%s，%s\n", d.Approval, d.ConfirmedBy, day(d.ConfirmedAt))
	}
	fmt.Fprintln(w, "序号\t案件编号\t街道代码\t措施\t立案日期\t封存日期\t文书件数\t签名")
	for i, c := range d.Cases {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%d\t%x\n", i+1, c.CaseID, c.Place, c.Measure, c.OpenedOn, c.SealedOn, c.Papers, c.Signature)
	}
	if d.ConfirmedAt.IsZero() {
		fmt.Fprintln(w, "尚未销毁，待另一人凭批准文号确认。")
		return
	}
	fmt.Fprintf(w, "以上%d件的密钥（含封存保管的各部分）、身份信息、文字记录及文书内容已于%s销毁，不可恢复。\n", len(d.Cases), day(d.ConfirmedAt))
	fmt.Fprintf(w, "此前的密钥备份最迟于%s清除，清除前由密钥备份保管人负责。\n监销人：　　　　　　　　监销人：\n", d.ConfirmedAt.AddDate(0, 0, keyBackupDays).Format(time.DateOnly))
}
