package rehab

import (
	"fmt"
	"slices"
)

// LaboratoryDuty is to have the laboratory's result on a positive the client objected to.
const LaboratoryDuty Kind = "laboratory_result"

// Relapsed is a positive that counts as a relapse. Test is the sequence of its event,
// zero for what was counted before these days were kept.
type Relapsed struct {
	Test int64 `json:"test,omitempty"`
	On   Date  `json:"on"`
}

// RecordLaboratoryResult is the laboratory's word on a provisional positive, or on one
// that a laboratory confirmed and the client had examined once more (复检). ToldOn is the
// day on which the client was told of a confirmed one, the day of OccurredAt by default.
type RecordLaboratoryResult struct {
	Test      int64 `json:"test"`
	Confirmed bool  `json:"confirmed"`
	ToldOn    Date  `json:"told_on,omitzero"`
}

func (RecordLaboratoryResult) CommandType() string { return "record-laboratory-result" }

func (b RecordLaboratoryResult) check() *Error {
	if b.ToldOn != 0 && !b.Confirmed {
		return InvalidField("told_on", "is the day on which the client was told of a positive")
	}
	return checkTest(b.Test)
}

// LaboratoryReported is the laboratory's word. A confirmed positive counts at once and may
// be examined once more until the end of ObjectUntil (zero in old events: it may not).
// Again is the word of that second examination, which is final; TakenBack says that the
// relapse was none.
type LaboratoryReported struct {
	Test        int64 `json:"test"`
	On          Date  `json:"on"`
	Confirmed   bool  `json:"confirmed"`
	Relapse     bool  `json:"relapse,omitempty"`
	ToldOn      Date  `json:"told_on,omitzero"`
	ObjectUntil Date  `json:"object_until,omitzero"`
	Again       bool  `json:"again,omitempty"`
	TakenBack   bool  `json:"taken_back,omitempty"`
}

func (LaboratoryReported) EventType() string { return "laboratory_reported" }

func (d LaboratoryReported) apply(c *Case, _ *Event) {
	if d.Again {
		if d.TakenBack {
			c.uncountRelapse(d.Test)
		}
		c.Confirmed = slices.DeleteFunc(c.Confirmed, func(p Positive) bool { return p.Test == d.Test })
		return
	}
	if p := c.positive(d.Test); p != nil && d.ObjectUntil != 0 {
		c.Confirmed = append(c.Confirmed, Positive{
			Test: p.Test, On: p.On, Method: p.Method, Told: max(d.On, d.ToldOn), Until: d.ObjectUntil, Relapse: d.Relapse,
		})
	}
	c.settled(d.Test, d.Relapse)
}

// countRelapse counts the positive of the day.
func (c *Case) countRelapse(test int64, on Date) {
	n := &c.Counters
	if len(c.Relapsed) == 0 && n.LastRelapse != 0 {
		c.Relapsed = append(c.Relapsed, Relapsed{On: n.LastRelapse})
	}
	c.Relapsed = append(c.Relapsed, Relapsed{test, on})
	n.Relapses++
	n.LastRelapse = max(n.LastRelapse, on)
}

// uncountRelapse leaves the latest of the others.
func (c *Case) uncountRelapse(test int64) {
	n := &c.Counters
	n.Relapses--
	n.LastRelapse = 0
	c.Relapsed = slices.DeleteFunc(c.Relapsed, func(r Relapsed) bool { return r.Test == test })
	for _, r := range c.Relapsed {
		n.LastRelapse = max(n.LastRelapse, r.On)
	}
}

// examined is the positive that a laboratory confirmed, or nil.
func (c *Case) examined(test int64) *Positive {
	for i := range c.Confirmed {
		if c.Confirmed[i].Test == test {
			return &c.Confirmed[i]
		}
	}
	return nil
}

// decide settles the positive by the laboratory's word, objection or not (DTP). What it
// confirms counts at once: an objection does not stop a report (DTP art.17).
func (b RecordLaboratoryResult) decide(d *decision, on Date) *Error {
	if err := d.toldOn(b.ToldOn, on); err != nil {
		return err
	}
	if p := d.c.examined(b.Test); p != nil {
		return b.again(d, *p, on)
	}
	p, err := d.provisional(b.Test, on)
	if err != nil {
		return err
	}
	e := LaboratoryReported{Test: b.Test, On: on, Confirmed: b.Confirmed, Relapse: b.Confirmed && p.Method.showsUse(), ToldOn: b.ToldOn}
	if b.Confirmed {
		e.ObjectUntil = d.env.Policy.TestConfirmation.After(max(on, b.ToldOn), d.env.Calendar)
	}
	d.emit(e)
	d.meetSettled(p, on, e.Relapse)
	return nil
}

