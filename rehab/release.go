package rehab

import "slices"

// releaseTopic is the end of the term (DRR art.23).
func releaseTopic() topic {
	return topic{
		subject: "release",
		commands: []CommandSpec{
			command[SubmitReleaseFile]("登记报送期满材料", "Say that the release file went to the police", by(everyone), settles(ReleaseFileDuty), movesClock),
			command[Release]("登记解除通知书", "Record the police's notice of release: the measure ends, after-care begins", by(offices), settles(ReleaseDuty), movesClock),
		},
		events: []eventKind{eventOf[TermPassed](), eventOf[ReleaseFileSubmitted](), eventOf[CaseReleased]()},
		duties: []duty{
			{kind: ReleaseFileDuty, zh: "报送期满材料", en: "release file to the police", client: true, limit: func(p *Policy) *Limit { return &p.ReleaseFile }},
			{kind: ReleaseDuty, zh: "解除通知书", en: "notice of release", limit: func(p *Policy) *Limit { return &p.ReleaseNotice }},
		},
	}
}

// SubmitReleaseFile says that the file went to the police on the day of OccurredAt.
type SubmitReleaseFile struct{}

// Release records the police's notice of release of the day of OccurredAt.
type Release struct{}

func (SubmitReleaseFile) CommandType() string { return "submit-release-file" }
func (Release) CommandType() string           { return "release" }

func (SubmitReleaseFile) check() *Error { return nil }
func (Release) check() *Error           { return nil }

// TermPassed says that the last day of the term is over (DRR art.23).
type TermPassed struct {
	On Date `json:"on"`
}

// ReleaseFileSubmitted says that the file went to the police.
type ReleaseFileSubmitted struct {
	On Date `json:"on"`
}

// CaseReleased records the police's notice of release (DRR art.23, 40) and ends the
// measure. AfterCareEnd is the last day of the three clean years that follow (DRR art.7).
type CaseReleased struct {
	On           Date   `json:"on"`
	AfterCareEnd Date   `json:"after_care_end,omitzero"` // zero in the oldest ledgers, which end here
	FollowUp     Series `json:"follow_up,omitzero"`
}

func (TermPassed) EventType() string           { return "term_passed" }
func (ReleaseFileSubmitted) EventType() string { return "release_file_submitted" }
func (CaseReleased) EventType() string         { return "case_released" }

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

// A fact for the file: the obligation that it meets has an event of its own.
func (ReleaseFileSubmitted) apply(*Case, *Event) {}

// passTerm ends the term: no more windows, what cannot be made up any more stops
// climbing, and the release notice falls due (DRR art.23, 40).
func (d *decision) passTerm() {
	d.endTransfer(d.c.TermEnd)
	d.emit(TermPassed{d.c.TermEnd})
	d.endOutreach(OutreachTermOver)
	d.endWatch()
	for _, k := range []Kind{AgreementDuty, ContactDuty, HomeVisitDuty, TestDuty, SurpriseTestDuty, AssessmentDuty} {
		d.closeEscalation(k, BySupersession)
	}
	if open := d.openBreachStep(); open != nil {
		d.takeBack(*open)
	}
	for _, o := range slices.Clone(d.c.Obligations) {
		switch {
		case o.ID.Kind == AgreementDuty, o.Status == Open && o.ID.Kind.recurring():
			d.emit(ObligationSuperseded{o.ID})
		case o.ID.Kind.recurring() && o.Due > d.c.TermEnd: // the end was told when it had passed
			if o.Status == Confirmed {
				d.retract(o)
			}
			d.emit(ObligationSuperseded{o.ID})
		}
	}
	d.obligeRelease()
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
	d.voidClientDuties()
	d.endHelpOfMeasure()
	end, followUp := d.afterCare(on)
	d.emit(CaseReleased{on, end, followUp})
	return nil
}

// obligeRelease makes the notice of release due. The release itself takes effect with the
// expiry of the term, whatever the day of the notice (DRR art.23, 40).
func (d *decision) obligeRelease() {
	l := d.env.Policy.ReleaseNotice
	d.oblige(Obligation{ID: d.number(ReleaseDuty), Opens: d.c.TermEnd, Due: l.After(d.c.TermEnd, d.env.Calendar), From: d.c.TermEnd, Citation: l.Cite})
}

func (d ReleaseFileSubmitted) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.23", ZH: "已报送期满材料", EN: "sent the release file to the police"}
}

func (d CaseReleased) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.23, 40", ZH: "登记解除通知书", EN: "recorded the notice of release and closed the case"}
}
