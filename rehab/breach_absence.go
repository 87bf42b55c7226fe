package rehab

import (
	"fmt"
	"slices"
)

// Span is a stretch of days, both included, that a fact of the ledger is about. ID is the
// sequence of its event.
type Span struct {
	ID   int64 `json:"id"`
	From Date  `json:"from"`
	To   Date  `json:"to"`
}

func (s Span) holds(on Date) bool { return s.From <= on && on <= s.To }

// shortestLeaving is from how many days away on a written report is owed (DRR art.19):
// whoever is away for less owes none, and has left without leave of nobody.
const shortestLeaving = 3

// RecordLeaving records an unauthorised leaving; To is the day of return.
type RecordLeaving struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

func (RecordLeaving) CommandType() string { return "record-leaving" }

func (b RecordLeaving) check() *Error {
	switch {
	case b.From.IsZero():
		return missing("from")
	case b.To.IsZero():
		return missing("to")
	case b.To < b.From:
		return InvalidField("to", "lies before from")
	}
	return nil
}

func (b RecordLeaving) lastDay() Date { return b.To }

// LeavingRecorded is an unauthorised leaving; Days of absence add up over the whole measure (DRR art.20).
type LeavingRecorded struct {
	From Date `json:"from"`
	To   Date `json:"to"`
	Days int  `json:"days"`
}

func (LeavingRecorded) EventType() string { return "leaving_recorded" }

// decide counts an unauthorised leaving and its days. The day of leaving is not counted
// (CC art.201), nor is any day of an approved leave, of custody or after the term: what is
// left has to be three days or more (DRR art.19, 20).
func (b RecordLeaving) decide(d *decision, _ Date) *Error {
	c := d.c
	switch {
	case c.ReportedOn == 0:
		return refuse("", "DRR art.14, 19", "the client has not reported in")
	case b.From < c.ReportedOn:
		return refuse("from", "DRR art.19", "%s lies before report-in on %s", b.From, c.ReportedOn)
	case d.dayNotFuture("to", b.To) != nil:
		return d.dayNotFuture("to", b.To)
	case b.From > c.TermEnd:
		return refuse("from", "DRR art.19, 23", "%s lies after the term, which ended on %s", b.From, c.TermEnd)
	}
	for _, s := range c.Absences {
		if b.From == s.From && b.To == s.To {
			return &Error{Code: Known, Record: s.ID, Message: "this leaving is in the record already"}
		}
		if b.From < s.To && s.From < b.To {
			return refuse("from", "DRR art.20", "event %d tells of the leaving from %s to %s already: no day counts twice", s.ID, s.From, s.To)
		}
	}
	days := c.daysAway(b.From, b.To)
	if days < shortestLeaving {
		return refuse("to", "DRR art.19", "%d of these days count: the others were approved, in custody or after the term, or the day of leaving; away for less than %d days is no unauthorised leaving",
			days, shortestLeaving)
	}
	d.emit(LeavingRecorded{b.From, b.To, days})
	d.checkThresholds()
	return nil
}

// daysAway are the days of a leaving that count.
func (c *Case) daysAway(from, to Date) int {
	days := 0
	for on := from + 1; on <= min(to, c.TermEnd); on++ {
		if !c.inCustody(on) && !c.onLeave(on) {
			days++
		}
	}
	return days
}

func (c *Case) onLeave(on Date) bool {
	return slices.ContainsFunc(c.Granted, func(s Span) bool { return s.holds(on) })
}

// leavingIn is a leaving that has days in the stretch, or nil.
func (c *Case) leavingIn(from, to Date) *Span {
	for _, s := range c.Absences {
		if s.From < to && from <= s.To {
			return &s
		}
	}
	return nil
}

// grant keeps the days of an approved leave, also when it has ended.
func (c *Case) grant(l Leave) {
	for i := range c.Granted {
		if c.Granted[i].ID == l.ID {
			c.Granted[i].To = l.To
			return
		}
	}
	c.Granted = append(c.Granted, Span{l.ID, l.From, l.To})
}

func (d LeavingRecorded) apply(c *Case, e *Event) {
	c.Absences = append(c.Absences, Span{e.Seq, d.From, d.To})
	c.Counters.Leavings++
	c.Counters.AbsenceDays += d.Days
}

func (d LeavingRecorded) decided(*Case) Line {
	return Line{Citation: "DRR art.19, 20", ZH: fmt.Sprintf("认定%s至%s擅自离开", d.From, d.To), EN: fmt.Sprintf("found an unauthorised leaving from %s to %s", d.From, d.To)}
}
