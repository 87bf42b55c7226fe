package main

import (
	"context"
	"runtime"
	"strconv"
	"time"

	"guitu/rehab"
	"guitu/rehab/policy"
)

// core measures (f): how many events a second go through the pure core on one core, once
// decided and folded (whole lives of three years, by Play and PlayTime, as the live case
// takes them) and once folded alone (as replay, restore and the state of a past day do).
func (b *bench) core(ctx context.Context) error {
	lives, err := writeLives()
	if err != nil {
		return err
	}
	stretch := time.Second
	if b.short {
		stretch = 300 * time.Millisecond
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var play, fold []float64
	for round := range b.rounds {
		b.profiled("core", round, func() {
			play = append(play, perSecond(stretch, func() int { return each(lives, (*life).play) }))
			fold = append(fold, perSecond(stretch, func() int { return each(lives, (*life).fold) }))
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	b.report.add("f", "decide and fold, whole lives", "events/s", atLeast(1e6), play...)
	b.report.add("f", "fold alone", "events/s", atLeast(1e6), fold...)
	b.report.note("(f) lives of %d, %d and %d events", len(lives[0].events), len(lives[1].events), len(lives[2].events))
	return nil
}

func each(lives []*life, do func(*life) int) int {
	n := 0
	for _, l := range lives {
		n += do(l)
	}
	return n
}

// perSecond repeats what answers with a number of events, and counts.
func perSecond(stretch time.Duration, do func() int) float64 {
	began, n := time.Now(), 0
	for time.Since(began) < stretch {
		n += do()
	}
	return float64(n) / time.Since(began).Seconds()
}

// life is a case written down: what happened when, and the events that came of it.
type life struct {
	env    rehab.Env
	steps  []step
	events []rehab.Event
}

// step is a command, or time that passes where the command is empty.
type step struct {
	now time.Time
	cmd rehab.Command
}

func (l *life) play() int {
	c, env, n := rehab.Case{ID: "life"}, l.env, 0
	for i := range l.steps {
		s := &l.steps[i]
		env.Now = s.now
		if s.cmd.Body == nil {
			n += len(c.PlayTime(env))
			continue
		}
		events, err := c.Play(s.cmd, env)
		if err != nil {
			panic(err) // it was taken when the life was written down
		}
		n += len(events)
	}
	return n
}

func (l *life) fold() int {
	c := rehab.Case{ID: "life"}
	c.Fold(l.events)
	return len(l.events)
}

// writeLives writes three lives, one for each risk class.
func writeLives() ([]*life, error) {
	set, err := policy.Load()
	if err != nil {
		return nil, err
	}
	ref, _ := set.Latest("national")
	var out []*life
	for _, risk := range []rehab.Risk{rehab.High, rehab.Medium, rehab.Low} {
		w := &writer{c: rehab.Case{ID: "life"}, life: life{env: rehab.Env{Policy: set.Policy(ref), Calendar: set.Calendar()}}}
		if err := w.write(risk); err != nil {
			return nil, err
		}
		out = append(out, &w.life)
	}
	return out, nil
}

// writer lives a life for the first time. The client does most duties in the middle of
// their window, every sixth contact is missed and the miss dismissed, every fifth test is
// missed and the miss confirmed, and nobody answers an escalation before that.
type writer struct {
	life
	c rehab.Case
}

func (w *writer) write(risk rehab.Risk) error {
	served := rehab.NewDate(2026, 1, 5)
	opening := rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-1", Risk: risk, Policy: w.env.Policy.Ref(),
	}
	at := noon(served)
	if err := w.give(at, at, opening); err != nil {
		return err
	}
	for w.c.IsOpen() {
		next, when, body := w.next()
		wake := w.c.Wake()
		if body == nil || !wake.IsZero() && wake.Before(next) {
			w.env.Now = wake
			w.steps = append(w.steps, step{now: wake})
			w.events = append(w.events, w.c.PlayTime(w.env)...)
			continue
		}
		if err := w.give(next, when, body); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) give(now, occurred time.Time, body rehab.CommandBody) error {
	if now.Before(w.env.Now) {
		now = w.env.Now
	}
	w.env.Now = now
	cmd := rehab.Command{ID: "c-" + strconv.Itoa(len(w.steps)), Actor: clerk, OccurredAt: occurred, Body: body}
	w.steps = append(w.steps, step{now, cmd})
	events, err := w.c.Play(cmd, w.env)
	w.events = append(w.events, events...)
	return err
}

// next is the first thing that is to be done by a person: when, as of when, and what.
func (w *writer) next() (at, occurred time.Time, body rehab.CommandBody) {
	for i := range w.c.Obligations {
		o := &w.c.Obligations[i]
		t, as, b := answer(o)
		if b != nil && (body == nil || t.Before(at)) {
			at, occurred, body = t, as, b
		}
	}
	return at, occurred, body
}

func answer(o *rehab.Obligation) (at, occurred time.Time, body rehab.CommandBody) {
	middle := noon(o.Opens + (o.Due-o.Opens)/2)
	late := o.ID.Kind == rehab.ContactDuty && o.ID.N%6 == 5 || o.ID.Kind == rehab.TestDuty && o.ID.N%5 == 4
	switch {
	case o.Status == rehab.Confirmed:
		return at, at, nil
	case o.Status == rehab.Missed && o.ID.Kind == rehab.TestDuty:
		at = noon(o.Due + 2)
		return at, at, rehab.ConfirmMiss{Obligation: o.ID}
	case o.Status == rehab.Missed && o.ID.Kind == rehab.ContactDuty:
		at = noon(o.Due + 2)
		return at, at, rehab.DismissMiss{Obligation: o.ID}
	case o.Status == rehab.Missed:
		return noon(o.Due + 2), noon(o.Due + 2), duty(o)
	case late:
		return at, at, nil // time makes it a miss
	}
	return middle, middle, duty(o)
}

// duty is the command that meets the obligation.
func duty(o *rehab.Obligation) rehab.CommandBody {
	switch o.ID.Kind {
	case rehab.ReportInDuty:
		return rehab.ReportIn{}
	case rehab.AgreementDuty:
		return rehab.SignAgreement{}
	case rehab.TestDuty:
		return rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative}
	case rehab.ContactDuty:
		return rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
	case rehab.HomeVisitDuty:
		return rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met}
	case rehab.AssessmentDuty:
		return rehab.RecordAssessment{}
	case rehab.ReleaseFileDuty:
		return rehab.SubmitReleaseFile{}
	case rehab.ReleaseDuty:
		return rehab.Release{}
	case rehab.WorkingGroupDuty:
		return rehab.JoinGroup{Members: []rehab.NewMember{
			{Role: rehab.GroupPolice, ID: "p-1"}, {Role: rehab.GroupMedical, ID: "m-1"}, {Role: rehab.GroupFamily, ID: "family-1"},
		}}
	case rehab.PlanDuty:
		return rehab.MakePlan{Goals: []rehab.NewGoal{
			{Stage: rehab.Detoxification, Code: "clean_tests", Target: o.Due.AddMonths(6)},
			{Stage: rehab.Recovery, Code: "counselling", Target: o.Due.AddMonths(12)},
			{Stage: rehab.ReturnHome, Code: "employment", Target: o.Due.AddMonths(24)},
		}}
	case rehab.PlanReviewDuty:
		return rehab.ReviewPlan{}
	}
	return nil // time makes it a miss
}

// clerk gives the commands that no person gives here.
var clerk = rehab.Actor{ID: "bench", Role: rehab.CityOffice, Place: "11"}

func noon(d rehab.Date) time.Time { return d.Start().Add(12 * time.Hour) }
