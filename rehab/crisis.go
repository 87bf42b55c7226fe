package rehab

import (
	"fmt"
	"slices"
	"time"
)

// CrisisFollowUpDuty is to see to the client after the first help. The first help itself
// waits for no list: who raises a crisis is told at once to call 120 or 110.
const CrisisFollowUpDuty Kind = "crisis_follow_up"

func crisisTopic() topic {
	return topic{
		subject: "engagement",
		commands: []CommandSpec{
			command[RaiseCrisis]("登记危机", "Say that there are signs of a crisis: the answer names the calls to make now", by(everyone), witnessed, afterRelease, example(`{"kind":"overdose"}`)),
			command[CloseCrisis]("结束危机", "Say that a crisis is over, and what was done", by(everyone), reason, settles(CrisisFollowUpDuty), afterRelease, example(`{"crisis":4}`)),
		},
		events: []eventKind{eventOf[CrisisRaised](), eventOf[CrisisClosed]()},
		duties: []duty{
			{kind: CrisisFollowUpDuty, zh: "危机跟进", en: "follow-up of a crisis", limit: func(p *Policy) *Limit { return &p.CrisisFollowUp }},
		},
		why: crisisWhy{},
	}
}

// CrisisKind is what the signs are of.
type CrisisKind string

// The kinds of crisis.
const (
	SelfHarm    CrisisKind = "self_harm"
	Overdose    CrisisKind = "overdose"
	Violence    CrisisKind = "violence"
	OtherCrisis CrisisKind = "other"
)

var crisisKinds = codes[CrisisKind]{
	{SelfHarm, "自伤、自杀", "self-harm"},
	{Overdose, "过量", "overdose"},
	{Violence, "暴力", "violence"},
	{OtherCrisis, "其他", "other"},
}

// Crisis is a crisis that is not closed. ID is the sequence of its event.
type Crisis struct {
	ID   int64      `json:"id"`
	Kind CrisisKind `json:"kind"`
	On   Date       `json:"on"`
}

// RaiseCrisis says that there are signs of a crisis. Anybody may.
type RaiseCrisis struct {
	Kind CrisisKind `json:"kind"`
	Another
}

// CloseCrisis says that it is over; what was done is the command's text.
type CloseCrisis struct {
	Crisis int64 `json:"crisis"`
}

func (RaiseCrisis) CommandType() string { return "raise-crisis" }
func (CloseCrisis) CommandType() string { return "close-crisis" }

func (b RaiseCrisis) check() *Error {
	return crisisKinds.check("kind", b.Kind)
}

func (b CloseCrisis) check() *Error {
	if b.Crisis < 1 {
		return missing("crisis")
	}
	return nil
}

func (b RaiseCrisis) occasion() Occasion { return Occasion{What: "crisis", Of: string(b.Kind)} }

// CrisisRaised tells worker, station head and district at once.
type CrisisRaised struct {
	Kind CrisisKind `json:"kind"`
	On   Date       `json:"on"`
}

// CrisisClosed ends it by a person's word.
type CrisisClosed struct {
	Crisis int64 `json:"crisis"`
	On     Date  `json:"on"`
}

func (CrisisRaised) EventType() string { return "crisis_raised" }
func (CrisisClosed) EventType() string { return "crisis_closed" }

func (CrisisRaised) tells() []Role { return []Role{WorkerRole, StationHead, DistrictOffice} }
func (CrisisClosed) tells() []Role { return []Role{WorkerRole, StationHead, DistrictOffice} }

func (d CrisisRaised) apply(c *Case, e *Event) {
	c.note(Occasion{What: "crisis", Of: string(d.Kind)}, e)
	c.Crises = append(c.Crises, Crisis{e.Seq, d.Kind, d.On})
}

func (d CrisisClosed) apply(c *Case, _ *Event) {
	c.Crises = slices.DeleteFunc(c.Crises, func(x Crisis) bool { return x.ID == d.Crisis })
}

// Instructions are what the engine answers at once, before anybody is told: the way to
// 120 and 110. The first line is the one that counts most.
func (b RaiseCrisis) Instructions() []Line {
	ambulance := Line{Code: "call_120", ZH: "立即拨打120急救电话，说明地点和情况", EN: "Call 120 (ambulance) now; say where and what"}
	police := Line{Code: "call_110", ZH: "立即拨打110报警电话", EN: "Call 110 (police) now"}
	first := []Line{ambulance, police}
	if b.Kind == Violence {
		first = []Line{police, ambulance}
	}
	return append(first,
		Line{Code: "stay", ZH: "在确保自身安全的前提下陪伴在场，不要让当事人独处", EN: "Stay there as long as you are safe yourself; leave nobody alone"},
		Line{Code: "inform_head", ZH: "电话告知工作站负责人，不要只等系统通知", EN: "Call the station head; do not leave it to this system"},
	)
}

// decide opens the follow-up, within hours, and tells those who answer for the client.
func (b RaiseCrisis) decide(d *decision, on Date) *Error {
	d.emit(CrisisRaised{b.Kind, on})
	l := d.env.Policy.CrisisFollowUp
	o := Obligation{ID: d.number(CrisisFollowUpDuty), Opens: on, About: d.c.Seq, Citation: l.Cite}
	if l.Unit == Hours {
		o.DueAt = instant(d.env.Now.Add(time.Duration(l.N) * time.Hour))
		o.Due = DateOf(o.DueAt)
	} else {
		o.Due, o.From = l.After(d.env.Today(), d.env.Calendar), d.env.Today()
	}
	d.oblige(o)
	return nil
}

func (b CloseCrisis) decide(d *decision, on Date) *Error {
	i := slices.IndexFunc(d.c.Crises, func(x Crisis) bool { return x.ID == b.Crisis })
	switch {
	case i < 0:
		return &Error{Code: NotFound, Field: "crisis", Message: "the case has no such crisis open"}
	case on < d.c.Crises[i].On:
		return refuse("occurred_at", d.env.Policy.CrisisFollowUp.Cite, "%s lies before the crisis of %s", on, d.c.Crises[i].On)
	}
	d.emit(CrisisClosed{b.Crisis, on})
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == CrisisFollowUpDuty && o.About == b.Crisis {
			d.meet(o, on)
		}
	}
	return nil
}

func (d CrisisClosed) decided(*Case) Line {
	return Line{Of: fmt.Sprintf("event-%d", d.Crisis), On: d.On, ZH: "危机已处置", EN: "closed the crisis"}
}

func (d CrisisRaised) decided(*Case) Line {
	return Line{On: d.On, ZH: "报告危机", EN: "raised a crisis: " + string(d.Kind)}
}

type crisisWhy struct{}

func (crisisWhy) explain(c *Case, env Env, x *Explanation) {
	var out []Line
	for _, k := range c.Crises {
		zh := map[CrisisKind]string{SelfHarm: "自伤风险", Overdose: "用药过量", Violence: "暴力风险", OtherCrisis: "其他危机"}[k.Kind]
		en := map[CrisisKind]string{SelfHarm: "self-harm", Overdose: "overdose", Violence: "violence", OtherCrisis: "another kind"}[k.Kind]
		l := env.Policy.CrisisFollowUp
		out = append(out, Line{Code: "crisis", On: k.On, Of: fmt.Sprintf("event-%d", k.ID), Citation: l.Cite, Mark: l.Mark,
			ZH: fmt.Sprintf("%s报告危机（%s）：立即拨打120/110，处置后登记", k.On, zh), EN: fmt.Sprintf("a crisis (%s) was raised on %s: 120 and 110 first, then write down what was done", en, k.On)})
	}
	x.Waiting = append(out, x.Waiting...)
}
