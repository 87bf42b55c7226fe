package rehab_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// whole compares two states of one case but for the bookkeeping of revisions.
var whole = cmpopts.IgnoreFields(rehab.Case{}, "Seq", "Revised", "Unsettled")

// tally counts the commands that were taken, by their type.
type tally struct {
	sync.Mutex
	n map[string]int
}

func (x *tally) add(typ string) {
	x.Lock()
	defer x.Unlock()
	x.n[typ]++
}

// TestPropertyLiveIsKnownNow gives every command to random lives, on time and late, and
// puts records right meanwhile. After every telling the live state is what is known now,
// and the ledger says the same in every way in which it can be read.
func TestPropertyLiveIsKnownNow(t *testing.T) {
	t.Parallel()
	base, seen := setup(t), &tally{n: map[string]int{}}
	t.Run("lives", func(t *testing.T) {
		lives(t, func(t *rapid.T) {
			w := &known{t: t, book: newBook(drawEnv(t, base)), seen: seen}
			for range 5 {
				if w.c.Phase == "" {
					w.tell(step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return drawOrder(t, w.env) }})
				}
			}
			for _, s := range drawBeginning(t, w.book) {
				w.until(w.env.Now.Add(s.wait))
				w.tell(s)
			}
			for range 1 + pick(t, 50, "steps") {
				s := drawActStep(t)
				if pick(t, 8, "amends") == 0 {
					s.body = w.drawAmendment(t)
				}
				w.until(w.env.Now.Add(s.wait))
				w.undo(s)
				w.tell(s)
			}
			w.sameAsKnown()
			w.reads()
			w.calendar()
			w.voids()
		})
	})
	if t.Failed() || seen.n["open-case"] < 800 {
		return // a few lives may happen to lack the rarest command
	}
	for _, typ := range rehab.CommandTypes() {
		require.Positive(t, seen.n[typ], "%s was never taken in these lives: %v", typ, seen.n)
	}
}

// known is a life under observation.
type known struct {
	*book
	t    *rapid.T
	n    int
	seen *tally
}

func (w *known) tell(s step) {
	w.n++
	cmd := s.command(w.n, w.c, w.env.Now)
	if err := w.give(cmd); err != nil {
		requireError(w.t, err)
		require.NotEqual(w.t, rehab.Internal, rehab.CodeOf(err), "%v", err)
		return
	}
	w.seen.add(cmd.Body.CommandType())
	w.sameAsKnown()
}

// sameWhole is quick where the cases are the same to the last slice.
func sameWhole(a, b *rehab.Case) bool {
	x, y := *a, *b
	x.Seq, x.Revised, x.Unsettled = y.Seq, y.Revised, y.Unsettled
	return reflect.DeepEqual(&x, &y)
}

// sameAsKnown is property (b).
func (w *known) sameAsKnown() {
	c, added, lost, err := w.h.Again(w.rules, w.env.Now)
	require.NoError(w.t, err)
	if w.n%4 == 0 {
		now, err := w.h.Hindsight(w.env.Now.Add(time.Millisecond), w.rules)
		require.NoError(w.t, err)
		c = now.Case
	}
	if !sameWhole(w.c, c) {
		w.dump(w.t.Logf)
		require.Empty(w.t, gocmp.Diff(w.c, c, whole, cmpopts.EquateEmpty()), "live / known now")
	}
	if len(added) > 0 || lost > 0 {
		w.dump(w.t.Logf)
	}
	require.Empty(w.t, added, "living again with nothing new adds something")
	require.Zero(w.t, lost, "living again with nothing new takes something back")
}

// reads folds the ledger in each way.
func (w *known) reads() {
	raw, err := json.Marshal(w.h.Events)
	require.NoError(w.t, err)
	var read []rehab.Event
	require.NoError(w.t, json.Unmarshal(raw, &read))
	for name, events := range map[string][]rehab.Event{"as it was": w.h.Events, "read back": read, "what holds": rehab.Life(w.h.Events), "what holds, read back": rehab.Life(read)} {
		c := &rehab.Case{ID: w.c.ID}
		c.Fold(events)
		if !sameWhole(w.c, c) {
			require.Empty(w.t, gocmp.Diff(w.c, c, whole, cmpopts.EquateEmpty()), name)
		}
	}
	want, err := json.Marshal(w.c)
	require.NoError(w.t, err)
	c := &rehab.Case{ID: w.c.ID}
	c.Fold(read)
	got, err := json.Marshal(c)
	require.NoError(w.t, err)
	require.Equal(w.t, string(want), string(got), "the case as the world sees it")
	h := rehab.History{CaseID: w.c.ID, Events: read, Commands: w.h.Commands}
	again, err := h.Hindsight(w.env.Now.Add(time.Millisecond), w.rules)
	require.NoError(w.t, err)
	if !sameWhole(w.c, again.Case) {
		require.Empty(w.t, gocmp.Diff(w.c, again.Case, whole, cmpopts.EquateEmpty()), "known now of the ledger read back")
	}
	w.covered()
}

