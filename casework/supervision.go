package casework

import (
	"context"

	"guitu/registers"
	"guitu/rehab"
)

// NewSupervision is a request for supervision, about a case or about none.
type NewSupervision struct {
	CaseID      string          `json:"case_id,omitempty" maxLength:"64" doc:"The case it is about; its street is then the place, its worker is supervised by default."`
	Place       string          `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Without a case; the actor's own by default."`
	Topic       registers.Topic `json:"topic" enum:"stalled_engagement,crisis,method,case_review,strain,other"`
	Help        registers.Help  `json:"help" enum:"internal,external,peer"`
	Supervisees []string        `json:"supervisees,omitempty" maxItems:"500" nullable:"false" doc:"Ids of the workers; the worker of the case, or who asks, by default."`
	Note        string          `json:"note,omitempty" maxLength:"2000" doc:"What it is about; only with a case, under whose key it is kept."`
}

// Holding is that a supervision took place, and what it means for a stalled case.
type Holding struct {
	registers.Holding
	Step rehab.Channel `json:"step,omitempty" doc:"Of a stalled case: the step at which the outreach goes on; where the policy says by default."`
}

// Closing is what came of a supervision.
type Closing struct {
	Outcome registers.Outcome `json:"outcome"`
	Note    string            `json:"note,omitempty"`
}

// RequestSupervision asks for supervision: everyone may, a worker for the own.
func (s *Service) RequestSupervision(ctx context.Context, a rehab.Actor, key string, in NewSupervision) (*KeptRecord, error) {
	if err := PermitReading(a); err != nil {
		return nil, err
	}
	r := registers.Record{Place: in.Place, CaseID: in.CaseID, Note: in.Note}
	who := in.Supervisees
	if in.CaseID != "" {
		row, err := s.CaseInScope(ctx, a, in.CaseID)
		if err != nil {
			return nil, err
		}
		if in.Place != "" && in.Place != row.Place {
			return nil, rehab.InvalidField("place", "is that of the case: leave it out")
		}
		r.Place = row.Place
		if len(who) == 0 && row.Worker != "" {
			who = []string{row.Worker}
		}
	}
	if r.Place == "" {
		r.Place = a.Place
	}
	if a.Role == rehab.WorkerRole {
		if len(who) == 0 {
			who = []string{a.ID}
		}
		if len(who) != 1 || who[0] != a.ID || in.CaseID == "" && r.Place != a.Place {
			return nil, &rehab.Error{Code: rehab.Forbidden, Field: "supervisees", Message: "a worker asks for the own supervision"}
		}
	} else if err := mayKeep(a, r); err != nil {
		return nil, err
	}
	d := registers.Supervision{Status: registers.Requested, Help: in.Help, Topic: in.Topic, Supervisees: who, RequestedOn: rehab.DateOf(s.Now())}
	if err := d.Check(d.RequestedOn); err != nil {
		return nil, err
	}
	r.Data = d
	return s.addRecord(ctx, a, key, r, in)
}

// PlanSupervision says who will supervise, when and how; again to move it.
func (s *Service) PlanSupervision(ctx context.Context, a rehab.Actor, c RecordCommand, in registers.Plan) (*KeptRecord, error) {
	return s.stepSupervision(ctx, a, c, "plan-supervision", "", in, func(v registers.Supervision, today rehab.Date) (registers.Supervision, error) {
		return v.Plan(in, today)
	})
}

// HoldSupervision says that the supervision took place. It tells the case before the record is
// kept: a retry finds both done, or does what is missing.
func (s *Service) HoldSupervision(ctx context.Context, a rehab.Actor, c RecordCommand, in Holding) (*KeptRecord, error) {
	r, err := s.recordToKeep(ctx, a, registers.SupervisionKind, c.ID)
	if err != nil {
		return nil, err
	}
	if in.Step != "" && r.CaseID == "" {
		return nil, rehab.InvalidField("step", "belongs to the supervision of a case")
	}
	held, err := r.Data.(registers.Supervision).Hold(in.Holding, rehab.DateOf(s.Now()))
	if err == nil && r.CaseID != "" && !r.Withdrawn {
		if err := s.tellCase(ctx, a, r, held, in.Step); err != nil {
			return nil, err
		}
	}
	return s.stepSupervision(ctx, a, c, "hold-supervision", "", in, func(v registers.Supervision, today rehab.Date) (registers.Supervision, error) {
		return v.Hold(in.Holding, today)
	})
}

// tellCase meets the supervision that a stalled engagement waits for. A case that waits
// for none is left alone, unless a step was named for it.
func (s *Service) tellCase(ctx context.Context, a rehab.Actor, r registers.Record, held registers.Supervision, step rehab.Channel) error {
	body := rehab.RecordSupervision{Form: rehab.SupervisionForm(held.Help), Online: held.Form == registers.Online, Step: step}
	_, err := s.RunReserved(ctx, a, r.CaseID, rehab.Reserved("supervision", r.ID, "held"), body, Facts{OccurredAt: held.HeldOn.String()})
	switch code := rehab.CodeOf(err); {
	case err == nil, code == rehab.Conflict: // a colleague told it before, in other words
		return nil
	case step == "" && (code == rehab.Refused || code == rehab.NotFound):
		return nil
	}
	return err
}

// CloseSupervision closes the supervision with what came of it.
func (s *Service) CloseSupervision(ctx context.Context, a rehab.Actor, c RecordCommand, in Closing) (*KeptRecord, error) {
	return s.stepSupervision(ctx, a, c, "close-supervision", in.Note, in, func(v registers.Supervision, today rehab.Date) (registers.Supervision, error) {
		return v.Close(in.Outcome, today)
	})
}

func (s *Service) stepSupervision(ctx context.Context, a rehab.Actor, c RecordCommand, name, note string, sent any,
	step func(registers.Supervision, rehab.Date) (registers.Supervision, error)) (*KeptRecord, error) {
	return s.changeRecord(ctx, a, registers.SupervisionKind, c, name, sent, func(now registers.Record) (registers.Record, error) {
		if note != "" && now.CaseID == "" {
			return now, rehab.InvalidField("note", "speaks of a client: it needs the case that it is kept with")
		}
		v, err := step(now.Data.(registers.Supervision), rehab.DateOf(s.Now()))
		now.Data, now.Note = v, note
		return now, err
	})
}

// CancelSupervision cancels a supervision that was not held, for a reason.
func (s *Service) CancelSupervision(ctx context.Context, a rehab.Actor, c RecordCommand, reason string) (*KeptRecord, error) {
	if err := checkReason(reason); err != nil {
		return nil, err
	}
	return s.changeRecord(ctx, a, registers.SupervisionKind, c, "cancel-supervision", reasoned{reason}, func(now registers.Record) (registers.Record, error) {
		v, err := now.Data.(registers.Supervision).Cancel()
		now.Data, now.Reason = v, reason
		return now, err
	})
}
