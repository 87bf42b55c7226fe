package rehab

import (
	"fmt"
	"slices"
	"time"
)

// SuspensionReviewDuty is to ask whether the client is still detained, so that a
// suspended case stays in sight; TermConfirmationDuty is to have the police confirm the
// term's new end after a suspension.
const (
	SuspensionReviewDuty Kind = "suspension_review"
	TermConfirmationDuty Kind = "term_confirmation"
)

func suspensionTopic() topic {
	return topic{
		subject: "suspension",
		commands: []CommandSpec{
			command[Suspend]("登记中止", "Stop the clock: the client was detained or arrested", by(offices), reason, example(`{"ground":"detention"}`)),
			command[ReviewSuspension]("登记羁押核实", "Say that the client is still in custody", by(everyone), settles(SuspensionReviewDuty)),
			command[Resume]("登记继续执行", "End the oldest custody that lasts; with the last of them the clock runs on", by(offices)),
			command[ConfirmTerm]("登记期限确认", "Record the police's word on the end of the term", by(offices), settles(TermConfirmationDuty), example(`{"term_end":"2029-12-01"}`)),
			command[Terminate]("登记终止（结案）", "End the measure without release", by(offices), reason, example(`{"ground":"imprisonment"}`)),
		},
		events: []eventKind{
			eventOf[CaseSuspended](), eventOf[SuspensionReviewed](), eventOf[CustodyEnded](), eventOf[CaseResumed](), eventOf[TermConfirmed](), eventOf[CaseTerminated](),
		},
		duties: []duty{
			{kind: SuspensionReviewDuty, zh: "核实羁押情况", en: "review of the suspension", limit: func(p *Policy) *Limit { return &p.SuspensionReview }},
			{kind: TermConfirmationDuty, zh: "公安机关确认期限", en: "confirmation of the term by the police", limit: func(p *Policy) *Limit { return &p.TermConfirmation }},
		},
		why: custodyWhy{},
	}
}

// The grounds on which a measure is suspended (DRR art.24).
const (
	Detention Ground = "detention"
	Arrest    Ground = "arrest"
)

// The grounds on which a measure ends without release. The first two terminate it (终止,
// DRR art.24). Isolation and death close the case (结案): no article calls that a termination.
const (
	Imprisonment        Ground = "imprisonment"
	CompulsoryEducation Ground = "compulsory_education"
	CompulsoryIsolation Ground = "compulsory_isolation"
	Death               Ground = "death"
)

// Terminates reports whether the ground is one of those on which DRR art.24 terminates the
// measure. The others only close the case.
func (g Ground) Terminates() bool { return g == Imprisonment || g == CompulsoryEducation }

// Suspend stops the clock from the day of OccurredAt.
type Suspend struct {
	Ground Ground `json:"ground"`
}

// ReviewSuspension says that the client is still detained, as asked on the day of OccurredAt.
type ReviewSuspension struct{}

// Resume says that the client was released on the day of OccurredAt: from the custody that
// it names by the sequence of its event, or else from all that last. When none is left, the
// clock runs on.
type Resume struct {
	Custody int64 `json:"custody,omitempty"`
}

// Terminate ends the measure without release on the day of OccurredAt.
type Terminate struct {
	Ground Ground `json:"ground"`
}

func (Suspend) CommandType() string          { return "suspend" }
func (ReviewSuspension) CommandType() string { return "review-suspension" }
func (Resume) CommandType() string           { return "resume" }
func (Terminate) CommandType() string        { return "terminate" }

func (b Suspend) check() *Error        { return notOneOf("ground", b.Ground, Detention, Arrest) }
func (ReviewSuspension) check() *Error { return nil }
func (b Resume) check() *Error {
	if b.Custody < 0 {
		return InvalidField("custody", "is the number of its record")
	}
	return nil
}
func (b Terminate) check() *Error {
	return notOneOf("ground", b.Ground, Imprisonment, CompulsoryEducation, CompulsoryIsolation, Death)
}

// CaseSuspended stops the clock on the day On. What the client owed on that day or later
// is open again, missed or not.
type CaseSuspended struct {
	On     Date      `json:"on"`
	Ground Ground    `json:"ground"`
	Told   time.Time `json:"told,omitzero"` // where that was later
}

// SuspensionReviewed keeps a suspended case in sight.
type SuspensionReviewed struct {
	On Date `json:"on"`
}

