package rehab

import (
	"fmt"
	"slices"
)

// retentionAlarm rings when sealed samples need not be kept any more.
const retentionAlarm AlarmKind = "sample_retention"

// Positive is a positive test that can be objected to: a provisional one, or one that a
// laboratory confirmed. Test is the sequence of its event, Told the day on which the client
// was told of the result (zero: on the day of the test), Until the last day of the objection
// as it was computed (zero in old events: there is none), Objected the day of the objection.
type Positive struct {
	Test     int64      `json:"test"`
	On       Date       `json:"on"`
	Method   TestMethod `json:"method"`
	Told     Date       `json:"told,omitzero"`
	Until    Date       `json:"until,omitzero"`
	Objected Date       `json:"objected,omitzero"`
	Relapse  bool       `json:"relapse,omitempty"` // it counts as one
}

// objectUntil is the last day of the objection by the calendar of now. It is never sooner
// than what was computed before: a calendar that comes later shortens no one's days (DTP,
// CC art.203).
func (p *Positive) objectUntil(env Env) Date {
	if p.Until == 0 {
		return 0
	}
	return max(p.Until, env.Policy.TestConfirmation.After(max(p.On, p.Told), env.Calendar))
}

// Samples are the sealed A and B samples of a positive test, kept until the end of Until.
type Samples struct {
	Test  int64 `json:"test"`
	On    Date  `json:"on"`
	Until Date  `json:"until"`
}

// ObjectToTest is the client's objection on the day of OccurredAt: to a provisional
// positive, or once more to one that a laboratory confirmed (复检).
type ObjectToTest struct {
	Test int64 `json:"test"`
}

// ResolveTest settles a provisional positive that nobody objected to. Test is the
// sequence of its event. Accepted says that the client signed not to object; no signature
// shortens the days of objection (DTP).
type ResolveTest struct {
	Test      int64 `json:"test"`
	Confirmed bool  `json:"confirmed"`
	Accepted  bool  `json:"accepted,omitempty"`
}

// DestroySamples says that the sealed samples of a test were disposed of.
type DestroySamples struct {
	Test int64 `json:"test"`
}

func (ObjectToTest) CommandType() string   { return "object-to-test" }
func (ResolveTest) CommandType() string    { return "resolve-test" }
func (DestroySamples) CommandType() string { return "destroy-samples" }

func (b ObjectToTest) check() *Error   { return checkTest(b.Test) }
func (b ResolveTest) check() *Error    { return checkTest(b.Test) }
func (b DestroySamples) check() *Error { return checkTest(b.Test) }

func checkTest(seq int64) *Error {
	if seq < 1 {
		return missing("test")
	}
	return nil
}

// TestObjected keeps the client's objection: the laboratory settles the test. Again says
// that it is one to the laboratory's own result.
type TestObjected struct {
	Test  int64 `json:"test"`
	On    Date  `json:"on"`
	Again bool  `json:"again,omitempty"`
}

// TestResolved settles a provisional positive. Test is the sequence of its event.
type TestResolved struct {
	Test      int64 `json:"test"`
	Confirmed bool  `json:"confirmed"`
	Relapse   bool  `json:"relapse,omitempty"`
	Accepted  bool  `json:"accepted,omitempty"` // the client signed not to object
}

// SampleRetentionEnded says that the samples of the test need not be kept any more.
type SampleRetentionEnded struct {
	Test int64 `json:"test"`
}

// SampleRetentionExtended keeps samples on that an older rule would have let go (DTP art.8).
type SampleRetentionExtended struct {
	Test  int64 `json:"test"`
	Until Date  `json:"until"`
}

// SamplesDestroyed says that they were disposed of.
type SamplesDestroyed struct {
	Test int64 `json:"test"`
	On   Date  `json:"on"`
}

func (TestObjected) EventType() string            { return "test_objected" }
func (TestResolved) EventType() string            { return "test_resolved" }
func (SampleRetentionEnded) EventType() string    { return "sample_retention_ended" }
func (SampleRetentionExtended) EventType() string { return "sample_retention_extended" }
func (SamplesDestroyed) EventType() string        { return "samples_destroyed" }

func (SampleRetentionEnded) tells() []Role { return []Role{WorkerRole} }

func (d TestObjected) apply(c *Case, _ *Event) {
	p := c.positive(d.Test)
	if d.Again {
		p = c.examined(d.Test)
	}
	p.Objected = d.On
}

func (d TestResolved) apply(c *Case, _ *Event) { c.settled(d.Test, d.Relapse) }

func (d SampleRetentionEnded) apply(c *Case, _ *Event) { c.clearAlarm(retentionAlarm, d.Test) }

