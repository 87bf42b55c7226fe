package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"guitu/client"
	"guitu/rehab"
)

func newSignal(p *program) *cobra.Command {
	var id, occurred, actor, role, place string
	cmd := &cobra.Command{
		Use:   "signal CASE COMMAND [BODY]",
		Short: "Give a command to a case as a sealed signal, without waiting for its answer",
		Long: "signal is for systems that fire and forget. BODY is the command's own fields as JSON. The id is\n" +
			"printed: sent again with the same --id, the command acts once. Whether it was taken stands in\n" +
			"the timeline of the case; whoever has to know at once uses the HTTP API.",
		Example: `  guitu signal c-2q7zjk3r record-contact '{"channel":"phone","outcome":"no_answer"}' --actor hospital-lis --id lis-000417`,
		Args:    cobra.RangeArgs(2, 3),
		RunE: func(cmd *cobra.Command, args []string) error {
			raw := "{}"
			if len(args) == 3 {
				raw = args[2]
			}
			body, err := rehab.DecodeCommandBody(args[1], []byte(raw))
			if err != nil {
				return err
			}
			given := client.Command{ID: id, Actor: rehab.Actor{ID: actor, Role: rehab.Role(role), Place: place}, Body: body, OccurredAt: time.Now()}
			if occurred != "" {
				if given.OccurredAt, err = readTime(occurred); err != nil {
					return err
				}
			}
			if given.ID == "" {
				made, err := uuid.NewV7()
				if err != nil {
					return err
				}
				given.ID = made.String()
			}
			return p.signal(cmd, args[0], given)
		},
	}
	f := cmd.Flags()
	f.StringVar(&id, "id", "", "id of the command: it acts once, however often it is sent (default: a new one)")
	f.StringVar(&occurred, "occurred-at", "", "when it happened: 2026-10-08T09:30:00+08:00, or a day (default: now)")
	f.StringVar(&actor, "actor", "", "id of the system or person that asks, as in the registry; never a name")
	f.StringVar(&role, "role", string(rehab.IntegrationRole), "role of the actor")
	f.StringVar(&place, "place", "", "place code of the actor")
	_ = cmd.MarkFlagRequired("actor")
	return cmd
}

func (p *program) signal(cmd *cobra.Command, caseID string, given client.Command) error {
	c, _, err := p.configure(cmd, "secrets.payload")
	if err != nil {
		return err
	}
	secure, err := c.Temporal.TLS.Client()
	if err != nil {
		return err
	}
	sender, err := client.Dial(cmd.Context(), client.Options{Address: c.Temporal.Address, Namespace: c.Temporal.Namespace, Payload: c.Secrets.Payload, TLS: secure})
	if err != nil {
		return err
	}
	defer sender.Close()
	if err := sender.Signal(cmd.Context(), caseID, given); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, given.ID)
	return nil
}

// readTime reads an instant, or a day in Shanghai as its first instant.
func readTime(text string) (time.Time, error) {
	if day, err := rehab.ParseDate(text); err == nil {
		return day.Start(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, rehab.InvalidField("occurred-at", "is an instant such as 2026-10-08T09:30:00+08:00, or a day such as 2026-10-08")
	}
	return at, nil
}
