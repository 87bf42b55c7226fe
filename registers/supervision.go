package registers

import (
	"slices"

	"guitu/rehab"
)

// Status is the step a supervision has reached.
type Status string

// The steps: requested -> planned -> held -> closed; cancelled ends one that was not held.
const (
	Requested Status = "requested"
	Planned   Status = "planned"
	Held      Status = "held"
	Closed    Status = "closed"
	Cancelled Status = "cancelled"
)

// Help is who supervises.
type Help string

// The ways of help.
const (
	Internal Help = "internal" // the lead of the own organisation
	External Help = "external" // an expert from outside
	Peer     Help = "peer"     // colleagues among themselves
)

// Form is how people meet.
type Form string

// The forms.
const (
	Online   Form = "online"
	InPerson Form = "in_person"
)

// Topic is what a supervision is about. What it says of a client is the note.
type Topic string

// The topics.
const (
	StalledEngagement Topic = "stalled_engagement" // 联系受阻
	Crisis            Topic = "crisis"
	Method            Topic = "method"
	CaseReview        Topic = "case_review"
	Strain            Topic = "strain" // on the worker
	OtherTopic        Topic = "other"
)

// Outcome is what came of a supervision.
type Outcome string

// The outcomes.
const (
	PlanAgreed Outcome = "plan_agreed" // the next steps are agreed
	Continued  Outcome = "continued"   // another supervision follows
	Handed     Outcome = "handed_over" // others go on with the case
	NoChange   Outcome = "no_change"
)

// Supervision (督导) of workers. Minutes are those of the meeting.
type Supervision struct {
	Status      Status     `json:"status" enum:"requested,planned,held,closed,cancelled"`
	Help        Help       `json:"help" enum:"internal,external,peer"`
	Topic       Topic      `json:"topic" enum:"stalled_engagement,crisis,method,case_review,strain,other"`
	Form        Form       `json:"form,omitempty" enum:"online,in_person"`
	Supervisor  string     `json:"supervisor,omitempty" maxLength:"64" doc:"Id of the lead, colleague or outside expert; never a name."`
	Supervisees []string   `json:"supervisees" maxItems:"500" nullable:"false" doc:"Ids of the workers."`
	RequestedOn rehab.Date `json:"requested_on"`
	PlannedOn   rehab.Date `json:"planned_on,omitzero"`
	HeldOn      rehab.Date `json:"held_on,omitzero"`
	ClosedOn    rehab.Date `json:"closed_on,omitzero"`
	Minutes     int        `json:"minutes,omitempty" maximum:"1440"`
	Outcome     Outcome    `json:"outcome,omitempty" enum:"plan_agreed,continued,handed_over,no_change"`
}

// Plan is who will supervise, when and how.
type Plan struct {
	Supervisor string     `json:"supervisor" maxLength:"64" doc:"Id of the lead, colleague or outside expert; never a name."`
	Help       Help       `json:"help,omitempty" enum:"internal,external,peer" doc:"As requested by default."`
	Form       Form       `json:"form" enum:"online,in_person"`
	PlannedOn  rehab.Date `json:"planned_on"`
}

// Holding is that it took place. Supervisees replace those of the request.
type Holding struct {
	HeldOn      rehab.Date `json:"held_on"`
	Minutes     int        `json:"minutes" minimum:"1" maximum:"1440"`
	Supervisees []string   `json:"supervisees,omitempty" maxItems:"500" nullable:"false" doc:"Those who were there; as requested by default."`
}

// Kind of the record.
func (Supervision) Kind() Kind { return SupervisionKind }

// Day is the one on which it was held, or else the one it is planned for or was requested on.
func (s Supervision) Day() rehab.Date {
	switch {
	case !s.HeldOn.IsZero():
		return s.HeldOn
	case !s.PlannedOn.IsZero():
		return s.PlannedOn
	}
	return s.RequestedOn
}

// Workers are the supervisees and the supervisor.
func (s Supervision) Workers() []string {
	out := slices.Clone(s.Supervisees)
	if s.Supervisor != "" && !slices.Contains(out, s.Supervisor) {
		out = append(out, s.Supervisor)
	}
	return out
}

