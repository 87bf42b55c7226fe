package rehab

import "slices"

// A case keeps the rules it was signed under. What a later version brings is looked at
// first, and taken case by case, by a person's choice.

func migrationTopic() topic {
	return topic{
		commands: []commandKind{commandOf[MigratePolicy](), commandOf[ApplyCalendar]()},
		events:   []eventKind{eventOf[PolicyMigrated](), eventOf[CalendarApplied]()},
	}
}

// MigratePolicy puts the case under another version of the rules, from now on.
type MigratePolicy struct {
	To PolicyRef `json:"to"`
}

// ApplyCalendar computes open limits again after the calendar of days off has changed.
type ApplyCalendar struct{}

func (MigratePolicy) CommandType() string { return "migrate-policy" }
func (ApplyCalendar) CommandType() string { return "apply-calendar" }

func (b MigratePolicy) check() *Error {
	if b.To.ID == "" || b.To.Version == "" {
		return missing("to")
	}
	return nil
}
func (ApplyCalendar) check() *Error { return nil }

func (MigratePolicy) afterRelease() {}
func (ApplyCalendar) afterRelease() {}

// Move is an open obligation whose last day is another one now.
type Move struct {
	ID       ObligationID `json:"id"`
	Was      Date         `json:"was"`
	Due      Date         `json:"due"`
	Citation string       `json:"cite"`
}

// PolicyMigrated puts the case under other rules. Open windows stay as they were cut;
// Series are those to come, cut anew behind them.
type PolicyMigrated struct {
	From    PolicyRef `json:"from"`
	To      PolicyRef `json:"to"`
	Moves   []Move    `json:"moves,omitempty"`
	Series  []Series  `json:"series,omitempty"`
	TermEnd Date      `json:"term_end,omitzero"`
}

// CalendarApplied moves the limits that the new calendar moves.
type CalendarApplied struct {
	Moves []Move `json:"moves"`
}

func (PolicyMigrated) EventType() string  { return "policy_migrated" }
func (CalendarApplied) EventType() string { return "calendar_applied" }

func (d PolicyMigrated) apply(c *Case, _ *Event) {
	c.Policy, c.TermEnd = d.To, d.TermEnd
	c.Series = slices.Clone(d.Series)
	c.move(d.Moves)
}

func (d CalendarApplied) apply(c *Case, _ *Event) { c.move(d.Moves) }

// move gives obligations their new last day. A miss whose day lies ahead again is none.
func (c *Case) move(moves []Move) {
	for _, m := range moves {
		o := c.Obligation(m.ID)
		o.Status, o.Due, o.Citation = Open, m.Due, m.Citation
	}
}

// decide compares the two versions on this very case. What comes once keeps the day it is
// counted from; windows that are open stay; those to come are cut by the new rules, from
// the same anchor, behind the last one that was opened.
func (b MigratePolicy) decide(d *decision, _ Date) *Error {
	to := d.env.Target
	switch {
	case to == nil || to.Ref() != b.To:
		return &Error{Code: NotFound, Field: "to", Message: "there is no policy " + b.To.String()}
	case d.c.Policy == b.To:
		return refuse("to", "", "the case is under %s already", b.To)
	}
	from := d.env.Policy
	e := PolicyMigrated{From: d.c.Policy, To: b.To, TermEnd: d.termUnder(from, to)}
	opened := make([]Date, len(d.c.Series)) // last day of the last window that was opened
	for i, s := range d.c.Series {
		if w, ok := d.window(s, s.K); s.K > 0 && ok {
			opened[i] = w.due
		}
	}
	d.env.Policy = to
	before := d.c.TermEnd
	d.c.TermEnd = e.TermEnd // the windows to come are cut by it
	for i, s := range d.c.Series {
		e.Series = append(e.Series, d.recut(s, opened[i]))
	}
	d.c.TermEnd = before
	e.Moves = d.moves()
	d.emit(e)
	d.settleMoved(e.Moves)
	return nil
}

