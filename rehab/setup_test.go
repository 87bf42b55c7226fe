package rehab_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

var (
	worker   = rehab.Actor{ID: "w-7", Role: rehab.WorkerRole, Place: "110101001"}
	station  = rehab.Actor{ID: "s-1", Role: rehab.StationHead, Place: "110101001"}
	district = rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	receiver = rehab.Actor{ID: "s-2", Role: rehab.StationHead, Place: "110102003"}
	city     = rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}
)

// life is one case with its clock and its ledger. Days are looked at from noon.
type life struct {
	t      testing.TB
	c      *rehab.Case
	env    rehab.Env
	ledger []rehab.Event
	h      rehab.History
	actor  rehab.Actor
	n      int
}

// setup gives a case that is not open, at noon of 2026-03-10, under the national policy.
func setup(t testing.TB) *life {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	ref, ok := set.Latest("national")
	require.True(t, ok)
	p := *set.Policy(ref)
	return &life{
		t: t, c: &rehab.Case{ID: "case-1"}, actor: worker,
		env: rehab.Env{Now: noon("2026-03-10"), Policy: &p, Calendar: set.Calendar()},
	}
}

// served gives an open case of treatment, served today.
func served(t testing.TB) *life {
	t.Helper()
	l := setup(t)
	l.do(l.order())
	return l
}

// group is what a working group needs beside the worker (DRR art.17).
func group() rehab.JoinGroup {
	return rehab.JoinGroup{Members: []rehab.NewMember{
		{Role: rehab.GroupPolice, ID: "p-1"}, {Role: rehab.GroupMedical, ID: "m-1"}, {Role: rehab.GroupFamily, ID: "family-1"},
	}}
}

// planOfHelp is a plan made today, with one goal in each stage.
func (l *life) planOfHelp() rehab.MakePlan {
	today := l.env.Today()
	return rehab.MakePlan{Goals: []rehab.NewGoal{
		{Stage: rehab.Detoxification, Code: "clean_tests", Target: today.AddMonths(6)},
		{Stage: rehab.Recovery, Code: "counselling", Target: today.AddMonths(12)},
		{Stage: rehab.ReturnHome, Code: "employment", Target: today.AddMonths(24)},
	}}
}

// reported gives a case of treatment, served and reported in on the day, with its working group.
func reported(t testing.TB, on string) *life {
	t.Helper()
	l := setup(t)
	l.env.Now = noon(on)
	l.do(l.order())
	l.do(rehab.ReportIn{})
	l.do(group())
	return l
}

// executing gives a case of treatment that reported in and signed on the day, with its
// working group and its plan of help.
func executing(t testing.TB, on string) *life {
	t.Helper()
	l := reported(t, on)
	l.do(rehab.SignAgreement{})
	l.do(l.planOfHelp())
	return l
}

// order is an order of treatment, decided and served today.
func (l *life) order() rehab.OpenCase {
	today := l.env.Today()
	return rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: today, ServedOn: today, Method: rehab.ServedDirect,
		Place: "110101001", Worker: worker.ID, Risk: rehab.Medium, Policy: l.env.Policy.Ref(),
	}
}

// to moves the clock to noon of the day and lets time act.
func (l *life) to(day string) []rehab.Event { l.t.Helper(); return l.toTime(noon(day)) }

func (l *life) toTime(now time.Time) []rehab.Event {
	l.t.Helper()
	require.False(l.t, now.Before(l.env.Now), "the clock runs forward")
	l.env.Now = now
	return l.fold(l.c.Advance(l.env))
}

// do gives the command now and requires that it is taken.
func (l *life) do(body rehab.CommandBody) []rehab.Event {
	l.t.Helper()
	return l.doAt(l.env.Now, body)
}

// on gives the command today for what happened at noon of the day.
func (l *life) on(day string, body rehab.CommandBody) []rehab.Event {
	l.t.Helper()
	return l.doAt(noon(day), body)
}

func (l *life) doAt(at time.Time, body rehab.CommandBody) []rehab.Event {
	l.t.Helper()
	cmd := l.command(at, body)
	events, err := l.h.Tell(l.c, cmd, rulesOf(l.env), l.env.Now)
	require.NoError(l.t, err)
	l.h.Add(cmd, nil)
	return l.fold(events)
}

// breach records a test that was refused or evaded today, and the station head confirms it.
func (l *life) breach(r rehab.TestResult) []rehab.Event {
	l.t.Helper()
	return l.breachOn(l.env.Now, r)
}

func (l *life) breachOn(at time.Time, r rehab.TestResult) []rehab.Event {
	l.t.Helper()
	told := l.doAt(at, urine(r))
	return append(told, l.confirmed(seqOf[rehab.TestRecorded](l.t, told))...)
}

// confirmed has the station head confirm the refusal.
func (l *life) confirmed(test int64) []rehab.Event {
	l.t.Helper()
	who := l.actor
	defer l.by(who)
	return l.by(station).do(rehab.DecideRefusal{Test: test, Confirmed: true})
}

