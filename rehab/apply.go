package rehab

import "slices"

// Apply folds one event into the case. What a revision added stands in it already.
func (c *Case) Apply(e Event) { c.apply(&e) }

func (c *Case) apply(e *Event) {
	c.Seq = e.Seq
	if e.Seq <= c.Revised {
		return
	}
	e.Data.apply(c, e)
	if e.OccurredAt.After(c.LivedTo) && !isAside(e.Data) {
		c.LivedTo = e.OccurredAt
	}
}

// Fold applies events in order.
func (c *Case) Fold(events []Event) {
	for i := range events {
		c.apply(&events[i])
	}
}

func (d ObligationOpened) apply(c *Case, _ *Event) {
	o := d.Obligation
	if s := c.series(o.ID.Kind); s != nil {
		s.K, s.N, s.Next = d.K, o.ID.N, d.Next
		c.forget(s, o.Opens)
	} else {
		c.number(o.ID)
	}
	c.Obligations = append(c.Obligations, o)
}

func (d ReportedIn) apply(c *Case, e *Event) {
	c.note(ReportIn{}.occasion(), e)
	c.Phase, c.ReportedOn, c.TermEnd = AwaitingAgreement, d.On, d.TermEnd
	c.Series = slices.Clone(d.Series)
}

func (d CarriedOver) apply(c *Case, _ *Event) {
	c.Counters.Tests += d.Tests
	c.Counters.Contacts += d.Contacts
	c.Counters.Attempts += d.Contacts
	c.Counters.TestBreaches += d.TestBreaches
	c.Counters.Leavings += d.Leavings
	c.Counters.AbsenceDays += d.AbsenceDays
	c.Counters.DeemedRefusals += d.DeemedRefusals
	c.Counters.Relapses += d.Relapses
	c.Counters.Violations = append(c.Counters.Violations, d.Violations...)
	for _, s := range d.Series {
		*c.series(s.Kind) = s
	}
}

func (d AgreementSigned) apply(c *Case, e *Event) {
	c.note(SignAgreement{}.occasion(), e)
	c.AgreementOn = d.On
	if c.Phase == AwaitingAgreement {
		c.Phase = InExecution
	}
}

func (d AssessmentRecorded) apply(c *Case, e *Event) {
	c.note(RecordAssessment{}.occasion(), e)
	c.evidence(AssessmentDuty, d.On)
}

func (d ObligationMet) apply(c *Case, _ *Event)        { c.drop(d.ID) }
func (d ObligationMissed) apply(c *Case, _ *Event)     { c.Obligation(d.ID).Status = Missed }
func (d MissDismissed) apply(c *Case, _ *Event)        { c.drop(d.ID) }
func (d ObligationSuperseded) apply(c *Case, _ *Event) { c.drop(d.ID) }

func (d MissConfirmed) apply(c *Case, _ *Event) {
	o := c.Obligation(d.ID)
	o.Status, o.Ground, o.Counted = Confirmed, d.Ground, o.Counted || d.Counts
	c.countMiss(d.ID.Kind, d.Ground, d.Counts, 1)
	c.arrivalMissed(d.ID.Kind, true)
}

func (d MissRetracted) apply(c *Case, _ *Event) {
	o := c.Obligation(d.ID)
	o.Counted = o.Counted && !d.Counts // a refusal in the window still counts
	c.countMiss(d.ID.Kind, d.Ground, d.Counts, -1)
	c.arrivalMissed(d.ID.Kind, false)
}

func (d EscalationOpened) apply(c *Case, e *Event) {
	c.Escalations = append(c.Escalations, Escalation{
		ID: e.Seq, Obligation: d.Obligation, Role: d.Role, ToldAt: e.RecordedAt, NextAt: d.NextAt,
	})
}

func (d EscalationClimbed) apply(c *Case, e *Event) {
	esc := c.Escalation(d.ID)
	esc.Rung, esc.Role, esc.ToldAt, esc.NextAt = d.Rung, d.Role, e.RecordedAt, d.NextAt
	esc.Promise, esc.AckedBy = 0, ""
}

func (d EscalationAcknowledged) apply(c *Case, e *Event) {
	esc := c.Escalation(d.ID)
	esc.Promise, esc.AckedBy, esc.NextAt = d.Promise, e.Actor.ID, d.BreaksAt()
}

func (d EscalationClosed) apply(c *Case, _ *Event) {
	c.Escalations = slices.DeleteFunc(c.Escalations, func(x Escalation) bool { return x.ID == d.ID })
}

func (d RiskChanged) apply(c *Case, _ *Event) {
	c.Risk = d.To
	if s := c.series(ContactDuty); s != nil && d.Series.Kind != "" {
		*s = d.Series
	}
}

