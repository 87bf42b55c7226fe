package api

import (
	"context"
	"slices"
	"strings"

	"guitu/board"
	"guitu/casework"
	"guitu/inbox"
	"guitu/once"
	"guitu/rehab"
)

// Shelved is one thing in an inbox: an obligation of a case, or an escalation.
type Shelved struct {
	CaseID     string             `json:"case_id" minLength:"1" maxLength:"64"`
	Obligation rehab.ObligationID `json:"obligation,omitzero"`
	Escalation int64              `json:"escalation,omitempty" minimum:"1"`
}

// Shelving puts a thing off.
type Shelving struct {
	Shelved
	Until rehab.Date `json:"until" doc:"The day on which it comes back: at the latest its last day; for an escalation the day on which the next rung is told."`
	Note  string     `json:"note" minLength:"1" maxLength:"500" doc:"Why. Kept under the case's own key."`
}

type snoozeInput struct {
	KeyInput
	Body Shelving
}

type snoozeOutput struct {
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           SnoozeResult
}

// SnoozeResult is what was put off, and by which command.
type SnoozeResult struct {
	inbox.Snooze
	CommandID string `json:"command_id"`
	Duplicate bool   `json:"duplicate,omitempty" doc:"The command acted before; nothing was done this time."`
}

func (s *server) snooze(ctx context.Context, a rehab.Actor, in *snoozeInput) (*snoozeOutput, error) {
	b := in.Body
	if strings.TrimSpace(b.Note) == "" {
		return nil, rehab.InvalidField("note", "is empty")
	}
	row, err := s.shelvedCase(ctx, a, b.Shelved)
	if err != nil {
		return nil, err
	}
	z := inbox.Snooze{CaseID: b.CaseID, Obligation: b.Obligation, Escalation: b.Escalation, Until: b.Until, Seq: row.Seq, Note: b.Note}
	c, duplicate, err := s.shelveOnce(ctx, a, in.KeyInput, "snooze", b.CaseID, b, func(c *inbox.SnoozeCommand) error {
		// The sequence was read before the thing was looked at: what comes after wakes it.
		if err := s.snoozable(ctx, b); err != nil {
			return err
		}
		z.Since = c.Since
		return s.Inbox.Snooze(ctx, a.ID, z, *c)
	})
	if err != nil {
		return nil, err
	}
	z.Since = c.Since
	return &snoozeOutput{c.ID, SnoozeResult{z, c.ID, duplicate}}, nil
}

// shelveOnce has act do what the command asks for, unless it acted before: then it
// answers with what it did, however things stand now.
func (s *server) shelveOnce(ctx context.Context, a rehab.Actor, in KeyInput, kind, caseID string, body any, act func(*inbox.SnoozeCommand) error) (c inbox.SnoozeCommand, duplicate bool, err error) {
	if c.ID, err = in.key(); err != nil {
		return c, false, err
	}
	if c.Digest, err = s.work.Digest(kind, caseID, a.ID, body, casework.Facts{}); err != nil {
		return c, false, err
	}
	c.Since = s.Now()
	earlier := func() (inbox.SnoozeCommand, bool, error) {
		was, found, err := s.Inbox.SnoozeCommand(ctx, a.ID, c.ID)
		if found {
			err = once.Request{Key: c.ID, Digest: c.Digest}.Repeats(was.Digest)
		}
		return was, found, err
	}
	if was, found, err := earlier(); found || err != nil {
		return was, true, err
	}
	err = act(&c)
	if rehab.CodeOf(err) == rehab.Conflict { // the same was sent twice at once
		if was, found, again := earlier(); found || again != nil {
			return was, true, again
		}
	}
	return c, false, err
}

// shelvedCase is the row of the case, which has to be in scope.
func (s *server) shelvedCase(ctx context.Context, a rehab.Actor, b Shelved) (rehab.Summary, error) {
	if err := casework.PermitReading(a); err != nil {
		return rehab.Summary{}, err
	}
	if (b.Obligation.N == 0) == (b.Escalation == 0) {
		return rehab.Summary{}, rehab.InvalidField("obligation", "name either an obligation or an escalation")
	}
	return s.work.CaseInScope(ctx, a, b.CaseID)
}

func (s *server) snoozable(ctx context.Context, b Shelving) error {
	today := rehab.DateOf(s.Now())
	if b.Escalation != 0 {
		rows, err := s.Board.CaseEscalations(ctx, b.CaseID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(e board.EscalationRow) bool { return e.ID == b.Escalation })
		if i < 0 {
			return &rehab.Error{Code: rehab.NotFound, Field: "escalation", Message: "the case has no such escalation"}
		}
		if err := inbox.CheckEscalationSnooze(rows[i], b.Until, today); err != nil {
			return err
		}
		return nil
	}
	rows, err := s.Board.Obligations(ctx, b.CaseID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(o board.ObligationRow) bool { return o.ID == b.Obligation })
	if i < 0 {
		return &rehab.Error{Code: rehab.NotFound, Field: "obligation", Message: "the case has no such obligation"}
	}
	if err := inbox.CheckObligationSnooze(rows[i].Obligation, b.Until, today); err != nil {
		return err
	}
	return nil
}

type unsnoozeInput struct {
	KeyInput
	Body Shelved
}

type unsnoozeOutput struct {
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           UnsnoozeResult
}

// UnsnoozeResult says whether the thing was put off, and which command brought it back.
type UnsnoozeResult struct {
	WasSnoozed bool   `json:"was_snoozed"`
	CommandID  string `json:"command_id"`
	Duplicate  bool   `json:"duplicate,omitempty" doc:"The command acted before; nothing was done this time."`
}

// unsnooze brings back what the actor put off; what was not put off is there already.
func (s *server) unsnooze(ctx context.Context, a rehab.Actor, in *unsnoozeInput) (*unsnoozeOutput, error) {
	b := in.Body
	if _, err := s.shelvedCase(ctx, a, b); err != nil {
		return nil, err
	}
	c, duplicate, err := s.shelveOnce(ctx, a, in.KeyInput, "unsnooze", b.CaseID, b, func(c *inbox.SnoozeCommand) (err error) {
		c.Known, err = s.Inbox.Unsnooze(ctx, a.ID, inbox.Snooze{CaseID: b.CaseID, Obligation: b.Obligation, Escalation: b.Escalation}, *c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &unsnoozeOutput{c.ID, UnsnoozeResult{c.Known, c.ID, duplicate}}, nil
}
