package rehab

import (
	"slices"
	"time"
)

// Case is the state of one client's measure: what its events fold to. The zero Case is
// a case that was not opened. It is plain data; copying it needs Clone.
type Case struct {
	ID  string `json:"id"`
	Seq int64  `json:"seq"` // of the last event folded

	Measure     Measure       `json:"measure,omitempty"`
	TermMonths  int           `json:"term_months,omitempty"`
	DecidedOn   Date          `json:"decided_on,omitzero"`
	ServedOn    Date          `json:"served_on,omitzero"`
	Method      ServiceMethod `json:"service_method,omitempty"`
	FamilyTold  Date          `json:"family_told_on,omitzero"`
	PrintedEnd  Date          `json:"printed_end,omitzero"`
	CreditDays  int           `json:"credit_days,omitempty"`
	Sex         Sex           `json:"sex,omitempty"` // a code alone; it decides who may collect urine
	Maintenance bool          `json:"maintenance_therapy,omitempty"`
	WantsWork   bool          `json:"employment_intent,omitempty"`

	Phase  Phase     `json:"phase,omitempty"`
	Place  string    `json:"place,omitempty"`
	Worker string    `json:"worker,omitempty"`
	Risk   Risk      `json:"risk,omitempty"`
	Policy PolicyRef `json:"policy,omitzero"`

	FromIsolation Date `json:"from_isolation,omitzero"` // the day of release from isolation, as the centre told it

	OpenedAt    time.Time `json:"opened_at,omitzero"`
	ReportedOn  Date      `json:"reported_on,omitzero"`
	AgreementOn Date      `json:"agreement_on,omitzero"`
	TermEnd     Date      `json:"term_end,omitzero"`    // last day of the term
	TermFixed   bool      `json:"term_fixed,omitempty"` // the police confirmed it
	TermHeld    bool      `json:"term_held,omitempty"`  // during this custody: it stays when the clock runs on
	ReleasedOn  Date      `json:"released_on,omitzero"`
	NoticeYear  int       `json:"notice_year,omitempty"` // the latest year whose notice of days off was applied to limits before it began

	AfterCareEnd Date   `json:"after_care_end,omitzero"` // last day of the three clean years
	KeepUntil    Date   `json:"keep_until,omitzero"`     // the record is not sealed before the end of this day
	SealedOn     Date   `json:"sealed_on,omitzero"`
	SealingBy    string `json:"sealing_by,omitempty"` // who proposed to seal the record
	Holds        []Hold `json:"holds,omitempty"`      // what keeps the record from being sealed

	Held         Phase  `json:"held,omitempty"`          // the phase a suspension interrupted
	SuspendedOn  Date   `json:"suspended_on,omitzero"`   // while suspended
	TerminatedOn Date   `json:"terminated_on,omitzero"`  // when the case ended without release
	TerminatedBy Ground `json:"terminated_by,omitempty"` // and why

	MaintainedFrom  Date      `json:"maintained_from,omitzero"`  // first day of the latest maintenance therapy; zero: since before the case
	MaintainedUntil Date      `json:"maintained_until,omitzero"` // its last day, once it ended
	PastTherapies   []Therapy `json:"past_therapies,omitempty"`  // the therapies before it, in their order

	Transfer      Transfer `json:"transfer,omitzero"`       // a change of place that is asked for (DRR art.22)
	Arrival       Arrival  `json:"arrival,omitzero"`        // a change of place that the client has not followed
	ArrivedOn     Date     `json:"arrived_on,omitzero"`     // the last report-in at a new street
	TransferredOn Date     `json:"transferred_on,omitzero"` // when the measure went on outside the system

	Custodies []Custody `json:"custodies,omitempty"` // in order of telling; they say when the client could not come
	Absences  []Span    `json:"absences,omitempty"`  // unauthorised leavings
	Granted   []Span    `json:"granted,omitempty"`   // approved leaves, those that ended among them

	Obligations []Obligation `json:"obligations,omitempty"` // open, missed and confirmed ones, in order of opening
	Series      []Series     `json:"series,omitempty"`
	Escalations []Escalation `json:"escalations,omitempty"`         // open ones, in order of opening
	Leaves      []Leave      `json:"leaves,omitempty"`              // reported and not ended
	Pending     []Positive   `json:"pending,omitempty"`             // provisional positives that are not settled
	Confirmed   []Positive   `json:"confirmed_positives,omitempty"` // positives of a laboratory, which the client may have examined once more
	Relapsed    []Relapsed   `json:"relapse_days,omitempty"`        // the positives that count as relapses
	Refusals    []Refusal    `json:"refusals,omitempty"`            // refused and evaded tests that a person has to confirm
	Samples     []Samples    `json:"samples,omitempty"`             // sealed A/B samples that are kept
	Numbers     []Numbered   `json:"numbers,omitempty"`             // last number given per kind outside the series
	Alarms      []Alarm      `json:"alarms,omitempty"`              // what time will bring beside duties
	Counters    Counters     `json:"counters"`
	Help        Help         `json:"help,omitzero"` // what stands on the helping side

	Reported   []SentReport `json:"sent_reports,omitempty"` // that the police have, corrected ones apart
	Amendments []Amendment  `json:"amendments,omitempty"`   // proposed, until a second person confirms or declines
	VoidedOn   Date         `json:"voided_on,omitzero"`     // the case was opened by mistake

	OccasionDay Date       `json:"occasion_day,omitzero"` // the latest day of a fact
	Occasions   []Occasion `json:"occasions,omitempty"`   // what was told of it

	LivedTo   time.Time `json:"lived_to,omitzero"`  // the latest instant of all that happened: what is told of an earlier one is lived again
	Revised   int64     `json:"revised,omitzero"`   // the last sequence of the latest revision
	Unsettled Date      `json:"unsettled,omitzero"` // the latest day of what people decided and what has no ground now: what is told of it is lived again

	Unreached     Unreached          `json:"unreached,omitzero"`  // attempts in vain since the last contact
	Outreach      Outreach           `json:"outreach,omitzero"`   // while the client is being won back
	Watch         RiskWatch          `json:"risk_watch,omitzero"` // while the risk of relapse and overdose is higher
	Crises        []Crisis           `json:"crises,omitempty"`    // open ones, in order of raising
	Mood          Mood               `json:"mood,omitempty"`      // as last observed
	MoodOn        Date               `json:"mood_on,omitzero"`
	BreachLevel   int                `json:"measure_level,omitempty"` // of the highest step of the breach ladder issued or waived
	Circumstances []CircumstanceFact `json:"circumstances,omitempty"` // what the police have to know
}

