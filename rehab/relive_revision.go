package rehab

import (
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// ErrHistory says that a command cannot be decided on the state of the case alone: it tells
// of what lies before something that was decided, or puts the record right.
// History.Decide takes it.
var ErrHistory = &Error{Code: Internal, Message: "this is decided on the history of the case"}

// needsHistory reports whether the case has to be lived again to take the command.
func (c *Case) needsHistory(cmd Command, occurred time.Time) bool {
	if c.Phase == "" {
		return false
	}
	if amends(cmd.Body) {
		return true
	}
	if isForm(cmd.Body) {
		return false // whenever it is told, no life is another one by it
	}
	return occurred.Before(c.LivedTo) || DateOf(occurred) <= c.Unsettled
}

// LifeRevised says that the case was lived again, since a fact came late or a record was
// put right. It sets the case to where the facts lead; the events that this life added
// follow in the same record, up to Last, and stand in the case already.
type LifeRevised struct {
	Last int64 `json:"last"`
	// Life is what holds now, as runs of sequences in the order in which it happened. What
	// is not in it was taken back.
	Life []Run `json:"life"`
	// As are the events that took the place of another one, by which they are still referred to.
	As    []Stand          `json:"as,omitempty"`
	Taken []Taken          `json:"taken_back,omitempty"`
	Moved []Shifted        `json:"moved,omitempty"`
	Moot  []Fact           `json:"moot,omitempty"` // what people decided about what turned out not to be
	Fell  []EscalationFell `json:"fell,omitempty"`
	Rose  []EscalationFell `json:"rose,omitempty"` // climbs that had fallen and stand again
	// Unsettled is the latest day of what has no ground: it may find one with what is told of that day.
	Unsettled Date              `json:"unsettled,omitzero"`
	State     map[string]rawOut `json:"state"` // of the case, the fields that changed
}

// rawOut is JSON that is written and compared as it is.
type rawOut = json.RawMessage

// Run is a stretch of sequences, both ends included.
type Run [2]int64

// Stand is an event At that took the place of the event For.
type Stand struct {
	At  int64 `json:"at"`
	For int64 `json:"for"`
}

// Taken is an event that holds no longer; Instead is what took its place, if anything did.
type Taken struct {
	Seq     int64  `json:"seq"`
	Type    string `json:"type"`
	Instead int64  `json:"instead,omitempty"`
}

// Shifted is an obligation whose last day is another one now.
type Shifted struct {
	ID   ObligationID `json:"id"`
	From Date         `json:"from"`
	To   Date         `json:"to"`
}

// EscalationFell is a climb that had no ground, with whoever had been told of it.
type EscalationFell struct {
	ID         int64        `json:"id"`
	Obligation ObligationID `json:"obligation"`
	Told       []Role       `json:"told"`
}

// EventType names the type in the ledger.
func (LifeRevised) EventType() string { return "life_revised" }

// isAside reports whether the event belongs to the ledger and to no life.
func isAside(d EventData) bool {
	switch d.(type) {
	case LifeRevised, CommandRefused, FormRecorded:
		return true
	}
	return false
}

func (d LifeRevised) apply(c *Case, e *Event) {
	c.Revised, c.Unsettled = d.Last, d.Unsettled
	c.patch(d.State)
	c.Seq = e.Seq
}

func (d LifeRevised) notices(c *Case, _ Event) []Notice {
	var out []Notice
	tell := func(list []EscalationFell, typ string) {
		for _, f := range list {
			street, worker := c.watchedFrom(f.Obligation.Kind)
			for _, r := range f.Told {
				out = append(out, Notice{
					Role: r, Place: r.PlaceOver(street), Worker: worker, Type: typ, Channel: Inbox, Escalation: f.ID, Obligation: f.Obligation,
				})
			}
		}
	}
	tell(d.Fell, "escalation_retracted")
	tell(d.Rose, "escalation_repeated")
	return out
}

// heard are the events of a revision of which nobody is told: those that took the place of
// one that people heard of, and climbs that this life both began and ended.
func (d LifeRevised) heard(after *Case, events []Event) map[int64]bool {
	out := make(map[int64]bool)
	for _, s := range d.As {
		out[s.At] = true
	}
	over := make(map[int64]bool)
	for _, e := range events {
		switch x := e.Data.(type) {
		case EscalationOpened:
			over[e.Seq] = after.Escalation(e.Seq) == nil
			out[e.Seq] = out[e.Seq] || over[e.Seq]
		case EscalationClimbed:
			out[e.Seq] = out[e.Seq] || over[x.ID]
		case EscalationClosed:
			out[e.Seq] = out[e.Seq] || over[x.ID]
		}
	}
	return out
}

// Life is what holds of a ledger, in the order in which it happened, each event under the
// sequence by which others refer to it: what a revision took back is not in it. It folds
// to the case. The events that belong to no life are left out.
func Life(ledger []Event) []Event {
	h := History{Events: ledger}
	list := h.lived()
	out := make([]Event, len(list))
	for i := range list {
		out[i] = list[i].Event
	}
	return out
}

// TakenBack lists the sequences of the ledger that a revision took back, in order.
func TakenBack(ledger []Event) []int64 {
	h := History{Events: ledger}
	holds := make(map[int64]bool, len(ledger))
	for _, l := range h.lived() {
		holds[l.at] = true
	}
	var out []int64
	for i := range ledger {
		if e := &ledger[i]; !holds[e.Seq] && !isAside(e.Data) {
			out = append(out, e.Seq)
		}
	}
	return out
}

// lived is the life that the ledger holds.
func (h *History) lived() []lived {
	out := make([]lived, 0, len(h.Events))
	last := -1
	for i := len(h.Events) - 1; i >= 0 && last < 0; i-- {
		if _, ok := h.Events[i].Data.(LifeRevised); ok {
			last = i
		}
	}
	rest := h.Events
	if last >= 0 {
		d := h.Events[last].Data.(LifeRevised)
		as := make(map[int64]int64, len(d.As))
		for _, s := range d.As {
			as[s.At] = s.For
		}
		for _, run := range d.Life {
			for seq := run[0]; seq <= run[1] && seq <= int64(len(h.Events)); seq++ {
				l := lived{h.Events[seq-1], seq}
				if id, ok := as[seq]; ok {
					l.Seq = id
				}
				out = append(out, l)
			}
		}
		rest = h.Events[min(d.Last, int64(len(h.Events))):]
	}
	for _, e := range rest {
		if !isAside(e.Data) {
			out = append(out, lived{e, e.Seq})
		}
	}
	return out
}

// retired are the events that revisions took back, under the names by which they were last
// referred to: a fact that comes back brings the same ones.
func (h *History) retired(life []lived) []lived {
	if len(h.Events) == 0 || len(life) == len(h.Events) {
		return nil
	}
	holds := make(map[int64]bool, len(life))
	for i := range life {
		holds[life[i].at] = true
	}
	name := make(map[int64]int64)
	var out []lived
	for i := range h.Events {
		e := &h.Events[i]
		if d, ok := e.Data.(LifeRevised); ok {
			for _, s := range d.As {
				name[s.At] = s.For
			}
		}
		if !holds[e.Seq] && !isAside(e.Data) {
			out = append(out, lived{*e, e.Seq})
		}
	}
	for i := range out {
		if n, ok := name[out[i].at]; ok {
			out[i].Seq = n
		}
	}
	return out
}

// Tell decides a command on the case that the history folds to: on its state alone, or, where
// that does not do, on the history. The case is not changed. Errors are as those of Case.Decide.
func (h *History) Tell(c *Case, cmd Command, rules Rules, now time.Time) ([]Event, error) {
	events, err := c.Decide(cmd, NewEnv(rules, c, cmd.Body, now))
	if errors.Is(err, ErrHistory) {
		return h.Decide(cmd, rules, now)
	}
	return events, err
}

// Add keeps what a command brought.
func (h *History) Add(cmd Command, events []Event) {
	h.Events = append(h.Events, events...)
	if cmd.Body != nil {
		if h.Commands == nil {
			h.Commands = make(map[string]CommandBody)
		}
		h.Commands[cmd.ID] = cmd.Body
	}
}

// Decide answers a command that needs the history: it lives the case again with it and
// answers with the events that the ledger lacks. Where the fact changes nothing of what was
// known, these are its own; else LifeRevised comes first. Errors are as those of Case.Decide.
func (h *History) Decide(cmd Command, rules Rules, now time.Time) ([]Event, error) {
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	if at := instant(now); cmd.OccurredAt.After(now.Add(clockSkew)) {
		return nil, InvalidField("occurred_at", "%s lies in the future", cmd.OccurredAt.In(Shanghai).Format(time.RFC3339))
	} else if cmd.OccurredAt.After(at) {
		cmd.OccurredAt = at // a fast clock moves nothing into tomorrow
	}
	live := h.Known(farFuture)
	if err := live.closedForGood(cmd.Body); err != nil {
		return nil, err
	}
	t := retelling{h: h, live: live, cmd: cmd, rules: rules, now: now, put: h.amendments()}
	if amends(cmd.Body) {
		return t.amend()
	}
	return t.events()
}

var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// fresh are the events of this life that the ledger lacks.
func (r *relive) fresh(first int64) []Event {
	var out []Event
	for _, l := range r.life {
		if l.at >= first {
			e := l.Event
			e.Seq = l.at
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b Event) int { return int(a.Seq - b.Seq) })
	return out
}

// revision says what this life changed of the one before.
func (r *relive) revision(live *Case, last int64, moot []Fact) LifeRevised {
	d := LifeRevised{Last: last}
	for _, l := range r.life {
		if n := len(d.Life); n > 0 && d.Life[n-1][1] == l.at-1 {
			d.Life[n-1][1] = l.at
		} else {
			d.Life = append(d.Life, Run{l.at, l.at})
		}
		if l.at != l.Seq {
			d.As = append(d.As, Stand{l.at, l.Seq})
		}
	}
	gone := make(map[string]bool)
	for _, l := range r.lost() {
		d.Taken = append(d.Taken, Taken{l.at, l.Data.EventType(), r.instead[l.at]})
		gone[l.Command] = true
	}
	for _, f := range moot {
		if gone[f.Command] {
			d.Moot = append(d.Moot, f)
		}
	}
	d.Moved, d.Fell, d.Rose = shifted(live, r.c), r.fell(live), r.rose(live)
	d.Unsettled = r.c.Unsettled
	d.State = r.c.changed(live)
	return d
}

func shifted(before, after *Case) []Shifted {
	var out []Shifted
	for i := range after.Obligations {
		o := &after.Obligations[i]
		if was := before.Obligation(o.ID); was != nil && was.Due != o.Due {
			out = append(out, Shifted{o.ID, was.Due, o.Due})
		}
	}
	return out
}

// fell are the climbs that were open and have no ground, with whoever was told of them.
func (r *relive) fell(live *Case) []EscalationFell {
	var out []EscalationFell
	for i := range live.Escalations {
		esc := &live.Escalations[i]
		if slices.ContainsFunc(r.life, func(l lived) bool { _, ok := l.Data.(EscalationOpened); return ok && l.Seq == esc.ID }) {
			continue // it stands, or ends by an event of its own
		}
		out = append(out, EscalationFell{esc.ID, esc.Obligation, toldOf(r.old[:r.holds], esc.ID)})
	}
	return out
}

// rose are the climbs that had fallen and are open again, with whoever had been told of them.
func (r *relive) rose(live *Case) []EscalationFell {
	var out []EscalationFell
	for i := range r.c.Escalations {
		esc := &r.c.Escalations[i]
		again := false
		for j := r.holds; j < len(r.old) && !again; j++ {
			_, opened := r.old[j].Data.(EscalationOpened)
			again = opened && r.taken[j] && r.old[j].Seq == esc.ID
		}
		if again && live.Escalation(esc.ID) == nil {
			out = append(out, EscalationFell{esc.ID, esc.Obligation, toldOf(r.old[r.holds:], esc.ID)})
		}
	}
	return out
}

// toldOf lists who was told of a climb.
func toldOf(life []lived, climb int64) []Role {
	var out []Role
	for i := range life {
		role := Role("")
		switch d := life[i].Data.(type) {
		case EscalationOpened:
			if life[i].Seq == climb {
				role = d.Role
			}
		case EscalationClimbed:
			if d.ID == climb {
				role = d.Role
			}
		}
		if role != "" && !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	return out
}
