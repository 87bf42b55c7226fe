package rehab

import (
	"fmt"
	"slices"
)

// LaboratoryDuty is to have the laboratory's result on a positive the client objected to.
const LaboratoryDuty Kind = "laboratory_result"

// retentionAlarm rings when sealed samples need not be kept any more.
const retentionAlarm AlarmKind = "sample_retention"

// Positive is a provisional positive test. Test is the sequence of its event, Until the
// last day on which the client may object (zero in old events), Objected the day of the
// objection.
type Positive struct {
	Test     int64      `json:"test"`
	On       Date       `json:"on"`
	Method   TestMethod `json:"method"`
	Until    Date       `json:"until,omitzero"`
	Objected Date       `json:"objected,omitzero"`
}

// Samples are the sealed A and B samples of a positive test, kept until the end of Until.
type Samples struct {
	Test  int64 `json:"test"`
	On    Date  `json:"on"`
	Until Date  `json:"until"`
}

// ObjectToTest is the client's objection to a provisional positive, on the day of OccurredAt.
type ObjectToTest struct {
	Test int64 `json:"test"`
}

// RecordLaboratoryResult is the laboratory's word on a provisional positive.
type RecordLaboratoryResult struct {
	Test      int64 `json:"test"`
	Confirmed bool  `json:"confirmed"`
}

// ResolveTest settles a provisional positive that nobody objected to. Test is the
// sequence of its event. Accepted says that the client signed not to object, so that it
// may be confirmed before the window of objection closes.
type ResolveTest struct {
	Test      int64 `json:"test"`
	Confirmed bool  `json:"confirmed"`
	Accepted  bool  `json:"accepted,omitempty"`
}

// DestroySamples says that the sealed samples of a test were disposed of.
type DestroySamples struct {
	Test int64 `json:"test"`
}

func (ObjectToTest) CommandType() string           { return "object-to-test" }
func (RecordLaboratoryResult) CommandType() string { return "record-laboratory-result" }
func (ResolveTest) CommandType() string            { return "resolve-test" }
func (DestroySamples) CommandType() string         { return "destroy-samples" }

func (b ObjectToTest) check() *Error           { return checkTest(b.Test) }
func (b RecordLaboratoryResult) check() *Error { return checkTest(b.Test) }
func (b ResolveTest) check() *Error            { return checkTest(b.Test) }
func (b DestroySamples) check() *Error         { return checkTest(b.Test) }

func checkTest(seq int64) *Error {
	if seq < 1 {
		return missing("test")
	}
	return nil
}

// TestObjected keeps the client's objection: the laboratory settles the test.
type TestObjected struct {
	Test int64 `json:"test"`
	On   Date  `json:"on"`
}

