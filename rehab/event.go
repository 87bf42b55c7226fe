package rehab

import "time"

// Event is one fact of the ledger. RecordedAt is when it was written down here,
// OccurredAt when it happened in the world: for what time brings by itself, the legal
// instant. Command is the id of the command that caused it, empty where time did.
type Event struct {
	Seq        int64
	RecordedAt time.Time
	OccurredAt time.Time
	Actor      Actor
	Command    string
	Data       EventData
}

// EventData is the body of an event. The set is closed: each topic lists its own.
type EventData interface {
	EventType() string
	// apply folds the event into the case. It decides nothing: all that the decision knew
	// is in the event, so an old ledger folds to the same state under any later rules.
	apply(c *Case, e *Event)
}

// CaseOpened starts a case. The start of the law's clock is ServedOn, not DecidedOn (DRR art.13, 14).
type CaseOpened struct {
	Measure     Measure       `json:"measure"`
	TermMonths  int           `json:"term_months"`
	DecidedOn   Date          `json:"decided_on"`
	ServedOn    Date          `json:"served_on"`
	Method      ServiceMethod `json:"service_method"`
	PrintedEnd  Date          `json:"printed_end,omitzero"`  // the term's last day as printed on the order; it overrides ours
	CreditDays  int           `json:"credit_days,omitempty"` // days served in isolation, credited to treatment alone (DRR art.31)
	Place       string        `json:"place"`                 // code of the street that executes
	Worker      string        `json:"worker,omitempty"`
	Risk        Risk          `json:"risk"`
	Maintenance bool          `json:"maintenance_therapy,omitempty"`
	WantsWork   bool          `json:"employment_intent,omitempty"`
	Sex         Sex           `json:"sex,omitempty"` // missing in cases opened before it was asked
	Policy      PolicyRef     `json:"policy"`
	FamilyTold  Date          `json:"family_told_on,omitzero"`
	OpenedAt    time.Time     `json:"opened_at,omitzero"` // of an opening that was corrected since: when it was told
}

// ObligationOpened puts an obligation into the case. For a window of a series, K is
// its number since the anchor and Next the day on which the window after it opens.
type ObligationOpened struct {
	Obligation Obligation `json:"obligation"`
	K          int        `json:"k,omitempty"`
	Next       Date       `json:"next,omitzero"`
}

