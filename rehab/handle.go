package rehab

import (
	"slices"
	"time"
)

// clockSkew is how far ahead of ours the clock of a phone may be.
const clockSkew = 2 * time.Minute

// handle decides one command. Every decide checks all it needs before it emits the
// first event, so that a refusal leaves nothing half done.
func (d *decision) handle(cmd Command) error {
	if err := d.admit(cmd); err != nil {
		return err
	}
	if err := d.known(cmd.Body, DateOf(d.occurred)); err != nil {
		return err
	}
	before := len(d.events)
	if err := cmd.Body.decide(d, DateOf(d.occurred)); err != nil {
		return err
	}
	d.follow(before)
	return nil
}

// standsStill refuses, while the measure is suspended, what would move its clock.
func (c *Case) standsStill(body CommandBody) *Error {
	if c.Phase != Suspended {
		return nil
	}
	switch body.(type) {
	case ReportIn, SignAgreement, IssueMeasure, WaiveMeasure, ChangeRisk, ReportLeave, SubmitReleaseFile, Release:
		return refuse("", "DRR art.24", "the measure has been suspended since %s: resume it first", c.SuspendedOn)
	}
	return nil
}

// admit refuses what no command may do: act on a case that is not there or is closed,
// or tell of the future or of what was before the order reached the client.
func (d *decision) admit(cmd Command) *Error {
	_, opening := cmd.Body.(OpenCase)
	switch {
	case opening && d.c.Phase != "":
		return &Error{Code: Conflict, Field: "order_no", Message: "this case is open already", Citation: "NCL art.33"}
	case opening:
		return d.notFuture("occurred_at", cmd.OccurredAt)
	case d.c.Phase == "":
		return &Error{Code: NotFound, Message: "there is no such case"}
	case amends(cmd.Body) || d.c.Phase == Void:
		if err := d.c.closedForGood(cmd.Body); err != nil {
			return err
		}
		return d.notFuture("occurred_at", cmd.OccurredAt)
	case d.c.isOver() && d.c.IsLive() && putsRight(cmd.Body):
		return d.notFuture("occurred_at", cmd.OccurredAt)
	case d.c.Phase == Terminated:
		l := d.c.endLine()
		return refuse("", l.Citation, "the case is closed: %s", l.EN)
	case d.c.Phase == TransferredAway:
		return refuse("", "DRR art.22", "the measure has gone on outside the system since %s", d.c.TransferredOn)
	case DateOf(cmd.OccurredAt) < d.c.ServedOn:
		return refuse("occurred_at", "DRR art.14", "%s lies before the order was served on %s", DateOf(cmd.OccurredAt), d.c.ServedOn)
	}
	if err := d.c.admitAfterRelease(cmd.Body); err != nil {
		return err
	}
	if err := d.c.standsStill(cmd.Body); err != nil {
		return err
	}
	return d.notFuture("occurred_at", cmd.OccurredAt)
}

// horizon is the instant up to which something can have happened.
func (d *decision) horizon() time.Time {
	if d.correctedAt.After(d.env.Now) {
		return d.correctedAt
	}
	return d.env.Now
}

func (d *decision) notFuture(field string, at time.Time) *Error {
	if at.After(d.horizon().Add(clockSkew)) {
		return InvalidField(field, "%s lies in the future", at.In(Shanghai).Format(time.RFC3339))
	}
	return nil
}

func (d *decision) dayNotFuture(field string, day Date) *Error {
	if day > DateOf(d.horizon()) {
		return InvalidField(field, "%s lies in the future", day)
	}
	return nil
}

// lateness is how many months a report-in may be put off, for whatever reason. A day that
// lies further ahead is a slip of the pen, with which the client would be forgotten.
const lateness = 12

// LastPossibleEnd is the last day on which the term of an order of today can end: 36 months
// from the latest report-in.
func LastPossibleEnd(today Date) Date { return today.AddMonths(36 + lateness) }

