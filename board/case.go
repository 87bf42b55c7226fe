package board

import (
	"time"

	"guitu/rehab"
)

// CaseFilter selects cases. Place is a prefix of codes and always set for whoever does
// not see the whole city. After and Limit page by key: the case id last seen.
type CaseFilter struct {
	Place     string
	Worker    string
	Phase     rehab.Phase
	Risk      rehab.Risk
	Measure   rehab.Measure
	Engaged   rehab.Engagement // cases whose engagement stands so
	Crisis    bool             // only cases with open crises
	Overdue   bool             // only cases with provisional misses
	Escalated bool             // only cases with open escalations
	Open      bool             // only cases that are not closed
	After     string
	Limit     int
}

// ObligationRow is an obligation in the read model, whatever its status.
type ObligationRow struct {
	CaseID string     `json:"case_id"`
	Place  string     `json:"place"`
	Worker string     `json:"worker,omitempty"`
	Risk   rehab.Risk `json:"risk,omitempty"`
	rehab.Obligation
	MetOn rehab.Date `json:"met_on,omitzero"`

	// Of the one case that is shown: the forms that go with it, and those that were not filled
	// in days after it was done. "a|b" is one of both.
	Forms        []string `json:"forms,omitempty" nullable:"false"`
	FormsMissing []string `json:"forms_missing,omitempty" nullable:"false"`
}

// EscalationRow is an escalation in the read model, open or closed.
type EscalationRow struct {
	CaseID   string    `json:"case_id"`
	Place    string    `json:"place"`
	Worker   string    `json:"worker,omitempty"`
	OpenedAt time.Time `json:"opened_at"`
	rehab.Escalation
	ClosedAt time.Time     `json:"closed_at,omitzero"`
	Closing  rehab.Closing `json:"closing,omitempty"`
}

// TaskFilter selects the inbox of an actor: what is due by DueBy, what is overdue and
// what waits for an answer, in the place and, for a worker, of the worker.
type TaskFilter struct {
	Place  string
	Worker string
	DueBy  rehab.Date
	Limit  int

	// The last of the page before, of a list of escalations.
	AfterTold time.Time
	AfterCase string
	AfterID   int64
}

// CaseCount is how many cases of a place, a worker, a phase and a risk class there are, and
// how they stand.
type CaseCount struct {
	Place       string
	Worker      string
	Phase       rehab.Phase
	Risk        rehab.Risk
	Cases       int
	Overdue     int // cases with provisional misses
	Escalated   int // cases with open escalations
	Escalations int
}

// PolicyCount is how many cases are under a version of a policy; Open are those whose measure is
// under way.
type PolicyCount struct {
	Policy rehab.PolicyRef
	Cases  int
	Open   int
}

// CalendarFilter selects what is due from a day to a day: of a place and all below it and,
// where they are named, of workers.
type CalendarFilter struct {
	Place    string
	Workers  []string
	From, To rehab.Date
}

// DueCount is how many duties of a worker's cases of one kind are open and end on a day, or,
// whatever their day, are provisional misses.
type DueCount struct {
	Worker string
	Status rehab.Status
	On     rehab.Date // zero for misses
	Kind   rehab.Kind
	N      int
}
