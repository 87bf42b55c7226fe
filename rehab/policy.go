package rehab

import "time"

// Mark says how sure a number of the policy is.
type Mark string

// The marks of a source.
const (
	Law      Mark = "law"      // statute or regulation: a local policy may only be stricter
	Practice Mark = "practice" // seen in deployed systems or local rules: editable
	Design   Mark = "design"   // our choice, no source settles it: editable, shown as a choice
)

// Source is where a number comes from: its mark and the article or the reason.
type Source struct {
	Mark Mark   `yaml:"mark" json:"mark"`
	Cite string `yaml:"cite" json:"cite"`
}

// Unit is what a limit counts.
type Unit string

// The units of a limit.
const (
	CalendarDays Unit = "days"
	WorkingDays  Unit = "workdays"
	Months       Unit = "months"
	Hours        Unit = "hours"
)

// Limit is a length of time with its source. Roll moves a last day that is a day
// off to the next working day (CC art.203); working-day limits never need it.
type Limit struct {
	N      int  `yaml:"n" json:"n"`
	Unit   Unit `yaml:"unit" json:"unit"`
	Roll   bool `yaml:"roll,omitempty" json:"roll,omitempty"`
	Source `yaml:",inline"`
}

// After is the last day of the limit that starts on the given day; the start day is
// not counted (CC art.201). Hours are rounded up to whole days.
func (l Limit) After(start Date, cal *Calendar) Date {
	var d Date
	switch l.Unit {
	case WorkingDays:
		return cal.AddWorkdays(start, l.N)
	case Months:
		d = start.AddMonths(l.N)
	case Hours:
		d = start.AddDays((l.N + 23) / 24)
	default:
		d = start.AddDays(l.N)
	}
	if l.Roll {
		return cal.Roll(d)
	}
	return d
}

// Before is the day that lies the limit's length before the given day; hours are rounded
// up to whole days.
func (l Limit) Before(end Date, cal *Calendar) Date {
	switch l.Unit {
	case WorkingDays:
		return cal.AddWorkdays(end, -l.N)
	case Months:
		return end.AddMonths(-l.N)
	case Hours:
		return end.AddDays(-(l.N + 23) / 24)
	default:
		return end.AddDays(-l.N)
	}
}

// Segment is a stretch of a test schedule: Periods stretches of Months months, each
// cut into Split windows of equal length (1 where Split is not given).
type Segment struct {
	Periods int `yaml:"periods" json:"periods"`
	Months  int `yaml:"months" json:"months"`
	Split   int `yaml:"split,omitempty" json:"split,omitempty"`
}

// Schedule is a test schedule for orders of TermMonths (0: any other term).
type Schedule struct {
	TermMonths int       `yaml:"term_months,omitempty" json:"term_months,omitempty"`
	Segments   []Segment `yaml:"segments" json:"segments"`
	Source     `yaml:",inline"`
}

// Cadence is a recurring duty: one window every Every; a window opens Lead days
// before its last day, or at its start where Lead is 0.
type Cadence struct {
	Every Limit `yaml:"every" json:"every"`
	Lead  int   `yaml:"lead_days,omitempty" json:"lead_days,omitempty"`
}

// Threshold of a serious violation (DRR art.20). A count of N or more crosses it.
type Threshold struct {
	N      int `yaml:"n" json:"n"`
	Source `yaml:",inline"`
}

// OfficeHours are the hours of a day, in Shanghai, in which a rung may notify.
type OfficeHours struct {
	From     int  `yaml:"from" json:"from"` // first hour, 0..23
	To       int  `yaml:"to" json:"to"`     // hour at which it ends, 1..24
	Workdays bool `yaml:"workdays,omitempty" json:"workdays,omitempty"`
}

// Rung of an escalation ladder. After is how long the rung before it had to answer,
// in hours; the notice goes out in Hours. At the top rung, the notice is repeated every
// Repeat hours as long as an answer is required.
type Rung struct {
	Role           Role        `yaml:"role" json:"role"`
	After          int         `yaml:"after_hours" json:"after_hours"`
	Channel        string      `yaml:"channel" json:"channel"` // of the notice: subscriptions choose by it who hears where
	Hours          OfficeHours `yaml:"hours" json:"hours"`
	AnswerRequired bool        `yaml:"answer_required" json:"answer_required"`
	Repeat         int         `yaml:"repeat_hours,omitempty" json:"repeat_hours,omitempty"`
}