// decide starts the clock of the law at service of the order (DRR art.13, 14).
func (b OpenCase) decide(d *decision, _ Date) *Error {
	p := d.env.Policy
	switch {
	case p == nil || p.Ref() != b.Policy:
		return InvalidField("policy", "there is no policy %s", b.Policy)
	case b.Measure == Rehabilitation && b.TermMonths > p.MaxRehabTerm.N:
		return &Error{Code: Invalid, Message: "the term of rehabilitation is too long", Field: "term_months", Citation: p.MaxRehabTerm.Cite}
	}
	if err := d.dayNotFuture("served_on", b.ServedOn); err != nil {
		return err
	}
	if err := d.dayNotFuture("family_told_on", b.FamilyTold); err != nil {
		return err
	}
	if b.PrintedEnd > LastPossibleEnd(d.env.Today()) {
		return &Error{Code: Invalid, Message: "lies more than four years ahead, and no term is longer than 36 months", Field: "printed_end", Citation: "DRR art.14, 37"}
	}
	if err := d.admitCarried(b.Carried); err != nil {
		return err
	}
	told := time.Time{}
	if !d.correctedAt.IsZero() {
		told = instant(d.env.Now)
	}
	d.emit(CaseOpened{
		b.Measure, b.TermMonths, b.DecidedOn, b.ServedOn, b.Method, b.PrintedEnd, b.CreditDays,
		b.Place, b.Worker, b.Risk, b.Maintenance, b.WantsWork, b.Sex, b.Policy, b.FamilyTold, told,
	})
	if b.Worker == "" {
		today := d.env.Today()
		d.oblige(Obligation{
			ID: d.number(AssignWorkerDuty), Opens: today, Due: p.AssignWorker.After(today, d.env.Calendar), From: today, Citation: p.AssignWorker.Cite,
		})
	}
	if b.Carried != nil {
		d.carryOver(b.Carried)
		return nil
	}
	cite := p.ReportIn.Cite
	if b.Measure == Rehabilitation {
		cite = citeRehabilitation
	}
	d.oblige(Obligation{
		ID: d.number(ReportInDuty), Opens: b.ServedOn, Due: p.ReportIn.After(b.ServedOn, d.env.Calendar), From: b.ServedOn, Citation: cite,
	})
	return nil
}

// startTerm begins the term at report-in and sets every series on its way (DRR art.14, 37).
func (d *decision) startTerm(on Date, late bool) {
	p, c := d.env.Policy, d.c
	end := p.lastDay(on, c.TermMonths)
	if c.Measure == Treatment {
		end -= Date(c.CreditDays) // never credited to rehabilitation (DRR art.31)
	}
	if c.PrintedEnd != 0 {
		end = c.PrintedEnd
	}
	end = max(end, on)
	kinds := []Kind{TestDuty, ContactDuty, HomeVisitDuty, AssessmentDuty}
	if p.SurpriseTests.Every.N > 0 {
		kinds = append(kinds, SurpriseTestDuty)
	}
	series := make([]Series, 0, len(kinds)+1)
	for _, k := range kinds {
		s := Series{Kind: k, Anchor: on}
		c.TermEnd = end // the windows of this very term are cut by it
		if w, ok := d.window(s, 1); ok {
			s.Next = w.opens
		}
		series = append(series, s)
	}
	file := min(p.ReleaseReminder.Before(end, d.env.Calendar), p.ReleaseFile.Before(end, d.env.Calendar))
	series = append(series, Series{Kind: ReleaseFileDuty, Anchor: end, Next: max(file, on)})
	d.emit(ReportedIn{on, late, end, series})
}

// citeRehabilitation is behind the report-in and the agreement of rehabilitation, which
// are due within the same 15 days of receipt.
const citeRehabilitation = "DRR art.38"

// obligeFirstAgreement makes the agreement after the first report-in due. In
// rehabilitation its last day is that of the report-in, counted from service (DRR art.38);
// who reports in later than that signs on the same day. within is the report-in's
// obligation, nil for a case that was under way elsewhere.
func (d *decision) obligeFirstAgreement(on Date, within *Obligation) {
	c, l := d.c, d.env.Policy.ReportIn
	due := l.After(c.ServedOn, d.env.Calendar)
	if c.Measure != Rehabilitation || c.ArrivedOn != 0 || within == nil && due < on {
		d.obligeAgreement(on)
		return
	}
	o := Obligation{ID: d.number(AgreementDuty), Opens: c.ReportedOn, Due: due, From: c.ServedOn, Citation: citeRehabilitation}
	if within != nil {
		o.Due, o.Plain, o.Fixed = within.Due, within.Plain, within.Fixed
	}
	if o.Due < on {
		o.Due, o.Plain, o.Fixed = on, 0, true
	}
	d.oblige(o)
}

// obligeAgreement makes the agreement due within the policy's days.
func (d *decision) obligeAgreement(from Date) {
	l := d.env.Policy.Agreement
	d.oblige(Obligation{ID: d.number(AgreementDuty), Opens: max(d.c.ReportedOn, d.c.ArrivedOn), Due: l.After(from, d.env.Calendar), From: from, Citation: l.Cite})
}

