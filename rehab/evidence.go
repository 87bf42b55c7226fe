package rehab

import (
	"slices"
	"time"
)

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

// meet closes an obligation by evidence of the day. Evidence that comes after a miss was
// late: what happened in time is decided before the miss.
func (d *decision) meet(o Obligation, on Date) {
	late := on > o.Due || !o.DueAt.IsZero() && d.latest().After(o.DueAt)
	d.emit(ObligationMet{o.ID, on, late})
	if o.Status != Open {
		d.settle(o.ID.Kind, ByEvidence)
	}
}

// latest is the last instant at which what is told may have happened. A day without an hour
// is told as its first instant; it may have happened until the day ended, or until it was told,
// and so is never in time for a limit in hours that ended before.
func (d *decision) latest() time.Time {
	if day := DateOf(d.occurred); d.occurred.Equal(day.Start()) {
		if end := day.End(); end.Before(d.env.Now) {
			return end
		}
		return d.env.Now
	}
	return d.occurred
}

// retract takes a confirmed miss that turned out to be justified back out of the counters
// and voids the unsent report that rested on it.
func (d *decision) retract(o Obligation) {
	counts := o.Ground == TestEvasion && o.ID.Kind == TestDuty
	d.emit(MissRetracted{o.ID, o.Ground, counts})
	if o.Ground == DeemedRefusal && !o.ID.Kind.ofReport() && !d.refusedElse(o.ID) {
		d.groundFell(DeemedRefusal, 0)
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
// later miss is left.
func (d *decision) satisfy(k Kind, on Date) {
	for o := d.takes(k, on); o != nil; o = d.takes(k, on) {
		d.meet(*o, on)
	}
	d.settle(k, ByEvidence)
}

// takes is the first window of the kind that holds the day, or nil.
func (d *decision) takes(k Kind, on Date) *Obligation {
	for i := range d.c.Obligations {
		if o := &d.c.Obligations[i]; o.ID.Kind == k && o.holds(on) {
			return o
		}
	}
	return nil
}

// windowHolds reports whether an unmet window of the kind holds the day.
func (d *decision) windowHolds(k Kind, on Date) bool { return d.takes(k, on) != nil }

// decide meets the half-yearly or yearly assessment.
func (RecordAssessment) decide(d *decision, on Date) *Error {
	if d.c.ReportedOn == 0 {
		return refuse("", "DRR art.14", "the client has not reported in")
	}
	d.emit(AssessmentRecorded{on})
	d.satisfy(AssessmentDuty, on)
	return nil
}
