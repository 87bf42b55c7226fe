package board

import (
	"time"

	"guitu/rehab"
)

// GapKind is what an open case lacks.
type GapKind string

// The gaps. A place without one is covered (无死角全覆盖).
const (
	NoWorker        GapKind = "no_worker"         // nobody is responsible
	WorkerUnknown   GapKind = "worker_unknown"    // the worker is in no registry
	WorkerLeft      GapKind = "worker_left"       // the worker left, or moved to where the case is not
	WorkerAway      GapKind = "worker_away"       // the worker is absent, and nobody on duty stands in
	PlaceEnded      GapKind = "place_ended"       // the station was merged or closed
	NoAgreement     GapKind = "no_agreement"      // reported in, and the agreement's last day is over
	NoGroup         GapKind = "no_working_group"  // the working group's last day is over and a role of DRR art.17 is vacant
	NoPlan          GapKind = "no_plan"           // signed, and the plan of help's last day is over
	NoNextStep      GapKind = "no_next_step"      // neither a pending timer nor an open task
	MissUnattended  GapKind = "miss_unattended"   // a provisional miss that nobody has looked at for UnattendedDays
	UnansweredAtTop GapKind = "unanswered_at_top" // an escalation that the city office was told of and nobody answers
)

// GapKinds are all of them, in the order in which they weigh.
func GapKinds() []GapKind {
	return []GapKind{
		NoWorker, WorkerUnknown, WorkerLeft, WorkerAway, PlaceEnded, NoAgreement, NoGroup, NoPlan, NoNextStep, MissUnattended, UnansweredAtTop,
	}
}

// DutyGap is a gap that a duty leaves whose last day is over and which nobody has done.
type DutyGap struct {
	Gap   GapKind
	Duty  rehab.Kind
	Phase rehab.Phase // in which alone it is one; empty: in every phase of the measure
}

// DutyGaps are the duties without which an open case is not covered.
func DutyGaps() []DutyGap {
	return []DutyGap{
		{Gap: NoAgreement, Duty: rehab.AgreementDuty, Phase: rehab.AwaitingAgreement},
		{Gap: NoGroup, Duty: rehab.WorkingGroupDuty},
		{Gap: NoPlan, Duty: rehab.PlanDuty},
	}
}

// UnattendedDays is after how many calendar days a provisional miss is a gap (our choice).
const UnattendedDays = 14

// Gap is what one case lacks. Since is the day from which it does.
type Gap struct {
	Kind   GapKind    `json:"kind"`
	CaseID string     `json:"case_id"`
	Place  string     `json:"place"`
	Worker string     `json:"worker,omitempty"`
	Since  rehab.Date `json:"since,omitzero"`
}

// PlaceCoverage is how one street stands.
type PlaceCoverage struct {
	Place   string          `json:"place"`
	Open    int             `json:"open"`
	Covered int             `json:"covered"`
	Gaps    map[GapKind]int `json:"gaps,omitempty"`
}

// Coverage is the proof, or the list of what is missing, at one instant: all of it comes
// from one snapshot of the database.
type Coverage struct {
	TakenAt time.Time       `json:"taken_at"`
	Place   string          `json:"place"`
	Open    int             `json:"open"`    // open cases of the place
	Covered int             `json:"covered"` // those without a gap
	Gaps    []Gap           `json:"gaps"`    // the oldest first, at most 1,000
	Streets []PlaceCoverage `json:"streets"` // every street with an open case
}

// CoverageRun is what a round found at a place when its figures changed.
type CoverageRun struct {
	Place   string          `json:"place"`
	TakenAt time.Time       `json:"taken_at"`
	Open    int             `json:"open"`
	Covered int             `json:"covered"`
	Gaps    map[GapKind]int `json:"gaps"`
}

// CoverageRound is what one round of the check of coverage found and did.
type CoverageRound struct {
	Open    int      `json:"open"`
	Covered int      `json:"covered"`
	Told    int      `json:"told"`           // offices told of gaps that live too long
	Late    []string `json:"late,omitempty"` // cases whose timer should have rung: they are looked after
}
