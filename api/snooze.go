package api

import (
	"context"
	"slices"
	"strings"

	"guitu/office"
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

type snoozeInput struct{ Body Shelving }

type snoozeOutput struct{ Body office.Snooze }

func (s *server) snooze(ctx context.Context, a rehab.Actor, in *snoozeInput) (*snoozeOutput, error) {
	b := in.Body
	if strings.TrimSpace(b.Note) == "" {
		return nil, rehab.InvalidField("note", "is empty")
	}
	row, err := s.shelvedCase(ctx, a, b.Shelved)
	if err != nil {
		return nil, err
	}
	if err := s.snoozable(ctx, b); err != nil {
		return nil, err
	}
	// The sequence was read before the thing was looked at: what comes after wakes it.
	z := office.Snooze{CaseID: b.CaseID, Obligation: b.Obligation, Escalation: b.Escalation, Until: b.Until, Since: s.Now(), Seq: row.Seq, Note: b.Note}
	if err := s.Inbox.Snooze(ctx, a.ID, z); err != nil {
		return nil, err
	}
	return &snoozeOutput{z}, nil
}

// shelvedCase is the row of the case, which has to be in scope.
func (s *server) shelvedCase(ctx context.Context, a rehab.Actor, b Shelved) (rehab.Summary, error) {
	if err := permitReading(a); err != nil {
		return rehab.Summary{}, err
	}
	if (b.Obligation.N == 0) == (b.Escalation == 0) {
		return rehab.Summary{}, rehab.InvalidField("obligation", "name either an obligation or an escalation")
	}
	return s.caseInScope(ctx, a, b.CaseID)
}

func (s *server) snoozable(ctx context.Context, b Shelving) error {
	today := rehab.DateOf(s.Now())
	if b.Escalation != 0 {
		rows, err := s.Board.CaseEscalations(ctx, b.CaseID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(e rehab.EscalationRow) bool { return e.ID == b.Escalation })
		if i < 0 {
			return &rehab.Error{Code: rehab.NotFound, Field: "escalation", Message: "the case has no such escalation"}
		}
		if err := office.CheckEscalationSnooze(rows[i], b.Until, today); err != nil {
			return err
		}
		return nil
	}
	rows, err := s.Board.Obligations(ctx, b.CaseID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(o rehab.ObligationRow) bool { return o.ID == b.Obligation })
	if i < 0 {
		return &rehab.Error{Code: rehab.NotFound, Field: "obligation", Message: "the case has no such obligation"}
	}
	if err := office.CheckObligationSnooze(rows[i].Obligation, b.Until, today); err != nil {
		return err
	}
	return nil
}

type unsnoozeInput struct{ Body Shelved }

// unsnooze brings back what the actor put off; what was not put off is there already.
func (s *server) unsnooze(ctx context.Context, a rehab.Actor, in *unsnoozeInput) (*unsnoozeOutput, error) {
	if _, err := s.shelvedCase(ctx, a, in.Body); err != nil {
		return nil, err
	}
	known, err := s.Inbox.Unsnooze(ctx, a.ID, office.Snooze{CaseID: in.Body.CaseID, Obligation: in.Body.Obligation, Escalation: in.Body.Escalation})
	out := &unsnoozeOutput{}
	out.Body.WasSnoozed = known
	return out, err
}

type unsnoozeOutput struct {
	Body struct {
		WasSnoozed bool `json:"was_snoozed"`
	}
}