// Ladder is an escalation ladder, lowest rung first.
type Ladder struct {
	Rungs  []Rung `yaml:"rungs" json:"rungs"`
	Source `yaml:",inline"`
}

// PolicyRef names one immutable version of a policy.
type PolicyRef struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

func (r PolicyRef) String() string { return r.ID + "@" + r.Version }

// TermEndRule says which day is the last of a term.
type TermEndRule struct {
	Rule   string `yaml:"rule" json:"rule"` // "corresponding_day" or "day_before"
	Source `yaml:",inline"`
}

// The two rules for the last day of a term.
const (
	CorrespondingDay = "corresponding_day"
	DayBefore        = "day_before"
)

// CleanYearsRule says from when the three clean years count. No statute says it, so it is
// never marked as law.
type CleanYearsRule struct {
	Rule   string `yaml:"rule" json:"rule"` // "release" or "execution"; empty in the oldest versions, which mean release
	Source `yaml:",inline"`
}

// The two rules for the start of the clean years.
const (
	FromRelease   = "release"
	FromExecution = "execution" // from report-in
)

// Policy is one immutable version of every number the engine works with.
type Policy struct {
	ID      string `yaml:"id" json:"id"`
	Version string `yaml:"version" json:"version"`
	Title   string `yaml:"title" json:"title"`

	InForce Date `yaml:"in_force,omitempty" json:"in_force,omitzero"` // the first day on which it is to be used; zero: it does not say
	Draft   bool `yaml:"draft,omitempty" json:"draft,omitempty"`      // it may be previewed and simulated, and no case goes under it

	ReportIn     Limit       `yaml:"report_in" json:"report_in"`         // from service of the order
	Agreement    Limit       `yaml:"agreement" json:"agreement"`         // from report-in
	AssignWorker Limit       `yaml:"assign_worker" json:"assign_worker"` // from opening
	Term         Limit       `yaml:"term" json:"term"`                   // treatment, from report-in
	MaxRehabTerm Limit       `yaml:"max_rehab_term" json:"max_rehab_term"`
	TermEnd      TermEndRule `yaml:"term_end" json:"term_end"`

	TreatmentTests      []Schedule `yaml:"treatment_tests" json:"treatment_tests"`
	RehabilitationTests []Schedule `yaml:"rehabilitation_tests" json:"rehabilitation_tests"`
	SurpriseTests       Cadence    `yaml:"surprise_tests,omitempty" json:"surprise_tests,omitzero"` // beside the schedule; none where it is left out

	Contact         map[Risk]Cadence `yaml:"contact" json:"contact"`
	ContactChannels []Channel        `yaml:"contact_channels" json:"contact_channels"` // which channels meet a contact
	HomeVisit       Cadence          `yaml:"home_visit" json:"home_visit"`
	Assessment      Cadence          `yaml:"assessment" json:"assessment"`
	LateEvidence    Limit            `yaml:"late_evidence" json:"late_evidence"` // how long after its last day a window takes evidence
	Promise         Limit            `yaml:"promise" json:"promise"`             // the longest promise of an acknowledgement

	TestConfirmation Limit `yaml:"test_confirmation" json:"test_confirmation"` // in which the client may object, from the positive
	TestDecision     Limit `yaml:"test_decision" json:"test_decision"`         // for a person to settle a positive nobody objected to
	LaboratoryResult Limit `yaml:"laboratory_result" json:"laboratory_result"` // from the objection
	SampleRetention  Limit `yaml:"sample_retention" json:"sample_retention"`   // of the sealed A/B samples, from sampling
	HairLookback     Limit `yaml:"hair_lookback" json:"hair_lookback"`         // what hair shows, before sampling

	PoliceReport    Limit `yaml:"police_report" json:"police_report"`
	PoliceReceipt   Limit `yaml:"police_receipt" json:"police_receipt"`     // from sending
	HelpOffer       Limit `yaml:"help_offer" json:"help_offer"`             // from a relapse
	ReleaseReminder Limit `yaml:"release_reminder" json:"release_reminder"` // before term end
	ReleaseFile     Limit `yaml:"release_file" json:"release_file"`         // before term end
	ReleaseNotice   Limit `yaml:"release_notice" json:"release_notice"`     // after term end

	AfterCare              Limit          `yaml:"after_care" json:"after_care"`                                // clean years
	CleanYearsFrom         CleanYearsRule `yaml:"clean_years_from,omitempty" json:"clean_years_from,omitzero"` // where they begin; from the release where it is left out
	FollowUp               Cadence        `yaml:"follow_up" json:"follow_up"`                                  // contacts in after-care
	DynamicControlDecision Limit          `yaml:"dynamic_control_decision" json:"dynamic_control_decision"`    // of the police, once the clean years are over
	KeepRecord             Limit          `yaml:"keep_record" json:"keep_record"`                              // from the end of dynamic control until sealing
	HoldReview             Limit          `yaml:"hold_review" json:"hold_review"`                              // how often to ask whether a hold is still needed
	Sealing                Limit          `yaml:"sealing" json:"sealing"`                                      // to seal once it may be done

	SuspensionReview Limit `yaml:"suspension_review" json:"suspension_review"` // how often to ask after a client in custody
	TermConfirmation Limit `yaml:"term_confirmation" json:"term_confirmation"` // of the new end of term by the police

	WorkingGroup Limit `yaml:"working_group" json:"working_group"` // from report-in, or from the day a role fell vacant
	HelpPlan     Limit `yaml:"help_plan" json:"help_plan"`         // from the agreement
	PlanReview   Limit `yaml:"plan_review" json:"plan_review"`     // from the plan or its last review

	Outreach          OutreachPolicy `yaml:"outreach" json:"outreach"`
	Supervision       Limit          `yaml:"supervision" json:"supervision"`     // of a stalled engagement, by the station head
	LostFinding       Limit          `yaml:"lost_finding" json:"lost_finding"`   // until a person finds whether contact is lost
	RiskWatch         Limit          `yaml:"risk_watch" json:"risk_watch"`       // how long it lasts
	WatchContact      Limit          `yaml:"watch_contact" json:"watch_contact"` // until the first contact of a risk watch
	WatchEvery        Limit          `yaml:"watch_every" json:"watch_every"`     // from each contact of a risk watch to the next
	CrisisFollowUp    Limit          `yaml:"crisis_follow_up" json:"crisis_follow_up"`
	WorkReferral      Limit          `yaml:"work_referral" json:"work_referral"`             // of a client who wants work, from the agreement
	ReferralReply     Limit          `yaml:"referral_reply" json:"referral_reply"`           // from the referral
	ReferralWaiting   Limit          `yaml:"referral_waiting" json:"referral_waiting"`       // from the answer that put the client on a waiting list
	Placement         Limit          `yaml:"placement" json:"placement"`                     // from the acceptance of a referral
	PlacementMonths   []int          `yaml:"placement_months" json:"placement_months"`       // after how many months somebody looks
	PlacementFollowUp Limit          `yaml:"placement_follow_up" json:"placement_follow_up"` // from that day

	VolunteerStanding Limit `yaml:"volunteer_standing" json:"volunteer_standing"` // how long clean before a client may volunteer
	VolunteerDecision Limit `yaml:"volunteer_decision" json:"volunteer_decision"` // from the offer, or from the loss of the standing

	ForwardFile      Limit `yaml:"forward_file" json:"forward_file"`             // by the old street, from the request of a transfer
	TransferDecision Limit `yaml:"transfer_decision" json:"transfer_decision"`   // by the receiving station, from the forwarding
	TransferReceipt  Limit `yaml:"transfer_receipt" json:"transfer_receipt"`     // from outside the system, from the forwarding
	TransferSettle   Limit `yaml:"transfer_settle" json:"transfer_settle"`       // of a returned transfer, by the old station
	TransferReportIn Limit `yaml:"transfer_report_in" json:"transfer_report_in"` // at the new street, from the day of the change
	ArrivalReport    Limit `yaml:"arrival_report" json:"arrival_report"`         // to the police, from the arrival

	TestBreaches    Threshold `yaml:"test_breaches" json:"test_breaches"`
	LeavingBreaches Threshold `yaml:"leaving_breaches" json:"leaving_breaches"`
	AbsenceDays     Threshold `yaml:"absence_days" json:"absence_days"`

	BreachSteps     []BreachStepRule `yaml:"measures" json:"measures"` // the breach ladder, from the mildest step
	BreachStepLimit Limit            `yaml:"measure" json:"measure"`   // for a person to issue or waive a step

	Ladders   map[string]Ladder `yaml:"ladders" json:"ladders"`
	LadderFor map[Kind]string   `yaml:"ladder_for" json:"ladder_for"` // a kind without a line climbs "default"
	GapAlert  Limit             `yaml:"gap_alert" json:"gap_alert"`   // how long a gap of coverage may live until the station is told, in hours
	Sweep     Limit             `yaml:"sweep" json:"sweep"`           // spread of midnight wakes, in hours

	Amendment Limit `yaml:"amendment,omitempty" json:"amendment,omitzero"` // for a second person to look at an amendment of the record

	FormsFor  map[Kind][]string `yaml:"forms_for,omitempty" json:"forms_for,omitempty"`  // forms of a duty; the usual ones where it has no line
	FormGrace Limit             `yaml:"form_grace,omitempty" json:"form_grace,omitzero"` // from the day a duty was done until its form is missing

	Caseload  Caseload  `yaml:"caseload" json:"caseload"`
	Reminders Reminders `yaml:"reminders" json:"reminders"`
}