// again takes the final word of the second examination. Where it finds no positive, what
// the first one brought is taken back.
func (b RecordLaboratoryResult) again(d *decision, p Positive, on Date) *Error {
	switch {
	case p.Objected == 0:
		return refuse("test", "DTP", "the laboratory confirmed the positive of %s already, and nobody objected to its result", p.On)
	case on < p.Objected:
		return refuse("occurred_at", "DTP", "%s lies before the objection of %s", on, p.Objected)
	}
	e := LaboratoryReported{Test: b.Test, On: on, Confirmed: b.Confirmed, ToldOn: b.ToldOn, Again: true, TakenBack: !b.Confirmed && p.Relapse}
	d.emit(e)
	for _, o := range d.dutiesOver(b.Test) {
		d.meet(o, on)
	}
	if e.TakenBack {
		d.relapseFell(b.Test)
	}
	return nil
}

// relapseFell withdraws the report and the open offer of help over the test, and counts the
// clean years as if it had not been.
func (d *decision) relapseFell(test int64) {
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.About == test && o.ID.Kind == HelpOfferDuty {
			d.takeBack(o)
		}
	}
	d.groundFell(Relapse, test)
	d.cleanAgain()
}

// askLaboratory makes the laboratory's result due, from the objection.
func (d *decision) askLaboratory(test int64, on Date) {
	l := d.env.Policy.LaboratoryResult
	d.oblige(Obligation{ID: d.number(LaboratoryDuty), Opens: on, Due: l.After(on, d.env.Calendar), From: on, About: test, Citation: l.Cite})
}

// laboratoryStep is a step of the laboratory's way and the days it has after the one
// before: the statute's, whatever the policy gives to the whole (DTP).
type laboratoryStep struct {
	code, zh, en string
	days         int
}

// laboratoryLines say by when each step of the way is done at the latest, as far as it
// lies ahead. Days that end on a day off are rolled; a day of 24 hours is not.
func laboratoryLines(p *Positive, env Env) []Line {
	var out []Line
	at := p.Objected
	for _, s := range []laboratoryStep{
		{"laboratory_agreed", "决定实验室检测", "the laboratory's test is agreed to", 3},
		{"laboratory_sent", "检材送检", "the sealed sample is sent to the laboratory", 3},
		{"laboratory_examined", "实验室出具结果", "the laboratory gives its result", 3},
		{"laboratory_told", "24小时内告知本人", "the client is told within 24 hours", 1},
	} {
		at = at.AddDays(s.days)
		if s.code != "laboratory_told" {
			at = env.Calendar.Roll(at)
		}
		if at < env.Today() {
			continue
		}
		out = append(out, Line{Code: s.code, On: at, Of: fmt.Sprintf("event-%d", p.Test), Citation: "DTP", Mark: Law,
			ZH: fmt.Sprintf("最迟%s%s", at, s.zh), EN: fmt.Sprintf("%s, by %s at the latest", s.en, at)})
	}
	return out
}

// confirmedLine says whether the laboratory's result may still be examined once more; false
// where nothing is left to say.
func confirmedLine(p *Positive, env Env) (Line, bool) {
	until := p.objectUntil(env)
	l := Line{Code: "laboratory_positive", On: until, Of: fmt.Sprintf("event-%d", p.Test), Citation: "DTP", Mark: Law}
	switch {
	case p.Objected != 0:
		l.On = p.Objected
		l.ZH = fmt.Sprintf("%s的实验室阳性结果已于%s申请复检，复检结果为最终结果", p.On, p.Objected)
		l.EN = fmt.Sprintf("the client objected on %s to the laboratory's positive of %s: it is examined once more, and that result is final", p.Objected, p.On)
	case env.Today() <= until:
		l.ZH = fmt.Sprintf("%s的阳性经实验室确认，%s前可申请复检一次", p.On, until)
		l.EN = fmt.Sprintf("the laboratory confirmed the positive of %s: settled, the client may have it examined once more until %s", p.On, until)
	default:
		return Line{}, false
	}
	return l, true
}

func (d LaboratoryReported) decided(*Case) Line {
	l := settledLine(d.Test, d.Confirmed)
	if d.Again {
		l.ZH, l.EN = "复检："+l.ZH, "by the second examination: "+l.EN
		return l
	}
	l.ZH, l.EN = "实验室检测："+l.ZH, "by the laboratory: "+l.EN
	return l
}
