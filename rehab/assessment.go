package rehab

// evidenceTopic is what workers report beside contacts and tests.
func evidenceTopic() topic {
	return topic{
		subject: "contact",
		commands: []CommandSpec{
			command[RecordAssessment]("登记评估", "Record a half-yearly or yearly assessment", by(everyone), witnessed, settles(AssessmentDuty)),
		},
		events: []eventKind{eventOf[AssessmentRecorded](), eventOf[ObligationMet]()},
		duties: []duty{
			{kind: AssessmentDuty, zh: "阶段评估", en: "assessment", client: true, recurring: true, mark: func(p *Policy) Mark { return p.Assessment.Every.Mark }},
		},
	}
}

// RecordAssessment is a half-yearly or yearly assessment.
type RecordAssessment struct{ Another }

func (RecordAssessment) CommandType() string { return "record-assessment" }

func (RecordAssessment) check() *Error { return nil }

func (RecordAssessment) occasion() Occasion { return Occasion{What: "assessment"} }

// AssessmentRecorded is a half-yearly or yearly assessment.
type AssessmentRecorded struct {
	On Date `json:"on"`
}

func (AssessmentRecorded) EventType() string { return "assessment_recorded" }

func (d AssessmentRecorded) apply(c *Case, e *Event) {
	c.note(RecordAssessment{}.occasion(), e)
	c.evidence(AssessmentDuty, d.On)
}

// decide meets the half-yearly or yearly assessment.
func (RecordAssessment) decide(d *decision, on Date) *Error {
	if d.c.ReportedOn == 0 {
		return refuse("", "DRR art.14", "the client has not reported in")
	}
	d.emit(AssessmentRecorded{on})
	d.satisfy(AssessmentDuty, on)
	return nil
}
