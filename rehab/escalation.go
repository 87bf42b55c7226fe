package rehab

import "time"

// Escalation is one climb of a ladder over a missed obligation. It is named by the
// sequence number of the event that opened it.
type Escalation struct {
	ID         int64        `json:"id"`
	Obligation ObligationID `json:"obligation"`
	Rung       int          `json:"rung"` // index into the ladder, 0 is the lowest
	Role       Role         `json:"role"` // who the rung tells
	ToldAt     time.Time    `json:"told_at"`
	NextAt     time.Time    `json:"next_at,omitzero"` // when it climbs, repeats or the promise breaks; zero: it waits for a person
	Promise    Date         `json:"promise,omitzero"` // acknowledged: what is promised will be done by the end of this day
	AckedBy    string       `json:"acked_by,omitempty"`
}

// Acknowledged reports whether somebody answered and the promise still stands.
func (e *Escalation) Acknowledged() bool { return !e.Promise.IsZero() }

// Closing says why an escalation ended.
type Closing string

// The ways an escalation ends.
const (
	ByEvidence      Closing = "evidence"      // what was due has been done, late
	ByRetraction    Closing = "retraction"    // late evidence showed that it was done in time
	ByJustification Closing = "justification" // a justified reason was accepted
	ByDismissal     Closing = "dismissal"     // a person found that it was not a miss
	BySupersession  Closing = "supersession"  // the obligation became void
)
