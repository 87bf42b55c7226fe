package rehab

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// History is all that the ledger has of a case: the events, and what was asked by each
// command, by its id.
type History struct {
	CaseID   string
	Events   []Event
	Commands map[string]CommandBody
}

// Known is the case as the system knew it just before the instant: the fold of what was
// recorded by then. The zero Case (with its id) where nothing was.
func (h *History) Known(before time.Time) *Case {
	c := &Case{ID: h.CaseID}
	for i := range h.Events {
		if !h.Events[i].RecordedAt.Before(before) {
			break
		}
		c.apply(&h.Events[i])
	}
	return c
}

// Hindsight is the case just before an instant as it is now known to have been: every
// fact of the ledger that happened by then, whenever it was recorded, lived through
// again in the order in which the facts happened, under the rules of the case.
type Hindsight struct {
	Case *Case
	Late []Fact // what had happened by then and was recorded later
	Moot []Fact // what was decided by then and had no ground: a miss confirmed that was none
}

// Fact is a command of the ledger with its two times. Seq is that of its first event.
type Fact struct {
	Seq        int64     `json:"seq"`
	Command    string    `json:"command"`
	Type       string    `json:"type"`
	By         Actor     `json:"by"`
	OccurredAt time.Time `json:"occurred_at"`
	RecordedAt time.Time `json:"recorded_at"`
}

// Hindsight of the case just before the instant. It tells what would have been known had
// everything been written down when it happened; what people were told meanwhile is the
// matter of Known. Errors are *Error: Refused where a command was not kept, Internal
// where a policy is not loaded.
func (h *History) Hindsight(before time.Time, rules Rules) (Hindsight, error) {
	facts, err := h.facts(before)
	if err != nil {
		return Hindsight{}, err
	}
	r := replay{c: &Case{ID: h.CaseID}, rules: rules, seqs: make(map[origin]int64)}
	var out Hindsight
	var waiting []fact // what was refused today: its ground may be laid later on the same day
	for _, f := range facts {
		if !f.RecordedAt.Before(before) {
			out.Late = append(out.Late, f.Fact)
		}
		if len(waiting) > 0 && DateOf(waiting[0].OccurredAt) != DateOf(f.OccurredAt) {
			out.Moot = append(out.Moot, named(waiting)...)
			waiting = nil
		}
		waiting, err = r.take(append(waiting, f))
		if err != nil {
			return Hindsight{}, err
		}
	}
	out.Moot = append(out.Moot, named(waiting)...)
	err = r.pass(before.Add(-time.Millisecond))
	out.Case = r.c
	return out, err
}

func named(facts []fact) []Fact {
	var out []Fact
	for _, f := range facts {
		out = append(out, f.Fact)
	}
	return out
}

// fact is a Fact with what it takes to play it again.
type fact struct {
	Fact
	body CommandBody
	refs []ref
}

// facts lists the commands that acted and happened before the instant, in the order in
// which they happened. The opening comes first, moved to the first fact where one
// happened before it; a case carried over begins here when it was opened here.
func (h *History) facts(before time.Time) ([]fact, error) {
	var out []fact
	seen := make(map[string]bool)
	c := &Case{ID: h.CaseID}
	for i := range h.Events {
		e := &h.Events[i]
		_, refused := e.Data.(CommandRefused)
		if e.Command != "" && !refused && !seen[e.Command] {
			seen[e.Command] = true
			body := h.Commands[e.Command]
			if body == nil {
				return nil, refuse("known", "", "event %d comes from a command that this ledger did not keep: what is known now cannot be told", e.Seq)
			}
			out = append(out, fact{
				Fact{e.Seq, e.Command, body.CommandType(), e.Actor, e.OccurredAt, e.RecordedAt}, body, h.refsOf(c, body),
			})
		}
		c.apply(e)
	}
	if len(out) > 0 {
		opening := &out[0]
		for i := range out[1:] {
			b, _ := opening.body.(OpenCase)
			if at := out[i+1].OccurredAt; b.Carried == nil && at.Before(opening.OccurredAt) {
				opening.OccurredAt = at
			}
		}
		slices.SortStableFunc(out[1:], func(a, b fact) int {
			return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.Seq, b.Seq))
		})
	}
	return slices.DeleteFunc(out, func(f fact) bool { return !f.OccurredAt.Before(before) }), nil
}

// replay is the second life of a case.
type replay struct {
	c     *Case
	rules Rules
	now   time.Time
	seqs  map[origin]int64 // of the events of this life
}

// take plays facts until none of them is taken any more, and gives back those that are
// refused.
func (r *replay) take(facts []fact) ([]fact, error) {
	for i := len(facts) - 1; i >= 0; {
		taken, err := r.play(facts[i])
		if err != nil {
			return nil, err
		}
		if !taken {
			i--
			continue
		}
		facts = slices.Delete(facts, i, i+1)
		i = len(facts) - 1
	}
	return facts, nil
}

// play gives one fact to the case at the instant at which it happened, or now where that
// is past. False: the core refused it.
func (r *replay) play(f fact) (bool, error) {
	if err := r.pass(f.OccurredAt); err != nil {
		return false, err
	}
	if f.OccurredAt.After(r.now) {
		r.now = f.OccurredAt
	}
	env, err := r.env(f.body, r.now)
	if err != nil {
		return false, err
	}
	cmd := Command{ID: f.Command, Actor: f.By, OccurredAt: f.OccurredAt, Body: r.translate(f)}
	events, err := r.c.Play(cmd, env)
	for i := range events {
		o := origin{events[i].Command, events[i].Data.EventType()}
		if _, known := r.seqs[o]; !known {
			r.seqs[o] = events[i].Seq
		}
	}
	var refusal *Error
	if err != nil && !errors.As(err, &refusal) {
		return false, err
	}
	return err == nil, nil
}

// pass lets time act up to the instant; the clock is read whenever it brings something.
func (r *replay) pass(until time.Time) error {
	for wake := r.c.Wake(); !wake.IsZero() && !wake.After(until); wake = r.c.Wake() {
		env, err := r.env(nil, wake)
		if err != nil {
			return err
		}
		r.c.PlayTime(env)
		r.now = wake
	}
	return nil
}

func (r *replay) env(body CommandBody, now time.Time) (Env, error) {
	env := NewEnv(r.rules, r.c, body, now)
	if env.Policy == nil {
		return env, &Error{Code: Internal, Message: "this release does not have the policy of the case"}
	}
	return env, nil
}