// ofNoLife reports whether the event belongs to the ledger alone: a revision, a form.
func ofNoLife(d rehab.EventData) bool {
	switch d.(type) {
	case rehab.LifeRevised, rehab.FormRecorded:
		return true
	}
	return false
}

// covered requires that every event holds or was taken back, and that each revision says so.
func (w *known) covered() {
	all, gone := map[int64]bool{}, rehab.TakenBack(w.h.Events)
	aside := 0
	for i, e := range w.h.Events {
		require.Equal(w.t, int64(i+1), e.Seq)
		if ofNoLife(e.Data) {
			aside++
		}
		all[e.Seq] = true
	}
	require.Len(w.t, rehab.Life(w.h.Events), len(w.h.Events)-aside-len(gone))
	held := map[int64]bool{}
	for i := range w.h.Events {
		d, ok := w.h.Events[i].Data.(rehab.LifeRevised)
		if !ok {
			if !ofNoLife(w.h.Events[i].Data) {
				held[w.h.Events[i].Seq] = true
			}
			continue
		}
		now := map[int64]bool{}
		for _, run := range d.Life {
			for seq := run[0]; seq <= run[1]; seq++ {
				require.True(w.t, all[seq] && !now[seq], "%d is not in the ledger, or twice in the life", seq)
				now[seq] = true
			}
		}
		for _, x := range d.Taken {
			require.True(w.t, held[x.Seq] && !now[x.Seq], "%d is said to be taken back", x.Seq)
			delete(held, x.Seq)
		}
		for seq := range held {
			require.True(w.t, now[seq], "%d held, and nobody took it back", seq)
		}
		held = now
		for seq := d.Last; seq > w.h.Events[i].Seq; seq-- {
			delete(held, seq) // they follow
		}
	}
}

// undo is property (c): what is told and withdrawn leaves the case as it was.
func (w *known) undo(s step) {
	if pick(w.t, 4, "tells and withdraws") > 0 {
		return
	}
	b := w.clone()
	cmd := s.command(10_000, b.c, b.env.Now)
	n := len(b.h.Events)
	if b.give(cmd) != nil {
		return
	}
	switch cmd.Body.(type) {
	case rehab.Seal, rehab.OpenCase: // nothing takes these back
		return
	case rehab.SendPoliceReport, rehab.SendCorrection: // what was sent cannot be unsent
		return
	}
	record := int64(0)
	for _, e := range b.h.Events[n:] {
		if _, ok := e.Data.(rehab.LifeRevised); !ok && e.Command == cmd.ID {
			record = e.Seq
		}
	}
	require.Positive(w.t, record)
	before := w.c.Clone()
	require.NoError(w.t, b.withdraw(record, 1))
	diff := gocmp.Diff(unamended(before), unamended(b.c), cmpopts.EquateEmpty())
	if diff != "" {
		b.dump(w.t.Logf)
	}
	require.Empty(w.t, diff, "%s told and withdrawn", cmd.Body.CommandType())
}

// ofAmendments are the duties that come with an amendment: a second person's word, and what
// is due to the police, whose ground may have fallen and come back meanwhile.
func ofAmendments(k rehab.Kind) bool {
	return k == rehab.AmendmentDuty || k == rehab.CorrectionDuty
}

// unamended is the case without the traces of an amendment of the record itself.
func unamended(c *rehab.Case) *rehab.Case {
	c = c.Clone()
	c.Seq, c.Revised, c.Unsettled, c.LivedTo, c.Amendments = 0, 0, 0, time.Time{}, nil
	c.Obligations = slices.DeleteFunc(c.Obligations, func(o rehab.Obligation) bool { return ofAmendments(o.ID.Kind) })
	c.Numbers = slices.DeleteFunc(c.Numbers, func(n rehab.Numbered) bool { return ofAmendments(n.Kind) })
	c.Escalations = slices.DeleteFunc(c.Escalations, func(e rehab.Escalation) bool { return ofAmendments(e.Obligation.Kind) })
	return c
}

// withdraw takes a record back, by two people where it takes two.
func (b *book) withdraw(record int64, n int) error {
	return b.amend(rehab.WithdrawRecord{Record: record}, n)
}

