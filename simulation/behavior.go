package simulation

import (
	"slices"
	"time"

	"guitu/rehab"
)

// deed is what a plan does.
type deed int

const (
	fulfil deed = iota // do what the obligation asks for
	look               // the station head looks at a miss
	answer             // somebody answers for an escalation
	letOut             // the client leaves custody
	letGo              // the station decides on a leave that was reported
)

// planFor decides whether and when an obligation that is open will be done.
func (st *street) planFor(cl *client, o *rehab.Obligation, today rehab.Date) {
	b := &st.s.Behavior
	chance, recurs := 1.0, false
	switch o.ID.Kind {
	case rehab.ReportInDuty, rehab.TransferReportInDuty:
		chance = b.ReportsIn
	case rehab.AgreementDuty:
		chance = b.Signs
	case rehab.TestDuty, rehab.SurpriseTestDuty:
		chance, recurs = b.KeepsTest, true
	case rehab.ContactDuty, rehab.HomeVisitDuty, rehab.AssessmentDuty, rehab.FollowUpDuty:
		chance, recurs = b.KeepsContact, true
	case rehab.WatchContactDuty:
		chance = b.KeepsContact
	case rehab.OutreachDuty:
		on := max(o.Opens, today).AddDays(upTo(2, cl.seed, when, key(o.ID)))
		cl.plans = append(cl.plans, plan{on: on, due: o.Due.AddDays(90), id: o.ID})
		return
	case rehab.LeaveReturnDuty: // nobody is back before the leave is over
		cl.plans = append(cl.plans, plan{on: max(o.Due, today), due: o.Due.AddDays(60), id: o.ID})
		return
	}
	from, about := max(o.Opens, today), key(o.ID)
	if draw(cl.seed, keeps, about) >= chance {
		if !recurs {
			st.planLate(cl, o, max(o.Due, today)+1)
		}
		return
	}
	span := max(int(o.Due-from)*3/4, 1)
	cl.plans = append(cl.plans, plan{on: from.AddDays(upTo(span, cl.seed, when, about)), due: o.Due, id: o.ID})
}

// planLate has what comes once, and was not done in time, done within three weeks.
func (st *street) planLate(cl *client, o *rehab.Obligation, from rehab.Date) {
	late := from.AddDays(upTo(20, cl.seed, lateBy, key(o.ID)))
	cl.plans = append(cl.plans, plan{on: late, due: late + 60, id: o.ID})
}

// takeUp plans what a case owes as it stands: what is open will be done or not, what was
// missed is looked at where it comes again, and done late where it comes once.
func (st *street) takeUp(cl *client, o *rehab.Obligation, from rehab.Date) {
	switch {
	case o.Status == rehab.Open:
		st.planFor(cl, o, from)
	case recurs(o.ID.Kind):
		st.planMiss(cl, o.ID, from-1)
	default:
		st.planLate(cl, o, from)
	}
}

func recurs(k rehab.Kind) bool {
	return k == rehab.TestDuty || k == rehab.SurpriseTestDuty || k == rehab.ContactDuty || k == rehab.HomeVisitDuty || k == rehab.AssessmentDuty || k == rehab.FollowUpDuty
}

// planMiss has the station head look at a miss within a week.
func (st *street) planMiss(cl *client, id rehab.ObligationID, day rehab.Date) {
	if recurs(id.Kind) {
		cl.plans = append(cl.plans, plan{on: day.AddDays(1 + upTo(7, cl.seed, looks, key(id))), due: day.AddDays(90), do: look, id: id})
	}
}

// planAnswer has whoever was told answer within a day, or not.
func (st *street) planAnswer(cl *client, esc int64, day rehab.Date) {
	e := cl.c.Escalation(esc)
	if e != nil && draw(cl.seed, answers, key(e.Obligation)^uint64(day)<<32) < st.s.Behavior.Answers {
		cl.plans = append(cl.plans, plan{on: day + 1, due: day + 1, do: answer, esc: esc})
	}
}

// never is the day of a plan that is given up.
const never rehab.Date = 0

