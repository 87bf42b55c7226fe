package rehab

import (
	"slices"
	"strings"
)

// The steps of the breach ladder, each a duty of its own name: to be issued to the
// client by a named person, or waived with a reason.
const (
	EducationDuty     Kind = "education"        // 批评教育
	LetterOfAdvice    Kind = "letter_of_advice" // 劝诫书
	WarningLetter     Kind = "warning_letter"   // 告诫书
	ViolationDocument Kind = "certificate"      // 严重违反协议证明
)

// BreachSteps lists the steps of the breach ladder from the mildest.
func BreachSteps() []Kind {
	return []Kind{EducationDuty, LetterOfAdvice, WarningLetter, ViolationDocument}
}

// levelOf a step is its place on the ladder, counted from 1; 0: it is none.
func levelOf(step Kind) int { return slices.Index(BreachSteps(), step) + 1 }

// BreachStepRule says from which confirmed counts on a step of the ladder is due. A count of
// 0 never brings it.
type BreachStepRule struct {
	Step           Kind `yaml:"step" json:"step"`
	TestBreaches   int  `yaml:"test_breaches,omitempty" json:"test_breaches,omitempty"`
	Leavings       int  `yaml:"leavings,omitempty" json:"leavings,omitempty"`
	AbsenceDays    int  `yaml:"absence_days,omitempty" json:"absence_days,omitempty"`
	MissedContacts int  `yaml:"missed_contacts,omitempty" json:"missed_contacts,omitempty"`
	Source         `yaml:",inline"`
}

func (r *BreachStepRule) due(n *Counters) bool {
	reached := func(count, from int) bool { return from > 0 && count >= from }
	return reached(n.TestBreaches, r.TestBreaches) || reached(n.Leavings, r.Leavings) ||
		reached(n.AbsenceDays, r.AbsenceDays) || reached(n.MissedContacts, r.MissedContacts)
}

// breachLevel is the highest step the counts call for; 0: none.
func (p *Policy) breachLevel(n *Counters) int {
	level := 0
	for i := range p.BreachSteps {
		if p.BreachSteps[i].due(n) {
			level = max(level, levelOf(p.BreachSteps[i].Step))
		}
	}
	return level
}

func (p *Policy) breachStepCite(step Kind) string {
	for i := range p.BreachSteps {
		if p.BreachSteps[i].Step == step {
			return p.BreachSteps[i].Cite
		}
	}
	return "DRR art.20"
}

func breachStepsTopic() topic {
	t := topic{
		subject: "breach",
		commands: []CommandSpec{
			command[IssueMeasure]("登记文书出具", "Issue a step of the breach ladder to the client", by(everyone), settles(EducationDuty, LetterOfAdvice, WarningLetter, ViolationDocument), movesClock, example(`{"step":"education","signature":"signed"}`)),
			command[WaiveMeasure]("不予出具", "Leave a step that is due out this time, and say why", by(offices), reason, movesClock, example(`{"step":"letter_of_advice"}`)),
		},
		events: []eventKind{eventOf[MeasureIssued](), eventOf[MeasureWaived]()},
	}
	for _, m := range []duty{
		{kind: EducationDuty, zh: "批评教育", en: "education"},
		{kind: LetterOfAdvice, zh: "劝诫书", en: "letter of advice"},
		{kind: WarningLetter, zh: "告诫书", en: "warning letter"},
		{kind: ViolationDocument, zh: "严重违反协议证明", en: "certificate of serious violation"},
	} {
		m.client = true // it is handed to the client, so not in custody
		m.limit = func(p *Policy) *Limit { return &p.BreachStepLimit }
		t.duties = append(t.duties, m)
	}
	return t
}

// IssueMeasure says that a step of the ladder was issued to the client by the actor, and
// how the client took it. Skip is why the steps before it were left out.
type IssueMeasure struct {
	Step      Kind       `json:"step"`
	Signature Signature  `json:"signature"`
	Skip      SkipReason `json:"skip,omitempty"`
}

// WaiveMeasure says that a step that is due is not issued; the reason is the command's text.
type WaiveMeasure struct {
	Step Kind `json:"step"`
}

func (IssueMeasure) CommandType() string { return "issue-measure" }
func (WaiveMeasure) CommandType() string { return "waive-measure" }

func (b IssueMeasure) check() *Error {
	if err := notOneOf("step", b.Step, BreachSteps()...); err != nil {
		return err
	}
	if err := signatures.check("signature", b.Signature); err != nil {
		return err
	}
	if b.Skip != "" {
		return skipReasons.check("skip", b.Skip)
	}
	return nil
}

func (b WaiveMeasure) check() *Error { return notOneOf("step", b.Step, BreachSteps()...) }

// MeasureIssued is a step of the ladder in the client's hands. Skipped are the steps
// before it that were neither issued nor waived.
type MeasureIssued struct {
	Step      Kind       `json:"step"`
	On        Date       `json:"on"`
	Signature Signature  `json:"signature"`
	Skip      SkipReason `json:"skip,omitempty"`
	Skipped   []Kind     `json:"skipped,omitempty"`
}

// MeasureWaived is a person's word that a step is not issued this time.
type MeasureWaived struct {
	Step Kind `json:"step"`
	On   Date `json:"on"`
}

