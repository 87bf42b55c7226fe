package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// played is one command of a life, given at noon of its day.
type played struct {
	now time.Time
	cmd rehab.Command
}

// threeYears is the busy but ordinary life of a client in the high risk class: a contact a
// week, a home visit a quarter, every test and assessment; every tenth contact is
// missed and found to be none, and every now and then a positive is settled.
func threeYears(tb testing.TB) (rehab.Env, []played) {
	l := setup(tb)
	order := l.order()
	order.Risk = rehab.High
	var list []played
	give := func(b rehab.CommandBody) {
		cmd := l.command(l.env.Now, b)
		l.fold(l.c.Advance(l.env))
		events, err := l.c.Decide(cmd, l.env)
		if err != nil {
			return
		}
		l.fold(events)
		list = append(list, played{l.env.Now, cmd})
	}
	give(order)
	give(rehab.ReportIn{})
	give(rehab.SignAgreement{})
	env, start := l.env, l.env.Today()
	for d := 1; l.c.Phase != rehab.TermEnded || d < 1110; d++ {
		l.env.Now = (start + rehab.Date(d)).Start().Add(12 * time.Hour)
		if week := d / 7; d%7 == 2 && week%10 != 9 {
			give(met([]rehab.Channel{rehab.Phone, rehab.Talk, rehab.HomeVisit}[week%3]))
		}
		for _, o := range l.c.Clone().Obligations {
			switch {
			case o.ID.Kind == rehab.TestDuty && o.Opens+5 == l.env.Today() && o.ID.N%8 == 0:
				give(urine(rehab.PositiveProvisional))
			case o.ID.Kind == rehab.TestDuty && o.Opens+5 == l.env.Today():
				give(urine(rehab.Negative))
			case o.ID.Kind == rehab.AssessmentDuty && o.Opens+5 == l.env.Today():
				give(rehab.RecordAssessment{})
			case o.ID.Kind == rehab.TestResultDuty && o.Opens+2 == l.env.Today():
				give(rehab.ResolveTest{Test: o.About})
			case o.ID.Kind == rehab.ReleaseFileDuty:
				give(rehab.SubmitReleaseFile{})
			case o.ID.Kind == rehab.WorkingGroupDuty:
				give(group())
			case o.ID.Kind == rehab.PlanDuty:
				give(l.planOfHelp())
			case o.ID.Kind == rehab.PlanReviewDuty && o.Due == l.env.Today():
				give(rehab.ReviewPlan{})
			case o.Status == rehab.Missed:
				give(rehab.DismissMiss{Obligation: o.ID})
			}
		}
	}
	give(rehab.Release{})
	require.Equal(tb, rehab.Released, l.c.Phase)
	return env, list
}

// live plays the life on a fresh case.
func live(env rehab.Env, list []played) (*rehab.Case, int) {
	c, n := &rehab.Case{ID: "case-1"}, 0
	for i := range list {
		env.Now = list[i].now
		cmd := list[i].cmd
		if _, ok := cmd.Body.(rehab.ResolveTest); ok { // events may be counted otherwise than in the life that was written down
			cmd.Body = rehab.ResolveTest{Test: c.Pending[0].Test}
		}
		events, err := c.Play(cmd, env)
		if err != nil {
			panic(err)
		}
		n += len(events)
	}
	return c, n
}

// BenchmarkLife decides a whole measure: three years from service of the order to release.
func BenchmarkLife(b *testing.B) {
	env, list := threeYears(b)
	b.ReportAllocs()
	events := 0
	for b.Loop() {
		_, n := live(env, list)
		events += n
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(events)/float64(b.N), "events/life")
}

// BenchmarkFold folds the ledger of that life.
func BenchmarkFold(b *testing.B) {
	env, list := threeYears(b)
	var ledger []rehab.Event
	c := &rehab.Case{ID: "case-1"}
	for _, p := range list {
		env.Now = p.now
		if _, ok := p.cmd.Body.(rehab.ResolveTest); ok {
			p.cmd.Body = rehab.ResolveTest{Test: c.Pending[0].Test}
		}
		events, err := c.Play(p.cmd, env)
		require.NoError(b, err)
		ledger = append(ledger, events...)
	}
	b.ReportAllocs()
	for b.Loop() {
		c := rehab.Case{ID: "case-1"}
		c.Fold(ledger)
	}
	b.ReportMetric(float64(b.N)*float64(len(ledger))/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkWake asks a running case when time brings something next.
func BenchmarkWake(b *testing.B) {
	l := missedContactFor(b)
	b.ReportAllocs()
	for b.Loop() {
		if l.c.Wake().IsZero() {
			b.Fatal("no wake")
		}
	}
}

// BenchmarkLateFact decides a fact told a month late in a case of three years and about 900
// events: the state of the case has to follow from it in at most 5 ms.
func BenchmarkLateFact(b *testing.B) {
	h, c, r, now := busyHistory(b)
	start := now.AddDate(0, -1, 0)
	var n int
	for i := 0; b.Loop(); i++ {
		events, err := h.Tell(c, rehab.Command{
			ID: "late", Actor: worker, OccurredAt: start.Add(time.Duration(i%600) * time.Hour), Body: met(rehab.Talk),
		}, r, now)
		if err != nil {
			b.Fatal(err)
		}
		n += len(events)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/fact")
	b.ReportMetric(float64(len(h.Events)), "events")
}

// BenchmarkLateFactThatTakesBack tells late of the very first test, which was found missed.
func BenchmarkLateFactThatTakesBack(b *testing.B) {
	h, c, r, now := busyHistory(b)
	at := h.Events[0].OccurredAt.Add(20 * 24 * time.Hour)
	for b.Loop() {
		events, err := h.Tell(c, rehab.Command{ID: "late", Actor: worker, OccurredAt: at, Body: urine(rehab.Negative)}, r, now)
		if err != nil || len(all[rehab.LifeRevised](events)) != 1 {
			b.Fatal(err, len(events))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/fact")
}

// busyHistory is the history of a case shortly before the end of its three years.
func busyHistory(tb testing.TB) (*rehab.History, *rehab.Case, *rules, time.Time) {
	env, list := threeYears(tb)
	k := newBook(env)
	for i, x := range list {
		if x.cmd.Body.CommandType() == "submit-release-file" {
			break
		}
		if x.cmd.Body.CommandType() == "record-test" && i < 40 {
			continue
		}
		k.until(x.now)
		if b, ok := x.cmd.Body.(rehab.ResolveTest); ok {
			b.Test = k.c.Pending[0].Test
			x.cmd.Body = b
		}
		_ = k.give(x.cmd)
		if x.cmd.Body.CommandType() == "record-contact" {
			_ = k.give(rehab.Command{
				ID: x.cmd.ID + "-help", Actor: worker, OccurredAt: x.now.Add(-time.Minute), // told late itself
				Body: rehab.GiveHelp{Class: rehab.Assistance, Kind: rehab.HelpKinds(rehab.Assistance)[0]},
			})
		}
	}
	return &k.h, k.c, k.rules, k.env.Now
}
