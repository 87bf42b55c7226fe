package rehab

import (
	"regexp"
	"strings"
)

// formTopic keeps which forms were filled in. The answers are personal data and stay outside:
// the ledger has the form, its version and the digest of the answers. No rule rests on them.
func formTopic() topic {
	return topic{
		subject:  "forms",
		commands: []CommandSpec{command[RecordForm]("登记表单", "Say that a form was filled in; the answers are kept under the case's own key", by(station), afterRelease, afterEnd)},
		events:   []eventKind{eventOf[FormRecorded]()},
	}
}

// RecordForm says that a form was filled in. Record is the sequence of what it is about (0: of
// nothing that is recorded), Replaces that of the answers that it puts right.
type RecordForm struct {
	Form       string       `json:"form"`
	Version    int          `json:"version"`
	Answers    string       `json:"answers"` // their keyed digest
	Record     int64        `json:"record,omitempty"`
	Obligation ObligationID `json:"obligation,omitzero"`
	Replaces   int64        `json:"replaces,omitempty"`
}

// CommandType names the command on the wire.
func (RecordForm) CommandType() string { return "record-form" }

var (
	formCode     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	answerDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func (b RecordForm) check() *Error {
	switch {
	case !formCode.MatchString(b.Form):
		return InvalidField("form", "is the code of a form, such as visit_record")
	case b.Version < 1:
		return missing("version")
	case !answerDigest.MatchString(b.Answers):
		return InvalidField("answers", "is the digest of the answers, 64 hexadecimal digits")
	case b.Record < 0 || b.Replaces < 0:
		return InvalidField("record", "is not negative")
	}
	return nil
}

// FormRecorded keeps that the form was filled in. It belongs to the ledger and to no life: it
// changes nothing about the case.
type FormRecorded struct {
	RecordForm
	On Date `json:"on"`
}

// EventType names the event in the ledger.
func (FormRecorded) EventType() string { return "form_recorded" }

func (FormRecorded) apply(*Case, *Event) {}

// isForm reports whether the command fills a form in. What there was to say of a case is said
// after its end too, until its record is sealed.
func isForm(b CommandBody) bool {
	_, ok := b.(RecordForm)
	return ok
}

func (b RecordForm) decide(d *decision, on Date) *Error {
	if b.Record > d.c.Seq {
		return &Error{Code: NotFound, Field: "record", Message: "the case has no such record"}
	}
	if b.Replaces > d.c.Seq {
		return &Error{Code: NotFound, Field: "replaces", Message: "the case has no such record"}
	}
	d.emit(FormRecorded{b, on})
	return nil
}

// Forms are those that go with the duty: of each entry one has to be filled in.
func (p *Policy) Forms(k Kind) [][]string {
	list, ok := p.FormsFor[k]
	if !ok {
		list = usualForms()[k]
	}
	out := make([][]string, len(list))
	for i, entry := range list {
		out[i] = strings.Split(entry, "|")
	}
	return out
}

// FormDays is how many days after a duty was done its forms may still be filled in.
func (p *Policy) FormDays() int {
	if p.FormGrace.N > 0 {
		return p.FormGrace.N
	}
	return 7
}

// usualForms are those of a policy that does not say which. Alternatives stand in one entry.
func usualForms() map[Kind][]string {
	return map[Kind][]string{
		ContactDuty:          {"talk_record|phone_record|visit_record"},
		WatchContactDuty:     {"talk_record|phone_record|visit_record"},
		HomeVisitDuty:        {"visit_record"},
		ReportInDuty:         {"first_interview"},
		PlanDuty:             {"initial_assessment", "family_record", "aid_need", "help_plan"},
		PlanReviewDuty:       {"help_plan"},
		WorkingGroupDuty:     {"working_group"},
		AssessmentDuty:       {"assessment", "relapse_risk"},
		TestDuty:             {"test_register|test_refusal"},
		SurpriseTestDuty:     {"test_register|test_refusal|hair_record"},
		TestResultDuty:       {"sample_custody"},
		LaboratoryDuty:       {"sample_custody"},
		WorkReferralDuty:     {"work_intent"},
		PlacementDuty:        {"placement_record"},
		StillThereDuty:       {"placement_record"},
		EducationDuty:        {"education_record"},
		HelpOfferDuty:        {"relapse_help"},
		CrisisFollowUpDuty:   {"crisis_record"},
		LostContactDuty:      {"lost_check"},
		SuspensionReviewDuty: {"custody_check"},
		FollowUpDuty:         {"follow_up_record"},
		SupervisionDuty:      {"supervision_record"},
		ForwardFileDuty:      {"file_checklist"},
		LeaveReturnDuty:      {"leave_report"},
		VolunteerDuty:        {"volunteer_record"},
	}
}
