package rehab_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// TestPropertiesOfEveryLife runs random lives and looks at all that must always hold.
func TestPropertiesOfEveryLife(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, base)
		w.take(step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return drawOrder(t, w.env) }})
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			s := drawStep(t)
			w.pass(s.wait)
			w.take(s)
		}
		w.refold()
	})
}

// walk is one random life under observation.
type walk struct {
	t      *rapid.T
	env    rehab.Env
	c      *rehab.Case
	rules  *rules
	ledger []rehab.Event
	h      rehab.History
	n      int
}

func newWalk(t *rapid.T, base *life) *walk {
	env := drawEnv(t, base)
	return &walk{t: t, env: env, rules: rulesOf(env), c: &rehab.Case{ID: "case-1"}}
}

// pass lets time act, and requires that nothing happens before Wake and all of it after.
func (w *walk) pass(wait time.Duration) {
	now := w.env.Now.Add(wait)
	if wake := w.c.Wake(); wake.After(w.env.Now) {
		w.env.Now = wake.Add(-time.Nanosecond)
		require.Empty(w.t, w.c.Advance(w.env), "time brings something before Wake")
	}
	w.env.Now = now
	before := w.c.Clone()
	events := w.c.Advance(w.env)
	require.True(w.t, gocmp.Equal(before, w.c), "Advance changed the case")
	require.Equal(w.t, !before.Wake().IsZero() && !before.Wake().After(now), len(events) > 0, "Wake says when Advance has something to say")
	played := w.c.Clone()
	require.Equal(w.t, events, played.PlayTime(w.env))
	for _, e := range events {
		require.Empty(w.t, e.Command)
		require.Equal(w.t, rehab.System, e.Actor)
		require.False(w.t, e.OccurredAt.After(now))
	}
	w.fold(events)
	require.Empty(w.t, w.c.Advance(w.env), "Advance left something undone")
	w.always()
}

// take gives the command and requires that a refusal changes nothing and has its code.
func (w *walk) take(s step) {
	w.n++
	cmd := s.command(w.n, w.c, w.env.Now)
	before, closed := w.c.Clone(), w.c.IsClosed()
	w.h.CaseID, w.h.Events = w.c.ID, w.ledger
	events, err := w.h.Tell(w.c, cmd, w.rules, w.env.Now)
	require.True(w.t, gocmp.Equal(before, w.c), "Tell changed the case")
	played := w.c.Clone()
	owned, playErr := played.Play(cmd, w.env)
	if errors.Is(playErr, rehab.ErrHistory) {
		require.True(w.t, gocmp.Equal(before, played), "what is left to the history changed the case")
		w.tookAll(cmd, events, err, played)
		return
	}
	require.Equal(w.t, err, playErr)
	if err != nil {
		var e *rehab.Error
		require.ErrorAs(w.t, err, &e)
		require.Contains(w.t, []rehab.Code{rehab.Invalid, rehab.Refused, rehab.Conflict, rehab.NotFound, rehab.Known}, e.Code)
		require.NotEmpty(w.t, e.Message)
		require.Empty(w.t, events)
		require.Empty(w.t, owned, "time was up to date")
		require.True(w.t, gocmp.Equal(before, played), "a refused command changed the case")
		return
	}
	require.False(w.t, closed, "a closed case took a command")
	require.Equal(w.t, events, owned, "Play and Decide differ")
	require.NotEmpty(w.t, events, "a command that is taken leaves a trace")
	w.h.Add(cmd, nil)
	w.fold(events)
	require.True(w.t, gocmp.Equal(played, w.c), "Play and Fold differ")
	w.always()
}

// tookAll is take for a command that was decided on the history.
func (w *walk) tookAll(cmd rehab.Command, events []rehab.Event, err error, before *rehab.Case) {
	if err != nil {
		requireError(w.t, err)
		require.Contains(w.t, []rehab.Code{rehab.Invalid, rehab.Refused, rehab.Conflict, rehab.NotFound, rehab.Known}, rehab.CodeOf(err))
		require.Empty(w.t, events)
		return
	}
	require.NotEmpty(w.t, events, "a command that is taken leaves a trace")
	require.True(w.t, slices.ContainsFunc(events, func(e rehab.Event) bool { return e.Command == cmd.ID }))
	w.h.Add(cmd, nil)
	w.fold(events)
	w.always()
}

