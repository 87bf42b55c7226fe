package board

import "time"

// LateCase is an open case that did not go on when it should have.
type LateCase struct {
	CaseID string    `json:"case_id"`
	Place  string    `json:"place"`
	WakeAt time.Time `json:"wake_at"`
}

// Late are the open cases that did not go on when they should have: how many, the longest of
// them since when, and who they are, the longest first.
type Late struct {
	Cases int        `json:"cases"`
	Since time.Time  `json:"since,omitzero"`
	List  []LateCase `json:"list" nullable:"false"`
}

// Verification is what one check of all that must always hold has found, in a place and below it;
// no place is everywhere. Of the cases, Unmoved were not asked, since nothing of them had changed.
type Verification struct {
	At       time.Time      `json:"at"`
	Place    string         `json:"place,omitempty"`
	Seconds  float64        `json:"seconds"`
	Full     bool           `json:"full,omitempty"`
	Cases    int            `json:"cases"`
	Open     int            `json:"open"`
	Unmoved  int            `json:"unmoved"`
	Findings int            `json:"findings"`
	Broken   map[string]int `json:"broken,omitempty"` // findings by what does not hold
	First    []Finding      `json:"first,omitempty"`  // the first of them
}

// FindingsNamed is how many findings of a verification name their case.
const FindingsNamed = 200

// Finding is a case of which something does not hold, or a thing of all cases together.
type Finding struct {
	CaseID    string `json:"case_id,omitempty"`
	Subject   string `json:"subject,omitempty"`
	Place     string `json:"place,omitempty"`
	Invariant string `json:"invariant"`
}

// VerificationJob is a verification that somebody asked for.
type VerificationJob struct {
	ID        string            `json:"id"`
	Place     string            `json:"place"`
	Full      bool              `json:"full,omitempty"`
	By        string            `json:"-"`
	StartedAt time.Time         `json:"started_at"`
	SeenAt    time.Time         `json:"seen_at"` // when it was last heard of
	State     VerificationState `json:"state" enum:"running,ended,lost"`
	Done      int               `json:"done"`
	Total     int               `json:"total"`
}

// VerificationState is where a verification stands.
type VerificationState string

// The states. One that is lost was not heard of for minutes: it may be asked for again.
const (
	VerificationRuns  VerificationState = "running"
	VerificationEnded VerificationState = "ended"
	VerificationLost  VerificationState = "lost"
)

// QueueLag is what waits for a worker process in one of the two queues of the engine.
type QueueLag struct {
	Tasks         string  `json:"tasks" enum:"workflow,activity"`
	Waiting       int64   `json:"waiting"`
	OldestSeconds float64 `json:"oldest_seconds"` // how long the oldest has waited
	Pollers       int     `json:"pollers"`        // of worker processes that ask for tasks; none: nothing goes on
}