// CaseResumed lets the clock run on: every later day moves by Days, calendar days. Moves
// are the limits that end on another day than that, since they roll.
type CaseResumed struct {
	On    Date   `json:"on"`
	Days  int    `json:"days"`
	Moves []Move `json:"moves,omitempty"`
	Kept  bool   `json:"kept,omitempty"` // the end of the term stays: the police named it during the custody
}

// CaseTerminated closes the case without release.
type CaseTerminated struct {
	On     Date   `json:"on"`
	Ground Ground `json:"ground"`
}

func (CaseSuspended) EventType() string      { return "case_suspended" }
func (SuspensionReviewed) EventType() string { return "suspension_reviewed" }
func (CaseResumed) EventType() string        { return "case_resumed" }
func (CaseTerminated) EventType() string     { return "case_terminated" }

func (d CaseTerminated) apply(c *Case, _ *Event) {
	c.Phase, c.TerminatedOn, c.TerminatedBy = Terminated, d.On, d.Ground
	c.close()
}

// apply keeps the fact for the file: the obligation it meets has an event of its own.
func (SuspensionReviewed) apply(*Case, *Event) {}

// ClientDuties are the kinds whose clock stands still in custody. What the offices owe
// goes on.
func ClientDuties() []Kind {
	var out []Kind
	for _, t := range topicList {
		for _, d := range t.duties {
			if d.client {
				out = append(out, d.kind)
			}
		}
	}
	return out
}

func (k Kind) owedByClient() bool { return duties[k].client }

func (d CaseSuspended) apply(c *Case, e *Event) {
	c.Custodies = append(c.Custodies, Custody{ID: e.Seq, Ground: d.Ground, From: d.On, Told: d.Told})
	if c.Phase == Suspended {
		return // the clock stands still already
	}
	c.Held, c.Phase, c.SuspendedOn = c.Phase, Suspended, d.On
	for i := range c.Obligations {
		if o := &c.Obligations[i]; o.movesWith(d.On) {
			o.Status, o.Ground = Open, NoGround
		}
	}
}

// apply moves every later day by the same span: the end of the term, what is
// open, and the windows to come.
func (d CaseResumed) apply(c *Case, _ *Event) {
	days := Date(d.Days)
	for i := range c.Obligations {
		o := &c.Obligations[i]
		if o.Status != Open || !o.movesWith(c.SuspendedOn) {
			continue
		}
		if o.Opens > c.SuspendedOn {
			o.Opens += days
		}
		o.Due += days
		o.Fixed = true
		if o.Expires != 0 {
			o.Expires += days
		}
	}
	for i := range c.Series {
		s := &c.Series[i]
		if d.Kept && s.Kind == ReleaseFileDuty {
			continue // before the end that stays
		}
		if s.Next != 0 {
			s.Next += days
		}
		if s.Kind == ReleaseFileDuty {
			s.Anchor += days
		} else {
			s.Shift += d.Days
		}
	}
	if c.TermEnd != 0 && !d.Kept {
		c.TermEnd += days
	}
	c.TermHeld = false
	c.move(d.Moves)
	for i := range c.Custodies {
		if k := &c.Custodies[i]; k.Until == 0 {
			k.Until = d.On
		}
	}
	c.Phase, c.Held, c.SuspendedOn = c.Held, "", 0
}

// decide stops the clock (DRR art.24). A custody inside another one adds no day to it.
func (b Suspend) decide(d *decision, on Date) *Error {
	for _, k := range d.c.Custodies {
		if k.Ground == b.Ground && (k.From == on || k.From < on && (k.Until == 0 || on < k.Until)) {
			return &Error{Code: Known, Record: k.ID, Citation: "DRR art.24", Message: "this custody is known already, from " + k.From.String()}
		}
	}
	switch d.c.Phase {
	case TermEnded:
		return refuse("", "DRR art.23, 24", "the term ended on %s", d.c.TermEnd)
	}
	e := CaseSuspended{On: on, Ground: b.Ground}
	if told := instant(d.env.Now); told.After(d.occurred) {
		e.Told = told
	}
	suspended := d.c.Phase == Suspended
	if d.emit(e); suspended {
		return nil
	}
	for _, k := range ClientDuties() {
		d.closeEscalation(k, BySupersession)
	}
	d.obligeReview()
	return nil
}

func (d *decision) obligeReview() {
	l := d.env.Policy.SuspensionReview
	today := d.env.Today()
	d.oblige(Obligation{ID: d.number(SuspensionReviewDuty), Opens: today, Due: l.After(today, d.env.Calendar), From: today, Citation: l.Cite})
}