func (d SampleRetentionExtended) apply(c *Case, _ *Event) {
	for i := range c.Samples {
		if c.Samples[i].Test == d.Test {
			c.Samples[i].Until = d.Until
			c.setAlarm(Alarm{Kind: retentionAlarm, At: d.Until.End(), Ref: d.Test})
		}
	}
}

func (d SamplesDestroyed) apply(c *Case, _ *Event) {
	c.Samples = slices.DeleteFunc(c.Samples, func(s Samples) bool { return s.Test == d.Test })
}

func (c *Case) settled(test int64, relapse bool) {
	if p := c.positive(test); p != nil && relapse {
		c.countRelapse(test, p.On)
	}
	c.Pending = slices.DeleteFunc(c.Pending, func(p Positive) bool { return p.Test == test })
}

func (c *Case) positive(test int64) *Positive {
	for i := range c.Pending {
		if c.Pending[i].Test == test {
			return &c.Pending[i]
		}
	}
	return nil
}

// provisional finds the positive, and refuses days before it.
func (d *decision) provisional(test int64, on Date) (Positive, *Error) {
	p := d.c.positive(test)
	switch {
	case p == nil:
		return Positive{}, refuse("test", "DTP", "no provisional positive of that number waits for a result")
	case on < p.On:
		return *p, refuse("occurred_at", "DTP", "%s lies before the test of %s", on, p.On)
	}
	return *p, nil
}

// decide hands the positive to the laboratory (DTP): once while it is provisional, and once
// more when the laboratory has confirmed it.
func (b ObjectToTest) decide(d *decision, on Date) *Error {
	p, again := d.c.positive(b.Test), false
	if p == nil {
		p, again = d.c.examined(b.Test), true
	}
	switch {
	case p == nil:
		return refuse("test", "DTP", "no positive of that number can be objected to")
	case on < p.On:
		return refuse("occurred_at", "DTP", "%s lies before the test of %s", on, p.On)
	case p.Objected != 0:
		return refuse("test", "DTP", "the client objected on %s already", p.Objected)
	case p.Until != 0 && on > p.objectUntil(d.env):
		return refuse("occurred_at", "DTP", "an objection was open until %s, three days after the client was told", p.objectUntil(d.env))
	}
	d.emit(TestObjected{b.Test, on, again})
	for _, o := range d.dutiesOver(b.Test) {
		d.takeBack(o)
	}
	d.askLaboratory(b.Test, on)
	return nil
}

// decide is a person's word on a positive nobody objected to: it can be dismissed at any
// time, and confirmed once the days of objection are over (DTP). Hair looks back up to six
// months and is no relapse in treatment by itself.
func (b ResolveTest) decide(d *decision, on Date) *Error {
	p, err := d.provisional(b.Test, on)
	until := p.objectUntil(d.env)
	switch {
	case err != nil:
		return err
	case b.Confirmed && p.Objected != 0:
		return refuse("test", "DTP", "the client objected on %s: the laboratory's result settles it", p.Objected)
	case b.Confirmed && on <= until && b.Accepted && d.came(TestResolved{}.EventType()) == nil:
		return refuse("accepted", "DTP", "no signature shortens the days of objection: they run until %s, and only then a positive is confirmed", until)
	case b.Confirmed && on <= until && !b.Accepted:
		return refuse("confirmed", "DTP", "the client may object until %s: only then a positive is confirmed", until)
	}
	relapse := b.Confirmed && p.Method.showsUse()
	d.emit(TestResolved{b.Test, b.Confirmed, relapse, b.Accepted})
	d.meetSettled(p, on, relapse)
	return nil
}

// meetSettled closes what waited for the result and opens what follows from it.
func (d *decision) meetSettled(p Positive, on Date, relapse bool) {
	for _, o := range d.dutiesOver(p.Test) {
		d.meet(o, on)
	}
	if relapse {
		d.relapse(p.Test)
		d.relapsed(p.On)
	}
}

// dutiesOver are the obligations to settle the test.
func (d *decision) dutiesOver(test int64) []Obligation {
	var out []Obligation
	for _, o := range d.c.Obligations {
		if oneOf(o.ID.Kind, TestResultDuty, LaboratoryDuty, RefusalDuty) && o.About == test {
			out = append(out, o)
		}
	}
	return out
}

// leastRetention is how many months samples are kept sealed at least (DTP art.8, as amended
// in 2016). A version of the policy from before it was seen says less.
const leastRetention = 6

// retention is how long samples are kept under the policy, never less than the statute's.
func (p *Policy) retention() Limit {
	if l := p.SampleRetention; l.Unit == Months && l.N >= leastRetention {
		return l
	}
	return Limit{N: leastRetention, Unit: Months, Source: Source{Law, "DTP art.8 (A/B samples sealed at least 6 months)"}}
}

