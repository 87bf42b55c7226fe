package rehab_test

import (
	"errors"
	"fmt"
	"time"

	"guitu/rehab"
	"guitu/rehab/policy"
)

// A case is opened, the client does not report in, the day passes, a person is told. The
// core has no clock: the instant comes in with the rules.
func Example() {
	rules, err := policy.Load()
	if err != nil {
		panic(err)
	}
	c := &rehab.Case{ID: "c-1"}
	head := rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}
	now := time.Date(2026, 9, 16, 2, 0, 0, 0, time.UTC) // ten in the morning in Shanghai

	order := rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, Method: rehab.ServedDirect,
		DecidedOn: rehab.NewDate(2026, 9, 14), ServedOn: rehab.NewDate(2026, 9, 16),
		Place: head.Place, Worker: "w-1", Risk: rehab.Medium, Sex: rehab.Male,
		Policy: rehab.PolicyRef{ID: "national", Version: "2026.2"},
	}
	cmd := rehab.Command{ID: "open-1", Actor: head, OccurredAt: now, Body: order}
	events, err := c.Decide(cmd, rehab.NewEnv(rules, c, order, now))
	if err != nil {
		panic(err)
	}
	c.Fold(events)
	due := c.Obligations[0]
	fmt.Println(due.ID, "is due on", due.Due, "by", due.Citation)
	fmt.Println("time brings something next at", c.Wake().In(rehab.Shanghai).Format("2006-01-02 15:04"))

	now = c.Wake()
	for _, e := range c.Advance(rehab.NewEnv(rules, c, nil, now)) {
		fmt.Println(e.Data.EventType())
		c.Apply(e)
	}

	release := rehab.Command{ID: "release-1", Actor: head, OccurredAt: now, Body: rehab.Release{}}
	_, err = c.Decide(release, rehab.NewEnv(rules, c, release.Body, now))
	var refusal *rehab.Error
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Code, refusal.Citation)
	}
	// Output:
	// report_in-1 is due on 2026-10-08 by DRR art.14
	// time brings something next at 2026-10-09 00:00
	// obligation_missed
	// escalation_opened
	// refused DRR art.14
}