func (ReviewSuspension) decide(d *decision, on Date) *Error {
	if d.c.Phase != Suspended {
		return refuse("", "DRR art.24", "the measure is not suspended")
	}
	d.emit(SuspensionReviewed{on})
	d.meet(*d.first(SuspensionReviewDuty), on)
	d.obligeReview()
	return nil
}

// decide lets the clock run on from the day of release: from the custody that it names, or
// from all that lasted when it was told. Of another one it says nothing, whoever told first.
func (b Resume) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase != Suspended:
		return refuse("", "DRR art.24", "the measure is not suspended")
	case on < d.c.SuspendedOn:
		return refuse("occurred_at", "DRR art.24", "%s lies before the suspension of %s", on, d.c.SuspendedOn)
	}
	meant, others := d.meant(b)
	switch {
	case b.Custody != 0 && len(meant) == 0:
		return &Error{Code: NotFound, Field: "custody", Message: "no custody of that number lasts"}
	case len(meant) > 0 && others:
		for _, k := range meant {
			d.emit(CustodyEnded{k.ID, on})
		}
		return nil
	}
	kept := d.c.TermHeld
	d.emit(CaseResumed{on, int(on - d.c.SuspendedOn), d.shifted(on), kept})
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.Status != Open && o.ID.Kind.owedByClient() {
			d.escalate(o) // what was missed before custody climbs again
		}
	}
	if review := d.first(SuspensionReviewDuty); review != nil {
		d.emit(ObligationSuperseded{review.ID})
		d.settle(SuspensionReviewDuty, BySupersession)
	}
	if d.c.TermEnd != 0 && !kept {
		l, today := d.env.Policy.TermConfirmation, DateOf(d.knew(TermConfirmationDuty, NoGround))
		d.oblige(Obligation{ID: d.number(TermConfirmationDuty), Opens: on, Due: l.After(today, d.env.Calendar), From: today, Citation: l.Cite})
	}
	return nil
}

// decide closes the case without release. After its expiry the measure is over, and art.24
// has nothing left to terminate (DRR art.23).
func (b Terminate) decide(d *decision, on Date) *Error {
	if d.c.Phase == TermEnded && b.Ground.Terminates() && on > d.c.TermEnd {
		return refuse("ground", "DRR art.23, 24", "the term ended on %s: release took effect with it", d.c.TermEnd)
	}
	d.endTransfer(on)
	d.emit(CaseTerminated{on, b.Ground})
	return nil
}

// endLine says how a case ended without release.
func (c *Case) endLine() Line {
	l := Line{Code: "terminated", On: c.TerminatedOn, Citation: "DRR art.24",
		ZH: fmt.Sprintf("已于%s终止", c.TerminatedOn), EN: fmt.Sprintf("terminated on %s", c.TerminatedOn)}
	switch c.TerminatedBy {
	case Death:
		l.Citation, l.Mark, l.ZH, l.EN = "", Design, fmt.Sprintf("服务对象已于%s死亡，结案", c.TerminatedOn), fmt.Sprintf("closed: the client died on %s", c.TerminatedOn)
	case CompulsoryIsolation:
		l.Citation, l.Mark, l.ZH, l.EN = "NCL art.38", Design, fmt.Sprintf("已于%s被决定强制隔离戒毒，结案", c.TerminatedOn), fmt.Sprintf("closed: compulsory isolation was ordered on %s", c.TerminatedOn)
	}
	return l
}

// standsStill refuses, while the measure is suspended, what would move its clock.
func (c *Case) standsStill(body CommandBody) *Error {
	if c.Phase == Suspended && specOf(body).MovesClock {
		return refuse("", "DRR art.24", "the measure has been suspended since %s: resume it first", c.SuspendedOn)
	}
	return nil
}

func (d CaseTerminated) decided(*Case) Line {
	l := (&Case{TerminatedOn: d.On, TerminatedBy: d.Ground}).endLine()
	l.Code = ""
	return l
}

func (d CaseSuspended) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.24", ZH: "中止", EN: "suspended the measure: " + string(d.Ground)}
}

func (d CaseResumed) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.24", ZH: fmt.Sprintf("继续执行，期限顺延%d日", d.Days), EN: fmt.Sprintf("resumed the measure: every later day moves by %d days", d.Days)}
}
