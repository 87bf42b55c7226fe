package rehab

import "slices"

// first obligation of the kind that is still in the case, or nil. What is returned is
// a copy: folding moves the originals.
func (d *decision) first(k Kind) *Obligation {
	for _, o := range d.c.Obligations {
		if o.ID.Kind == k {
			return &o
		}
	}
	return nil
}

// meet closes an obligation by evidence of the day. Evidence from in time takes back a
// miss, even a confirmed one, and what followed from it.
func (d *decision) meet(o Obligation, on Date) {
	late := on > o.Due || !o.DueAt.IsZero() && d.occurred.After(o.DueAt)
	if o.Status == Confirmed && !late {
		d.retract(o)
	}
	d.emit(ObligationMet{o.ID, on, late})
	if o.Status == Open {
		return
	}
	why := ByEvidence
	if !late {
		why = ByRetraction
	}
	d.settle(o.ID.Kind, why)
}

// retract takes a confirmed miss back out of the counters and voids the unsent report
// that rested on it.
func (d *decision) retract(o Obligation) {
	counts := o.Ground == TestEvasion
	d.emit(MissRetracted{o.ID, o.Ground, counts})
	if o.Ground == DeemedRefusal {
		d.withdrawReport(DeemedRefusal)
	}
	d.judge()
}

// satisfy closes the windows of the kind that hold the day, and ends the climb when no
// later miss is left. Windows that take no evidence any more stay as they are.
func (d *decision) satisfy(k Kind, on Date) {
	for o := d.takes(k, on); o != nil; o = d.takes(k, on) {
		d.meet(*o, on)
	}
	d.settle(k, ByEvidence)
}

// takes is the first window of the kind that takes evidence of the day today, or nil.
func (d *decision) takes(k Kind, on Date) *Obligation {
	today := d.env.Today()
	for i := range d.c.Obligations {
		if o := &d.c.Obligations[i]; o.ID.Kind == k && o.holds(on) && (o.Expires == 0 || today <= o.Expires) {
			return o
		}
	}
	return nil
}

// decide keeps every attempt. Declining to meet is no test refusal: it has a
// counter of its own (law.md section 2).
func (b RecordContact) decide(d *decision, on Date) *Error {
	counts := b.Outcome == Met && oneOf(b.Channel, d.env.Policy.ContactChannels...)
	visit := b.Outcome == Met && (b.Channel == HomeVisit || b.Channel == JointVisit)
	d.emit(ContactRecorded{on, b.Channel, b.Outcome, counts, visit})
	if counts {
		d.satisfy(ContactDuty, on)
	}
	if visit {
		d.satisfy(HomeVisitDuty, on)
	}
	return nil
}

// decide keeps a test or the failed attempt at one. A refusal leaves the window
// open, since the client may still come; a positive is provisional until it is settled.
func (b RecordTest) decide(d *decision, on Date) *Error {
	e := TestRecorded{On: on, Method: b.Method, Result: b.Result}
	if b.Result == TestRefused || b.Result == TestEvaded {
		e.Counts = !d.countedAsMiss(on)
		d.emit(e)
		d.judge()
		return nil
	}
	e.Unscheduled = !d.windowHolds(TestDuty, on)
	positive := b.Result == PositiveProvisional || b.Result == PositiveConfirmed
	e.Expected = positive && d.c.Maintenance
	e.Relapse = b.Result == PositiveConfirmed && !e.Expected && b.Method == Urine
	d.emit(e)
	seq := d.c.Seq
	d.satisfy(TestDuty, on)
	if b.Result == PositiveProvisional && !e.Expected {
		l := d.env.Policy.TestConfirmation
		d.oblige(Obligation{ID: d.number(TestResultDuty), Opens: on, Due: l.After(on, d.env.Calendar), Test: seq, Citation: l.Cite})
	}
	if e.Relapse {
		d.obligeReport(Relapse)
	}
	return nil
}

// windowHolds reports whether an unmet window of the kind holds the day.
func (d *decision) windowHolds(k Kind, on Date) bool {
	for i := range d.c.Obligations {
		if o := &d.c.Obligations[i]; o.ID.Kind == k && o.holds(on) {
			return true
		}
	}
	return false
}

// countedAsMiss reports whether the window that holds the day was confirmed as evaded
// already, so that a refusal in it told later is not counted a second time.
func (d *decision) countedAsMiss(on Date) bool {
	for i := range d.c.Obligations {
		o := &d.c.Obligations[i]
		if o.ID.Kind == TestDuty && o.holds(on) && o.Status == Confirmed && o.Ground == TestEvasion {
			return true
		}
	}
	return false
}

// decide settles a provisional positive (DTP). Hair looks back up to six months
// and is no relapse in treatment by itself.
func (b ResolveTest) decide(d *decision, on Date) *Error {
	var p *Positive
	for i := range d.c.Pending {
		if d.c.Pending[i].Test == b.Test {
			p = &Positive{b.Test, d.c.Pending[i].On, d.c.Pending[i].Method}
		}
	}
	switch {
	case p == nil:
		return refuse("test", "DTP", "no provisional positive of that number waits for a result")
	case on < p.On:
		return refuse("occurred_at", "DTP", "%s lies before the test of %s", on, p.On)
	}
	relapse := b.Confirmed && p.Method == Urine
	d.emit(TestResolved{b.Test, b.Confirmed, relapse})
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == TestResultDuty && o.Test == b.Test {
			d.meet(o, on)
		}
	}
	if relapse {
		d.obligeReport(Relapse)
	}
	return nil
}

// decide meets the half-yearly or yearly assessment.
func (RecordAssessment) decide(d *decision, on Date) *Error {
	if d.c.ReportedOn == 0 {
		return refuse("", "DRR art.14", "the client has not reported in")
	}
	d.emit(AssessmentRecorded{on})
	d.satisfy(AssessmentDuty, on)
	return nil
}
