package rehab

import "fmt"

// missTopic is what becomes of a day that passed: misses, reasons, the climb of the ladder.
func missTopic() topic {
	return topic{
		subject: "misses",
		commands: []CommandSpec{
			command[ConfirmMiss]("确认逾期", "Confirm a provisional miss", by(offices), afterRelease, example(`{"obligation":"report_in-1"}`)),
			command[DismissMiss]("排除逾期", "Say that a miss was none, and why", by(offices), reason, afterRelease, afterEnd, example(`{"obligation":"report_in-1"}`)),
			command[JustifyMiss]("认可正当理由", "Accept a justified reason for a miss", by(offices), reason, example(`{"obligation":"report_in-1","reason":"illness"}`)),
			command[AcknowledgeEscalation]("回应预警", "Answer for an escalation: what will be done, by when", by(everyone), reason, afterRelease, afterEnd, example(`{"escalation":1,"promise":"2026-10-21"}`)),
		},
		events: []eventKind{
			eventOf[ObligationMissed](), eventOf[MissConfirmed](), eventOf[MissRetracted](), eventOf[MissDismissed](), eventOf[MissJustified](),
			eventOf[ObligationSuperseded](), eventOf[EscalationOpened](), eventOf[EscalationClimbed](), eventOf[EscalationAcknowledged](), eventOf[EscalationClosed](),
		},
	}
}

// ConfirmMiss confirms a provisional miss. For a test, Evasion says that it counts
// as evading under DRR art.20; a miss of report-in is confirmed as deemed refusal.
type ConfirmMiss struct {
	Obligation ObligationID `json:"obligation"`
	Evasion    bool         `json:"evasion,omitempty"`
}

// DismissMiss says that a miss was none; the reason is the command's text.
type DismissMiss struct {
	Obligation ObligationID `json:"obligation"`
}

// JustifyMiss gives a justified reason. Until is the new last day of what still has
// to be done; it may be left out for a window.
type JustifyMiss struct {
	Obligation ObligationID    `json:"obligation"`
	Reason     JustifiedReason `json:"reason"`
	Until      Date            `json:"until,omitzero"`
}

func (ConfirmMiss) CommandType() string { return "confirm-miss" }
func (DismissMiss) CommandType() string { return "dismiss-miss" }
func (JustifyMiss) CommandType() string { return "justify-miss" }

func (b ConfirmMiss) check() *Error {
	if err := b.Obligation.check(); err != nil {
		return err
	}
	if b.Evasion && b.Obligation.Kind != TestDuty {
		return &Error{Code: Invalid, Message: "only a missed test can be evasion", Field: "evasion", Citation: "DRR art.20"}
	}
	return nil
}

func (b DismissMiss) check() *Error { return b.Obligation.check() }

func (b JustifyMiss) check() *Error {
	if err := b.Obligation.check(); err != nil {
		return err
	}
	return justifiedReasons.check("reason", b.Reason)
}

// MissConfirmed is a person's word that a miss was one. Counts: it adds to its ground.
type MissConfirmed struct {
	ID     ObligationID `json:"id"`
	Ground Ground       `json:"ground,omitempty"`
	Counts bool         `json:"counts,omitempty"`
}

// MissRetracted takes a confirmed miss back, since evidence showed that it was done in time.
type MissRetracted struct {
	ID     ObligationID `json:"id"`
	Ground Ground       `json:"ground,omitempty"`
	Counts bool         `json:"counts,omitempty"`
}

// MissDismissed is a person's word that a miss was none.
type MissDismissed struct {
	ID ObligationID `json:"id"`
}

// MissJustified accepts a justified reason. With Until, the obligation is open again
// and due on that day; without, it is excused.
type MissJustified struct {
	ID     ObligationID    `json:"id"`
	Reason JustifiedReason `json:"reason"`
	Until  Date            `json:"until,omitzero"`
}

func (MissConfirmed) EventType() string { return "miss_confirmed" }
func (MissRetracted) EventType() string { return "miss_retracted" }
func (MissDismissed) EventType() string { return "miss_dismissed" }
func (MissJustified) EventType() string { return "miss_justified" }

func (d MissDismissed) apply(c *Case, _ *Event) { c.drop(d.ID) }

func (d MissConfirmed) apply(c *Case, _ *Event) {
	o := c.Obligation(d.ID)
	o.Status, o.Ground, o.Counted = Confirmed, d.Ground, o.Counted || d.Counts
	c.countMiss(d.ID.Kind, d.Ground, d.Counts, 1)
	c.arrivalMissed(d.ID.Kind, true)
}

func (d MissRetracted) apply(c *Case, _ *Event) {
	o := c.Obligation(d.ID)
	o.Counted = o.Counted && !d.Counts // a refusal in the window still counts
	c.countMiss(d.ID.Kind, d.Ground, d.Counts, -1)
	c.arrivalMissed(d.ID.Kind, false)
}

func (c *Case) countMiss(k Kind, g Ground, counts bool, by int) {
	switch {
	case g == DeemedRefusal && !k.ofReport():
		c.Counters.DeemedRefusals += by
	case g == TestEvasion && k == TestDuty && counts:
		c.Counters.TestBreaches += by
	case k == ContactDuty || k == HomeVisitDuty:
		c.Counters.MissedContacts += by
	}
}

func (d MissJustified) apply(c *Case, _ *Event) {
	o := c.Obligation(d.ID)
	if d.Until.IsZero() {
		c.drop(d.ID)
		return
	}
	o.Status, o.Due, o.Plain, o.Ground, o.Fixed = Open, d.Until, 0, "", true
	if o.Expires != 0 {
		o.Expires = max(o.Expires, d.Until)
	}
}

