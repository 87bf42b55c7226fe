package api

import (
	"context"
	"errors"

	"guitu/board"
	"guitu/rehab"
)

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
			return body, nil //nolint:nilerr // the core says why, or that it acted before
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
	if to, ok := body.(rehab.MoveStation); ok && err == nil {
		err = s.checkStation(ctx, a, id, to.Place)
	}
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
	return out, s.note(ctx, a, "rehearse", out) // it shows the case
}