// termUnder is the last day of the term where the two versions count it differently. What
// the order printed or the police confirmed stays.
func (d *decision) termUnder(from, to *Policy) Date {
	c := d.c
	if c.TermEnd == 0 || c.PrintedEnd != 0 || c.TermFixed || (c.Phase != AwaitingAgreement && c.Phase != InExecution && c.Phase != Suspended) {
		return c.TermEnd
	}
	return max(c.TermEnd+to.lastDay(c.ReportedOn, c.TermMonths)-from.lastDay(c.ReportedOn, c.TermMonths), c.ReportedOn)
}

// recut finds the first window of the new rules that begins behind what was opened, and
// ends today or later.
func (d *decision) recut(s Series, opened Date) Series {
	if s.Next == 0 {
		return s // nothing is to come
	}
	if s.Kind == ReleaseFileDuty {
		s.Anchor = d.c.TermEnd
		if s.K == 0 {
			p := d.env.Policy
			first := min(p.ReleaseReminder.Before(s.Anchor, d.env.Calendar), p.ReleaseFile.Before(s.Anchor, d.env.Calendar))
			s.Next = max(first, d.env.Today())
		}
		return s
	}
	for k := 1; ; k++ {
		w, ok := d.window(s, k)
		if !ok {
			s.Next = 0
			return s
		}
		if w.start > opened && w.due >= d.env.Today() {
			s.K, s.Next = k-1, w.opens
			return s
		}
	}
}

func (b ApplyCalendar) decide(d *decision, _ Date) *Error {
	moves := d.moves()
	if len(moves) == 0 {
		return refuse("", "", "the calendar moves no day of this case")
	}
	d.emit(CalendarApplied{moves})
	d.settleMoved(moves)
	return nil
}

// moves are the obligations whose limit, counted again from its day under the rules and
// the calendar of now, ends on another day. A miss is moved only where its day comes again;
// what a person decided stays.
func (d *decision) moves() []Move {
	var out []Move
	for i := range d.c.Obligations {
		o := &d.c.Obligations[i]
		l := d.env.Policy.limitOf(o.ID.Kind)
		if l == nil || o.From == 0 || o.Fixed || !o.DueAt.IsZero() || o.Status == Confirmed {
			continue
		}
		due := l.After(o.From, d.env.Calendar)
		if due != o.Due && (o.Status == Open || due >= d.env.Today()) {
			out = append(out, Move{o.ID, o.Due, due, l.Cite})
		}
	}
	return out
}

// settleMoved ends the climbs over misses that are none any more.
func (d *decision) settleMoved(moves []Move) {
	for _, m := range moves {
		d.settle(m.ID.Kind, BySupersession)
	}
}

// Preview is what a migration would bring to one case.
type Preview struct {
	Moves   []Move         `json:"moves,omitempty"`    // limits that end on another day
	Overdue []ObligationID `json:"overdue,omitempty"`  // of them, those that would be missed at once
	TermEnd *Move          `json:"term_end,omitempty"` // the last day of the term, where it moves; its id is empty
}

// PreviewMigration tries the migration on a copy. env.Target is the policy to come. The
// error is what the command would be refused with.
func (c *Case) PreviewMigration(env Env) (Preview, error) {
	if env.Target == nil {
		return Preview{}, &Error{Code: NotFound, Field: "to", Message: "there is no such policy"}
	}
	cmd := Command{ID: "preview", Actor: System, OccurredAt: env.Now, Body: MigratePolicy{env.Target.Ref()}}
	d := c.Clone()
	d.PlayTime(env) // what is overdue by then is not the migration's doing
	before := d.TermEnd
	events, err := d.Play(cmd, env)
	if err != nil {
		return Preview{}, err
	}
	var out Preview
	for _, e := range events {
		switch b := e.Data.(type) {
		case PolicyMigrated:
			out.Moves = b.Moves
			if b.TermEnd != before {
				out.TermEnd = &Move{Was: before, Due: b.TermEnd, Citation: env.Target.TermEnd.Cite}
			}
		case ObligationMissed:
			out.Overdue = append(out.Overdue, b.ID)
		}
	}
	return out, nil
}
