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

// Verification is what one check of all that must always hold has found. Of the cases, Unmoved
// were not asked, since nothing of them had changed.
type Verification struct {
	At       time.Time      `json:"at"`
	Seconds  float64        `json:"seconds"`
	Full     bool           `json:"full,omitempty"`
	Cases    int            `json:"cases"`
	Open     int            `json:"open"`
	Unmoved  int            `json:"unmoved"`
	Findings int            `json:"findings"`
	Broken   map[string]int `json:"broken,omitempty"` // findings by what does not hold
}

// QueueLag is what waits for a worker process in one of the two queues of the engine.
type QueueLag struct {
	Tasks         string  `json:"tasks" enum:"workflow,activity"`
	Waiting       int64   `json:"waiting"`
	OldestSeconds float64 `json:"oldest_seconds"` // how long the oldest has waited
	Pollers       int     `json:"pollers"`        // of worker processes that ask for tasks; none: nothing goes on
}
