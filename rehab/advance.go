package rehab

import (
	"slices"
	"time"
)

// step is one thing that time brings. Cases are asked for it all the time, so instants
// are compared as numbers.
type step struct {
	at    int64 // milliseconds since 1970, the precision of the ledger
	what  stepKind
	index int // into Obligations, Series, Escalations or Alarms
}

type stepKind int

// In the order in which they are taken at the same instant: a miss before the window
// after it opens, the end of the term before a climb.
const (
	nothing stepKind = iota
	missObligation
	passTerm
	climbEscalation
	ringAlarm
	openWindow
)

// Wake is the next instant at which Advance has something to say; the zero time where
// only a person can move the case.
func (c *Case) Wake() time.Time {
	s := c.next()
	if s.what == nothing {
		return time.Time{}
	}
	return time.UnixMilli(s.at).UTC()
}

func (c *Case) next() step {
	var s step
	if !c.IsLive() {
		return s
	}
	for i := range c.Obligations {
		if o := &c.Obligations[i]; o.Status == Open && !(c.Phase == Suspended && o.ID.Kind.owedByClient()) {
			s.earlier(o.deadline(), missObligation, i)
		}
	}
	if c.Phase == AwaitingAgreement || c.Phase == InExecution {
		s.earlier((c.TermEnd + 1).start(), passTerm, 0)
	}
	for i := range c.Escalations {
		if at := c.Escalations[i].NextAt; !at.IsZero() {
			s.earlier(at.UnixMilli(), climbEscalation, i)
		}
	}
	for i := range c.Alarms {
		s.earlier(c.Alarms[i].At.UnixMilli(), ringAlarm, i)
	}
	for i := range c.Series {
		if next := c.Series[i].Next; next != 0 && c.Phase != Suspended {
			s.earlier(next.start(), openWindow, i)
		}
	}
	return s
}

func (s *step) earlier(at int64, what stepKind, index int) {
	if s.what == nothing || at < s.at {
		*s = step{at, what, index}
	}
}

// advance takes every step up to the instant, oldest first.
func (d *decision) advance(until time.Time) {
	last := until.UnixMilli()
	for {
		s := d.c.next()
		if s.what == nothing || s.at > last {
			return
		}
		d.step(s)
	}
}

// step takes one step of time.
func (d *decision) step(s step) {
	d.actor, d.command, d.occurred = System, "", time.UnixMilli(s.at).UTC()
	switch s.what {
	case missObligation:
		d.miss(d.c.Obligations[s.index])
	case passTerm:
		d.passTerm()
	case climbEscalation:
		d.climb(d.c.Escalations[s.index])
	case ringAlarm:
		d.ring(d.c.Alarms[s.index])
	case openWindow:
		d.openWindow(d.c.Series[s.index])
	}
	d.watchStanding()
}

// miss declares a provisional miss: a person confirms or dismisses it.
func (d *decision) miss(o Obligation) {
	d.emit(ObligationMissed{o.ID})
	d.escalate(o)
	d.reachOutOver(o)
}