// GapRung is a rung of the ladder that a gap of coverage climbs: After is how long the gap
// has been there when the role is told.
type GapRung struct {
	Role  Role
	After time.Duration
}

// GapLadder is who is told of a gap of coverage: the station after GapAlert, the district
// office after twice and the city office after four times that (our choice).
func (p *Policy) GapLadder() []GapRung {
	alert := time.Duration(p.GapAlert.N) * time.Hour
	return []GapRung{{StationHead, alert}, {DistrictOffice, 2 * alert}, {CityOffice, 4 * alert}}
}

// Ref is the policy's name and version.
func (p *Policy) Ref() PolicyRef { return PolicyRef{p.ID, p.Version} }

// Rungs are who is told of a missed obligation of the kind, from the lowest.
func (p *Policy) Rungs(k Kind) []Rung { return p.ladder(k) }

// ladder for missed obligations of the kind.
func (p *Policy) ladder(k Kind) []Rung {
	name, ok := p.LadderFor[k]
	if !ok {
		name = "default"
	}
	return p.Ladders[name].Rungs
}

// tests is the schedule for an order of the measure and term. A schedule made for
// the term wins over the general one.
func (p *Policy) tests(m Measure, termMonths int) Schedule {
	list := p.TreatmentTests
	if m == Rehabilitation {
		list = p.RehabilitationTests
	}
	var general Schedule
	for _, s := range list {
		if s.TermMonths == termMonths {
			return s
		}
		if s.TermMonths == 0 {
			general = s
		}
	}
	return general
}

// lastDay of a term of the given months that began on the day.
func (p *Policy) lastDay(start Date, months int) Date {
	end := start.AddMonths(months)
	if p.TermEnd.Rule == DayBefore {
		end--
	}
	return end
}

// notBefore moves an instant into the hours: unchanged when it lies in them.
func (h OfficeHours) notBefore(t time.Time, cal *Calendar) time.Time {
	if h.From == 0 && h.To == 0 {
		return t
	}
	d := DateOf(t)
	for {
		opens := d.Start().Add(time.Duration(h.From) * time.Hour)
		closes := d.Start().Add(time.Duration(h.To) * time.Hour)
		if (!h.Workdays || cal.IsWorkday(d)) && t.Before(closes) {
			if t.Before(opens) {
				return opens
			}
			return t
		}
		d++
		t = d.Start()
	}
}
