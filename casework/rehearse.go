package casework

import (
	"context"
	"errors"

	"guitu/board"
	"guitu/rehab"
)

// saying is what a command says in the end, the corrected record of a correction, held
// against what the core does not know: the streets, the client's age, other cases.
func (s *Service) saying(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody) (rehab.CommandBody, error) {
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
	case rehab.MigratePolicy:
		if err := s.inUse("to", b.To); err != nil {
			return nil, err
		}
	case rehab.VoidCase:
		if b.DuplicateOf != "" {
			if _, err := s.CaseInScope(ctx, a, b.DuplicateOf); err != nil {
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

// Rehearse answers with what the command would change. It shows the case, so that whoever
// reads nothing of it rehearses nothing. No text is kept, and the engine is not asked.
func (s *Service) Rehearse(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*Given, error) {
	if err := Permit(a, body.CommandType()); err != nil {
		return nil, err
	}
	if err := PermitReading(a); err != nil {
		return nil, err
	}
	row, err := s.CaseInScope(ctx, a, id)
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
	cmd, err := s.Compose(a, id, key, body, facts)
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
		return &Given{Key: cmd.ID, Receipt: board.Receipt{CaseID: id, CommandID: cmd.ID, Seq: e.Record, Known: true}, Case: row, Warnings: warnings}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Given{Key: cmd.ID, Receipt: board.Receipt{CaseID: id, CommandID: cmd.ID}, Case: row, Warnings: warnings, Rehearsal: &would}, nil
}
