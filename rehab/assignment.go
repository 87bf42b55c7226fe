package rehab

import (
	"fmt"
	"slices"
)

// assignmentTopic is who works with the client, and how closely.
func assignmentTopic() topic {
	return topic{
		subject: "assignment",
		commands: []CommandSpec{
			command[ChangeRisk]("调整风险等级", "Put the client into another risk class", by(offices), movesClock, example(`{"risk":"high"}`)),
			command[AssignWorker]("指派社工", "Give the case to a worker", by(offices), settles(AssignWorkerDuty), afterRelease, example(`{"worker":"w-2"}`)),
		},
		events: []eventKind{eventOf[RiskChanged](), eventOf[WorkerAssigned]()},
		duties: []duty{{kind: AssignWorkerDuty, zh: "指派社工", en: "assignment of a worker", limit: func(p *Policy) *Limit { return &p.AssignWorker }}},
	}
}

// ChangeRisk puts the client into another risk class from the day of OccurredAt.
type ChangeRisk struct {
	Risk Risk `json:"risk"`
}

// AssignWorker gives the case to a worker.
type AssignWorker struct {
	Worker string `json:"worker"`
}

func (ChangeRisk) CommandType() string   { return "change-risk" }
func (AssignWorker) CommandType() string { return "assign-worker" }

func (b ChangeRisk) check() *Error { return risks.check("risk", b.Risk) }

func (b AssignWorker) check() *Error {
	if b.Worker == "" || len(b.Worker) > 64 {
		return InvalidField("worker", "a worker id has 1 to 64 characters")
	}
	return nil
}

// RiskChanged changes the risk class from On.
type RiskChanged struct {
	From   Risk   `json:"from"`
	To     Risk   `json:"to"`
	On     Date   `json:"on"`
	Series Series `json:"series,omitzero"` // of the contacts, cut anew from that day
}

// WorkerAssigned gives the case to a worker.
type WorkerAssigned struct {
	Worker   string `json:"worker"`
	Previous string `json:"previous,omitempty"`
}

func (RiskChanged) EventType() string    { return "risk_changed" }
func (WorkerAssigned) EventType() string { return "worker_assigned" }

func (d RiskChanged) apply(c *Case, _ *Event) {
	c.Risk = d.To
	if s := c.series(ContactDuty); s != nil && d.Series.Kind != "" {
		*s = d.Series
	}
}

func (d WorkerAssigned) apply(c *Case, _ *Event) { c.Worker = d.Worker }

// decide cuts the contact windows anew from the day of the change. An open window that would end
// later than the first new one is void; one that ends sooner stays, so that a higher
// risk never moves a day further away.
func (b ChangeRisk) decide(d *decision, on Date) *Error {
	if d.c.Risk == b.Risk {
		return refuse("risk", "", "the client is in this risk class already")
	}
	e := RiskChanged{From: d.c.Risk, To: b.Risk, On: on}
	s := d.c.series(ContactDuty)
	if s == nil || d.c.Phase == TermEnded {
		d.emit(e)
		return nil
	}
	e.Series = Series{Kind: ContactDuty, Anchor: on, N: s.N, Last: s.Last}
	d.c.Risk = b.Risk // the new windows follow the new class
	w, ok := d.window(e.Series, 1)
	if ok {
		e.Series.Next = w.opens
	}
	d.emit(e)
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == ContactDuty && o.Status == Open && (ok && o.Due > w.due) {
			d.emit(ObligationSuperseded{o.ID})
		}
	}
	return nil
}

// decide gives the case to a worker.
func (b AssignWorker) decide(d *decision, on Date) *Error {
	if d.c.Worker == b.Worker {
		return refuse("worker", "", "the case is this worker's already")
	}
	d.emit(WorkerAssigned{b.Worker, d.c.Worker})
	if duty := d.first(AssignWorkerDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.judgeGroup(on)
	return nil
}

func (d RiskChanged) decided(*Case) Line {
	return Line{On: d.On, ZH: fmt.Sprintf("风险等级由%s改为%s", risks.zh(d.From), risks.zh(d.To)), EN: fmt.Sprintf("changed the risk class from %s to %s", d.From, d.To)}
}

func (d WorkerAssigned) decided(*Case) Line {
	return Line{Citation: "DRR art.17", ZH: "指派禁毒专职社工" + d.Worker, EN: "gave the case to worker " + d.Worker}
}
