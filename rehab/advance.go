package rehab

import "time"

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
	d.checkStanding()
}

// miss declares a provisional miss: a person confirms or dismisses it.
func (d *decision) miss(o Obligation) {
	d.emit(ObligationMissed{o.ID})
	d.escalate(o)
	d.reachOutOver(o)
}
