package rehab

import "fmt"

// SupervisionForm is who supervised (督导).
type SupervisionForm string

// The forms of supervision.
const (
	InternalSupervision SupervisionForm = "internal" // by the station head or a lead worker
	ExternalSupervision SupervisionForm = "external" // by a supervisor from outside
	PeerSupervision     SupervisionForm = "peer"     // among workers
)

var supervisionForms = codes[SupervisionForm]{
	{InternalSupervision, "内部督导", "internal"},
	{ExternalSupervision, "外部督导", "external"},
	{PeerSupervision, "同伴督导", "peer"},
}

// RecordSupervision says that a stalled engagement was supervised on the day of
// OccurredAt. The outreach goes on at Step, or where the policy says.
type RecordSupervision struct {
	Form   SupervisionForm `json:"form"`
	Online bool            `json:"online,omitempty"`
	Step   Channel         `json:"step,omitempty"`
}

func (RecordSupervision) CommandType() string { return "record-supervision" }

func (b RecordSupervision) check() *Error {
	return supervisionForms.check("form", b.Form)
}

// SupervisionRecorded keeps what was held, and the step that was agreed on.
type SupervisionRecorded struct {
	On     Date            `json:"on"`
	Form   SupervisionForm `json:"form"`
	Online bool            `json:"online,omitempty"`
	Step   Channel         `json:"step,omitempty"`
}

func (SupervisionRecorded) EventType() string { return "supervision_recorded" }

// apply keeps the fact for the file: what follows from it has events of its own.
func (SupervisionRecorded) apply(*Case, *Event) {}

func (d *decision) requestSupervision(today Date) {
	if d.first(SupervisionDuty) != nil {
		return
	}
	l := d.env.Policy.Supervision
	d.oblige(Obligation{ID: d.number(SupervisionDuty), Opens: today, Due: l.After(today, d.env.Calendar), From: today, Citation: l.Cite})
}

// decide meets the supervision and sends the outreach on its way again: a step that is
// still due stays where no other was agreed on.
func (b RecordSupervision) decide(d *decision, on Date) *Error {
	duty, p := d.first(SupervisionDuty), &d.env.Policy.Outreach
	step := b.Step
	if step == "" {
		step = p.AfterSupervision
	}
	i := p.step(step)
	switch {
	case duty == nil:
		return refuse("", d.env.Policy.Supervision.Cite, "no engagement of this case waits for supervision")
	case i < 0:
		return InvalidField("step", "%q is no step of the outreach", string(step))
	case on < duty.Opens:
		return refuse("occurred_at", d.env.Policy.Supervision.Cite, "%s lies before the engagement stalled on %s", on, duty.Opens)
	}
	d.emit(SupervisionRecorded{on, b.Form, b.Online, b.Step})
	d.meet(*duty, on)
	if b.Step != "" || d.c.outreachStep() == "" {
		d.void(BySupersession, OutreachDuty)
		d.openStep(i, d.env.Today())
	}
	return nil
}

func (d SupervisionRecorded) decided(*Case) Line {
	l := Line{On: d.On, ZH: "完成督导", EN: "supervised the stalled engagement"}
	if d.Step != "" {
		l.ZH, l.EN = fmt.Sprintf("%s，下一步：%s", l.ZH, channelZH(d.Step)), fmt.Sprintf("%s; it goes on with %s", l.EN, channelEN(d.Step))
	}
	return l
}
