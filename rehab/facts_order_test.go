package rehab_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// TestPropertyTheStateFollowsFromTheFacts lives a life told on time and right, and tells
// its facts once more: late and in any order, wrong and then corrected, with records of
// what never was that are withdrawn. Both end the same in all that the law says.
func TestPropertyTheStateFollowsFromTheFacts(t *testing.T) {
	t.Parallel()
	base := setup(t)
	lives(t, func(t *rapid.T) {
		env := drawEnv(t, base)
		right := newBook(env)
		facts := liveOnTime(t, right)
		end := right.env.Now.Add(time.Duration(1+pick(t, 400, "until")) * 24 * time.Hour)
		retold := &teller{book: newBook(env), t: t, of: right}
		retold.all(facts, end)
		right.until(end)
		retold.until(end)
		was, is := right.lawOf(right.c), retold.lawOf(retold.c)
		if right.fellByClimb() || retold.fellByClimb() {
			was.withoutVolunteer()
			is.withoutVolunteer()
		}
		if gocmp.Diff(was, is, cmpopts.EquateEmpty()) != "" {
			t.Logf("on time")
			right.dump(t.Logf)
			t.Logf("as it came")
			retold.dump(t.Logf)
		}
		require.Empty(t, gocmp.Diff(was, is, cmpopts.EquateEmpty()), "told on time / told as it came")
	})
}

// given is a fact of the life told on time.
type given struct {
	at   time.Time
	cmd  rehab.Command
	refs []named
}

// named is what a field of the body refers to, by what it is.
type named struct {
	field int
	duty  rehab.Obligation // of an obligation
	by    string           // the command that opened it
	event string           // of the sequence of an event: the command that brought it
	climb rehab.Kind       // of an escalation
}

// liveOnTime tells everything when it happens.
func liveOnTime(t *rapid.T, b *book) []given {
	var out []given
	give := func(n int, s step) {
		cmd := s.command(n, b.c, b.env.Now)
		switch cmd.Body.(type) {
		case rehab.Seal: // facts are taken until the record is sealed, and no longer
			return
		case rehab.WithdrawRecord, rehab.CorrectRecord, rehab.VoidCase, rehab.ConfirmAmendment, rehab.DeclineAmendment: // it is told right
			return
		}
		refs := refsOf(b, cmd.Body)
		if b.give(cmd) == nil {
			out = append(out, given{cmd.OccurredAt, cmd, refs})
		}
	}
	for range 5 {
		if b.c.Phase == "" {
			give(0, step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return drawOrder(t, b.env) }})
		}
	}
	n := 0
	for _, s := range drawBeginning(t, b) {
		n++
		b.until(b.env.Now.Add(s.wait))
		give(n, s)
	}
	for range 1 + pick(t, 40, "steps") {
		n++
		s := drawActStep(t)
		s.back = 0
		b.until(b.env.Now.Add(s.wait))
		give(n, s)
	}
	return out
}

// teller tells the facts of a life in another way.
type teller struct {
	*book
	t    *rapid.T
	of   *book
	n    int
	left []given  // refused so far
	mend []func() // what is still to be put right
}

// recordOf is an event that the command brought.
func (b *book) recordOf(command string) (record int64) {
	for _, e := range b.h.Events {
		if _, ok := e.Data.(rehab.LifeRevised); !ok && e.Command == command {
			record = e.Seq
		}
	}
	return record
}

// atOnce are commands that nobody gives late: they act here and now.
func atOnce(b rehab.CommandBody) bool {
	switch b.(type) {
	case rehab.OpenCase, rehab.AcknowledgeEscalation, rehab.MigratePolicy, rehab.ApplyCalendar:
		return true
	}
	return false
}