// decide is a person's finding that a provisional miss was one. Only now does it
// count. A missed report-in goes to the police: in treatment as deemed refusal (DRR art.14,
// 20); in rehabilitation as overdue, since no article deems it a refusal (DRR art.38).
func (b ConfirmMiss) decide(d *decision, _ Date) *Error {
	o, err := d.missed(b.Obligation)
	if err != nil {
		return err
	}
	e := MissConfirmed{ID: o.ID}
	switch {
	case o.ID.Kind == ReportInDuty || o.ID.Kind == TransferReportInDuty:
		e.Ground = DeemedRefusal
		if d.c.Measure == Rehabilitation {
			e.Ground = Overdue
		}
	case b.Evasion && !o.Counted:
		e.Ground, e.Counts = TestEvasion, true
	case o.ID.Kind.ofReport():
		e.Ground = o.Ground // whoever is late with it
	}
	d.emit(e)
	if oneOf(e.Ground, DeemedRefusal, Overdue) && !o.ID.Kind.ofReport() {
		d.obligeReport(e.Ground)
	}
	d.checkThresholds()
	return nil
}

// decide is a person's finding that a miss of a window was none. What has to be
// done once cannot be dismissed: it still has to be done.
func (b DismissMiss) decide(d *decision, _ Date) *Error {
	o, err := d.missed(b.Obligation)
	if err != nil {
		return err
	}
	if !o.ID.Kind.recurring() {
		return refuse("obligation", o.Citation, "%s still has to be done: record it, or justify the delay with a new day", o.ID)
	}
	d.emit(MissDismissed{o.ID})
	d.settle(o.ID.Kind, ByDismissal)
	return nil
}

func (d *decision) missed(id ObligationID) (Obligation, *Error) {
	o := d.c.Obligation(id)
	switch {
	case o == nil:
		return Obligation{}, &Error{Code: NotFound, Field: "obligation", Message: "the case has no such obligation open: " + id.String()}
	case o.Status == Open:
		return *o, refuse("obligation", o.Citation, "%s is not overdue, its last day is %s", id, o.Due)
	case o.Status == Confirmed:
		return *o, refuse("obligation", o.Citation, "the miss of %s was confirmed already", id)
	}
	return *o, nil
}

// decide accepts a justified reason (DRR art.14): with a new day, or for a window
// without one. It takes back a confirmed miss.
func (b JustifyMiss) decide(d *decision, on Date) *Error {
	found := d.c.Obligation(b.Obligation)
	if found == nil {
		return &Error{Code: NotFound, Field: "obligation", Message: "the case has no such obligation open: " + b.Obligation.String()}
	}
	o := *found
	once := oneOf(o.ID.Kind, ReportInDuty, TransferReportInDuty, AgreementDuty)
	switch {
	case !once && !o.ID.Kind.recurring():
		return refuse("obligation", "DRR art.14", "a justified reason excuses the client; %s is not the client's to do", o.ID)
	case once && b.Until == 0:
		return refuse("until", o.Citation, "%s still has to be done: name the new last day", o.ID)
	case b.Until != 0 && b.Until <= max(o.Due, on-1):
		return refuse("until", o.Citation, "the new last day %s is not later than %s", b.Until, max(o.Due, on-1))
	case b.Until != 0 && d.c.TermEnd != 0 && b.Until > d.c.TermEnd:
		return refuse("until", "DRR art.14", "the new last day lies after the term, which ends on %s", d.c.TermEnd)
	case d.c.TermEnd == 0 && b.Until > on.AddMonths(lateness):
		return refuse("until", "DRR art.14", "the new last day lies more than %d months ahead", lateness)
	}
	if o.Status == Confirmed {
		d.retract(o)
		if o.Ground == Overdue && !o.ID.Kind.ofReport() {
			d.groundFell(Overdue, 0)
		}
	}
	d.emit(MissJustified{o.ID, b.Reason, b.Until})
	d.settle(o.ID.Kind, ByJustification)
	return nil
}

func (d MissConfirmed) decided(before *Case) Line {
	l := about(before, d.ID, "确认%s（%s）逾期", "confirmed that %s (%s) was missed")
	switch {
	case d.Ground == DeemedRefusal && !d.ID.Kind.ofReport():
		l.ZH, l.EN, l.Citation = l.ZH+"，视为拒绝", l.EN+": deemed refusal", refusalCite(d.ID.Kind)
	case d.Ground == Overdue:
		l.ZH, l.EN, l.Citation = l.ZH+"，是否属于拒绝接受社区康复由人认定", l.EN+": a person decides whether it is a refusal", overdueCite(d.ID.Kind)
	case d.Counts:
		l.ZH, l.EN, l.Citation = l.ZH+"，计入逃避检测", l.EN+": it counts as evading a test", "DRR art.20"
	}
	return l
}

func (d MissDismissed) decided(before *Case) Line {
	return about(before, d.ID, "排除%s（%s）逾期", "found that %s (%s) was not missed")
}

func (d MissJustified) decided(before *Case) Line {
	l := about(before, d.ID, "认定%s（%s）有正当理由", "accepted a justified reason for %s (%s)")
	l.Citation = "DRR art.14"
	if d.Until != 0 {
		l.ZH, l.EN = fmt.Sprintf("%s，期限改至%s", l.ZH, d.Until), fmt.Sprintf("%s: the new last day is %s", l.EN, d.Until)
	}
	return l
}
