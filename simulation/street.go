package simulation

import (
	"context"
	"math"
	"slices"
	"time"

	"guitu/rehab"
)

// street plays one place in one run: its cases, day by day, and the hours of its workers.
type street struct {
	s       *Scenario
	place   *Place
	seed    uint64
	core    rehab.Player
	cases   []*client
	spare   []plan // the plans of the client before, for those of the next
	months  []Counts
	now     *Counts // of the current month
	events  int64
	left    int // actions the workers can still do today
	acted   int // actions of the current month
	staffed int // worker days of the current month
	refused refusals
}

// client is a case with what its client is going to do.
type client struct {
	c      rehab.Case
	policy *rehab.Policy
	seed   uint64
	wake   time.Time
	plans  []plan
	next   rehab.Date // the earliest plan; zero: none
}

// plan is an action on a day. esc is the escalation or the leave it is about.
type plan struct {
	on  rehab.Date
	due rehab.Date
	do  deed
	id  rehab.ObligationID
	esc int64
}

func newStreet(s *Scenario, place, run int) *street {
	return &street{
		s: s, place: &s.Places[place], months: make([]Counts, s.Months), now: &Counts{}, // before the start nothing is counted
		seed: mix(mix(s.Seed) + uint64(run)<<32 + uint64(place)),
	}
}

func (st *street) play(ctx context.Context) error {
	eve := st.s.Start - 1
	for i := range st.place.Cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		seed := mix(st.seed + uint64(i))
		// Served in the year before the start: it has lived through it when the run begins.
		st.open(seed, eve.AddDays(-upTo(365, seed, served, 0)), true)
	}
	// What fell due on the day before was somebody else's: it is done and not counted.
	st.left = math.MaxInt
	for _, cl := range st.cases {
		st.act(cl, eve, noon(eve))
	}
	for _, c := range st.place.Real {
		st.adopt(c, eve)
	}
	st.acted = 0
	day, end := st.s.Start, st.s.Start.AddMonths(st.s.Months)
	st.now = &st.months[0]
	for month := 0; day < end; day++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if day == st.s.Start.AddMonths(month+1) {
			st.close(month, day)
			month++
			st.now = &st.months[month]
		}
		st.day(day)
	}
	st.close(st.s.Months-1, end)
	return nil
}

func noon(day rehab.Date) time.Time { return day.Start().Add(12 * time.Hour) }

// close completes the counts of the month that ends before the day.
func (st *street) close(month int, day rehab.Date) {
	m := &st.months[month]
	for _, cl := range st.cases {
		if cl.c.IsOpen() {
			m.Open++
		}
	}
	if days := int(day - st.s.Start.AddMonths(month)); st.staffed > 0 {
		m.Load = float64(st.acted) * float64(days) / float64(st.staffed)
	}
	st.staffed, st.acted = 0, 0
}

// day lets time pass for every case, then lets people act at noon.
func (st *street) day(day rehab.Date) {
	workers := st.place.workers(day)
	st.left = workers * st.place.Capacity
	st.staffed += workers
	for i := range st.arrivals(day) {
		st.open(mix(st.seed^uint64(day)<<20^uint64(i)<<52), day, false)
	}
	noon := noon(day)
	for _, cl := range st.cases {
		if !cl.wake.IsZero() && !cl.wake.After(noon) {
			st.learn(cl, st.core.PlayTime(&cl.c, st.env(cl, noon)), day)
		}
		if cl.next != 0 && cl.next <= day {
			st.act(cl, day, noon)
		}
	}
}

// arrivals of the day: as many as chance brings when so many a month are usual (Poisson).
func (st *street) arrivals(day rehab.Date) int {
	p, bound := draw(st.seed, arrives, uint64(day)), 0.0
	mean := st.place.Arrivals / 30.4
	term := math.Exp(-mean)
	for n := 0; ; n++ {
		if bound += term; p < bound || n > 1000 {
			return n
		}
		term *= mean / float64(n+1)
	}
}

func (st *street) env(cl *client, now time.Time) rehab.Env {
	return rehab.Env{Now: now, Policy: cl.policy, Calendar: st.s.Calendar}
}

var clerk = rehab.Actor{ID: "simulation", Role: rehab.CityOffice, Place: "11"}

// second is the other person where it takes two.
var second = rehab.Actor{ID: "simulation-2", Role: rehab.CityOffice, Place: "11"}

// women is their share among made-up clients. It moves no count: it decides who collects.
const women = 0.15