// all tells the facts, and puts right what was told wrong.
func (w *teller) all(facts []given, end time.Time) {
	type telling struct {
		now time.Time
		do  func()
	}
	var list []telling
	for _, f := range facts {
		now := f.at
		if !atOnce(f.cmd.Body) && pick(w.t, 3, "late") == 0 {
			now = now.Add(time.Duration(pick(w.t, 60*24, "hours late")) * time.Hour)
		}
		wrong := !atOnce(f.cmd.Body) && pick(w.t, 5, "wrong") == 0
		list = append(list, telling{now, func() {
			if wrong && w.wrong(f) {
				return
			}
			w.left = append(w.left, f)
		}})
		if pick(w.t, 8, "what never was") == 0 {
			s := drawActStep(w.t)
			list = append(list, telling{now.Add(time.Minute), func() { w.neverWas(s) }})
		}
		if pick(w.t, 4, "put right") == 0 {
			list = append(list, telling{now.Add(time.Hour), w.putRight})
		}
	}
	slices.SortStableFunc(list, func(a, b telling) int { return cmp.Compare(a.now.UnixMilli(), b.now.UnixMilli()) })
	for _, x := range list {
		if x.now.After(end) {
			x.now = end
		}
		w.until(maxTime(x.now, w.env.Now))
		x.do()
		w.tellLeft()
	}
	w.until(end)
	w.putRight()
	w.tellLeft()
	for _, f := range w.left {
		if !w.knownOnly(f) {
			w.t.Logf("on time")
			w.of.dump(w.t.Logf)
			w.t.Logf("as it came")
			w.dump(w.t.Logf)
		}
		require.True(w.t, w.knownOnly(f), "%s of %s was taken on time, and never as it came: %v", f.cmd.Body.CommandType(), f.at, w.try(f))
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// try tells the fact. A refusal leaves nothing behind.
func (w *teller) try(f given) error {
	return w.give(rehab.Command{ID: f.cmd.ID, Actor: f.cmd.Actor, OccurredAt: f.at, Body: w.body(f)})
}

// tellLeft tells what was refused, since what it rests on may have been told meanwhile.
func (w *teller) tellLeft() {
	for again := true; again; {
		again = false
		for i, f := range w.left {
			if w.try(f) == nil {
				w.left, again = slices.Delete(w.left, i, i+1), true
				break
			}
		}
	}
}

// wrong tells the fact of another hour, or with other fields, and puts it right later.
func (w *teller) wrong(f given) bool {
	cmd := rehab.Command{ID: f.cmd.ID, Actor: f.cmd.Actor, OccurredAt: f.at, Body: w.body(f)}
	if slip := slipOf(cmd.Body); slip != nil && pick(w.t, 2, "fields") == 0 {
		cmd.Body = slip
	} else {
		cmd.OccurredAt = f.at.Add(-time.Duration(1+pick(w.t, 200, "hours before")) * time.Hour)
	}
	if w.give(cmd) != nil {
		return false
	}
	w.mend = append(w.mend, func() { w.correct(f) })
	return true
}

// slipOf is the body with a slip of the pen.
func slipOf(b rehab.CommandBody) rehab.CommandBody {
	switch b := b.(type) {
	case rehab.RecordContact:
		if b.Outcome == rehab.Met {
			return rehab.RecordContact{Channel: b.Channel, Outcome: rehab.NoAnswer}
		}
		return rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
	case rehab.RecordTest:
		if b.Result == rehab.TestRefused {
			b.Result = rehab.TestEvaded
		} else {
			b.Result = rehab.TestRefused
		}
		return b
	case rehab.ChangeRisk:
		return rehab.ChangeRisk{Risk: map[rehab.Risk]rehab.Risk{rehab.High: rehab.Low, rehab.Medium: rehab.High, rehab.Low: rehab.Medium}[b.Risk]}
	case rehab.AssignWorker:
		return rehab.AssignWorker{Worker: "w-9"}
	case rehab.RecordLeaving:
		b.From -= 3
		return b
	case rehab.Suspend:
		return rehab.Suspend{Ground: rehab.Arrest}
	case rehab.RecordLaboratoryResult:
		b.Confirmed = !b.Confirmed
		return b
	}
	return nil
}

// correct puts the record of the fact right.
func (w *teller) correct(f given) {
	record := w.recordOf(f.cmd.ID)
	body := w.h.Commands[f.cmd.ID]
	is, should := fieldsOf(w.t, body), fieldsOf(w.t, w.body(f))
	for name := range is {
		if _, ok := should[name]; !ok {
			should[name] = json.RawMessage("null")
		} else if nowhere(should[name]) { // what it refers to is moot itself until it is put right: it said so rightly
			delete(should, name)
		}
	}
	raw, err := json.Marshal(should)
	require.NoError(w.t, err)
	w.n++
	err = w.amend(rehab.CorrectRecord{Record: record, HappenedAt: f.at, Fields: raw}, w.n)
	var refusal *rehab.Error
	if errors.As(err, &refusal) && refusal.Field == "record" {
		w.t.Skip("two wrong records hold each other: people withdraw one and tell it anew")
	}
	require.NoError(w.t, err)
}

func fieldsOf(t *rapid.T, b rehab.CommandBody) map[string]json.RawMessage {
	raw, err := json.Marshal(b)
	require.NoError(t, err)
	out := map[string]json.RawMessage{}
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}

// neverWas tells what did not happen, and withdraws it later.
func (w *teller) neverWas(s step) {
	w.n++
	cmd := s.command(10_000+w.n, w.c, w.env.Now)
	switch cmd.Body.(type) {
	case rehab.OpenCase, rehab.Seal, rehab.SendPoliceReport, rehab.SendCorrection: // nothing takes these back
		return
	}
	if w.give(cmd) != nil {
		return
	}
	w.mend = append(w.mend, func() {
		w.n++
		require.NoError(w.t, w.withdraw(w.recordOf(cmd.ID), w.n), "%s", cmd.Body.CommandType())
	})
}

func (w *teller) putRight() {
	for _, m := range slices.Backward(w.mend) {
		m()
	}
	w.mend = nil
}
