package rehab

import "slices"

// SuspensionReviewDuty is to ask whether the client is still detained, so that a
// suspended case stays in sight; TermConfirmationDuty is to have the police confirm the
// term's new end after a suspension.
const (
	SuspensionReviewDuty Kind = "suspension_review"
	TermConfirmationDuty Kind = "term_confirmation"
)

func suspensionTopic() topic {
	return topic{
		commands: []commandKind{commandOf[Suspend](), commandOf[ReviewSuspension](), commandOf[Resume](), commandOf[ConfirmTerm](), commandOf[Terminate]()},
		events: []eventKind{
			eventOf[CaseSuspended](), eventOf[SuspensionReviewed](), eventOf[CaseResumed](), eventOf[TermConfirmed](), eventOf[CaseTerminated](),
		},
		duties: []duty{
			{kind: SuspensionReviewDuty, zh: "核实羁押情况", en: "review of the suspension", limit: func(p *Policy) *Limit { return &p.SuspensionReview }},
			{kind: TermConfirmationDuty, zh: "公安机关确认期限", en: "confirmation of the term by the police", limit: func(p *Policy) *Limit { return &p.TermConfirmation }},
		},
	}
}

// The grounds on which a measure is suspended (DRR art.24).
const (
	Detention Ground = "detention"
	Arrest    Ground = "arrest"
)

// The grounds on which a measure is terminated (DRR art.24; isolation and death by practice).
const (
	Imprisonment        Ground = "imprisonment"
	CompulsoryEducation Ground = "compulsory_education"
	CompulsoryIsolation Ground = "compulsory_isolation"
	Death               Ground = "death"
)

// Suspend stops the clock from the day of OccurredAt.
type Suspend struct {
	Ground Ground `json:"ground"`
}

// ReviewSuspension says that the client is still detained, as asked on the day of OccurredAt.
type ReviewSuspension struct{}

// Resume lets the clock run on from the day of OccurredAt, the day of release from custody.
type Resume struct{}

// ConfirmTerm is the police's word on the last day of the term after a suspension.
type ConfirmTerm struct {
	TermEnd Date `json:"term_end"`
}

// Terminate ends the measure without release on the day of OccurredAt.
type Terminate struct {
	Ground Ground `json:"ground"`
}

func (Suspend) CommandType() string          { return "suspend" }
func (ReviewSuspension) CommandType() string { return "review-suspension" }
func (Resume) CommandType() string           { return "resume" }
func (ConfirmTerm) CommandType() string      { return "confirm-term" }
func (Terminate) CommandType() string        { return "terminate" }

func (b Suspend) check() *Error        { return notOneOf("ground", b.Ground, Detention, Arrest) }
func (ReviewSuspension) check() *Error { return nil }
func (Resume) check() *Error           { return nil }
func (b ConfirmTerm) check() *Error {
	if b.TermEnd == 0 {
		return missing("term_end")
	}
	return nil
}
func (b Terminate) check() *Error {
	return notOneOf("ground", b.Ground, Imprisonment, CompulsoryEducation, CompulsoryIsolation, Death)
}

// CaseSuspended stops the clock on the day On. What the client owed on that day or later
// is open again, missed or not.
type CaseSuspended struct {
	On     Date   `json:"on"`
	Ground Ground `json:"ground"`
}

// SuspensionReviewed keeps a suspended case in sight.
type SuspensionReviewed struct {
	On Date `json:"on"`
}

// CaseResumed lets the clock run on: every later day moves by Days, calendar days.
type CaseResumed struct {
	On   Date `json:"on"`
	Days int  `json:"days"`
}

// TermConfirmed is the police's word on the last day of the term.
type TermConfirmed struct {
	TermEnd Date `json:"term_end"`
}

// CaseTerminated closes the case without release.
type CaseTerminated struct {
	On     Date   `json:"on"`
	Ground Ground `json:"ground"`
}

func (CaseSuspended) EventType() string      { return "case_suspended" }
func (SuspensionReviewed) EventType() string { return "suspension_reviewed" }
func (CaseResumed) EventType() string        { return "case_resumed" }
func (TermConfirmed) EventType() string      { return "term_confirmed" }
func (CaseTerminated) EventType() string     { return "case_terminated" }

func (d CaseTerminated) apply(c *Case, _ *Event) {
	c.Phase, c.TerminatedOn = Terminated, d.On
	c.close()
}

