package rehab

import "slices"

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
	d.judge()
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

// decide stops a climb until the end of the promised day. Whoever answers stands
// on the rung that was told last, or above it.
func (b AcknowledgeEscalation) decide(d *decision, _ Date) *Error {
	esc := d.c.Escalation(b.Escalation)
	limit := d.env.Policy.Promise
	switch {
	case esc == nil:
		return &Error{Code: NotFound, Field: "escalation", Message: "the case has no such escalation open"}
	case d.actor.Role.rank() < esc.Role.rank():
		return refuse("escalation", "", "it has reached the %s, who has to answer", esc.Role)
	case esc.Acknowledged():
		return refuse("escalation", "", "%s answered already and promised by %s", esc.AckedBy, esc.Promise)
	case b.Promise < d.env.Today():
		return refuse("promise", "", "%s is over", b.Promise)
	case b.Promise > limit.After(d.env.Today(), d.env.Calendar):
		return refuse("promise", limit.Cite, "a promise is kept within %d %s", limit.N, limit.Unit)
	}
	rungs := d.env.Policy.ladder(esc.Obligation.Kind)
	above := rungs[min(esc.Rung+1, len(rungs)-1)]
	d.emit(EscalationAcknowledged{b.Escalation, b.Promise, instant(above.Hours.notBefore(b.Promise.End(), d.env.Calendar))})
	return nil
}

// judge compares the counters with the thresholds of DRR art.20. Crossing one obliges
// the worker to report; falling below it again, by late evidence, withdraws the report
// if it was not sent. The steps of the breach ladder follow the counters too.
func (d *decision) judge() {
	p, n := d.env.Policy, &d.c.Counters
	d.judgeGround(TestEvasion, n.TestBreaches, p.TestBreaches.N)
	d.judgeGround(UnauthorisedLeaving, n.Leavings, p.LeavingBreaches.N)
	d.judgeGround(Absence, n.AbsenceDays, p.AbsenceDays.N)
	d.proposeMeasure()
}

func (d *decision) judgeGround(g Ground, count, threshold int) {
	known := slices.Contains(d.c.Counters.Violations, g)
	switch {
	case count >= threshold && !known:
		d.emit(ViolationReached{g, count, false})
		d.obligeReport(g)
	case count < threshold && known:
		d.emit(ViolationReached{g, count, true})
		d.groundFell(g, 0)
	}
}
