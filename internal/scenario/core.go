package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guitu/rehab"
)

// Core plays a life on the pure core. Whatever it holds went through JSON, as it does
// between workflow and ledger.
type Core struct {
	rules *Rules
	c     *rehab.Case
	h     rehab.History
}

// NewCore is a case that was never opened.
func NewCore(caseID string, rules rehab.Rules) *Core {
	return &Core{rules: NewRules(rules), c: &rehab.Case{ID: caseID}, h: rehab.History{CaseID: caseID}}
}

// Do gives the command.
func (c *Core) Do(_ context.Context, cmd rehab.Command, told time.Time) error {
	if err := rehab.Permit(cmd.Actor, cmd.Body); err != nil { // as the door of the workflow does
		return err
	}
	events, err := c.h.Tell(c.c, cmd, c.rules, told)
	if err != nil {
		return err
	}
	c.h.Add(cmd, nil)
	return c.fold(events)
}

// Notice makes the days off of a year known.
func (c *Core) Notice(_ context.Context, y rehab.YearDays) error {
	c.rules.Notice(y)
	return nil
}

// To lets time act.
func (c *Core) To(_ context.Context, at time.Time) error {
	return c.fold(c.c.Advance(rehab.NewEnv(c.rules, c.c, nil, at)))
}

func (c *Core) fold(events []rehab.Event) error {
	raw, err := json.Marshal(events)
	if err != nil {
		return err
	}
	var read []rehab.Event
	if err := json.Unmarshal(raw, &read); err != nil {
		return err
	}
	c.c.Fold(read)
	c.h.Events = append(c.h.Events, read...)
	return nil
}

// State is the case.
func (c *Core) State(context.Context) (*rehab.Case, error) { return c.c, nil }

// Ledger lists all events.
func (c *Core) Ledger(context.Context) ([]rehab.Event, error) { return c.h.Events, nil }

// Replays requires that the ledger folds to the same case again, and that the case
// survives being written and read, both byte for byte.
func (c *Core) Replays() error {
	want, err := json.Marshal(c.c)
	if err != nil {
		return err
	}
	again := &rehab.Case{ID: c.c.ID}
	again.Fold(c.h.Events)
	var read rehab.Case
	if err := json.Unmarshal(want, &read); err != nil {
		return err
	}
	lived := &rehab.Case{ID: c.c.ID}
	lived.Fold(rehab.Life(c.h.Events))
	lived.Seq, lived.Revised, lived.Unsettled = c.c.Seq, c.c.Revised, c.c.Unsettled
	return errors.Join(sameJSON("the ledger folds to another case", want, again), sameJSON("the case reads as another one", want, &read),
		sameJSON("what holds of the ledger folds to another case", want, lived))
}

func sameJSON(what string, want []byte, v any) error {
	got, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(want, got) {
		return fmt.Errorf("%s:\n%s\n%s", what, want, got)
	}
	return nil
}
