package rehab

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ObligationID names an obligation within its case: the kind and a number that
// counts up from 1, written "test-7".
type ObligationID struct {
	Kind Kind
	N    int
}

func (id ObligationID) String() string { return string(id.Kind) + "-" + strconv.Itoa(id.N) }

// MarshalText writes the form of String; no obligation is empty text.
func (id ObligationID) MarshalText() ([]byte, error) {
	if id == (ObligationID{}) {
		return nil, nil
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads the form of String; empty text is no obligation.
func (id *ObligationID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = ObligationID{}
		return nil
	}
	kind, n, ok := strings.Cut(string(b), "-")
	v, err := strconv.Atoi(n)
	if !ok || err != nil || v < 1 {
		return fmt.Errorf("%q is not an obligation of the form test-7", b)
	}
	*id = ObligationID{Kind(kind), v}
	return nil
}

// Status of an obligation.
type Status string

// The statuses. Open and Missed obligations live in the case; the others have left it.
const (
	Open       Status = "open"
	Missed     Status = "missed"     // the last day is over; provisional until a person confirms or dismisses
	Confirmed  Status = "confirmed"  // a person confirmed the miss; evidence may still retract it
	Done       Status = "met"        // evidence came
	Dismissed  Status = "dismissed"  // a person found that it was not a miss
	Excused    Status = "excused"    // a justified reason was accepted and nothing is left to do
	Superseded Status = "superseded" // a change of risk, term or phase made it void
)

// Obligation is something that has to happen by a day.
//
// Opens is the first day on which evidence counts, Due the last; the legal instant of
// a miss is the end of Due in Shanghai, or DueAt for limits counted in hours. Evidence
// that happened by Due is taken until the end of Expires (zero: at any time). Both
// measures of days are calendar days; the limits behind them may be working days.
type Obligation struct {
	ID       ObligationID `json:"id"`
	Opens    Date         `json:"opens"`
	Due      Date         `json:"due"`
	DueAt    time.Time    `json:"due_at,omitzero"`
	Expires  Date         `json:"expires,omitzero"`
	From     Date         `json:"from,omitzero"`   // the day the limit behind Due is counted from; zero: there is none
	Fixed    bool         `json:"fixed,omitempty"` // a person set Due, or a suspension moved it: it is not computed again
	Plain    Date         `json:"plain,omitzero"`  // Due before it was rolled, where a suspension moved it: a later calendar rolls it anew
	Status   Status       `json:"status"`
	Ground   Ground       `json:"ground,omitempty"`  // why a police report is due, or as what a miss was confirmed
	About    int64        `json:"test,omitempty"`    // sequence of the event it is about: the test of a test_result, a leave, a crisis, a referral, a placement
	Counted  bool         `json:"counted,omitempty"` // this window already holds a refusal or evasion that counts
	Citation string       `json:"cite"`

	Unconfirmed bool `json:"unconfirmed,omitempty"` // a draft that a person has to confirm before it is sent
}

// Deadline is the instant at which the obligation becomes missed.
func (o *Obligation) Deadline() time.Time {
	if !o.DueAt.IsZero() {
		return o.DueAt
	}
	return o.Due.End()
}

// deadline is Deadline in milliseconds since 1970.
func (o *Obligation) deadline() int64 {
	if !o.DueAt.IsZero() {
		return o.DueAt.UnixMilli()
	}
	return (o.Due + 1).start()
}

// holds reports whether evidence of the day counts for the obligation.
func (o *Obligation) holds(on Date) bool { return o.Opens <= on && on <= o.Due }

// recurring reports whether the kind comes in windows.
func (k Kind) recurring() bool { return duties[k].recurring }

// Series is the state of one recurring duty: windows are cut from Anchor, never from
// the window before, so that they cannot drift. K is the number of the last window
// opened since Anchor, N the last number given in the whole measure, and Next the day
// on which the next window opens (zero: there is none). Last is the day of the latest
// evidence of the kind. Shift is by how many days suspensions have moved what is to come.
// A duty that comes once on a day known long before, the release
// file, is a series of one window.
type Series struct {
	Kind   Kind `json:"kind"`
	Anchor Date `json:"anchor"`
	K      int  `json:"k,omitzero"`
	N      int  `json:"n,omitzero"`
	Next   Date `json:"next,omitzero"`
	Last   Date `json:"last,omitzero"`
	Shift  int  `json:"shift,omitempty"`
}

func (id ObligationID) check() *Error {
	if id.Kind == "" || id.N < 1 {
		return missing("obligation")
	}
	return nil
}

// ObligationOpened puts an obligation into the case. For a window of a series, K is
// its number since the anchor and Next the day on which the window after it opens.
type ObligationOpened struct {
	Obligation Obligation `json:"obligation"`
	K          int        `json:"k,omitempty"`
	Next       Date       `json:"next,omitzero"`
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

// ObligationSuperseded voids an obligation.
type ObligationSuperseded struct {
	ID ObligationID `json:"id"`
}

func (ObligationOpened) EventType() string     { return "obligation_opened" }
func (ObligationMet) EventType() string        { return "obligation_met" }
func (ObligationMissed) EventType() string     { return "obligation_missed" }
func (ObligationSuperseded) EventType() string { return "obligation_superseded" }

func (d ObligationOpened) apply(c *Case, _ *Event) {
	o := d.Obligation
	if s := c.series(o.ID.Kind); s != nil {
		s.K, s.N, s.Next = d.K, o.ID.N, d.Next
		c.forget(s, o.Opens)
	} else {
		c.number(o.ID)
	}
	c.Obligations = append(c.Obligations, o)
}
func (d ObligationMet) apply(c *Case, _ *Event)        { c.drop(d.ID) }
func (d ObligationMissed) apply(c *Case, _ *Event)     { c.Obligation(d.ID).Status = Missed }
func (d ObligationSuperseded) apply(c *Case, _ *Event) { c.drop(d.ID) }

// forget drops confirmed misses of the series that later evidence has made up, a year after
// their day: a climb rests on all others. The history has them.
func (c *Case) forget(s *Series, today Date) {
	for i := len(c.Obligations) - 1; i >= 0; i-- {
		o := &c.Obligations[i]
		if o.Status == Confirmed && o.ID.Kind == s.Kind && o.Due < s.Last && o.Due.AddMonths(12) < today {
			c.Obligations = slices.Delete(c.Obligations, i, i+1)
		}
	}
}

func (c *Case) number(id ObligationID) {
	for i := range c.Numbers {
		if c.Numbers[i].Kind == id.Kind {
			c.Numbers[i].N = id.N
			return
		}
	}
	c.Numbers = append(c.Numbers, Numbered{id.Kind, id.N})
}

// evidence notes the latest day on which the recurring duty was done.
func (c *Case) evidence(k Kind, on Date) {
	if s := c.series(k); s != nil {
		s.Last = max(s.Last, on)
	}
}

func (c *Case) drop(id ObligationID) {
	for i := range c.Obligations { // most events end here: nothing is copied to compare
		if c.Obligations[i].ID == id {
			c.Obligations = slices.Delete(c.Obligations, i, i+1)
			return
		}
	}
}
