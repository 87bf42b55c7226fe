package rehab

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"
)

// relive is the life of a case lived once more, from its facts in the order in which they
// happened. What comes out as in the life before keeps its event; the rest is new, and is
// told now. The clock of whoever knew of a fact is the one that held when it was told: a
// limit that an office owes from then on does not move back to the day of the fact.
type relive struct {
	c     *Case
	rules Rules
	now   time.Time // when the case is lived again
	clock time.Time // how far this life has come

	old     []lived                 // the life before, and behind it what earlier revisions took back
	holds   int                     // how many of old are the life before
	taken   []bool                  // of old: it happened again, or something took its place
	names   map[int64]bool          // by which events of this life are referred to
	opened  map[ObligationID]string // the commands that opened the duties of this life
	back    bool                    // something that was taken back happened again
	instead map[int64]int64         // what took the place of an event of the life before, by the ledger's sequences
	by      map[cause][]int
	told    map[moment][]time.Time // when time's steps were looked at

	next int64   // sequence of the next event that is new
	life []lived // this life

	amended amended // what was put right of the facts
	refusal *Error  // of the fact that is being told now
}

// lived is an event of a life: as it is folded, its sequence being what others refer to
// it by, and its sequence in the ledger, which is another one where it took the place of
// an event that came out otherwise before.
type lived struct {
	Event
	at int64
}

// cause is what events of two lives have in common: the command, or the legal instant.
type cause struct {
	command string
	at      int64
	typ     string
}

func causeOf(e *Event) cause {
	if e.Command != "" {
		return cause{command: e.Command, typ: e.Data.EventType()}
	}
	return cause{at: e.OccurredAt.UnixMilli(), typ: e.Data.EventType()}
}

// moment is one step of time.
type moment struct {
	at   int64
	what stepKind
	kind Kind
}

// newRelive begins a life again. first is the sequence of its first new event.
func newRelive(h *History, rules Rules, now time.Time, first int64) *relive {
	life := h.lived()
	old := append(life, h.retired(life)...)
	r := &relive{
		c: &Case{ID: h.CaseID}, rules: rules, now: now, old: old, holds: len(life), taken: make([]bool, len(old)), next: first,
		by: make(map[cause][]int, len(old)), names: make(map[int64]bool, len(old)), opened: make(map[ObligationID]string), told: make(map[moment][]time.Time), instead: make(map[int64]int64), life: make([]lived, 0, len(old)+8),
	}
	over := make(map[int64]Kind)
	for i := range old {
		e := &old[i].Event
		r.by[causeOf(e)] = append(r.by[causeOf(e)], i)
		if d, ok := e.Data.(EscalationOpened); ok {
			over[e.Seq], over[old[i].at] = d.Obligation.Kind, d.Obligation.Kind // by whatever name it had
		}
		if e.Command == "" {
			r.remember(e, over)
		}
	}
	return r
}

// remember notes when a step of time was looked at.
func (r *relive) remember(e *Event, over map[int64]Kind) {
	m := moment{at: e.OccurredAt.UnixMilli(), what: ringAlarm}
	switch d := e.Data.(type) {
	case ObligationMissed:
		m.what, m.kind = missObligation, d.ID.Kind
	case EscalationOpened: // with the miss
		m.what, m.kind = missObligation, d.Obligation.Kind
	case ObligationOpened:
		m.what, m.kind = openWindow, d.Obligation.ID.Kind
	case EscalationClimbed:
		m.what, m.kind = climbEscalation, over[d.ID]
	case TermPassed:
		m.what = passTerm
	}
	r.told[m] = append(r.told[m], e.RecordedAt)
}

// lookedAt is when the step was first looked at: nobody does before this life has come
// there. A step that is new is looked at now.
func (r *relive) lookedAt(s step) time.Time {
	first := r.now
	for _, at := range r.told[r.moment(s)] {
		if at.Before(first) && !at.Before(r.clock) {
			first = at
		}
	}
	return first
}

// place gives the event of this life its sequence: that of the same event of the life
// before, or of one that was taken back and happened again, or a new one. One that came out
// otherwise is still referred to as before.
func (r *relive) place(e *Event) {
	same, instead, former := r.match(e)
	at, name := r.next, r.next
	switch {
	case same >= 0:
		was := &r.old[same]
		r.taken[same] = true
		r.back = r.back || same >= r.holds
		at, name, e.RecordedAt = was.at, was.Seq, was.RecordedAt
	default:
		r.next++
		e.RecordedAt = instant(r.now)
		if former >= 0 {
			name = r.old[former].Seq
		}
	}
	if instead >= 0 {
		r.taken[instead] = true
		r.instead[r.old[instead].at] = at
		name = r.old[instead].Seq
	}
	if r.names[name] {
		name = at
	}
	r.names[name] = true
	e.Seq = name
	if d, ok := e.Data.(ObligationOpened); ok && e.Command != "" {
		r.opened[d.Obligation.ID] = e.Command
	}
	r.life = append(r.life, lived{*e, at})
}

