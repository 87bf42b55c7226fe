package api

import (
	"context"
	"encoding/json"
	"errors"

	"guitu/board"
	"guitu/rehab"
)

// The bodies that put the record right (PIPL art.46).
type (
	correctRecord struct {
		Record     int64           `json:"record" minimum:"1" doc:"Sequence of the record in the timeline."`
		HappenedAt string          `json:"happened_at,omitempty" maxLength:"40" doc:"When it really happened: an instant (RFC 3339) or a day in Shanghai; as recorded by default." example:"2026-10-08T09:30:00+08:00"`
		Fields     json.RawMessage `json:"fields,omitempty" doc:"Of the command's fields, those that were wrong, with what they should have said." example:"{\"result\": \"negative\"}"`
		Reasoned
	}
	withdrawRecord struct {
		rehab.WithdrawRecord
		Reasoned
	}
	voidCase struct {
		rehab.VoidCase
		Reasoned
	}
	confirmAmendment struct {
		rehab.ConfirmAmendment
		Facts
	}
	declineAmendment struct {
		rehab.DeclineAmendment
		Reasoned
	}
	sendCorrection struct {
		rehab.SendCorrection
		Facts
	}
)

func (b correctRecord) read() (rehab.CommandBody, error) {
	c := rehab.CorrectRecord{Record: b.Record, Fields: b.Fields}
	if b.HappenedAt == "" {
		return c, nil
	}
	var err error
	c.HappenedAt, err = readInstant("happened_at", b.HappenedAt)
	return c, err
}

// command is that of a correction whose time was read.
func (b correctRecord) command() rehab.CommandBody {
	c, _ := b.read()
	return c
}

func (b withdrawRecord) command() rehab.CommandBody   { return b.WithdrawRecord }
func (b voidCase) command() rehab.CommandBody         { return b.VoidCase }
func (b confirmAmendment) command() rehab.CommandBody { return b.ConfirmAmendment }
func (b declineAmendment) command() rehab.CommandBody { return b.DeclineAmendment }
func (b sendCorrection) command() rehab.CommandBody   { return b.SendCorrection }

func (s *server) amendRoutes() {
	command[correctRecord](s, "correct-record", "Put right what a record says (更正): dry_run shows what would follow")
	command[withdrawRecord](s, "withdraw-record", "Take back a record of what never was (撤销误录): dry_run shows what would follow")
	command[voidCase](s, "void-case", "Propose that the case was opened by mistake (误立案撤销); another person confirms it")
	command[confirmAmendment](s, "confirm-amendment", "Confirm, as another person, an amendment that was proposed")
	command[declineAmendment](s, "decline-amendment", "Leave the record as it is")
	command[sendCorrection](s, "send-correction", "Say that the police were told that the ground of a report has fallen")
}

// saying is what a command says in the end, the corrected record of a correction, held
// against what the core does not know: the streets, the client's age, other cases.
func (s *server) saying(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody) (rehab.CommandBody, error) {
	prefix := ""
	switch b := body.(type) {
	case rehab.CorrectRecord:
		h, err := s.Past.History(ctx, id)
		if err != nil {
			return nil, err
		}
		right, err := h.Corrected(b, s.Now())
		if err != nil {
			return body, nil // the core says why, or that it acted before
		}
		body, prefix = right, "fields."
	case rehab.VoidCase:
		if b.DuplicateOf != "" {
			if _, err := s.caseInScope(ctx, a, b.DuplicateOf); err != nil {
				return nil, rehab.InvalidField("duplicate_of", "names no case that you see")
			}
		}
	}
	err := s.checkReceiver(ctx, id, body)
	if err == nil {
		err = s.checkAge(ctx, id, body)
	}
	var e *rehab.Error
	if errors.As(err, &e) && e.Field != "" {
		at := *e
		at.Field = prefix + e.Field
		return nil, &at
	}
	return body, err
}

// rehearse answers with what the command would change. It shows the case, so that whoever
// reads nothing of it rehearses nothing. No text is kept, and the engine is not asked.
func (s *server) rehearse(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*commandOutput, error) {
	if err := permit(a, body.CommandType()); err != nil {
		return nil, err
	}
	if err := permitReading(a); err != nil {
		return nil, err
	}
	row, err := s.caseInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	says, err := s.saying(ctx, a, id, body)
	if err != nil {
		return nil, err
	}
	warnings, err := s.assignable(ctx, row, says)
	if err != nil {
		return nil, err
	}
	cmd, err := s.compose(a, id, key, body, facts)
	if err != nil {
		return nil, err
	}
	h, err := s.Past.History(ctx, id)
	if err != nil {
		return nil, err
	}
	would, err := h.Rehearse(cmd, s.Policies, s.Now())
	var e *rehab.Error
	if errors.As(err, &e) && e.Code == rehab.Known {
		return result(board.Receipt{CaseID: id, CommandID: cmd.ID, Seq: e.Record, Known: true}, briefOf(row), warnings...), nil
	}
	if err != nil {
		return nil, err
	}
	out := result(board.Receipt{CaseID: id, CommandID: cmd.ID}, briefOf(row), warnings...)
	out.Body.DryRun = &would
	return out, nil
}
