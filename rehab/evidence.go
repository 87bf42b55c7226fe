package rehab

import "slices"

// first obligation of the kind that is still in the case, or nil. What is returned is
// a copy: folding moves the originals.
func (d *decision) first(k Kind) *Obligation { return d.c.first(k) }

func (c *Case) first(k Kind) *Obligation {
	for _, o := range c.Obligations {
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
	counts := o.Ground == TestEvasion && o.ID.Kind == TestDuty
	d.emit(MissRetracted{o.ID, o.Ground, counts})
	if o.Ground == DeemedRefusal && !o.ID.Kind.ofReport() && !d.refusedElse(o.ID) {
		d.withdrawReport(DeemedRefusal)
	}
	d.judge()
}

// refusedElse reports whether another report-in was confirmed as refused: the order's and
// the one after a transfer may both have been.
func (d *decision) refusedElse(id ObligationID) bool {
	return slices.ContainsFunc(d.c.Obligations, func(o Obligation) bool {
		return o.Ground == DeemedRefusal && !o.ID.Kind.ofReport() && o.Status == Confirmed && o.ID != id
	})
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

// windowHolds reports whether an unmet window of the kind holds the day.
func (d *decision) windowHolds(k Kind, on Date) bool {
	for i := range d.c.Obligations {
		if o := &d.c.Obligations[i]; o.ID.Kind == k && o.holds(on) {
			return true
		}
	}
	return false
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