// apply keeps the fact for the file: the obligation it meets has an event of its own.
func (SuspensionReviewed) apply(*Case, *Event) {}

// ClientDuties are the kinds whose clock stands still in custody. What the offices owe
// goes on.
func ClientDuties() []Kind {
	var out []Kind
	for _, t := range topics() {
		for _, d := range t.duties {
			if d.client {
				out = append(out, d.kind)
			}
		}
	}
	return out
}

func (k Kind) owedByClient() bool { return duties[k].client }

// movesWith reports whether the day of the obligation moves with a suspension from the day.
func (o *Obligation) movesWith(on Date) bool { return o.ID.Kind.owedByClient() && o.Due >= on }

func (d CaseSuspended) apply(c *Case, _ *Event) {
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
		if s.Next != 0 {
			s.Next += days
		}
		if s.Kind == ReleaseFileDuty {
			s.Anchor += days
		} else {
			s.Shift += d.Days
		}
	}
	if c.TermEnd != 0 {
		c.TermEnd += days
	}
	c.Phase, c.Held, c.SuspendedOn = c.Held, "", 0
}

// decide stops the clock. Misses of the days in custody are taken back: the client
// could not have come (DRR art.24).
func (b Suspend) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase == Suspended:
		return refuse("", "DRR art.24", "the measure has been suspended since %s", d.c.SuspendedOn)
	case d.c.Phase == TermEnded:
		return refuse("", "DRR art.23, 24", "the term ended on %s", d.c.TermEnd)
	case d.c.ReportedOn != 0 && on < d.c.ReportedOn:
		return refuse("occurred_at", "DRR art.24", "%s lies before report-in on %s", on, d.c.ReportedOn)
	}
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.movesWith(on) && o.Status == Confirmed {
			d.retract(o)
		}
	}
	d.emit(CaseSuspended{on, b.Ground})
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

// decide lets the clock run on from the day of release from custody.
func (Resume) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase != Suspended:
		return refuse("", "DRR art.24", "the measure is not suspended")
	case on < d.c.SuspendedOn:
		return refuse("occurred_at", "DRR art.24", "%s lies before the suspension of %s", on, d.c.SuspendedOn)
	}
	d.emit(CaseResumed{on, int(on - d.c.SuspendedOn)})
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.Status != Open && o.ID.Kind.owedByClient() {
			d.escalate(o) // what was missed before custody climbs again
		}
	}
	if review := d.first(SuspensionReviewDuty); review != nil {
		d.emit(ObligationSuperseded{review.ID})
		d.settle(SuspensionReviewDuty, BySupersession)
	}
	if d.c.TermEnd != 0 {
		l := d.env.Policy.TermConfirmation
		d.oblige(Obligation{ID: d.number(TermConfirmationDuty), Opens: on, Due: l.After(d.env.Today(), d.env.Calendar), From: d.env.Today(), Citation: l.Cite})
	}
	return nil
}

// decide takes the police's word on the end of the term.
func (b ConfirmTerm) decide(d *decision, on Date) *Error {
	duty := d.first(TermConfirmationDuty)
	switch {
	case duty == nil:
		return refuse("", "DRR art.24", "no end of term waits for confirmation")
	case d.c.Phase == Suspended || d.c.Phase == TermEnded:
		return refuse("", "DRR art.24", "the case is %s", d.c.Phase)
	case b.TermEnd <= d.env.Today():
		return refuse("term_end", "DRR art.24", "%s is not in the future", b.TermEnd)
	}
	d.emit(TermConfirmed{b.TermEnd})
	d.meet(*duty, on)
	return nil
}

func (d TermConfirmed) apply(c *Case, _ *Event) {
	moved := d.TermEnd - c.TermEnd
	c.TermEnd, c.TermFixed = d.TermEnd, true
	if s := c.series(ReleaseFileDuty); s != nil {
		s.Anchor = d.TermEnd
		if s.Next != 0 {
			s.Next += moved
		}
	}
}

// decide closes the case without release.
func (b Terminate) decide(d *decision, on Date) *Error {
	if d.c.ReportedOn != 0 && on < d.c.ReportedOn {
		return refuse("occurred_at", "DRR art.24", "%s lies before report-in on %s", on, d.c.ReportedOn)
	}
	d.endTransfer(on)
	d.emit(CaseTerminated{on, b.Ground})
	return nil
}
