package scenario

import (
	"sync/atomic"

	"guitu/rehab"
)

// Rules are rules whose calendar of days off changes in the middle of a life.
type Rules struct {
	rehab.Rules
	calendar atomic.Pointer[rehab.Calendar]
}

// NewRules are the rules as they stand.
func NewRules(r rehab.Rules) *Rules {
	out := &Rules{Rules: r}
	out.Reset()
	return out
}

// Calendar of now.
func (r *Rules) Calendar() *rehab.Calendar { return r.calendar.Load() }

// Notice lays the days off of a year over what is known of it.
func (r *Rules) Notice(y rehab.YearDays) { r.calendar.Store(r.calendar.Load().With(y)) }

// Reset forgets all notices.
func (r *Rules) Reset() { r.calendar.Store(r.Rules.Calendar()) }