// open serves an order on the day. An underway case reported in and signed at once, and
// what it owed before the start was done.
func (st *street) open(seed uint64, servedOn rehab.Date, underway bool) {
	class := rehab.Low
	switch r := draw(seed, risk, 0); {
	case r < st.s.Behavior.High:
		class = rehab.High
	case r < st.s.Behavior.High+st.s.Behavior.Medium:
		class = rehab.Medium
	}
	who := rehab.Male
	if draw(seed, sex, 0) < women {
		who = rehab.Female
	}
	order := rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: servedOn, ServedOn: servedOn, Method: rehab.ServedDirect,
		Place: st.place.Code, Worker: "simulation", Risk: class, Sex: who, Policy: st.s.Policy.Ref(),
	}
	today := servedOn
	if underway {
		order.Carried = &rehab.Carried{ReportedOn: servedOn, AgreementOn: servedOn}
		today = st.s.Start - 1
	}
	cl := &client{c: rehab.Case{ID: "simulation"}, policy: st.s.Policy, seed: seed}
	st.cases = append(st.cases, cl)
	st.give(cl, order, today, noon(today))
}

// give plays a command. Nobody here asks for what the rules do not grant: a refusal is a
// fault of the simulation and is shown with its result.
func (st *street) give(cl *client, body rehab.CommandBody, day rehab.Date, at time.Time) {
	st.giveAs(clerk, cl, body, day, at)
	if _, seal := body.(rehab.Seal); seal && cl.c.SealingBy == clerk.ID {
		st.giveAs(second, cl, body, day, at)
	}
}

func (st *street) giveAs(by rehab.Actor, cl *client, body rehab.CommandBody, day rehab.Date, at time.Time) {
	events, err := st.core.Play(&cl.c, rehab.Command{ID: "s", Actor: by, OccurredAt: at, Body: body}, st.env(cl, at))
	if err != nil {
		st.refused.refused(body.CommandType(), err)
	}
	st.learn(cl, events, day)
}

// learn counts what happened and plans what follows from it.
func (st *street) learn(cl *client, events []rehab.Event, day rehab.Date) {
	st.events += int64(len(events))
	for i := range events {
		switch d := events[i].Data.(type) {
		case rehab.ObligationOpened:
			if d.Obligation.ID.Kind == rehab.PoliceReportDuty {
				st.now.Reports++
			}
			st.planFor(cl, &d.Obligation, day)
		case rehab.ObligationMissed:
			st.now.Misses++
			st.planMiss(cl, d.ID, day)
		case rehab.EscalationOpened:
			st.now.Escalations++
			st.planAnswer(cl, events[i].Seq, day)
		case rehab.EscalationClimbed:
			if d.Role == rehab.DistrictOffice {
				st.now.District++
			}
			if d.Role == rehab.CityOffice && !d.Repeat {
				st.now.City++
			}
			st.planAnswer(cl, d.ID, day)
		case rehab.ViolationReached:
			if !d.Withdrawn {
				st.now.Breaches++
			}
		case rehab.ContactRecorded:
			if d.Outcome == rehab.Met {
				st.now.Visits++
			}
		case rehab.TestRecorded:
			st.now.Tests++
		case rehab.CaseResumed:
			st.planAnew(cl, day)
		}
	}
	st.rearm(cl)
}

// planAnew takes up what the client owes when custody is over.
func (st *street) planAnew(cl *client, day rehab.Date) {
	for i := range cl.c.Obligations {
		if o := &cl.c.Obligations[i]; slices.Contains(ofClient, o.ID.Kind) {
			st.takeUp(cl, o, day)
		}
	}
}

// rearm notes when time brings something to the case, and when its client acts next.
func (st *street) rearm(cl *client) {
	cl.wake = cl.c.Wake()
	cl.next = 0
	for _, p := range cl.plans {
		if cl.next == 0 || p.on < cl.next {
			cl.next = p.on
		}
	}
}

// spend takes one action of a worker's day, if there is one left.
func (st *street) spend() bool {
	if st.left == 0 {
		return false
	}
	st.left--
	st.acted++
	return true
}

// act does what is planned for today, as far as the workers' hours reach.
func (st *street) act(cl *client, day rehab.Date, noon time.Time) {
	due := cl.plans
	cl.plans = st.spare[:0]
	for _, p := range due {
		if p.on <= day {
			p.on = st.carryOut(cl, p, day, noon)
		}
		if p.on != never {
			cl.plans = append(cl.plans, p)
		}
	}
	st.spare = due
	st.hurry(cl, day, noon)
	st.rearm(cl)
}

// hurry does at once what became due by the end of this very day, such as an agreement
// whose last day is that of the report-in.
func (st *street) hurry(cl *client, day rehab.Date, noon time.Time) {
	for i := 0; i < len(cl.plans); {
		p := cl.plans[i]
		if p.on > day || p.due > day {
			i++
			continue
		}
		cl.plans = slices.Delete(cl.plans, i, i+1)
		if p.on = st.carryOut(cl, p, day, noon); p.on != never {
			cl.plans = append(cl.plans, p)
		}
	}
}