// match finds the same event, or else what it takes the place of: one of the life before,
// or what the command brought in a life before that; -1: there is none.
func (r *relive) match(e *Event) (same, instead, former int) {
	same, instead, former = -1, -1, -1
	for _, i := range r.by[causeOf(e)] {
		was := &r.old[i]
		switch {
		case r.taken[i]:
		case was.OccurredAt.Equal(e.OccurredAt) && sameData(was.Data, e.Data):
			if i < r.holds {
				return i, -1, -1
			}
			if same < 0 {
				same = i
			}
		case !alike(was.Data, e.Data):
		case i < r.holds && instead < 0:
			instead = i
		case i >= r.holds && e.Command != "":
			former = i
		}
	}
	if same >= 0 && instead >= 0 && r.apart(same, instead) {
		instead = -1
	}
	return same, instead, former
}

// apart reports whether the two stood side by side: two duties of one kind whose last day
// is the same, each with a name of its own. Then neither takes the place of the other.
func (r *relive) apart(a, b int) bool {
	x, y := &r.old[a], &r.old[b]
	return x.Command == "" && x.Seq != y.Seq && dutyOf(x.Data) != dutyOf(y.Data)
}

// dutyOf is the duty that an event of time is about; zero: none.
func dutyOf(d EventData) ObligationID {
	switch d := d.(type) {
	case ObligationMissed:
		return d.ID
	case EscalationOpened:
		return d.Obligation
	}
	return ObligationID{}
}

// came is what the command that is decided brought in the life before, of the type; nil
// where nothing did. What was right when it was told stays right: a rule that came later
// makes none of it undone.
func (d *decision) came(typ string) EventData {
	if d.again == nil {
		return nil
	}
	for _, i := range d.again.by[cause{command: d.command, typ: typ}] {
		return d.again.old[i].Data
	}
	return nil
}

func sameData(a, b EventData) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// alike reports whether one event may take the place of another of the same cause: those
// that name a duty have to name one of the same kind, those about a climb the same climb.
func alike(a, b EventData) bool { return subject(a) == subject(b) }

// subjectOf is what an event is about within its cause, where a cause may bring several of the type.
type subjectOf struct {
	kind   Kind
	which  int64 // the climb, the custody, the test, the goal
	member string
}

func subject(d EventData) subjectOf {
	switch d := d.(type) {
	case ObligationOpened:
		return subjectOf{kind: d.Obligation.ID.Kind}
	case ObligationMet:
		return subjectOf{kind: d.ID.Kind}
	case ObligationMissed:
		return subjectOf{kind: d.ID.Kind}
	case ObligationSuperseded:
		return subjectOf{kind: d.ID.Kind}
	case EscalationOpened:
		return subjectOf{kind: d.Obligation.Kind}
	case EscalationClimbed:
		return subjectOf{which: d.ID}
	case EscalationMoved:
		return subjectOf{which: d.ID}
	case EscalationClosed:
		return subjectOf{which: d.ID}
	case CustodyEnded:
		return subjectOf{which: d.Custody}
	case SampleRetentionExtended:
		return subjectOf{which: d.Test}
	case GoalDropped:
		return subjectOf{which: int64(d.Goal)}
	case GroupJoined:
		return subjectOf{member: string(d.Role) + "/" + d.ID}
	case GroupLeft:
		return subjectOf{member: string(d.Role) + "/" + d.ID}
	}
	return subjectOf{}
}

// play gives one fact to the case, the instant at which it happened being reached first.
// The error is the core's refusal, a *Error, or that there is no policy.
func (r *relive) play(f fact) (refusal *Error, err error) {
	if err := r.pass(f.played); err != nil {
		return nil, err
	}
	if f.played.After(r.clock) {
		r.clock = f.played
	}
	env, err := r.env(f.body, f.RecordedAt)
	if err != nil {
		return nil, err
	}
	cmd := Command{ID: f.Command, Actor: f.By, OccurredAt: f.OccurredAt, Body: r.translate(f)}
	d := decision{c: r.c, env: env, again: r, correctedAt: f.known, ends: f.ends}
	if err := d.tell(cmd, happened(f.body, f.OccurredAt, f.RecordedAt)); err != nil {
		return asRefusal(err), nil
	}
	return nil, nil
}

// pass lets time act up to the instant.
func (r *relive) pass(until time.Time) error {
	for {
		s := r.c.next()
		if s.what == nothing || s.at > until.UnixMilli() {
			return nil
		}
		env, err := r.env(nil, r.lookedAt(s))
		if err != nil {
			return err
		}
		d := decision{c: r.c, env: env, again: r}
		d.step(s)
		if at := time.UnixMilli(s.at).UTC(); at.After(r.clock) {
			r.clock = at
		}
	}
}

func (r *relive) moment(s step) moment {
	m := moment{at: s.at, what: s.what}
	switch s.what {
	case missObligation:
		m.kind = r.c.Obligations[s.index].ID.Kind
	case openWindow:
		m.kind = r.c.Series[s.index].Kind
	case climbEscalation:
		m.kind = r.c.Escalations[s.index].Obligation.Kind
	}
	return m
}

func (r *relive) env(body CommandBody, now time.Time) (Env, error) {
	env := NewEnv(r.rules, r.c, body, now)
	if env.Policy == nil {
		return env, &Error{Code: Internal, Message: "this release does not have the policy of the case"}
	}
	return env, nil
}

// lost are the events of the life before that did not happen again, or came out otherwise.
func (r *relive) lost() []lived {
	var out []lived
	for i := range r.old[:r.holds] {
		if !r.taken[i] || r.instead[r.old[i].at] != 0 {
			out = append(out, r.old[i])
		}
	}
	return out
}