// ReportedIn starts the term (DRR art.14). TermEnd is its last day.
type ReportedIn struct {
	On      Date     `json:"on"`
	Late    bool     `json:"late,omitempty"`
	TermEnd Date     `json:"term_end"`
	Series  []Series `json:"series"`
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

// AgreementSigned brings the case into execution (DRR art.16).
type AgreementSigned struct {
	On Date `json:"on"`
}

// ContactRecorded is one attempt to reach the client, whatever came of it.
type ContactRecorded struct {
	On      Date    `json:"on"`
	Channel Channel `json:"channel"`
	Outcome Outcome `json:"outcome"`
	Counts  bool    `json:"counts,omitempty"` // it is a contact in the sense of the policy
	Visit   bool    `json:"visit,omitempty"`  // it is a home visit too

	Excuse       Excuse `json:"excuse,omitempty"`
	Who          Who    `json:"who,omitempty"`
	Mood         Mood   `json:"mood,omitempty"`
	PhoneChanged bool   `json:"phone_changed,omitempty"`

	Try    bool `json:"try,omitempty"`    // it counts for the step of the outreach
	LostOn Date `json:"lost_on,omitzero"` // heard of during an outreach: the day by which the client is lost moves here
}

// AssessmentRecorded is a half-yearly or yearly assessment.
type AssessmentRecorded struct {
	On Date `json:"on"`
}

// ObligationMet closes an obligation by evidence. Late: it happened after the last day.
type ObligationMet struct {
	ID   ObligationID `json:"id"`
	On   Date         `json:"on"`
	Late bool         `json:"late,omitempty"`
}

// ObligationMissed is the provisional miss at the end of the last day.
type ObligationMissed struct {
	ID ObligationID `json:"id"`
}

// MissConfirmed is a person's word that a miss was one. Counts: it adds to its ground.
type MissConfirmed struct {
	ID     ObligationID `json:"id"`
	Ground Ground       `json:"ground,omitempty"`
	Counts bool         `json:"counts,omitempty"`
}

// MissRetracted takes a confirmed miss back, since evidence showed that it was done in time.
type MissRetracted struct {
	ID     ObligationID `json:"id"`
	Ground Ground       `json:"ground,omitempty"`
	Counts bool         `json:"counts,omitempty"`
}

// MissDismissed is a person's word that a miss was none.
type MissDismissed struct {
	ID ObligationID `json:"id"`
}

// MissJustified accepts a justified reason. With Until, the obligation is open again
// and due on that day; without, it is excused.
type MissJustified struct {
	ID     ObligationID    `json:"id"`
	Reason JustifiedReason `json:"reason"`
	Until  Date            `json:"until,omitzero"`
}

// ObligationSuperseded voids an obligation.
type ObligationSuperseded struct {
	ID ObligationID `json:"id"`
}

// EscalationOpened tells the lowest rung. NextAt is when the next rung is told.
type EscalationOpened struct {
	Obligation ObligationID `json:"obligation"`
	Role       Role         `json:"role"`
	Channel    string       `json:"channel"`
	NextAt     time.Time    `json:"next_at,omitzero"`
}

// EscalationClimbed tells the next rung, or the top one again.
type EscalationClimbed struct {
	ID      int64     `json:"id"`
	Rung    int       `json:"rung"`
	Role    Role      `json:"role"`
	Channel string    `json:"channel"`
	Broken  bool      `json:"broken,omitempty"` // because a promise was not kept
	Repeat  bool      `json:"repeat,omitempty"` // the top rung once more
	NextAt  time.Time `json:"next_at,omitzero"`
}

// EscalationAcknowledged stops the climb until the end of the promised day. NextAt is
// when the rung above is told that the promise was broken: then, or in its hours after.
type EscalationAcknowledged struct {
	ID      int64     `json:"id"`
	Promise Date      `json:"promise"`
	NextAt  time.Time `json:"next_at,omitzero"` // zero in the oldest events: the end of the promised day
}

// BreaksAt is when the promise counts as broken and the rung above is told.
func (d EscalationAcknowledged) BreaksAt() time.Time {
	if d.NextAt.IsZero() {
		return d.Promise.End()
	}
	return d.NextAt
}

// EscalationClosed ends a climb. Told are the roles that had been told and now hear of the end.
type EscalationClosed struct {
	ID         int64        `json:"id"`
	Obligation ObligationID `json:"obligation"`
	Closing    Closing      `json:"closing"`
	Told       []Role       `json:"told"`
}

// RiskChanged changes the risk class from On.
type RiskChanged struct {
	From   Risk   `json:"from"`
	To     Risk   `json:"to"`
	On     Date   `json:"on"`
	Series Series `json:"series,omitzero"` // of the contacts, cut anew from that day
}

// WorkerAssigned gives the case to a worker.
type WorkerAssigned struct {
	Worker   string `json:"worker"`
	Previous string `json:"previous,omitempty"`
}

// LeavingRecorded is an unauthorised leaving; Days of absence add up over the whole measure (DRR art.20).
type LeavingRecorded struct {
	From Date `json:"from"`
	To   Date `json:"to"`
	Days int  `json:"days"`
}

// ViolationReached says that a threshold of DRR art.20 is crossed; Withdrawn, that
// late evidence took the count below it again.
type ViolationReached struct {
	Ground    Ground `json:"ground"`
	Count     int    `json:"count"`
	Withdrawn bool   `json:"withdrawn,omitempty"`
}

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

// CommandRefused keeps what a signal asked and why it was refused.
type CommandRefused struct {
	Command string `json:"command"`
	Error   Error  `json:"error"`
}

// EventType names the type in the ledger.
func (CaseOpened) EventType() string             { return "case_opened" }
func (ObligationOpened) EventType() string       { return "obligation_opened" }
func (ReportedIn) EventType() string             { return "reported_in" }
func (CarriedOver) EventType() string            { return "carried_over" }
func (AgreementSigned) EventType() string        { return "agreement_signed" }
func (ContactRecorded) EventType() string        { return "contact_recorded" }
func (AssessmentRecorded) EventType() string     { return "assessment_recorded" }
func (ObligationMet) EventType() string          { return "obligation_met" }
func (ObligationMissed) EventType() string       { return "obligation_missed" }
func (MissConfirmed) EventType() string          { return "miss_confirmed" }
func (MissRetracted) EventType() string          { return "miss_retracted" }
func (MissDismissed) EventType() string          { return "miss_dismissed" }
func (MissJustified) EventType() string          { return "miss_justified" }
func (ObligationSuperseded) EventType() string   { return "obligation_superseded" }
func (EscalationOpened) EventType() string       { return "escalation_opened" }
func (EscalationClimbed) EventType() string      { return "escalation_climbed" }
func (EscalationAcknowledged) EventType() string { return "escalation_acknowledged" }
func (EscalationClosed) EventType() string       { return "escalation_closed" }
func (RiskChanged) EventType() string            { return "risk_changed" }
func (WorkerAssigned) EventType() string         { return "worker_assigned" }
func (LeavingRecorded) EventType() string        { return "leaving_recorded" }
func (ViolationReached) EventType() string       { return "violation_reached" }
func (TermPassed) EventType() string             { return "term_passed" }
func (ReleaseFileSubmitted) EventType() string   { return "release_file_submitted" }
func (CaseReleased) EventType() string           { return "case_released" }
func (CommandRefused) EventType() string         { return "command_refused" }
