package simulation

import (
	"time"

	"guitu/rehab"
)

// reachOut makes one attempt of the outreach; the next comes tomorrow, while its step is due.
func (st *street) reachOut(cl *client, p plan, day rehab.Date, noon time.Time) rehab.Date {
	st.give(cl, st.attempt(cl, p, day), day, noon)
	if cl.c.Obligation(p.id) == nil {
		return never
	}
	return day + 1
}

func (st *street) attempt(cl *client, p plan, day rehab.Date) rehab.RecordContact {
	if draw(cl.seed, reached, key(p.id)^uint64(day)<<32) < st.s.Behavior.Reached {
		return rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
	}
	step, outcome := cl.c.Outreach.Step, rehab.NotAtHome
	switch step {
	case rehab.Phone:
		outcome = rehab.NoAnswer
	case rehab.SMS:
		outcome = rehab.Sent
	case rehab.FamilyVisit:
		outcome = rehab.FamilyMet
	}
	return rehab.RecordContact{Channel: step, Outcome: outcome}
}
