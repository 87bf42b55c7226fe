package rehab

import (
	"fmt"
	"slices"
)

// ConfirmTerm is the police's word on the last day of the term. It is taken whenever it
// comes: earlier or later than the engine's own day, and also when that day has passed.
type ConfirmTerm struct {
	TermEnd Date `json:"term_end"`
}

func (ConfirmTerm) CommandType() string { return "confirm-term" }

func (b ConfirmTerm) check() *Error {
	if b.TermEnd == 0 {
		return missing("term_end")
	}
	return nil
}

// TermConfirmed is the police's word on the last day of the term. Phase is the one in which
// a case goes on whose term had seemed to be over; Series are the windows to come, cut anew
// by the new end; Moves is the release file, where it is due already.
type TermConfirmed struct {
	TermEnd Date     `json:"term_end"`
	Phase   Phase    `json:"phase,omitempty"`
	Series  []Series `json:"series,omitempty"`
	Moves   []Move   `json:"moves,omitempty"`
}

func (TermConfirmed) EventType() string { return "term_confirmed" }

func (d TermConfirmed) apply(c *Case, _ *Event) {
	moved := d.TermEnd - c.TermEnd
	c.TermEnd, c.TermFixed, c.TermHeld = d.TermEnd, true, c.Phase == Suspended
	if d.Phase != "" {
		c.Phase = d.Phase
	}
	c.move(d.Moves)
	if d.Series != nil {
		c.Series = slices.Clone(d.Series)
		return
	}
	if s := c.series(ReleaseFileDuty); s != nil {
		s.Anchor = d.TermEnd
		if s.Next != 0 {
			s.Next += moved
		}
	}
}

func (d TermConfirmed) decided(*Case) Line {
	return Line{Citation: "DRR art.24", ZH: fmt.Sprintf("公安机关确认期限至%s", d.TermEnd), EN: fmt.Sprintf("recorded the police's word that the term ends on %s", d.TermEnd)}
}

// decide takes the police's word, within what is possible at all.
func (b ConfirmTerm) decide(d *decision, on Date) *Error {
	c := d.c
	switch last := d.lastPossibleEnd(); {
	case c.TermEnd == 0:
		return refuse("", "DRR art.14", "the client has not reported in, the term has not begun")
	case b.TermEnd < c.ReportedOn:
		return refuse("term_end", "DRR art.14", "%s lies before report-in on %s", b.TermEnd, c.ReportedOn)
	case b.TermEnd > last:
		return refuse("term_end", "DRR art.14, 24", "%s lies after %s: %d months from report-in, the days in custody and %d months for custody that is not known here",
			b.TermEnd, last, c.TermMonths, lateness)
	case c.TermFixed && b.TermEnd == c.TermEnd && d.first(TermConfirmationDuty) == nil:
		return refuse("term_end", "DRR art.24", "the police confirmed %s already", b.TermEnd)
	}
	ended := c.Phase == TermEnded
	d.emit(d.confirmed(b.TermEnd))
	if duty := d.first(TermConfirmationDuty); duty != nil {
		d.meet(*duty, on)
	}
	if ended {
		d.void(BySupersession, ReleaseDuty)
		if c.Phase == TermEnded {
			d.obligeRelease()
		} else if c.AgreementOn == 0 {
			d.obligeAgreement(d.env.Today())
		}
	}
	return nil
}

// lastPossibleEnd is the last day that the police can mean. They may know of custody that
// is not known here, so it leaves room for that.
func (d *decision) lastPossibleEnd() Date {
	c := d.c
	end := max(d.env.Policy.lastDay(c.ReportedOn, c.TermMonths), c.PrintedEnd)
	return end.AddDays(c.custodyDays(d.env.Today())).AddMonths(lateness)
}

// confirmed is what the police's word changes. A term that had seemed to be over goes on
// when its last day lies ahead again. In custody nothing is cut anew: what is to come
// moves with the release.
func (d *decision) confirmed(end Date) TermConfirmed {
	e := TermConfirmed{TermEnd: end, Moves: d.fileMove(end)}
	c, today := d.c, DateOf(d.occurred)
	switch {
	case c.Phase == Suspended:
		return e
	case end < today:
		for _, s := range c.Series {
			if s.Kind == ReleaseFileDuty {
				s.Anchor, s.Next = end, 0 // nobody can send before the end what is asked for after it
			}
			e.Series = append(e.Series, s)
		}
		return e
	}
	if c.Phase == TermEnded {
		e.Phase = InExecution
		if c.AgreementOn == 0 {
			e.Phase = AwaitingAgreement
		}
	}
	opened := d.lastOpened()
	before := c.TermEnd
	c.TermEnd = end // the windows to come are cut by it
	for i, s := range c.Series {
		if s.Kind.recurring() || s.K == 0 {
			s.Next = max(s.Next, 1) // the old end had left no room, or has passed: look again
		} else {
			s.Anchor = end
		}
		e.Series = append(e.Series, d.recut(s, opened[i], DateOf(d.occurred)))
	}
	c.TermEnd = before
	return e
}

// lastOpened is, for each series, the last day of the last window that was opened.
func (d *decision) lastOpened() []Date {
	opened := make([]Date, len(d.c.Series))
	for i, s := range d.c.Series {
		if w, ok := d.window(s, s.K); s.K > 0 && ok {
			opened[i] = w.due
		}
	}
	return opened
}

// fileMove is the release file that is due already, under another end of the term.
func (d *decision) fileMove(end Date) []Move {
	o := d.first(ReleaseFileDuty)
	if o == nil || o.Status == Confirmed {
		return nil
	}
	due := d.env.Policy.ReleaseFile.Before(end, d.env.Calendar)
	if due == o.Due || due < DateOf(d.occurred) {
		return nil
	}
	return []Move{{ID: o.ID, Was: o.Due, Due: due, Citation: o.Citation}}
}