// Numbered is how many obligations of a kind there have been.
type Numbered struct {
	Kind Kind `json:"kind"`
	N    int  `json:"n"`
}

// Counters run over the whole measure, across transfers (DRR art.20).
type Counters struct {
	TestBreaches   int  `json:"test_breaches"`         // confirmed evasions and refusals
	Leavings       int  `json:"leavings"`              // unauthorised leavings
	AbsenceDays    int  `json:"absence_days"`          // cumulative, calendar days
	DeemedRefusals int  `json:"deemed_refusals"`       // confirmed
	Relapses       int  `json:"relapses"`              // confirmed positives
	LastRelapse    Date `json:"last_relapse,omitzero"` // the day of the latest such test

	Tests            int  `json:"tests"` // taken, with a result
	TestsUnscheduled int  `json:"tests_unscheduled"`
	Attempts         int  `json:"attempts"`        // to reach the client, whatever came of it
	Contacts         int  `json:"contacts"`        // attempts that count as a contact
	Declined         int  `json:"declined"`        // the client declined to meet: not a test refusal
	MissedContacts   int  `json:"missed_contacts"` // confirmed
	LastContact      Date `json:"last_contact,omitzero"`

	Violations []Ground `json:"violations,omitempty"` // thresholds crossed
}

// IsOpen reports whether the measure is under way: it was ordered and has not ended.
func (c *Case) IsOpen() bool { return slices.Contains(OpenPhases(), c.Phase) }

// IsLive reports whether something is still to come: the measure, what follows a release
// until the record is sealed, or, in a case that has ended, what puts its record right. A
// case that is no longer live stays so, unless its record has to be put right.
func (c *Case) IsLive() bool {
	switch {
	case c.Phase == "", c.Phase == Sealed, c.Phase == Void:
		return false
	case c.isOver():
		return len(c.Escalations) > 0 || slices.ContainsFunc(c.Obligations, func(o Obligation) bool { return o.Status == Open || o.Status == Missed })
	}
	return true
}