// carryOut does one plan, or says on which later day it is tried again.
func (st *street) carryOut(cl *client, p plan, day rehab.Date, noon time.Time) rehab.Date {
	switch p.do {
	case answer:
		if e := cl.c.Escalation(p.esc); e != nil && !e.Acknowledged() {
			promise := min(day+7, cl.policy.Promise.After(day, st.s.Calendar))
			st.give(cl, rehab.AcknowledgeEscalation{Escalation: p.esc, Promise: promise}, day, noon)
		}
		return never
	case look:
		if o := cl.c.Obligation(p.id); o != nil && o.Status == rehab.Missed {
			evasion := p.id.Kind == rehab.TestDuty && draw(cl.seed, evades, key(p.id)) < st.s.Behavior.Evades
			st.give(cl, rehab.ConfirmMiss{Obligation: p.id, Evasion: evasion}, day, noon)
		}
		return never
	case letOut:
		if cl.c.Phase == rehab.Suspended {
			st.give(cl, rehab.Resume{}, day, noon)
		}
		return never
	case letGo:
		if slices.ContainsFunc(cl.c.Leaves, func(l rehab.Leave) bool { return l.ID == p.esc && !l.Approved }) {
			st.give(cl, rehab.DecideLeave{Leave: p.esc, Approved: true}, day, noon)
		}
		return never
	}
	return st.fulfil(cl, p, day, noon)
}

// fulfil does what an obligation asks for, as the case stands today.
func (st *street) fulfil(cl *client, p plan, day rehab.Date, noon time.Time) rehab.Date {
	o := cl.c.Obligation(p.id)
	if o == nil || o.Status != rehab.Open && recurs(p.id.Kind) {
		return never // done in another way, or void, or too late
	}
	if on := cl.possible(o, day); on != day {
		return on
	}
	if takesTime(p.id.Kind) && !st.spend() {
		if p.due <= day {
			return never
		}
		st.now.Turned++
		return day + 1
	}
	if p.id.Kind == rehab.OutreachDuty {
		return st.reachOut(cl, p, day, noon)
	}
	if p.id.Kind == rehab.PoliceReportDuty && o.Unconfirmed {
		st.give(cl, rehab.ConfirmPoliceReport{Obligation: p.id}, day, noon)
	}
	if body := st.command(cl, *o, day); body != nil {
		st.give(cl, body, day, noon)
	} else {
		st.refused.add(Refusal{Command: NoCommand, Code: rehab.NotFound, Field: string(p.id.Kind), Message: "nobody knows how this duty is done"}, 1)
	}
	return never
}

// takesTime reports whether it is a worker's, of whose actions a day has only so many.
func takesTime(k rehab.Kind) bool {
	return recurs(k) || k == rehab.WatchContactDuty || k == rehab.OutreachDuty
}

// ofClient are the duties that nobody can do in custody.
var ofClient = rehab.ClientDuties()

// possible is the first day, from today on, on which the duty can be done as the case
// stands; never where something else has to happen first and brings a plan of its own.
func (cl *client) possible(o *rehab.Obligation, day rehab.Date) rehab.Date {
	switch {
	case cl.c.Phase == rehab.Suspended && slices.Contains(ofClient, o.ID.Kind):
		return never // planned anew when the client is out
	case day < o.Opens:
		return o.Opens
	}
	return cl.waits(o, day)
}

// waits is possible for the kinds that wait for something of their own.
func (cl *client) waits(o *rehab.Obligation, day rehab.Date) rehab.Date {
	c := &cl.c
	switch o.ID.Kind {
	case rehab.AgreementDuty: // it may be due before the report-in is made
		if c.Phase == rehab.AwaitingReportIn || c.Arrival.Transfer != 0 {
			return day + 1
		}
	case rehab.TestResultDuty:
		for i := range c.Pending {
			if p := &c.Pending[i]; p.Test == o.About && day <= p.Until {
				return p.Until + 1 // the client may still object
			}
		}
	case rehab.TermConfirmationDuty: // the police's word comes while the term runs
		if c.Phase == rehab.TermEnded || c.TermEnd <= day {
			return never
		}
		if c.Phase == rehab.Suspended {
			return day + 1
		}
	case rehab.WorkingGroupDuty:
		if lacks := c.GroupLacks(); len(lacks) == 1 && lacks[0] == rehab.GroupWorker {
			return day + 1
		}
	case rehab.DynamicControlDuty:
		if len(c.Pending) > 0 {
			return day + 1
		}
	}
	return day
}
