package rehab

import "fmt"

// RefusalDuty is a person's to say whether a test was refused or evaded. Until then the
// refusal counts nothing (DRR art.20).
const RefusalDuty Kind = "refusal_decision"

// Refusal is a refused or evaded test that waits for a person's word. Test is the
// sequence of its event.
type Refusal struct {
	Test   int64      `json:"test"`
	On     Date       `json:"on"`
	Result TestResult `json:"result"`
}

// DecideRefusal is the word of the station head or above on a refused or evaded test.
// Test is the sequence of its event.
type DecideRefusal struct {
	Test      int64 `json:"test"`
	Confirmed bool  `json:"confirmed"`
}

// RefusalDecided settles a refusal. Instead is the window whose miss was confirmed as
// evasion before: the refusal counts in the place of that miss, so that both count once
// and a reason for the miss leaves the refusal as it is.
type RefusalDecided struct {
	Test      int64        `json:"test"`
	Confirmed bool         `json:"confirmed"`
	Counts    bool         `json:"counts,omitempty"` // under DRR art.20
	Instead   ObligationID `json:"instead_of,omitzero"`
}

func (DecideRefusal) CommandType() string { return "decide-refusal" }
func (b DecideRefusal) check() *Error     { return checkTest(b.Test) }
func (RefusalDecided) EventType() string  { return "refusal_decided" }

func (d RefusalDecided) apply(c *Case, _ *Event) {
	r := c.refusal(d.Test)
	if r == nil {
		return
	}
	if d.Counts {
		c.markCounted(r.On)
		if o := c.Obligation(d.Instead); o != nil {
			o.Ground = NoGround
		} else {
			c.Counters.TestBreaches++
		}
	}
	for i := range c.Refusals {
		if c.Refusals[i].Test == d.Test {
			c.Refusals = append(c.Refusals[:i:i], c.Refusals[i+1:]...)
			return
		}
	}
}

func (c *Case) refusal(test int64) *Refusal {
	for i := range c.Refusals {
		if c.Refusals[i].Test == test {
			return &c.Refusals[i]
		}
	}
	return nil
}

// owesTests reports whether the client could have been made to come to a test on the day:
// after report-in, not in custody, and within the term (DRR art.14, 20, 23, 24).
func (c *Case) owesTests(on Date) bool {
	switch {
	case c.ReportedOn == 0 || on < c.ReportedOn:
		return false
	case c.Phase == Suspended && on >= c.SuspendedOn:
		return false
	}
	return c.TermEnd == 0 || on <= c.TermEnd
}

// refused keeps the refusal as a fact. Where the client owed the test, a person has to
// say whether it was one; the office's days run from when it knows of it. One that counted
// at once, as all did before, counts still.
func (d *decision) refused(e TestRecorded, counted bool) {
	e.Provisional = d.c.owesTests(e.On)
	if counted && e.Provisional {
		e.Provisional, e.Counts = false, d.evadedWindow(e.On) == ObligationID{}
		d.emit(e)
		d.checkThresholds()
		return
	}
	d.emit(e)
	if !e.Provisional {
		return
	}
	l, today := d.env.Policy.TestDecision, DateOf(d.knew(RefusalDuty, NoGround))
	d.oblige(Obligation{ID: d.number(RefusalDuty), Opens: e.On, Due: l.After(today, d.env.Calendar), From: today, About: d.c.Seq, Citation: "DRR art.20"})
}

// decide counts a confirmed refusal once with the miss of its window.
func (b DecideRefusal) decide(d *decision, on Date) *Error {
	r := d.c.refusal(b.Test)
	switch {
	case r == nil:
		return refuse("test", "DRR art.20", "no refused or evaded test of that number waits for a decision")
	case d.actor.Role == WorkerRole:
		return refuse("test", "DRR art.20", "a refusal is confirmed by the station head or above")
	case on < r.On:
		return refuse("occurred_at", "DRR art.20", "%s lies before the refusal of %s", on, r.On)
	}
	e := RefusalDecided{Test: b.Test, Confirmed: b.Confirmed, Counts: b.Confirmed}
	if b.Confirmed {
		e.Instead = d.evadedWindow(r.On)
	}
	d.emit(e)
	for _, o := range d.dutiesOver(b.Test) {
		d.meet(o, on)
	}
	d.checkThresholds()
	return nil
}

// evadedWindow is the window of the day that was confirmed as evaded and counts so; the
// zero id where there is none.
func (d *decision) evadedWindow(on Date) ObligationID {
	for i := range d.c.Obligations {
		o := &d.c.Obligations[i]
		if o.ID.Kind == TestDuty && o.holds(on) && o.Status == Confirmed && o.Ground == TestEvasion {
			return o.ID
		}
	}
	return ObligationID{}
}

func (d RefusalDecided) decided(before *Case) Line {
	l := Line{Of: fmt.Sprintf("event-%d", d.Test), Citation: "DRR art.20", ZH: "排除拒绝、逃避检测", EN: "found that no test was refused or evaded"}
	if d.Confirmed {
		l.ZH, l.EN = "确认拒绝、逃避检测", "confirmed that a test was refused or evaded"
	}
	if r := before.refusal(d.Test); r != nil {
		l.ZH, l.EN = fmt.Sprintf("%s（%s）", l.ZH, r.On), fmt.Sprintf("%s on %s", l.EN, r.On)
	}
	return l
}

// line says that the refusal waits for a person.
func (r *Refusal) line() Line {
	return Line{Code: "provisional_refusal", On: r.On, Of: fmt.Sprintf("event-%d", r.Test), Citation: "DRR art.20", Mark: Law,
		ZH: fmt.Sprintf("%s的拒绝、逃避检测待人工确认，确认前不计数", r.On), EN: fmt.Sprintf("the refused or evaded test of %s waits for a person; until then it counts nothing", r.On)}
}