// LaboratoryReported settles a provisional positive by the laboratory's word.
type LaboratoryReported struct {
	Test      int64 `json:"test"`
	On        Date  `json:"on"`
	Confirmed bool  `json:"confirmed"`
	Relapse   bool  `json:"relapse,omitempty"`
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

// SamplesDestroyed says that they were disposed of.
type SamplesDestroyed struct {
	Test int64 `json:"test"`
	On   Date  `json:"on"`
}

func (TestObjected) EventType() string         { return "test_objected" }
func (LaboratoryReported) EventType() string   { return "laboratory_reported" }
func (TestResolved) EventType() string         { return "test_resolved" }
func (SampleRetentionEnded) EventType() string { return "sample_retention_ended" }
func (SamplesDestroyed) EventType() string     { return "samples_destroyed" }

func (SampleRetentionEnded) tells() []Role { return []Role{WorkerRole} }

func (d TestObjected) apply(c *Case, _ *Event) { c.positive(d.Test).Objected = d.On }

func (d LaboratoryReported) apply(c *Case, _ *Event) { c.settled(d.Test, d.Relapse) }
func (d TestResolved) apply(c *Case, _ *Event)       { c.settled(d.Test, d.Relapse) }

func (d SampleRetentionEnded) apply(c *Case, _ *Event) { c.clearAlarm(retentionAlarm, d.Test) }
func (d SamplesDestroyed) apply(c *Case, _ *Event) {
	c.Samples = slices.DeleteFunc(c.Samples, func(s Samples) bool { return s.Test == d.Test })
}

func (c *Case) settled(test int64, relapse bool) {
	if relapse {
		c.Counters.Relapses++
		if p := c.positive(test); p != nil {
			c.Counters.LastRelapse = max(c.Counters.LastRelapse, p.On)
		}
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

// decide hands the positive to the laboratory (DTP).
func (b ObjectToTest) decide(d *decision, on Date) *Error {
	p, err := d.provisional(b.Test, on)
	switch {
	case err != nil:
		return err
	case p.Objected != 0:
		return refuse("test", "DTP", "the client objected on %s already", p.Objected)
	case p.Until != 0 && on > p.Until:
		return refuse("occurred_at", "DTP", "an objection was open until %s", p.Until)
	}
	d.emit(TestObjected{b.Test, on})
	for _, o := range d.dutiesOver(b.Test) {
		d.takeBack(o)
	}
	l := d.env.Policy.LaboratoryResult
	d.oblige(Obligation{ID: d.number(LaboratoryDuty), Opens: on, Due: l.After(on, d.env.Calendar), From: on, Test: b.Test, Citation: l.Cite})
	return nil
}

// decide settles the positive by the laboratory's word, objection or not (DTP).
func (b RecordLaboratoryResult) decide(d *decision, on Date) *Error {
	p, err := d.provisional(b.Test, on)
	if err != nil {
		return err
	}
	relapse := b.Confirmed && p.Method == Urine
	d.emit(LaboratoryReported{b.Test, on, b.Confirmed, relapse})
	d.meetSettled(p, on, relapse)
	return nil
}

// decide is a person's word on a positive nobody objected to: it can be dismissed at any
// time, and confirmed once the client cannot or will not object (DTP). Hair looks back
// up to six months and is no relapse in treatment by itself.
func (b ResolveTest) decide(d *decision, on Date) *Error {
	p, err := d.provisional(b.Test, on)
	switch {
	case err != nil:
		return err
	case b.Confirmed && p.Objected != 0:
		return refuse("test", "DTP", "the client objected on %s: the laboratory's result settles it", p.Objected)
	case b.Confirmed && on <= p.Until && !b.Accepted:
		return refuse("confirmed", "DTP", "the client may object until %s: only then, or with the client's signature, a positive is confirmed", p.Until)
	}
	relapse := b.Confirmed && p.Method == Urine
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
		d.relapse()
		d.relapsed(p.On)
	}
}

// dutiesOver are the obligations to settle the test.
func (d *decision) dutiesOver(test int64) []Obligation {
	var out []Obligation
	for _, o := range d.c.Obligations {
		if (o.ID.Kind == TestResultDuty || o.ID.Kind == LaboratoryDuty) && o.Test == test {
			out = append(out, o)
		}
	}
	return out
}

// retention is the alarm after which the samples may go; nobody has to let them.
type retention struct{}

func (retention) name() AlarmKind           { return retentionAlarm }
func (retention) ring(d *decision, a Alarm) { d.emit(SampleRetentionEnded{a.Ref}) }

// decide lets the samples go when nothing needs them any more (DTP).
func (b DestroySamples) decide(d *decision, on Date) *Error {
	i := slices.IndexFunc(d.c.Samples, func(s Samples) bool { return s.Test == b.Test })
	switch {
	case i < 0:
		return &Error{Code: NotFound, Field: "test", Message: "no sealed samples of that test are kept"}
	case on <= d.c.Samples[i].Until:
		return refuse("test", "DTP", "the samples stay sealed until the end of %s", d.c.Samples[i].Until)
	case d.c.positive(b.Test) != nil:
		return refuse("test", "DTP", "the result is not settled: the samples are still needed")
	}
	d.emit(SamplesDestroyed{b.Test, on})
	return nil
}

type testingWhy struct{}

func (testingWhy) explain(c *Case, env Env, x *Explanation) {
	for _, p := range c.Pending {
		l := Line{Code: "provisional_positive", On: p.Until, Of: fmt.Sprintf("event-%d", p.Test), Citation: "DTP", Mark: Law}
		switch {
		case p.Objected != 0:
			l.On = p.Objected
			l.ZH, l.EN = fmt.Sprintf("%s的阳性结果已于%s提出异议,待实验室检测", p.On, p.Objected), fmt.Sprintf("the client objected on %s to the positive of %s: the laboratory settles it", p.Objected, p.On)
		case p.Until != 0 && env.Today() <= p.Until:
			l.ZH, l.EN = fmt.Sprintf("%s的阳性结果可于%s前提出异议", p.On, p.Until), fmt.Sprintf("the client may object to the positive of %s until %s", p.On, p.Until)
		default:
			l.ZH, l.EN = fmt.Sprintf("%s的阳性结果异议期已过,待人工确认", p.On), fmt.Sprintf("nobody objected in time to the positive of %s: a person has to settle it", p.On)
		}
		x.Waiting = append(x.Waiting, l)
	}
	for _, s := range c.Samples {
		x.Next = append(x.Next, Line{Code: "samples_sealed", On: s.Until, Of: fmt.Sprintf("event-%d", s.Test), Citation: env.Policy.SampleRetention.Cite, Mark: env.Policy.SampleRetention.Mark,
			ZH: fmt.Sprintf("%s的A/B样本封存至%s", s.On, s.Until), EN: fmt.Sprintf("the A/B samples of %s stay sealed until %s", s.On, s.Until)})
	}
}

// decided is a person's word on a provisional positive.
func (d TestResolved) decided(*Case) Line { return settledLine(d.Test, d.Confirmed) }

func (d LaboratoryReported) decided(*Case) Line {
	l := settledLine(d.Test, d.Confirmed)
	l.ZH, l.EN = "实验室检测:"+l.ZH, "by the laboratory: "+l.EN
	return l
}

func settledLine(test int64, confirmed bool) Line {
	l := Line{Of: fmt.Sprintf("event-%d", test), Citation: "DTP", ZH: "排除检测阳性", EN: "found that the provisional positive was none"}
	if confirmed {
		l.ZH, l.EN = "确认检测阳性", "confirmed the provisional positive"
	}
	return l
}