func (w *walk) fold(events []rehab.Event) {
	closed := w.c.IsClosed()
	for _, e := range events {
		require.Equal(w.t, w.c.Seq+1, e.Seq, "sequence numbers have a gap")
		require.False(w.t, e.OccurredAt.After(e.RecordedAt), "%s happened after it was written down", e.Data.EventType())
		w.c.Apply(e)
	}
	if closed && len(all[rehab.LifeRevised](events)) == 0 {
		for _, e := range events {
			require.NotEmpty(w.t, e.Command, "a closed case moved by itself")
		}
	}
	w.ledger = append(w.ledger, events...)
	w.env = follow(w.env, w.c)
}

// always holds at any moment.
func (w *walk) always() {
	c := w.c
	if wake := c.Wake(); !wake.IsZero() {
		require.True(w.t, wake.After(w.env.Now), "Wake lies in the past")
	}
	w.owned()
	if c.IsLive() {
		task := slices.ContainsFunc(c.Obligations, func(o rehab.Obligation) bool { return o.Status == rehab.Missed })
		require.True(w.t, !c.Wake().IsZero() || task || len(c.Escalations) > 0, "nobody and nothing moves the case: %s %v", c.Phase, c.Obligations)
	}
	n := c.Counters
	for _, v := range []int{n.TestBreaches, n.Leavings, n.AbsenceDays, n.DeemedRefusals, n.Relapses, n.Tests, n.TestsUnscheduled, n.Attempts, n.Contacts, n.Declined, n.MissedContacts} {
		require.GreaterOrEqual(w.t, v, 0, "a counter is negative")
	}
	require.Equal(w.t, n.TestBreaches >= 3, slices.Contains(n.Violations, rehab.TestEvasion), "DRR art.20")
	require.Equal(w.t, n.Leavings >= 3, slices.Contains(n.Violations, rehab.UnauthorisedLeaving), "DRR art.20")
	require.Equal(w.t, n.AbsenceDays > 30, slices.Contains(n.Violations, rehab.Absence), "DRR art.20")
	ids := map[rehab.ObligationID]bool{}
	for _, o := range c.Obligations {
		require.False(w.t, ids[o.ID], "%s is twice in the case", o.ID)
		ids[o.ID] = true
		require.False(w.t, c.Phase == rehab.AwaitingReportIn && o.ID.N > 0 && o.ID.Kind == rehab.TestDuty, "a window before the term")
	}
	w.reachesOut()
	kinds := map[rehab.Kind]bool{}
	for _, e := range c.Escalations {
		require.False(w.t, kinds[e.Obligation.Kind], "two climbs over %s", e.Obligation.Kind)
		kinds[e.Obligation.Kind] = true
		require.True(w.t, slices.ContainsFunc(c.Obligations, func(o rehab.Obligation) bool {
			return o.ID.Kind == e.Obligation.Kind && o.Status != rehab.Open
		}), "a climb over %s with nothing missed", e.Obligation.Kind)
	}
}

// refold requires that the ledger gives the same case, also after a trip through JSON.
func (w *walk) refold() {
	want, err := json.Marshal(w.c)
	require.NoError(w.t, err)
	raw, err := json.Marshal(w.ledger)
	require.NoError(w.t, err)
	var read []rehab.Event
	require.NoError(w.t, json.Unmarshal(raw, &read))
	for name, events := range map[string][]rehab.Event{"as it was": w.ledger, "read back": read} {
		c := &rehab.Case{ID: w.c.ID}
		c.Fold(events)
		require.Empty(w.t, gocmp.Diff(w.c, c), name)
		got, err := json.Marshal(c)
		require.NoError(w.t, err)
		require.Equal(w.t, string(want), string(got), name)
	}
	var c rehab.Case
	require.NoError(w.t, json.Unmarshal(want, &c))
	require.Empty(w.t, gocmp.Diff(w.c, &c, cmpopts.EquateEmpty()), "the case read back")
}