// passTerm ends the term: no more windows, what cannot be made up any more stops
// climbing, and the release notice falls due (DRR art.23, 40).
func (d *decision) passTerm() {
	d.endTransfer(d.c.TermEnd)
	d.emit(TermPassed{d.c.TermEnd})
	d.endOutreach(OutreachTermOver)
	d.endWatch()
	for _, k := range []Kind{AgreementDuty, ContactDuty, HomeVisitDuty, TestDuty, SurpriseTestDuty, AssessmentDuty} {
		d.closeEscalation(k, BySupersession)
	}
	if open := d.openMeasure(); open != nil {
		d.takeBack(*open)
	}
	for _, o := range slices.Clone(d.c.Obligations) {
		switch {
		case o.ID.Kind == AgreementDuty, o.Status == Open && o.ID.Kind.recurring():
			d.emit(ObligationSuperseded{o.ID})
		case o.ID.Kind.recurring() && o.Due > d.c.TermEnd: // the end was told when it had passed
			if o.Status == Confirmed {
				d.retract(o)
			}
			d.emit(ObligationSuperseded{o.ID})
		}
	}
	d.obligeRelease()
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

// openWindow opens the next window of a series.
func (d *decision) openWindow(s Series) {
	w, _ := d.window(s, s.K+1)
	o := Obligation{
		ID: ObligationID{s.Kind, s.N + 1}, Opens: w.opens, Due: w.due, Status: Open, Citation: w.cite,
	}
	next, ok := d.window(s, s.K+2)
	if !ok {
		next.opens = 0
	}
	d.emit(ObligationOpened{o, s.K + 1, next.opens})
}

// window is a stretch of days in which a recurring duty is to be done once.
type window struct {
	start, opens, due Date
	cite              string
}

// window k of the series, counted from 1. False where the term leaves no room for it: a
// window that the end of the term cuts to less than half of its length is not opened.
func (d *decision) window(s Series, k int) (window, bool) {
	p := d.env.Policy
	var w window
	var ok bool
	switch s.Kind {
	case TestDuty:
		sched := p.tests(d.c.Measure, d.c.TermMonths)
		w, ok = sched.window(s.Anchor, k)
	case ContactDuty:
		w, ok = p.Contact[d.c.Risk].window(s.Anchor, k)
	case HomeVisitDuty:
		w, ok = p.HomeVisit.window(s.Anchor, k)
	case SurpriseTestDuty:
		w, ok = p.SurpriseTests.window(s.Anchor, k)
	case AssessmentDuty:
		w, ok = p.Assessment.window(s.Anchor, k)
	case FollowUpDuty:
		w, ok = p.FollowUp.window(s.Anchor, k)
		return w, ok && w.due <= d.c.AfterCareEnd
	case ReleaseFileDuty:
		due := p.ReleaseFile.Before(s.Anchor, d.env.Calendar)
		w = window{s.Next, min(p.ReleaseReminder.Before(s.Anchor, d.env.Calendar), due), due, p.ReleaseFile.Cite}
		return w, k == 1
	}
	w.start, w.opens, w.due = w.start.AddDays(s.Shift), w.opens.AddDays(s.Shift), w.due.AddDays(s.Shift)
	if !ok || w.start > d.c.TermEnd {
		return w, false
	}
	if cut := min(w.due, d.c.TermEnd); cut < w.due {
		ok = 2*(cut-w.start+1) >= w.due-w.start+1
		w.due, w.opens = cut, min(w.opens, cut)
	}
	return w, ok
}

// window k of the schedule, always counted from the anchor (law.md section 3: no drift).
func (s Schedule) window(anchor Date, k int) (window, bool) {
	months := 0
	for _, seg := range s.Segments {
		split := max(seg.Split, 1)
		if k <= seg.Periods*split {
			period, part := (k-1)/split, (k-1)%split
			from := anchor.AddMonths(months + period*seg.Months)
			length := int(anchor.AddMonths(months+(period+1)*seg.Months) - from)
			w := window{start: from.AddDays(length * part / split), cite: s.Cite}
			w.opens, w.due = w.start, from.AddDays(length*(part+1)/split)-1
			return w, true
		}
		k -= seg.Periods * split
		months += seg.Periods * seg.Months
	}
	return window{}, false
}

// window k of the cadence, always counted from the anchor.
func (c Cadence) window(anchor Date, k int) (window, bool) {
	w := window{cite: c.Every.Cite}
	if c.Every.Unit == Months {
		w.start, w.due = anchor.AddMonths((k-1)*c.Every.N), anchor.AddMonths(k*c.Every.N)-1
	} else {
		w.start, w.due = anchor.AddDays((k-1)*c.Every.N), anchor.AddDays(k*c.Every.N)-1
	}
	w.opens = w.start
	if c.Lead > 0 {
		w.opens = max(w.start, w.due.AddDays(-c.Lead))
	}
	return w, c.Every.N > 0
}
