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
	Why        string    `json:"why,omitempty"` // of a fact that is moot: the rule that refuses it now
}

// Hindsight of the case just before the instant. It tells what would have been known had
// everything been written down when it happened; what people were told meanwhile is the
// matter of Known. Errors are *Error: Refused where a command was not kept, Internal
// where a policy is not loaded.
func (h *History) Hindsight(before time.Time, rules Rules) (Hindsight, error) {
	put := h.amendments()
	facts, err := h.facts(put)
	if err != nil {
		return Hindsight{}, err
	}
	facts = slices.DeleteFunc(facts, func(f fact) bool { return !f.played.Before(before) })
	r := newRelive(h, rules, before, int64(len(h.Events))+1)
	r.amended = put
	moot, err := r.run(facts, before.Add(-time.Millisecond))
	out := Hindsight{Case: r.c, Moot: moot}
	for _, f := range facts {
		if !f.RecordedAt.Before(before) {
			out.Late = append(out.Late, f.Fact)
		}
	}
	return out, err
}

// fact is a Fact with what it takes to play it again.
type fact struct {
	Fact
	body   CommandBody
	refs   []ref
	ends   []int64   // of a release: the custodies that lasted when it was told
	played time.Time // when its turn comes: the order comes before all that was told after it
	fresh  bool      // it is being told now
	known  time.Time // when it was corrected; zero: it was not
}

// facts lists the commands that acted and that nobody withdrew, as corrected, in the order
// in which they happened. The opening comes first; a case carried over begins here when
// it was opened here.
func (h *History) facts(put amended) ([]fact, error) {
	var out []fact
	seen := make(map[string]bool)
	c := &Case{ID: h.CaseID}
	var before *Case // what was told late was told of the case as it stood before
	told := 0        // upon that many events
	for i := range h.Events {
		e := &h.Events[i]
		stood, events := c, i
		if _, revised := e.Data.(LifeRevised); revised {
			before, told = c.Clone(), i
		} else if e.Seq <= c.Revised && before != nil {
			stood, events = before, told
		}
		if e.Command != "" && !isAside(e.Data) && !seen[e.Command] {
			seen[e.Command] = true
			if !put.off[e.Command] {
				f, err := h.fact(stood, events, e, put)
				if err != nil {
					return nil, err
				}
				out = append(out, f)
			}
		}
		c.apply(e)
	}
	sortFacts(out)
	return out, nil
}

func (h *History) fact(c *Case, events int, e *Event, put amended) (fact, error) {
	body, at := h.Commands[e.Command], e.OccurredAt
	if body == nil {
		return fact{}, refuse("known", "", "event %d comes from a command that this ledger did not keep: what is known now cannot be told", e.Seq)
	}
	told := e.RecordedAt
	right, corrected := put.right[e.Command]
	if corrected {
		body, at = right.body, right.at
		if at.After(told) {
			told = at // nobody knew of it before
		}
	}
	return fact{Fact: Fact{Seq: e.Seq, Command: e.Command, Type: body.CommandType(), By: e.Actor, OccurredAt: at, RecordedAt: told}, body: body, refs: h.refsOf(c, events, body), ends: c.endedBy(body), known: right.known}, nil
}

// sortFacts puts the facts into the order in which they happened, the opening before all.
func sortFacts(list []fact) {
	if len(list) == 0 {
		return
	}
	for i := range list {
		list[i].played = happened(list[i].body, list[i].OccurredAt, list[i].RecordedAt)
	}
	opening := &list[0]
	for i := range list[1:] {
		b, _ := opening.body.(OpenCase)
		if at := list[i+1].played; b.Carried == nil && at.Before(opening.played) {
			opening.played = at
		}
	}
	slices.SortStableFunc(list[1:], func(a, b fact) int {
		return cmp.Or(a.played.Compare(b.played), cmp.Compare(a.Seq, b.Seq))
	})
}

// run lives the facts, and lets time act up to the instant. What is refused waits for the
// end of its day: its ground may be laid later on that day.
func (r *relive) run(facts []fact, until time.Time) (moot []Fact, err error) {
	var waiting []fact
	for _, f := range facts {
		if len(waiting) > 0 && DateOf(waiting[0].played) != DateOf(f.played) {
			moot = append(moot, r.giveUp(waiting)...)
			waiting = nil
		}
		if waiting, err = r.take(append(waiting, f)); err != nil {
			return nil, err
		}
	}
	moot = append(moot, r.giveUp(waiting)...)
	for _, f := range moot {
		r.c.Unsettled = max(r.c.Unsettled, DateOf(f.OccurredAt))
	}
	return moot, r.pass(until)
}

// take plays facts until none of them is taken any more, and gives back those that are
// refused.
func (r *relive) take(facts []fact) ([]fact, error) {
	for i := len(facts) - 1; i >= 0; {
		refusal, err := r.play(facts[i])
		if err != nil {
			return nil, err
		}
		if _, opening := facts[i].body.(OpenCase); opening && refusal != nil {
			return nil, refusal // all else rests on it
		}
		if refusal != nil {
			facts[i].Why = refusal.Error()
			if facts[i].fresh {
				r.refusal = refusal
			}
			i--
			continue
		}
		if facts[i].fresh {
			r.refusal = nil
		}
		facts = slices.Delete(facts, i, i+1)
		i = len(facts) - 1
	}
	return facts, nil
}

// giveUp ends the wait of facts that have no ground. What cannot be undone stays a fact.
func (r *relive) giveUp(waiting []fact) []Fact {
	var out []Fact
	for _, f := range waiting {
		if b, ok := f.body.(irrevocable); ok && !f.fresh {
			env, err := r.env(f.body, f.RecordedAt)
			if err == nil {
				d := decision{c: r.c, env: env, again: r, actor: f.By, command: f.Command, occurred: instant(f.OccurredAt)}
				b.groundless(&d, DateOf(f.OccurredAt), f.refs)
			}
		}
		out = append(out, f.Fact)
	}
	return out
}

func asRefusal(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: Internal, Message: err.Error()}
}