func (d WorkerAssigned) apply(c *Case, _ *Event) { c.Worker = d.Worker }

func (d LeavingRecorded) apply(c *Case, e *Event) {
	c.Absences = append(c.Absences, Span{e.Seq, d.From, d.To})
	c.Counters.Leavings++
	c.Counters.AbsenceDays += d.Days
}

func (d ViolationReached) apply(c *Case, _ *Event) {
	c.Counters.Violations = slices.DeleteFunc(c.Counters.Violations, func(g Ground) bool { return g == d.Ground })
	if !d.Withdrawn {
		c.Counters.Violations = append(c.Counters.Violations, d.Ground)
	}
}

func (d TermPassed) apply(c *Case, _ *Event) {
	c.Phase = TermEnded
	for i := range c.Series {
		c.Series[i].Next = 0
	}
}

func (d CaseReleased) apply(c *Case, _ *Event) {
	c.Phase, c.ReleasedOn = Released, d.On
	c.startAfterCare(d)
}

// What follows are facts for the file: the obligations they meet have events of their own.
func (ReleaseFileSubmitted) apply(*Case, *Event) {}
func (CommandRefused) apply(*Case, *Event)       {}

// close leaves nothing to be done in a case that has ended.
func (c *Case) close() {
	c.Obligations = slices.DeleteFunc(c.Obligations, func(o Obligation) bool { return !o.ID.Kind.outlivesEnd() })
	c.Escalations = slices.DeleteFunc(c.Escalations, func(e Escalation) bool { return !e.Obligation.Kind.outlivesEnd() })
	c.Series, c.Pending, c.Samples, c.Leaves, c.Alarms = nil, nil, nil, nil, nil
	c.Confirmed, c.Refusals = nil, nil
	c.Held, c.SuspendedOn, c.Transfer, c.Arrival = "", 0, Transfer{}, Arrival{}
	c.Outreach, c.Watch, c.Crises = Outreach{}, RiskWatch{}, nil
}

func (d CaseOpened) apply(c *Case, e *Event) {
	c.Phase, c.OpenedAt = AwaitingReportIn, e.RecordedAt
	if !d.OpenedAt.IsZero() {
		c.OpenedAt = d.OpenedAt
	}
	c.Measure, c.TermMonths, c.DecidedOn, c.ServedOn, c.Method = d.Measure, d.TermMonths, d.DecidedOn, d.ServedOn, d.Method
	c.PrintedEnd, c.CreditDays, c.Maintenance, c.WantsWork = d.PrintedEnd, d.CreditDays, d.Maintenance, d.WantsWork
	c.Sex, c.FamilyTold = d.Sex, d.FamilyTold
	c.Place, c.Worker, c.Risk, c.Policy = d.Place, d.Worker, d.Risk, d.Policy
}

// forget drops confirmed misses of the series that later evidence has made up, a year after
// their day: a climb rests on all others. The history has them.
func (c *Case) forget(s *Series, today Date) {
	c.Obligations = slices.DeleteFunc(c.Obligations, func(o Obligation) bool {
		return o.ID.Kind == s.Kind && o.Status == Confirmed && o.Due < s.Last && o.Due.AddMonths(12) < today
	})
}

func (c *Case) number(id ObligationID) {
	for i := range c.Numbers {
		if c.Numbers[i].Kind == id.Kind {
			c.Numbers[i].N = id.N
			return
		}
	}
	c.Numbers = append(c.Numbers, Numbered{id.Kind, id.N})
}

// evidence notes the latest day on which the recurring duty was done.
func (c *Case) evidence(k Kind, on Date) {
	if s := c.series(k); s != nil {
		s.Last = max(s.Last, on)
	}
}

func (c *Case) countMiss(k Kind, g Ground, counts bool, by int) {
	switch {
	case g == DeemedRefusal && !k.ofReport():
		c.Counters.DeemedRefusals += by
	case g == TestEvasion && k == TestDuty && counts:
		c.Counters.TestBreaches += by
	case k == ContactDuty || k == HomeVisitDuty:
		c.Counters.MissedContacts += by
	}
}

func (d MissJustified) apply(c *Case, _ *Event) {
	o := c.Obligation(d.ID)
	if d.Until.IsZero() {
		c.drop(d.ID)
		return
	}
	o.Status, o.Due, o.Plain, o.Ground, o.Fixed = Open, d.Until, 0, "", true
	if o.Expires != 0 {
		o.Expires = max(o.Expires, d.Until)
	}
}

func (c *Case) drop(id ObligationID) {
	c.Obligations = slices.DeleteFunc(c.Obligations, func(o Obligation) bool { return o.ID == id })
}
