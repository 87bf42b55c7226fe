package rehab

import (
	"fmt"
	"slices"
)

// A case keeps the rules it was signed under. What a later version brings is looked at
// first, and taken case by case, by a person's choice.

func migrationTopic() topic {
	return topic{
		subject: "rules",
		commands: []CommandSpec{
			command[MigratePolicy]("换用规则版本", "Put the case under another version of the rules", by(authorities), afterRelease, example(`{"to":{"id":"national","version":"2026.1"}}`)),
			command[ApplyCalendar]("应用节假日安排", "Count open limits again under the calendar of now", by(authorities), afterRelease),
		},
		events: []eventKind{eventOf[PolicyMigrated](), eventOf[CalendarApplied]()},
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

// Move is an open obligation whose last day is another one now.
type Move struct {
	ID       ObligationID `json:"id"`
	Was      Date         `json:"was"`
	Due      Date         `json:"due"`
	Plain    Date         `json:"plain,omitzero"` // Due before it was rolled, where it is not counted from the obligation's day
	Citation string       `json:"cite"`
}

// ObjectionMove is a positive whose last day of objection is another one now.
type ObjectionMove struct {
	Test  int64 `json:"test"`
	Was   Date  `json:"was"`
	Until Date  `json:"until"`
}

// PolicyMigrated puts the case under other rules. Open windows stay as they were cut;
// Series are those to come, cut anew behind them.
type PolicyMigrated struct {
	From    PolicyRef `json:"from"`
	To      PolicyRef `json:"to"`
	Moves   []Move    `json:"moves,omitempty"`
	Series  []Series  `json:"series,omitempty"`
	TermEnd Date      `json:"term_end,omitzero"`

	Objections []ObjectionMove `json:"objections,omitempty"`
}

// CalendarApplied moves the limits that the new calendar moves. Year is the latest coming
// year against whose notice a limit was held, moved or not.
type CalendarApplied struct {
	Moves      []Move          `json:"moves"`
	Objections []ObjectionMove `json:"objections,omitempty"`
	Year       int             `json:"year,omitempty"`
}

func (PolicyMigrated) EventType() string  { return "policy_migrated" }
func (CalendarApplied) EventType() string { return "calendar_applied" }

func (d PolicyMigrated) apply(c *Case, _ *Event) {
	c.Policy, c.TermEnd = d.To, d.TermEnd
	c.Series = slices.Clone(d.Series)
	c.move(d.Moves)
	c.moveObjections(d.Objections)
}

func (d CalendarApplied) apply(c *Case, _ *Event) {
	c.move(d.Moves)
	c.moveObjections(d.Objections)
	c.NoticeYear = max(c.NoticeYear, d.Year)
}

// move gives obligations their new last day. A miss whose day lies ahead again is none.
func (c *Case) move(moves []Move) {
	for _, m := range moves {
		o := c.Obligation(m.ID)
		o.Status, o.Due, o.Citation = Open, m.Due, m.Citation
		if m.Plain != 0 {
			o.Plain = m.Plain
		}
	}
}

// moveObjections gives positives their new last day of objection, and the duty to settle
// them the day after it to begin on.
func (c *Case) moveObjections(moves []ObjectionMove) {
	for _, m := range moves {
		p := c.positive(m.Test)
		if p == nil {
			p = c.examined(m.Test)
		}
		p.Until = m.Until
		for i := range c.Obligations {
			if o := &c.Obligations[i]; o.ID.Kind == TestResultDuty && o.About == m.Test {
				o.Opens, o.From = m.Until+1, m.Until
			}
		}
	}
}

// decide compares the two versions on this very case. What comes once keeps the day it is
// counted from, and its last day where the new one would be sooner; windows that are open stay; those to come are cut by the new rules, from
// the same anchor, behind the last one that was opened.
func (b MigratePolicy) decide(d *decision, on Date) *Error {
	to := d.env.Target
	switch {
	case to == nil || to.Ref() != b.To:
		return &Error{Code: NotFound, Field: "to", Message: "there is no policy " + b.To.String()}
	case d.c.Policy == b.To:
		return refuse("to", "", "the case is under %s already", b.To)
	}
	from := d.env.Policy
	e := PolicyMigrated{From: d.c.Policy, To: b.To, TermEnd: d.termUnder(from, to)}
	opened := d.lastOpened()
	d.env.Policy = to
	before := d.c.TermEnd
	d.c.TermEnd = e.TermEnd // the windows to come are cut by it
	for i, s := range d.c.Series {
		e.Series = append(e.Series, d.recut(s, opened[i], on))
	}
	d.c.TermEnd = before
	e.Moves, e.Objections = prolonged(d.moves(on)), d.objections()
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
// ends on the day of the migration or later.
func (d *decision) recut(s Series, opened, on Date) Series {
	if s.Next == 0 {
		return s // nothing is to come
	}
	if s.Kind == ReleaseFileDuty {
		s.Anchor = d.c.TermEnd
		if s.K == 0 {
			p := d.env.Policy
			first := min(p.ReleaseReminder.Before(s.Anchor, d.env.Calendar), p.ReleaseFile.Before(s.Anchor, d.env.Calendar))
			s.Next = max(first, on)
		}
		return s
	}
	for k := 1; ; k++ {
		w, ok := d.window(s, k)
		if !ok {
			s.Next = 0
			return s
		}
		if w.start > opened && w.due >= on {
			s.K, s.Next = k-1, w.opens
			return s
		}
	}
}

// decide counts the open limits again. That they were held against a notice is worth its
// event even where nothing moves: a limit of a coming year may be older than its notice.
func (b ApplyCalendar) decide(d *decision, on Date) *Error {
	moves, objections, year := d.moves(on), d.objections(), d.comingNotice()
	if len(moves)+len(objections) == 0 && year <= d.c.NoticeYear {
		return refuse("", "", "the calendar moves no day of this case")
	}
	d.emit(CalendarApplied{append([]Move{}, moves...), objections, year})
	d.settleMoved(moves)
	return nil
}

// moves are the obligations whose limit, counted again from its day under the rules and
// the calendar of now, ends on another day. A miss is moved only where its day comes again;
// what a person decided stays. A day that a suspension moved is only rolled anew.
func (d *decision) moves(on Date) []Move {
	var out []Move
	for i := range d.c.Obligations {
		o := &d.c.Obligations[i]
		if m, ok := d.recount(o); ok && m.Due != o.Due && (o.Status == Open || m.Due >= on) {
			out = append(out, m)
		}
	}
	return out
}

// prolonged keeps of the moves those that give more time: newer rules never shorten a
// limit that is running.
func prolonged(moves []Move) []Move {
	var out []Move
	for _, m := range moves {
		if m.Due > m.Was {
			out = append(out, m)
		}
	}
	return out
}

// countedFrom is the day from which the limit of the obligation counts now: the result of a
// test is due from the end of the objection, which moves with the calendar.
func (d *decision) countedFrom(o *Obligation) Date {
	if o.ID.Kind == TestResultDuty {
		if p := d.c.positive(o.About); p != nil {
			return max(o.From, p.objectUntil(d.env))
		}
	}
	return o.From
}

// objections are the positives that can be objected to longer under the rules and the
// calendar of now. None is shortened.
func (d *decision) objections() []ObjectionMove {
	var out []ObjectionMove
	for _, list := range [][]Positive{d.c.Pending, d.c.Confirmed} {
		for i := range list {
			p := &list[i]
			if until := p.objectUntil(d.env); p.Objected == 0 && until > p.Until {
				out = append(out, ObjectionMove{p.Test, p.Until, until})
			}
		}
	}
	return out
}

// comingNotice is the latest year after this one that has its notice and in which an open
// limit ends that days off can move; zero: there is none.
func (d *decision) comingNotice() int {
	latest := 0
	for i := range d.c.Obligations {
		o := &d.c.Obligations[i]
		m, ok := d.recount(o)
		if ok && o.Status == Open && d.env.Policy.needsCalendar(o.ID.Kind) && m.Due.Year() > DateOf(d.occurred).Year() && d.env.Calendar.Has(m.Due) {
			latest = max(latest, m.Due.Year())
		}
	}
	return latest
}

// recount is the last day of the obligation as rules and calendar of now have it; false
// where it may not be counted again. What a suspension moved is rolled anew.
func (d *decision) recount(o *Obligation) (Move, bool) {
	l := d.c.limitOf(d.env.Policy, o)
	if l == nil || o.Status == Confirmed || !o.DueAt.IsZero() {
		return Move{}, false
	}
	m := Move{ID: o.ID, Was: o.Due, Citation: o.Citation}
	switch {
	case o.Plain != 0:
		m.Due = d.env.Calendar.Roll(o.Plain)
	case o.Fixed || o.From == 0:
		return Move{}, false
	default:
		m.Due, m.Citation = l.After(d.countedFrom(o), d.env.Calendar), o.citedBy(l)
	}
	return m, true
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

func (d PolicyMigrated) decided(*Case) Line {
	return Line{ZH: fmt.Sprintf("适用政策由%s改为%s", d.From, d.To), EN: fmt.Sprintf("put the case under policy %s, before %s", d.To, d.From)}
}