// refuses requires that the command is refused, that nothing changed, and gives the error.
func (l *life) refuses(body rehab.CommandBody) *rehab.Error {
	l.t.Helper()
	return l.refusesAt(l.env.Now, body)
}

func (l *life) refusesAt(at time.Time, body rehab.CommandBody) *rehab.Error {
	l.t.Helper()
	before := l.c.Clone()
	events, err := l.h.Tell(l.c, l.command(at, body), rulesOf(l.env), l.env.Now)
	require.Error(l.t, err)
	require.Empty(l.t, events)
	require.Empty(l.t, cmp.Diff(before, l.c))
	var e *rehab.Error
	require.ErrorAs(l.t, err, &e)
	return e
}

func (l *life) command(at time.Time, body rehab.CommandBody) rehab.Command {
	l.n++
	return rehab.Command{ID: "cmd-" + strconv.Itoa(l.n), Actor: l.actor, OccurredAt: at, Body: body}
}

func (l *life) fold(events []rehab.Event) []rehab.Event {
	l.c.Fold(events)
	l.ledger = append(l.ledger, events...)
	l.h.Events = l.ledger
	return events
}

// by changes who acts.
func (l *life) by(a rehab.Actor) *life { l.actor = a; return l }

// duty of the name, like "test-1"; it has to be in the case.
func (l *life) duty(name string) *rehab.Obligation {
	l.t.Helper()
	o := l.c.Obligation(id(name))
	require.NotNil(l.t, o, "%s is not in the case: %v", name, l.names())
	return o
}

// gone requires that the obligation has left the case or never was in it.
func (l *life) gone(name string) {
	l.t.Helper()
	require.Nil(l.t, l.c.Obligation(id(name)), "%s is in the case", name)
}

func (l *life) names() []string {
	var out []string
	for _, o := range l.c.Obligations {
		out = append(out, o.ID.String()+" "+string(o.Status)+" "+o.Due.String())
	}
	return out
}

// climb is the open escalation over the kind; there has to be one.
func (l *life) climb(k rehab.Kind) rehab.Escalation {
	l.t.Helper()
	for _, e := range l.c.Escalations {
		if e.Obligation.Kind == k {
			return e
		}
	}
	require.Fail(l.t, "no escalation over "+string(k))
	return rehab.Escalation{}
}

// quiet requires that there is no open escalation over the kind.
func (l *life) quiet(k rehab.Kind) {
	l.t.Helper()
	for _, e := range l.c.Escalations {
		require.NotEqual(l.t, k, e.Obligation.Kind, "an escalation is open")
	}
}

// windows opened so far of the kind, in order.
func (l *life) windows(k rehab.Kind) []rehab.Obligation {
	var out []rehab.Obligation
	for _, d := range all[rehab.ObligationOpened](l.ledger) {
		if d.Obligation.ID.Kind == k {
			out = append(out, d.Obligation)
		}
	}
	return out
}

// all events of the type.
func all[T rehab.EventData](events []rehab.Event) []T {
	var out []T
	for _, e := range events {
		if d, ok := e.Data.(T); ok {
			out = append(out, d)
		}
	}
	return out
}

// revised is what the life lived again changed; the events are those of one command.
func revised(t testing.TB, events []rehab.Event) rehab.LifeRevised {
	t.Helper()
	return only[rehab.LifeRevised](t, events)
}

// took lists the types of the events that a revision took back.
func took(d rehab.LifeRevised) []string {
	var out []string
	for _, x := range d.Taken {
		out = append(out, x.Type)
	}
	return out
}

// only requires exactly one event of the type.
func only[T rehab.EventData](t testing.TB, events []rehab.Event) T {
	t.Helper()
	list := all[T](events)
	require.Len(t, list, 1)
	return list[0]
}

func day(s string) rehab.Date {
	d, err := rehab.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func noon(s string) time.Time { return hour(s, 12) }

// hour of the day in Shanghai.
func hour(s string, h int) time.Time { return day(s).Start().Add(time.Duration(h) * time.Hour) }

func id(s string) rehab.ObligationID {
	var v rehab.ObligationID
	if err := v.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return v
}

func met(c rehab.Channel) rehab.RecordContact {
	return rehab.RecordContact{Channel: c, Outcome: rehab.Met}
}

func urine(r rehab.TestResult) rehab.RecordTest {
	return rehab.RecordTest{Method: rehab.Urine, Result: r, Another: another}
}

// another says of a test that it is one more of its day: the lives of most tests are short.
var another = rehab.Another{Another: true}

// explained is the line of that code in what the case says of itself today.
func explained(l *life, code string) rehab.Line {
	l.t.Helper()
	x := l.c.Explain(l.env)
	for _, line := range append(x.Waiting, x.Next...) {
		if line.Code == code {
			return line
		}
	}
	require.Fail(l.t, "nothing is said of "+code)
	return rehab.Line{}
}