// TestPropertyTheClockMayBeReadOftenOrRarely plays the same life twice: once the clock is
// read with each command alone, once at every instant at which there is something to see.
func TestPropertyTheClockMayBeReadOftenOrRarely(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnv(t, base)
		order := drawOrder(t, env)
		steps := []step{{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return order }}}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			steps = append(steps, drawStep(t))
		}
		steps = append(steps, step{wait: 50 * 24 * time.Hour, actor: worker, body: drawBody(t)})
		rarely, often := newBook(env), newBook(env)
		for i, s := range steps {
			now := rarely.env.Now.Add(s.wait)
			often.until(now)
			rarely.env.Now = now
			rarely.time()
			if _, ack := s.body(rarely.c, rarely.env.Today()).(rehab.AcknowledgeEscalation); ack {
				continue // the ladders may stand differently
			}
			err, err2 := rarely.give(s.command(i, rarely.c, now)), often.give(s.command(i, often.c, now))
			require.Equal(t, err == nil, err2 == nil, "%v / %v", err, err2)
			require.Empty(t, gocmp.Diff(duties(rarely.c), duties(often.c), cmpopts.EquateEmpty()))
			require.Empty(t, gocmp.Diff(rarely.c.Counters, often.c.Counters))
			require.Equal(t, rarely.c.Phase, often.c.Phase)
			require.Empty(t, gocmp.Diff(rarely.c.Series, often.c.Series))
			require.Empty(t, gocmp.Diff(climbing(rarely.c), climbing(often.c)))
		}
	})
}

// duties of the case, without the sequence numbers of tests.
func duties(c *rehab.Case) []rehab.Obligation {
	out := slices.Clone(c.Obligations)
	for i := range out {
		out[i].About = 0
	}
	return out
}

// climbing are the kinds over which an escalation is open.
func climbing(c *rehab.Case) []rehab.Kind {
	var out []rehab.Kind
	for _, e := range c.Escalations {
		out = append(out, e.Obligation.Kind)
	}
	slices.Sort(out)
	return out
}

// TestPropertyContactsMayArriveInAnyOrder tells of the same contacts on their day and
// again late and shuffled: the windows end up the same.
func TestPropertyContactsMayArriveInAnyOrder(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		type contact struct {
			on, told rehab.Date
			channel  rehab.Channel
		}
		var list []contact
		start := day("2026-03-10")
		for range rapid.IntRange(0, 12).Draw(t, "contacts") {
			on := start.AddDays(rapid.IntRange(0, 75).Draw(t, "day"))
			list = append(list, contact{
				on, on.AddDays(rapid.IntRange(0, 80-int(on-start)).Draw(t, "told days later")),
				rapid.SampledFrom([]rehab.Channel{rehab.Phone, rehab.HomeVisit}).Draw(t, "channel"),
			})
		}
		play := func(told func(contact) rehab.Date) *rehab.Case {
			b := newBook(base.env)
			give := func(on, at rehab.Date, body rehab.CommandBody) {
				b.env.Now = at.Start().Add(23 * time.Hour)
				require.NoError(t, b.give(rehab.Command{
					ID: fmt.Sprint("c", len(b.h.Commands)), Actor: worker, OccurredAt: on.Start().Add(9 * time.Hour), Body: body,
				}))
			}
			order := base.order()
			order.Risk = rehab.High
			give(start, start, order)
			give(start, start, rehab.ReportIn{})
			give(start, start, rehab.SignAgreement{})
			sorted := slices.Clone(list)
			slices.SortStableFunc(sorted, func(a, b contact) int { return cmp.Compare(told(a), told(b)) })
			for _, x := range sorted {
				give(x.on, told(x), met(x.channel))
			}
			b.env.Now = start.AddDays(81).Start()
			b.time()
			return b.c
		}
		atOnce := play(func(x contact) rehab.Date { return x.on })
		late := play(func(x contact) rehab.Date { return x.told })
		require.Empty(t, gocmp.Diff(measured(atOnce), measured(late)))
		require.Empty(t, gocmp.Diff(atOnce.Counters, late.Counters))
		require.Empty(t, gocmp.Diff(atOnce.Series, late.Series))
		over := func(k rehab.Kind) bool {
			return k == rehab.OutreachDuty || k == rehab.SupervisionDuty || k == rehab.WatchContactDuty
		}
		require.Equal(t, slices.DeleteFunc(climbing(atOnce), over), slices.DeleteFunc(climbing(late), over))
	})
}

// measured are the obligations of the measure. What is done to win a client back follows
// from what was known at the time.
func measured(c *rehab.Case) []rehab.Obligation {
	return slices.DeleteFunc(slices.Clone(c.Obligations), func(o rehab.Obligation) bool {
		return !slices.Contains([]rehab.Kind{rehab.TestDuty, rehab.ContactDuty, rehab.HomeVisitDuty, rehab.AssessmentDuty}, o.ID.Kind)
	})
}
