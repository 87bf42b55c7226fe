package rehab

import (
	"slices"
	"time"
)

func (c *Case) first(k Kind) *Obligation {
	for _, o := range c.Obligations {
		if o.ID.Kind == k {
			return &o
		}
	}
	return nil
}

// oblige opens an obligation outside the series.
func (d *decision) oblige(o Obligation) {
	o.Status = Open
	d.emit(ObligationOpened{Obligation: o})
}

// obligeWithin opens a duty that comes once, within the policy's limit of the day.
func (d *decision) obligeWithin(k Kind, from Date) {
	l := d.env.Policy.limitOf(k)
	d.oblige(Obligation{ID: d.number(k), Opens: from, Due: l.After(from, d.env.Calendar), From: from, Citation: l.Cite})
}

func (d *decision) number(k Kind) ObligationID { return ObligationID{k, d.c.nextNumber(k)} }

// voidWhere ends the climbs over the kinds, and supersedes what is due of them.
func (d *decision) voidWhere(match func(Kind) bool) {
	for _, esc := range slices.Clone(d.c.Escalations) {
		if k := esc.Obligation.Kind; match(k) {
			d.closeEscalation(k, BySupersession)
		}
	}
	for _, o := range slices.Clone(d.c.Obligations) {
		if match(o.ID.Kind) {
			d.emit(ObligationSuperseded{o.ID})
		}
	}
}

// missesNotMadeUp are the misses of the kind that no later evidence has made up.
func (d *decision) missesNotMadeUp(k Kind) int {
	var last Date
	if s := d.c.series(k); s != nil {
		last = s.Last
	}
	n := 0
	for i := range d.c.Obligations {
		if o := &d.c.Obligations[i]; o.ID.Kind == k && (o.Status == Missed || o.Status == Confirmed) && o.Due >= last {
			n++
		}
	}
	return n
}

// void supersedes all obligations of the kinds and ends the climbs over them.
func (d *decision) void(why Closing, kinds ...Kind) {
	for _, o := range slices.Clone(d.c.Obligations) {
		if slices.Contains(kinds, o.ID.Kind) {
			d.emit(ObligationSuperseded{o.ID})
		}
	}
	for _, k := range kinds {
		d.closeEscalation(k, why)
	}
}

// first obligation of the kind that is still in the case, or nil. What is returned is
// a copy: folding moves the originals.
func (d *decision) first(k Kind) *Obligation { return d.c.first(k) }

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
	d.checkThresholds()
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

// supersede voids the duties of the kind that are about the same.
func (d *decision) supersede(k Kind, about int64) {
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == k && o.About == about {
			d.emit(ObligationSuperseded{o.ID})
			d.settle(k, BySupersession)
		}
	}
}

// aboutSame is the duty of the kind that is about the same, or nil.
func (d *decision) aboutSame(k Kind, about int64) *Obligation {
	for _, o := range d.c.Obligations {
		if o.ID.Kind == k && o.About == about {
			return &o
		}
	}
	return nil
}