// isOver reports whether the measure has ended with nothing to follow it.
func (c *Case) isOver() bool {
	return c.Phase == Terminated || c.Phase == TransferredAway || c.Phase == Released && c.AfterCareEnd == 0
}

// DutiesThatOutliveEnd are those that the office owes however the case ends: what was sent
// cannot be unsent, and an amendment waits for its second person.
func DutiesThatOutliveEnd() []Kind { return []Kind{CorrectionDuty, AmendmentDuty} }

func (k Kind) outlivesEnd() bool { return k == CorrectionDuty || k == AmendmentDuty }

// putsRight reports whether a case that has ended takes the command, as long as it owes something.
func putsRight(b CommandBody) bool {
	s := specOf(b)
	return s.AfterEnd || s.Amends
}

// IsClosed reports whether the case was opened and nothing is left to come.
func (c *Case) IsClosed() bool { return c.Phase != "" && !c.IsLive() }

// Clone is a copy that shares nothing.
func (c *Case) Clone() *Case {
	d := *c
	d.Obligations = slices.Clone(c.Obligations)
	d.Series = slices.Clone(c.Series)
	d.Escalations = slices.Clone(c.Escalations)
	d.Leaves = slices.Clone(c.Leaves)
	d.Pending = slices.Clone(c.Pending)
	d.Confirmed = slices.Clone(c.Confirmed)
	d.Relapsed = slices.Clone(c.Relapsed)
	d.Refusals = slices.Clone(c.Refusals)
	d.PastTherapies = slices.Clone(c.PastTherapies)
	d.Samples = slices.Clone(c.Samples)
	d.Numbers = slices.Clone(c.Numbers)
	d.Alarms = slices.Clone(c.Alarms)
	d.Help = c.Help.clone()
	d.Crises = slices.Clone(c.Crises)
	d.Holds = slices.Clone(c.Holds)
	d.Occasions = slices.Clone(c.Occasions)
	d.Reported = slices.Clone(c.Reported)
	d.Amendments = slices.Clone(c.Amendments)
	d.Custodies = slices.Clone(c.Custodies)
	d.Absences = slices.Clone(c.Absences)
	d.Granted = slices.Clone(c.Granted)
	d.Circumstances = slices.Clone(c.Circumstances)
	d.Counters.Violations = slices.Clone(c.Counters.Violations)
	return &d
}

// Obligation of the case by id, or nil when it has left the case or never was.
func (c *Case) Obligation(id ObligationID) *Obligation {
	for i := range c.Obligations {
		if c.Obligations[i].ID == id {
			return &c.Obligations[i]
		}
	}
	return nil
}

// Escalation of the case by id, or nil when it is closed or never was.
func (c *Case) Escalation(id int64) *Escalation {
	for i := range c.Escalations {
		if c.Escalations[i].ID == id {
			return &c.Escalations[i]
		}
	}
	return nil
}

// escalationOver is the open escalation over obligations of the kind, or nil.
func (c *Case) escalationOver(k Kind) *Escalation {
	for i := range c.Escalations {
		if c.Escalations[i].Obligation.Kind == k {
			return &c.Escalations[i]
		}
	}
	return nil
}

func (c *Case) series(k Kind) *Series {
	for i := range c.Series {
		if c.Series[i].Kind == k {
			return &c.Series[i]
		}
	}
	return nil
}

// nextNumber is the number the next obligation of a kind outside the series gets.
func (c *Case) nextNumber(k Kind) int {
	for i := range c.Numbers {
		if c.Numbers[i].Kind == k {
			return c.Numbers[i].N + 1
		}
	}
	return 1
}

// close leaves nothing to be done in a case that has ended.
func (c *Case) close() {
	c.Obligations = slices.DeleteFunc(c.Obligations, func(o Obligation) bool { return !o.ID.Kind.outlivesEnd() })
	c.Escalations = slices.DeleteFunc(c.Escalations, func(e Escalation) bool { return !e.Obligation.Kind.outlivesEnd() })
	c.Series, c.Pending, c.Samples, c.Leaves, c.Alarms = nil, nil, nil, nil, nil
	c.Confirmed, c.Refusals = nil, nil
	c.Held, c.SuspendedOn, c.Transfer, c.Arrival = "", 0, Transfer{}, Arrival{}
	c.Outreach, c.Watch, c.Crises = Outreach{}, RiskWatch{}, nil
}