// keptUntil is the last day on which the samples stay sealed, whatever was said of it before.
func (s *Samples) keptUntil(env Env) Date {
	return max(s.Until, env.Policy.retention().After(s.On, env.Calendar))
}

// retention is the alarm after which the samples may go; nobody has to let them.
type retention struct{}

func (retention) name() AlarmKind { return retentionAlarm }

func (retention) ring(d *decision, a Alarm) {
	for i := range d.c.Samples {
		if s := d.c.Samples[i]; s.Test == a.Ref && s.keptUntil(d.env) > s.Until {
			d.emit(SampleRetentionExtended{s.Test, s.keptUntil(d.env)})
			return
		}
	}
	d.emit(SampleRetentionEnded{a.Ref})
}

// decide lets the samples go when nothing needs them any more (DTP).
func (b DestroySamples) decide(d *decision, on Date) *Error {
	i := slices.IndexFunc(d.c.Samples, func(s Samples) bool { return s.Test == b.Test })
	again := d.c.examined(b.Test)
	switch {
	case i < 0:
		return &Error{Code: NotFound, Field: "test", Message: "no sealed samples of that test are kept"}
	case on <= d.c.Samples[i].keptUntil(d.env):
		return refuse("test", "DTP art.8", "the samples stay sealed until the end of %s", d.c.Samples[i].keptUntil(d.env))
	case d.c.positive(b.Test) != nil || again != nil && (again.Objected != 0 || on <= again.objectUntil(d.env)):
		return refuse("test", "DTP", "the result is not settled: the samples are still needed")
	}
	d.emit(SamplesDestroyed{b.Test, on})
	return nil
}

type testingWhy struct{}

func (testingWhy) explain(c *Case, env Env, x *Explanation) {
	for i := range c.Refusals {
		x.Waiting = append(x.Waiting, c.Refusals[i].line())
	}
	for i := range c.Pending {
		p := &c.Pending[i]
		x.Waiting = append(x.Waiting, provisionalLine(p, env))
		if p.Objected != 0 {
			x.Next = append(x.Next, laboratoryLines(p, env)...)
		}
	}
	for i := range c.Confirmed {
		p := &c.Confirmed[i]
		l, open := confirmedLine(p, env)
		switch {
		case p.Objected != 0:
			x.Waiting, x.Next = append(x.Waiting, l), append(x.Next, laboratoryLines(p, env)...)
		case open:
			x.Next = append(x.Next, l)
		}
	}
	l := env.Policy.retention()
	for i := range c.Samples {
		s, until := &c.Samples[i], c.Samples[i].keptUntil(env)
		x.Next = append(x.Next, Line{Code: "samples_sealed", On: until, Of: fmt.Sprintf("event-%d", s.Test), Citation: l.Cite, Mark: l.Mark,
			ZH: fmt.Sprintf("%s的A/B样本封存至%s", s.On, until), EN: fmt.Sprintf("the A/B samples of %s stay sealed until %s", s.On, until)})
	}
}

func provisionalLine(p *Positive, env Env) Line {
	until := p.objectUntil(env)
	l := Line{Code: "provisional_positive", On: until, Of: fmt.Sprintf("event-%d", p.Test), Citation: "DTP", Mark: Law}
	switch {
	case p.Objected != 0:
		l.On = p.Objected
		l.ZH, l.EN = fmt.Sprintf("%s的阳性结果已于%s提出异议，待实验室检测", p.On, p.Objected), fmt.Sprintf("the client objected on %s to the positive of %s: the laboratory settles it", p.Objected, p.On)
	case until != 0 && env.Today() <= until:
		l.ZH, l.EN = fmt.Sprintf("%s的阳性结果可于%s前提出异议", p.On, until), fmt.Sprintf("the client may object to the positive of %s until %s", p.On, until)
	default:
		l.ZH, l.EN = fmt.Sprintf("%s的阳性结果异议期已过，待人工确认", p.On), fmt.Sprintf("nobody objected in time to the positive of %s: a person has to settle it", p.On)
	}
	return l
}

// decided is a person's word on a provisional positive.
func (d TestResolved) decided(*Case) Line { return settledLine(d.Test, d.Confirmed) }

func (d SamplesDestroyed) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("event-%d", d.Test), Citation: "DTP", ZH: "登记检材销毁", EN: "recorded that the samples were destroyed"}
}

func settledLine(test int64, confirmed bool) Line {
	l := Line{Of: fmt.Sprintf("event-%d", test), Citation: "DTP", ZH: "排除检测阳性", EN: "found that the provisional positive was none"}
	if confirmed {
		l.ZH, l.EN = "确认检测阳性", "confirmed the provisional positive"
	}
	return l
}