// Check refuses a supervision whose fields do not fit the step it has reached.
func (s Supervision) Check(today rehab.Date) *rehab.Error {
	err := first(
		checkWord("status", s.Status, Requested, Planned, Held, Closed, Cancelled),
		checkWord("help", s.Help, Internal, External, Peer),
		checkWord("topic", s.Topic, StalledEngagement, Crisis, Method, CaseReview, Strain, OtherTopic),
		checkPast("requested_on", s.RequestedOn, today),
		checkPeople("supervisees", s.Supervisees),
	)
	if err != nil {
		return err
	}
	if len(s.Supervisees) == 0 {
		return rehab.InvalidField("supervisees", "is empty: somebody is supervised")
	}
	if s.Status == Requested || s.Status == Cancelled && s.PlannedOn.IsZero() {
		return s.nothingYet(s.PlannedOn.IsZero() && s.Supervisor == "" && s.Form == "", "planned_on")
	}
	if err := first(checkID("supervisor", s.Supervisor), checkWord("form", s.Form, Online, InPerson), checkDay("planned_on", s.PlannedOn)); err != nil {
		return err
	}
	if slices.Contains(s.Supervisees, s.Supervisor) {
		return rehab.InvalidField("supervisor", "nobody supervises oneself")
	}
	if s.Status == Planned || s.Status == Cancelled {
		return s.nothingYet(true, "held_on")
	}
	if err := first(checkPast("held_on", s.HeldOn, today), checkRange("minutes", s.Minutes, 1, maxMinutes)); err != nil {
		return err
	}
	if s.HeldOn < s.RequestedOn {
		return rehab.InvalidField("held_on", "lies before the request of %s", s.RequestedOn)
	}
	if s.Status == Held {
		if s.Outcome != "" || !s.ClosedOn.IsZero() {
			return rehab.InvalidField("outcome", "comes with the closing")
		}
		return nil
	}
	if s.ClosedOn < s.HeldOn {
		return rehab.InvalidField("closed_on", "lies before the supervision of %s", s.HeldOn)
	}
	return first(checkPast("closed_on", s.ClosedOn, today), checkWord("outcome", s.Outcome, PlanAgreed, Continued, Handed, NoChange))
}

// nothingYet refuses what belongs to a later step.
func (s Supervision) nothingYet(unplanned bool, field string) *rehab.Error {
	if unplanned && s.HeldOn.IsZero() && s.ClosedOn.IsZero() && s.Minutes == 0 && s.Outcome == "" {
		return nil
	}
	return rehab.InvalidField(field, "does not fit a supervision that is %s", s.Status)
}

// Plan it, or plan it anew.
func (s Supervision) Plan(p Plan, today rehab.Date) (Supervision, error) {
	if s.Status != Requested && s.Status != Planned {
		return s, s.notNow("planned")
	}
	if p.PlannedOn < s.RequestedOn {
		return s, rehab.InvalidField("planned_on", "lies before the request of %s", s.RequestedOn)
	}
	s.Status, s.Supervisor, s.Form, s.PlannedOn = Planned, p.Supervisor, p.Form, p.PlannedOn
	if p.Help != "" {
		s.Help = p.Help
	}
	return s, asError(s.Check(today))
}

// Hold says that a planned supervision took place.
func (s Supervision) Hold(h Holding, today rehab.Date) (Supervision, error) {
	if s.Status != Planned {
		return s, s.notNow("held")
	}
	s.Status, s.HeldOn, s.Minutes = Held, h.HeldOn, h.Minutes
	if len(h.Supervisees) > 0 {
		s.Supervisees = h.Supervisees
	}
	return s, asError(s.Check(today))
}

// Close it with what came of it.
func (s Supervision) Close(o Outcome, today rehab.Date) (Supervision, error) {
	if s.Status != Held {
		return s, s.notNow("closed")
	}
	s.Status, s.Outcome, s.ClosedOn = Closed, o, today
	return s, asError(s.Check(today))
}

// Cancel one that was not held.
func (s Supervision) Cancel() (Supervision, error) {
	if s.Status != Requested && s.Status != Planned {
		return s, s.notNow("cancelled")
	}
	s.Status = Cancelled
	return s, nil
}

func (s Supervision) notNow(step string) error {
	return refuse("", "a supervision that is %s cannot be %s", s.Status, step)
}

// asError keeps a nil *rehab.Error from becoming an error that is not nil.
func asError(err *rehab.Error) error {
	if err == nil {
		return nil
	}
	return err
}
