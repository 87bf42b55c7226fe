// Package office is the rules of the organisation behind the cases: what a place was
// called and who led it on a day, who worked where, and how many cases each has.
// Like the core it is pure: facts in, answers out. A history is
// only ever added to: a later fact about the same day says it better, and both stay.
package office

import (
	"cmp"
	"slices"
	"time"

	"guitu/rehab"
)

// Record is the two times of a fact and who said it: from which day it is so, and when
// and by whom it was written down. Position orders the facts of one history.
type Record struct {
	Position   int64       `json:"position"`
	From       rehab.Date  `json:"from"`
	RecordedAt time.Time   `json:"recorded_at"`
	By         rehab.Actor `json:"by"`
}

// Command is what the store needs of whoever changes a history: the id under which it
// acts once, and a digest of the request, to tell the same from another.
type Command struct {
	ID     string
	Digest string
	Actor  rehab.Actor
	At     time.Time
}

// inOrder sorts facts by the day from which they are so; of one day, the later recorded
// comes last and so wins.
func inOrder[F any](facts []F, record func(F) Record) []F {
	return slices.SortedStableFunc(slices.Values(facts), func(a, b F) int {
		x, y := record(a), record(b)
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.Position, y.Position))
	})
}

// furthest is how far ahead of today a change may be entered, in days.
const furthest = 366

// founded is the day before which nothing here can have been so: the Narcotics Control
// Law came into force.
var founded = rehab.NewDate(2008, time.June, 1)

func checkFrom(from, today rehab.Date) *rehab.Error {
	switch {
	case from == 0:
		return rehab.InvalidField("from", "is missing")
	case from < founded:
		return rehab.InvalidField("from", "%s lies before %s", from, founded)
	case from > today.AddDays(furthest):
		return rehab.InvalidField("from", "%s lies more than a year ahead", from)
	}
	return nil
}

func refuse(field, format string, args ...any) *rehab.Error {
	e := rehab.InvalidField(field, format, args...)
	e.Code = rehab.Refused
	return e
}

// CheckHandover refuses to take somebody or something away from under open cases as of
// today or earlier: they would be nobody's. For a day to come it may be entered, and the
// cases are handed over until then.
func CheckHandover(what string, open int, gone, today rehab.Date) *rehab.Error {
	if open == 0 || gone > today {
		return nil
	}
	return refuse("from", "%s still holds %d open cases: give them to others first (POST /v1/caseload/suggest says to whom), or name a day to come", what, open)
}

// Changed answers a change of a history. Open is how many open cases are left behind,
// to be handed over until it comes about.
type Changed struct {
	Duplicate bool
	Open      int
}