// decide takes the report, late or not: a deemed refusal is a person's finding, and
// the client who comes late is still taken in (DRR art.14).
func (ReportIn) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Arrival.Transfer != 0 && d.c.Phase != TermEnded:
		return d.arrive(on)
	case d.c.Phase != AwaitingReportIn:
		return refuse("", "DRR art.14", "the client reported in on %s", max(d.c.ReportedOn, d.c.ArrivedOn))
	}
	duty := d.first(ReportInDuty)
	d.begin(on, duty != nil && on > duty.Due)
	return nil
}

// begin starts the term with the first report-in.
func (d *decision) begin(on Date, late bool) {
	duty := d.first(ReportInDuty)
	d.startTerm(on, late)
	if duty != nil {
		d.meet(*duty, on)
	}
	d.obligeFirstAgreement(on, duty)
	d.obligeGroup(on)
}

// decide brings the case into execution (DRR art.16).
func (SignAgreement) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase == AwaitingReportIn:
		return refuse("", "DRR art.14, 16", "the client has not reported in")
	case d.c.Arrival.Transfer != 0:
		return refuse("", "DRR art.16, 22", "the client has not reported in at the new street")
	case d.c.AgreementOn != 0:
		return refuse("", "DRR art.16", "the agreement was signed on %s", d.c.AgreementOn)
	case d.c.Phase != AwaitingAgreement:
		return refuse("", "DRR art.23", "the term ended on %s", d.c.TermEnd)
	case on < max(d.c.ReportedOn, d.c.ArrivedOn):
		return refuse("occurred_at", "DRR art.16", "%s lies before report-in on %s", on, max(d.c.ReportedOn, d.c.ArrivedOn))
	}
	d.emit(AgreementSigned{on})
	if duty := d.first(AgreementDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.obligePlan(on)
	d.obligeWorkReferral(on)
	return nil
}

// decide cuts the contact windows anew from the day of the change. An open window that would end
// later than the first new one is void; one that ends sooner stays, so that a higher
// risk never moves a day further away.
func (b ChangeRisk) decide(d *decision, on Date) *Error {
	if d.c.Risk == b.Risk {
		return refuse("risk", "", "the client is in this risk class already")
	}
	e := RiskChanged{From: d.c.Risk, To: b.Risk, On: on}
	s := d.c.series(ContactDuty)
	if s == nil || d.c.Phase == TermEnded {
		d.emit(e)
		return nil
	}
	e.Series = Series{Kind: ContactDuty, Anchor: on, N: s.N, Last: s.Last}
	d.c.Risk = b.Risk // the new windows follow the new class
	w, ok := d.window(e.Series, 1)
	if ok {
		e.Series.Next = w.opens
	}
	d.emit(e)
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == ContactDuty && o.Status == Open && (ok && o.Due > w.due) {
			d.emit(ObligationSuperseded{o.ID})
		}
	}
	return nil
}

// decide gives the case to a worker.
func (b AssignWorker) decide(d *decision, on Date) *Error {
	if d.c.Worker == b.Worker {
		return refuse("worker", "", "the case is this worker's already")
	}
	d.emit(WorkerAssigned{b.Worker, d.c.Worker})
	if duty := d.first(AssignWorkerDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.judgeGroup(on)
	return nil
}

// decide meets the filing before expiry (DRR art.23).
func (SubmitReleaseFile) decide(d *decision, on Date) *Error {
	duty := d.first(ReleaseFileDuty)
	if duty == nil {
		s := d.c.series(ReleaseFileDuty)
		if s == nil {
			return refuse("", "DRR art.14, 23", "the client has not reported in, the term has not begun")
		}
		if s.Next != 0 {
			return refuse("", d.env.Policy.ReleaseFile.Cite, "the file can be submitted from %s", s.Next)
		}
		return refuse("", d.env.Policy.ReleaseFile.Cite, "no file is due any more: it was submitted, or the term is over")
	}
	d.emit(ReleaseFileSubmitted{on})
	d.meet(*duty, on)
	return nil
}

// decide ends the measure on the police's notice. The term is neither shortened nor
// extended (DRR art.14, 23, 40).
func (Release) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase == AwaitingReportIn:
		return refuse("", "DRR art.14", "the client has not reported in, the term has not begun")
	case d.c.Phase != TermEnded:
		return refuse("", "DRR art.14, 23", "the term ends on %s; there is no early release", d.c.TermEnd)
	case on < d.c.TermEnd:
		return refuse("occurred_at", "DRR art.14, 23", "%s lies before the end of the term on %s", on, d.c.TermEnd)
	}
	if duty := d.first(ReleaseDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.freeClient()
	d.endHelpOfMeasure()
	end, followUp := d.afterCare(on)
	d.emit(CaseReleased{on, end, followUp})
	return nil
}