func (MeasureIssued) EventType() string { return "measure_issued" }
func (MeasureWaived) EventType() string { return "measure_waived" }

func (d MeasureIssued) apply(c *Case, _ *Event) {
	c.BreachLevel = max(c.BreachLevel, levelOf(d.Step))
}
func (d MeasureWaived) apply(c *Case, _ *Event) {
	c.BreachLevel = max(c.BreachLevel, levelOf(d.Step))
}

// underWay reports whether the measure runs, be its clock stopped or not.
func (c *Case) underWay() bool {
	return c.Phase == AwaitingAgreement || c.Phase == InExecution || c.Phase == Suspended
}

// openBreachStep is the step that is due, or nil: there is one at a time.
func (d *decision) openBreachStep() *Obligation {
	for _, o := range d.c.Obligations {
		if levelOf(o.ID.Kind) > 0 {
			return &o
		}
	}
	return nil
}

// proposeBreachStep makes the next step due when the confirmed counts call for it, and
// takes it back when late evidence took the counts below it. One step comes after the
// other, whatever the counts jump to.
func (d *decision) proposeBreachStep() {
	want, open := d.env.Policy.breachLevel(&d.c.Counters), d.openBreachStep()
	if open != nil {
		if want < levelOf(open.ID.Kind) {
			d.takeBack(*open)
		}
		return
	}
	next := d.c.BreachLevel + 1
	if want < next || !d.c.underWay() {
		return
	}
	step := BreachSteps()[next-1]
	today := DateOf(d.knew(step, NoGround))
	d.oblige(Obligation{
		ID: d.number(step), Opens: today, Due: d.env.Policy.BreachStepLimit.After(today, d.env.Calendar), From: today, Citation: d.env.Policy.breachStepCite(step),
	})
}

// takeBack ends an obligation that lost its reason, and the climb over it.
func (d *decision) takeBack(o Obligation) {
	d.emit(ObligationSuperseded{o.ID})
	d.settle(o.ID.Kind, BySupersession)
}

// decide keeps the step in the order of the ladder: one that is left out needs a reason,
// and the certificate needs a serious violation and a station head (DRR art.20).
func (b IssueMeasure) decide(d *decision, on Date) *Error {
	cite := d.env.Policy.breachStepCite(b.Step)
	level := levelOf(b.Step)
	skipped := slices.Clone(BreachSteps()[min(d.c.BreachLevel, level-1) : level-1])
	switch {
	case !d.c.underWay():
		return refuse("", "DRR art.14, 23", "the measure is not under way: the case is %s", d.c.Phase)
	case on < d.c.ReportedOn:
		return refuse("occurred_at", "DRR art.14", "%s lies before report-in on %s", on, d.c.ReportedOn)
	case b.Step == ViolationDocument && len(d.c.Counters.Violations) == 0:
		return refuse("step", "DRR art.20", "no threshold of a serious violation is reached")
	case b.Step == ViolationDocument && d.actor.Role == WorkerRole:
		return refuse("step", "DRR art.20", "the certificate is issued by the station head or above")
	case len(skipped) > 0 && b.Skip == "":
		return refuse("skip", cite, "%s comes first: say why it is left out", skipped[0])
	case len(skipped) == 0 && b.Skip != "":
		return refuse("skip", cite, "no step is left out")
	}
	d.emit(MeasureIssued{b.Step, on, b.Signature, b.Skip, skipped})
	if open := d.openBreachStep(); open != nil && open.ID.Kind == b.Step {
		d.meet(*open, on)
	} else if open != nil && levelOf(open.ID.Kind) < level {
		d.takeBack(*open)
	}
	d.proposeBreachStep()
	return nil
}

// decide leaves the step out this time. A serious violation is not waived (DRR art.20).
func (b WaiveMeasure) decide(d *decision, on Date) *Error {
	open := d.openBreachStep()
	switch {
	case open == nil || open.ID.Kind != b.Step:
		return &Error{Code: NotFound, Field: "step", Message: "that step is not due"}
	case b.Step == ViolationDocument:
		return refuse("step", "DRR art.20", "a serious violation is not waived; a count that is wrong is corrected where it was made")
	}
	d.emit(MeasureWaived{b.Step, on})
	d.takeBack(*open)
	d.proposeBreachStep()
	return nil
}

func (d MeasureIssued) decided(*Case) Line {
	zh, en := kindName(d.Step)
	l := Line{On: d.On, Citation: "DRR art.20", ZH: "出具" + zh, EN: "issued the " + en}
	if len(d.Skipped) > 0 {
		var namesZH, namesEN []string
		for _, s := range d.Skipped {
			zh, en := kindName(s)
			namesZH, namesEN = append(namesZH, zh), append(namesEN, en)
		}
		l.ZH += "，未经" + strings.Join(namesZH, "、")
		l.EN += " without " + strings.Join(namesEN, ", ") + ": " + string(d.Skip)
	}
	return l
}

func (d MeasureWaived) decided(*Case) Line {
	zh, en := kindName(d.Step)
	return Line{On: d.On, Citation: "DRR art.20", ZH: "决定不出具" + zh, EN: "decided against the " + en}
}