func (b *book) amend(body rehab.CommandBody, n int) error {
	id := fmt.Sprintf("amend-%d", n)
	if err := b.give(rehab.Command{ID: id, Actor: station, OccurredAt: b.env.Now, Body: body}); err != nil {
		return err
	}
	for _, e := range b.h.Events {
		if d, ok := e.Data.(rehab.AmendmentProposed); ok && e.Command == id {
			i := slices.IndexFunc(b.c.Amendments, func(a rehab.Amendment) bool { return a.ID == e.Seq })
			if i < 0 {
				return fmt.Errorf("the %s is not proposed", d.Amendment.Kind)
			}
			return b.give(rehab.Command{ID: id + "-confirmed", Actor: receiver, OccurredAt: b.env.Now, Body: rehab.ConfirmAmendment{Amendment: e.Seq}})
		}
	}
	return nil
}

// calendar gives the case another calendar, under which every day is off on which something
// is due. What was decided under the first one is not looked at again here: the rules have
// one calendar alone.
func (w *known) calendar() {
	b := w.clone()
	days := map[int][]rehab.Date{}
	for _, o := range b.c.Obligations {
		days[o.Due.Year()] = append(days[o.Due.Year()], o.Due)
	}
	r := *b.rules
	for year, off := range days {
		r.calendar = r.calendar.With(rehab.YearDays{Year: year, Off: off})
	}
	b.rules, b.env.Calendar = &r, r.calendar
	if b.give(rehab.Command{ID: "calendar", Actor: city, OccurredAt: b.env.Now, Body: rehab.ApplyCalendar{}}) == nil {
		w.seen.add("apply-calendar")
	}
}

// voids is property (d): from wherever it stands, a case that is void is none.
func (w *known) voids() {
	if w.c.Phase == "" || w.c.Phase == rehab.Sealed || w.c.Phase == rehab.Void {
		return
	}
	w.n++
	w.tell(step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return rehab.VoidCase{} }})
	if len(w.c.Reported) > 0 {
		return // the police have a report of it: that is corrected first
	}
	i := slices.IndexFunc(w.c.Amendments, func(a rehab.Amendment) bool { return a.Kind == rehab.Voiding })
	require.GreaterOrEqual(w.t, i, 0)
	by := station
	if w.c.Amendments[i].By == station.ID {
		by = receiver
	}
	w.tell(step{actor: by, body: func(*rehab.Case, rehab.Date) rehab.CommandBody {
		return rehab.ConfirmAmendment{Amendment: w.c.Amendments[i].ID}
	}})
	require.Equal(w.t, rehab.Void, w.c.Phase)
	require.False(w.t, w.c.IsOpen() || w.c.IsLive())
	require.True(w.t, w.c.IsClosed())
	require.True(w.t, w.c.Wake().IsZero())
	s := w.c.Summary()
	require.Zero(w.t, s.Overdue+s.Escalations+s.Crises, "a row of a board counts something")
	require.Empty(w.t, s.NextKind)
	require.Empty(w.t, s.Engagement)
	w.reads()
}

// drawAmendment gives what puts the record right.
func (w *known) drawAmendment(t *rapid.T) body {
	kind, which := pick(t, 10, "amendment"), pick(t, 400, "record")
	hours, wrong := pick(t, 800, "hours off")-400, drawBody(t)
	return func(c *rehab.Case, today rehab.Date) rehab.CommandBody {
		var own []rehab.Event
		for _, e := range w.h.Events {
			if _, ok := e.Data.(rehab.LifeRevised); !ok && e.Command != "" {
				own = append(own, e)
			}
		}
		if len(own) == 0 {
			return rehab.WithdrawRecord{Record: 1}
		}
		e := own[which%len(own)]
		switch {
		case kind == 0 && len(c.Amendments) > 0:
			return rehab.DeclineAmendment{Amendment: c.Amendments[which%len(c.Amendments)].ID}
		case kind < 4 && len(c.Amendments) > 0:
			return rehab.ConfirmAmendment{Amendment: c.Amendments[which%len(c.Amendments)].ID}
		case kind == 1 && which%8 == 0:
			return rehab.VoidCase{}
		case kind < 6:
			return rehab.WithdrawRecord{Record: e.Seq}
		}
		b := rehab.CorrectRecord{Record: e.Seq}
		if hours%2 == 0 {
			b.HappenedAt = e.OccurredAt.Add(time.Duration(hours) * time.Hour)
		}
		if other := wrong(c, today); other.CommandType() == w.h.Commands[e.Command].CommandType() || b.HappenedAt.IsZero() {
			b.Fields, _ = json.Marshal(other)
		}
		return b
	}
}
