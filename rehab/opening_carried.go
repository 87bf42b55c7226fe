package rehab

import "slices"

// Carried is the state of a case already under way elsewhere. AgreementOn may be empty.
// ChangedOn says that the place of execution changed to ours on that day: the client has to
// report in here, and signs anew (DRR art.22). With it, ReportedOn may be empty: the place
// changed before the first report-in. What counts under DRR art.20 counts on; Violations
// are the grounds of which the police were told elsewhere.
type Carried struct {
	ReportedOn  Date `json:"reported_on,omitzero"`
	AgreementOn Date `json:"agreement_on,omitzero"`
	ChangedOn   Date `json:"changed_on,omitzero"`
	Tests       int  `json:"tests,omitempty"`
	Contacts    int  `json:"contacts,omitempty"`

	TestBreaches   int      `json:"test_breaches,omitempty"`
	Leavings       int      `json:"leavings,omitempty"`
	AbsenceDays    int      `json:"absence_days,omitempty"`
	DeemedRefusals int      `json:"deemed_refusals,omitempty"`
	Relapses       int      `json:"relapses,omitempty"`
	Violations     []Ground `json:"violations,omitempty"`
}

// check looks at what was done elsewhere. Order of the checks: the order of the fields.
func (c *Carried) check(served Date) *Error {
	switch {
	case c == nil:
		return nil
	case c.ReportedOn.IsZero() && (c.ChangedOn.IsZero() || c.AgreementOn != 0 || c.Tests+c.Contacts+c.TestBreaches+c.Leavings+c.AbsenceDays != 0):
		return missing("carried.reported_on")
	case c.ReportedOn != 0 && c.ReportedOn < served:
		return &Error{Code: Invalid, Message: "the client reported in before service of the order", Field: "carried.reported_on", Citation: "DRR art.14"}
	case !c.AgreementOn.IsZero() && c.AgreementOn < c.ReportedOn:
		return &Error{Code: Invalid, Message: "the agreement was signed before report-in", Field: "carried.agreement_on", Citation: "DRR art.16"}
	case c.ChangedOn != 0 && c.ChangedOn < max(served, c.ReportedOn):
		return &Error{Code: Invalid, Message: "the place changed before the measure was under way", Field: "carried.changed_on", Citation: "DRR art.22"}
	}
	for _, n := range []struct {
		field      string
		have, most int
	}{
		{"tests", c.Tests, 1000}, {"contacts", c.Contacts, 5000}, {"test_breaches", c.TestBreaches, 1000}, {"leavings", c.Leavings, 1000},
		{"absence_days", c.AbsenceDays, 1098}, {"deemed_refusals", c.DeemedRefusals, 100}, {"relapses", c.Relapses, 100},
	} {
		if n.have < 0 || n.have > n.most {
			return InvalidField("carried."+n.field, "is between 0 and %d", n.most)
		}
	}
	for i, g := range c.Violations {
		if err := notOneOf("carried.violations", g, TestEvasion, UnauthorisedLeaving, Absence); err != nil {
			return err
		}
		if slices.Contains(c.Violations[:i], g) {
			return InvalidField("carried.violations", "%s is there twice", g)
		}
	}
	return nil
}

// CarriedOver says what was done before the case came into the system, so that no
// window that ended before AsOf is called missed.
type CarriedOver struct {
	AsOf     Date     `json:"as_of"`
	Tests    int      `json:"tests"`
	Contacts int      `json:"contacts"`
	Series   []Series `json:"series,omitempty"` // those that it brings forward

	TestBreaches   int      `json:"test_breaches,omitempty"`
	Leavings       int      `json:"leavings,omitempty"`
	AbsenceDays    int      `json:"absence_days,omitempty"`
	DeemedRefusals int      `json:"deemed_refusals,omitempty"`
	Relapses       int      `json:"relapses,omitempty"`
	Violations     []Ground `json:"violations,omitempty"` // those of which the police were told
}

func (CarriedOver) EventType() string { return "carried_over" }

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

// admitCarried refuses days of the future, and a violation that the counters do not bear out.
func (d *decision) admitCarried(b *Carried) *Error {
	if b == nil {
		return nil
	}
	for _, day := range []struct {
		field string
		on    Date
	}{{"reported_on", b.ReportedOn}, {"agreement_on", b.AgreementOn}, {"changed_on", b.ChangedOn}} {
		if err := d.dayNotFuture("carried."+day.field, day.on); err != nil {
			return err
		}
	}
	p := d.env.Policy
	for _, g := range b.Violations {
		count, of := b.TestBreaches, p.TestBreaches
		switch g {
		case UnauthorisedLeaving:
			count, of = b.Leavings, p.LeavingBreaches
		case Absence:
			count, of = b.AbsenceDays, p.AbsenceDays
		}
		if count < of.N {
			return &Error{Code: Invalid, Message: "the count does not reach the threshold of " + string(g), Field: "carried.violations", Citation: of.Cite}
		}
	}
	return nil
}

// carryOver takes in a case that was under way elsewhere: the windows that ended before
// today were somebody else's, and a current window counts as done where more was done
// than windows have ended.
func (d *decision) carryOver(b *Carried) {
	today := d.env.Today()
	if b.ReportedOn != 0 {
		d.startTerm(b.ReportedOn, false)
	}
	switch {
	case b.AgreementOn != 0:
		d.emit(AgreementSigned{b.AgreementOn})
	case b.ChangedOn == 0:
		d.obligeFirstAgreement(max(b.ReportedOn, today), nil)
	}
	if b.ReportedOn != 0 {
		d.obligeGroup(today)
	}
	if b.AgreementOn != 0 {
		d.obligePlan(today)
		d.obligeWorkReferral(today)
	}
	var forward []Series
	for _, s := range d.c.Series {
		before := s
		done := map[Kind]int{TestDuty: b.Tests, ContactDuty: b.Contacts}[s.Kind]
		if d.fastForward(&s, today, done); s != before {
			forward = append(forward, s)
		}
	}
	d.emit(CarriedOver{
		today, b.Tests, b.Contacts, forward, b.TestBreaches, b.Leavings, b.AbsenceDays, b.DeemedRefusals, b.Relapses, b.Violations,
	})
	if b.ChangedOn != 0 {
		d.emit(TransferredIn{d.c.Place, b.ChangedOn})
		d.awaitArrival(b.ChangedOn)
	}
	d.checkThresholds()
}

// fastForward leaves out the windows that ended before today, and the current one too
// where done says that it holds its evidence already.
func (d *decision) fastForward(s *Series, today Date, done int) {
	if !s.Kind.recurring() {
		return
	}
	for {
		w, ok := d.window(*s, s.K+1)
		if !ok {
			s.Next = 0
			return
		}
		current := w.start <= today
		if w.due >= today && !(current && done > s.K) {
			s.Next = w.opens
			return
		}
		s.K++
		s.N++
	}
}
