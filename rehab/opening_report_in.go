package rehab

import "slices"

// citeRehabilitation is behind the report-in and the agreement of rehabilitation, which
// are due within the same 15 days of receipt.
const citeRehabilitation = "DRR art.38"

// ReportIn is the client's report at the station, on the day of OccurredAt.
type ReportIn struct{ Another }

// SignAgreement is the signing of the agreement, on the day of OccurredAt.
type SignAgreement struct{ Another }

func (ReportIn) CommandType() string      { return "report-in" }
func (SignAgreement) CommandType() string { return "sign-agreement" }

func (ReportIn) check() *Error      { return nil }
func (SignAgreement) check() *Error { return nil }

func (ReportIn) occasion() Occasion      { return Occasion{What: "report_in"} }
func (SignAgreement) occasion() Occasion { return Occasion{What: "agreement"} }

// ReportedIn starts the term (DRR art.14). TermEnd is its last day.
type ReportedIn struct {
	On      Date     `json:"on"`
	Late    bool     `json:"late,omitempty"`
	TermEnd Date     `json:"term_end"`
	Series  []Series `json:"series"`
}

// AgreementSigned brings the case into execution (DRR art.16).
type AgreementSigned struct {
	On Date `json:"on"`
}

func (ReportedIn) EventType() string      { return "reported_in" }
func (AgreementSigned) EventType() string { return "agreement_signed" }

func (d ReportedIn) apply(c *Case, e *Event) {
	if d.On == DateOf(e.OccurredAt) { // what was carried over happened long before it was told
		c.note(ReportIn{}.occasion(), e)
	}
	c.Phase, c.ReportedOn, c.TermEnd = AwaitingAgreement, d.On, d.TermEnd
	c.Series = slices.Clone(d.Series)
}

func (d AgreementSigned) apply(c *Case, e *Event) {
	if d.On == DateOf(e.OccurredAt) {
		c.note(SignAgreement{}.occasion(), e)
	}
	c.AgreementOn = d.On
	if c.Phase == AwaitingAgreement {
		c.Phase = InExecution
	}
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
