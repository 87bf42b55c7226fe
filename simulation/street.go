package simulation

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"guitu/rehab"
)

// street plays one place in one run: its cases, day by day, and the hours of its workers.
type street struct {
	s      *Scenario
	place  Place
	rng    *rand.Rand
	cases  []*client
	months []Counts
	now    *Counts // of the current month
	events int64
	left   int // actions the workers can still do today
}

// client is a case with what its client is going to do.
type client struct {
	c     rehab.Case
	wake  time.Time
	plans []plan
	next  rehab.Date // the earliest plan; zero: none
}

// plan is an action on a day.
type plan struct {
	on   rehab.Date
	due  rehab.Date
	id   rehab.ObligationID
	esc  int64
	test int64
}

func newStreet(s *Scenario, place, run int) *street {
	source := rand.NewPCG(s.Seed+uint64(run)*1_000_003, uint64(place))
	return &street{
		s: s, place: s.Places[place], months: make([]Counts, s.Months),
		rng: rand.New(source), //nolint:gosec // chances that have to come again with the same seed
	}
}

func (st *street) play(ctx context.Context) error {
	for range st.place.Cases {
		// Served in the year before the start: it has lived through it when the run begins.
		st.open(st.s.Start.AddDays(-1-st.rng.IntN(365)), true)
	}
	// What fell due on the day before was somebody else's: it is done and not counted.
	eve := st.s.Start - 1
	st.left = math.MaxInt
	for _, cl := range st.cases {
		st.act(cl, eve, eve.Start().Add(12*time.Hour))
	}
	day, end := st.s.Start, st.s.Start.AddMonths(st.s.Months)
	for month := 0; day < end; day++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if day == st.s.Start.AddMonths(month+1) {
			st.close(month)
			month++
		}
		st.now = &st.months[month]
		st.day(day)
	}
	st.close(st.s.Months - 1)
	return nil
}

// close completes the counts of a month.
func (st *street) close(month int) {
	m := &st.months[month]
	for _, cl := range st.cases {
		if cl.c.IsOpen() {
			m.Open++
		}
	}
	if st.place.Workers > 0 {
		m.Load = (m.Visits + m.Tests) / float64(st.place.Workers)
	}
}

// day lets time pass for every case, then lets people act at noon.
func (st *street) day(day rehab.Date) {
	st.left = st.place.Workers * st.place.Capacity
	if st.chance(st.place.Arrivals / 30.4) {
		st.open(day, false)
	}
	noon := day.Start().Add(12 * time.Hour)
	for _, cl := range st.cases {
		if !cl.wake.IsZero() && !cl.wake.After(noon) {
			st.learn(cl, cl.c.PlayTime(st.env(noon)), day)
		}
		if cl.next != 0 && cl.next <= day {
			st.act(cl, day, noon)
		}
	}
}

func (st *street) env(now time.Time) rehab.Env {
	return rehab.Env{Now: now, Policy: st.s.Policy, Calendar: st.s.Calendar}
}

func (st *street) chance(p float64) bool { return st.rng.Float64() < p }

var clerk = rehab.Actor{ID: "simulation", Role: rehab.CityOffice, Place: "11"}

// open serves an order on the day. An underway case reported in and signed at once, and
// what it owed before the start was done.
func (st *street) open(served rehab.Date, underway bool) {
	risk := rehab.Low
	switch r := st.rng.Float64(); {
	case r < st.s.Behavior.High:
		risk = rehab.High
	case r < st.s.Behavior.High+st.s.Behavior.Medium:
		risk = rehab.Medium
	}
	order := rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: st.place.Code, Worker: "simulation", Risk: risk, Policy: st.s.Policy.Ref(),
	}
	today := served
	if underway {
		order.Carried = &rehab.Carried{ReportedOn: served, AgreementOn: served}
		today = st.s.Start - 1
	}
	cl := &client{c: rehab.Case{ID: "simulation"}}
	st.cases = append(st.cases, cl)
	st.give(cl, order, today, today.Start().Add(12*time.Hour))
}

// give plays a command; a refusal is the core's good right.
func (st *street) give(cl *client, body rehab.CommandBody, day rehab.Date, at time.Time) {
	events, _ := cl.c.Play(rehab.Command{ID: "s", Actor: clerk, OccurredAt: at, Body: body}, st.env(at))
	st.learn(cl, events, day)
}

// learn counts what happened and plans what follows from it.
func (st *street) learn(cl *client, events []rehab.Event, day rehab.Date) {
	st.events += int64(len(events))
	if st.now == nil {
		st.now = &Counts{} // before the start nothing is counted
	}
	for i := range events {
		switch d := events[i].Data.(type) {
		case rehab.ObligationOpened:
			st.planFor(cl, &d.Obligation)
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
			st.now.Breaches++
		case rehab.ContactRecorded:
			st.now.Visits++
		case rehab.TestRecorded:
			st.now.Tests++
		}
	}
	cl.wake = cl.c.Wake()
	cl.next = 0
	for _, p := range cl.plans {
		if cl.next == 0 || p.on < cl.next {
			cl.next = p.on
		}
	}
}

var errNobody = errors.New("nobody has time")

// act does what is planned for today, as far as the workers' hours reach.
func (st *street) act(cl *client, day rehab.Date, noon time.Time) {
	due := cl.plans
	cl.plans = nil
	var later []plan
	for _, p := range due {
		if p.on > day {
			later = append(later, p)
			continue
		}
		if err := st.carryOut(cl, p, day, noon); errors.Is(err, errNobody) && p.due > day {
			st.now.Turned++
			p.on = day + 1
			later = append(later, p)
		}
	}
	cl.plans = append(cl.plans, later...)
	st.learn(cl, nil, day)
}
