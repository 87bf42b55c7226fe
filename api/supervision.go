package api

import (
	"context"

	"guitu/casework"
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

type newSupervisionInput struct {
	KeyInput
	Body NewSupervision
}

type planInput struct {
	ChangeInput
	Body registers.Plan
}

type holdInput struct {
	ChangeInput
	Body Holding
}

// Holding is that a supervision took place, and what it means for a stalled case.
type Holding struct {
	registers.Holding
	Step rehab.Channel `json:"step,omitempty" doc:"Of a stalled case: the step at which the outreach goes on; where the policy says by default."`
}

type closeInput struct {
	ChangeInput
	Body struct {
		Outcome registers.Outcome `json:"outcome" enum:"plan_agreed,continued,handed_over,no_change"`
		Note    string            `json:"note,omitempty" maxLength:"2000" doc:"What was agreed; only with a case, under whose key it is kept."`
	}
}

type supervisionsInput struct {
	PageInput
	Status registers.Status `query:"status" enum:"requested,planned,held,closed,cancelled"`
	CaseID string           `query:"case_id" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id"`
}

func (in supervisionsInput) filter() (registers.Filter, error) {
	f, err := in.PageInput.filter()
	f.Status, f.CaseID = in.Status, in.CaseID
	return f, err
}

type supervisionOutput = recordOutput[registers.Supervision]

func (s *server) supervisionRoutes() {
	route := recordRoutes[registers.SupervisionKind]
	operation(s, create[registers.Supervision](s, "request-supervision", route.path, "Ask for supervision, of a stalled case for instance"), s.requestSupervision)
	reads[registers.Supervision, supervisionsInput](s)

	operation(s, change[registers.Supervision](s, route, "plan", "Say who will supervise, when and how; again to move it"), func(ctx context.Context, a rehab.Actor, in *planInput) (*supervisionOutput, error) {
		return s.stepSupervision(ctx, a, in.ChangeInput, "plan-supervision", "", in.Body, func(v registers.Supervision, today rehab.Date) (registers.Supervision, error) {
			return v.Plan(in.Body, today)
		})
	})
	operation(s, change[registers.Supervision](s, route, "hold", "Say that the supervision took place; a stalled case hears of it"), s.holdSupervision)
	operation(s, change[registers.Supervision](s, route, "close", "Close the supervision with what came of it"), func(ctx context.Context, a rehab.Actor, in *closeInput) (*supervisionOutput, error) {
		return s.stepSupervision(ctx, a, in.ChangeInput, "close-supervision", in.Body.Note, in.Body, func(v registers.Supervision, today rehab.Date) (registers.Supervision, error) {
			return v.Close(in.Body.Outcome, today)
		})
	})
	operation(s, change[registers.Supervision](s, route, "cancel", "Cancel a supervision that was not held, with the reason"), s.cancelSupervision)
	corrections[registers.Supervision](s, nil)
}

// requestSupervision: everyone may ask, a worker for the own supervision.
func (s *server) requestSupervision(ctx context.Context, a rehab.Actor, in *newSupervisionInput) (*supervisionOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	b := in.Body
	r := registers.Record{Place: b.Place, CaseID: b.CaseID, Note: b.Note}
	who := b.Supervisees
	if b.CaseID != "" {
		row, err := s.work.CaseInScope(ctx, a, b.CaseID)
		if err != nil {
			return nil, err
		}
		if b.Place != "" && b.Place != row.Place {
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
		if len(who) != 1 || who[0] != a.ID || b.CaseID == "" && r.Place != a.Place {
			return nil, &rehab.Error{Code: rehab.Forbidden, Field: "supervisees", Message: "a worker asks for the own supervision"}
		}
	} else if err := mayKeep(a, r); err != nil {
		return nil, err
	}
	d := registers.Supervision{Status: registers.Requested, Help: b.Help, Topic: b.Topic, Supervisees: who, RequestedOn: rehab.DateOf(s.Now())}
	if err := d.Check(d.RequestedOn); err != nil {
		return nil, err
	}
	r.Data = d
	return add[registers.Supervision](ctx, s, a, in.KeyInput, r, b)
}

// holdSupervision tells the case before the record is kept: a retry finds both done, or
// does what is missing.
func (s *server) holdSupervision(ctx context.Context, a rehab.Actor, in *holdInput) (*supervisionOutput, error) {
	r, err := s.recordToKeep(ctx, a, registers.SupervisionKind, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Body.Step != "" && r.CaseID == "" {
		return nil, rehab.InvalidField("step", "belongs to the supervision of a case")
	}
	held, err := r.Data.(registers.Supervision).Hold(in.Body.Holding, rehab.DateOf(s.Now()))
	if err == nil && r.CaseID != "" && !r.Withdrawn {
		if err := s.tellCase(ctx, a, r, held, in.Body.Step); err != nil {
			return nil, err
		}
	}
	return s.stepSupervision(ctx, a, in.ChangeInput, "hold-supervision", "", in.Body, func(v registers.Supervision, today rehab.Date) (registers.Supervision, error) {
		return v.Hold(in.Body.Holding, today)
	})
}

// tellCase meets the supervision that a stalled engagement waits for. A case that waits
// for none is left alone, unless a step was named for it.
func (s *server) tellCase(ctx context.Context, a rehab.Actor, r registers.Record, held registers.Supervision, step rehab.Channel) error {
	body := rehab.RecordSupervision{Form: rehab.SupervisionForm(held.Help), Online: held.Form == registers.Online, Step: step}
	_, err := s.work.RunReserved(ctx, a, r.CaseID, rehab.Reserved("supervision", r.ID, "held"), body, casework.Facts{OccurredAt: held.HeldOn.String()})
	switch code := rehab.CodeOf(err); {
	case err == nil, code == rehab.Conflict: // a colleague told it before, in other words
		return nil
	case step == "" && (code == rehab.Refused || code == rehab.NotFound):
		return nil
	}
	return err
}

func (s *server) stepSupervision(ctx context.Context, a rehab.Actor, in ChangeInput, name, note string, sent any,
	step func(registers.Supervision, rehab.Date) (registers.Supervision, error)) (*supervisionOutput, error) {
	return alter[registers.Supervision](ctx, s, a, in, name, sent, func(now registers.Record) (registers.Record, error) {
		if note != "" && now.CaseID == "" {
			return now, rehab.InvalidField("note", "speaks of a client: it needs the case that it is kept with")
		}
		v, err := step(now.Data.(registers.Supervision), rehab.DateOf(s.Now()))
		now.Data, now.Note = v, note
		return now, err
	})
}

func (s *server) cancelSupervision(ctx context.Context, a rehab.Actor, in *reasonInput) (*supervisionOutput, error) {
	reason, err := in.Body.text()
	if err != nil {
		return nil, err
	}
	return alter[registers.Supervision](ctx, s, a, in.ChangeInput, "cancel-supervision", in.Body, func(now registers.Record) (registers.Record, error) {
		v, err := now.Data.(registers.Supervision).Cancel()
		now.Data, now.Reason = v, reason
		return now, err
	})
}
