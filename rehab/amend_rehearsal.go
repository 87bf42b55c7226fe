package rehab

import "time"

// Rehearsal is what a command would change, before anybody agrees to it.
type Rehearsal struct {
	TakenBack []TakenBackEvent `json:"taken_back" nullable:"false"`
	Added     []AddedEvent     `json:"added" nullable:"false"`
	Moved     []Shifted        `json:"moved" nullable:"false"`
	Moot      []Fact           `json:"moot" nullable:"false"` // decisions that would have no ground
	Fell      []EscalationFell `json:"fell" nullable:"false"` // climbs that would have none, with whoever was told
	TwoPeople bool             `json:"two_people,omitempty"`  // it would be proposed, and another person confirms it
	Before    Standing         `json:"before"`
	After     Standing         `json:"after"`
}

// Standing is what a case comes to, in short.
type Standing struct {
	Phase    Phase    `json:"phase"`
	TermEnd  Date     `json:"term_end,omitzero"`
	Counters Counters `json:"counters"`
}

// TakenBackEvent is an event that would hold no longer.
type TakenBackEvent struct {
	Seq        int64     `json:"seq"`
	Type       string    `json:"type"`
	OccurredAt time.Time `json:"occurred_at"`
	Data       any       `json:"data"`
}

// AddedEvent is an event that would be added.
type AddedEvent struct {
	Type       string    `json:"type"`
	OccurredAt time.Time `json:"occurred_at"`
	Data       any       `json:"data"`
}

// Rehearse says what the command would change, and changes nothing. An amendment that takes
// two people is shown as it will be once the second one agrees. Errors are as those of Tell.
func (h *History) Rehearse(cmd Command, rules Rules, now time.Time) (Rehearsal, error) {
	before := h.Known(farFuture)
	events, err := h.Tell(before, cmd, rules, now)
	if err != nil {
		return Rehearsal{}, err
	}
	out := Rehearsal{
		TakenBack: []TakenBackEvent{}, Added: []AddedEvent{}, Moved: []Shifted{}, Moot: []Fact{}, Fell: []EscalationFell{}, Before: standing(before),
	}
	if p, ok := proposalIn(events); ok {
		out.TwoPeople = true
		if p.Kind != Voiding {
			if events, err = h.afterSecond(cmd, events, p, rules, now); err != nil {
				return Rehearsal{}, err
			}
		}
	}
	after := before.Clone()
	after.Fold(events)
	out.After = standing(after)
	out.fill(h, events)
	return out, nil
}

func standing(c *Case) Standing { return Standing{c.Phase, c.TermEnd, c.Counters} }

func proposalIn(events []Event) (Amendment, bool) {
	for _, e := range events {
		if d, ok := e.Data.(AmendmentProposed); ok {
			d.Amendment.ID = e.Seq
			return d.Amendment, true
		}
	}
	return Amendment{}, false
}

// afterSecond is what the amendment brings once a second person confirms it.
func (h *History) afterSecond(cmd Command, proposed []Event, a Amendment, rules Rules, now time.Time) ([]Event, error) {
	next := History{CaseID: h.CaseID, Events: append(h.Events[:len(h.Events):len(h.Events)], proposed...), Commands: make(map[string]CommandBody, len(h.Commands)+1)}
	for id, body := range h.Commands {
		next.Commands[id] = body
	}
	next.Commands[cmd.ID] = cmd.Body
	second := cmd.Actor
	second.ID, second.Role = cmd.Actor.ID+"/second", CityOffice
	return next.Decide(Command{ID: cmd.ID + "/second", Actor: second, OccurredAt: instant(now), Body: ConfirmAmendment{a.ID}}, rules, now)
}

func (r *Rehearsal) fill(h *History, events []Event) {
	for _, e := range events {
		d, revised := e.Data.(LifeRevised)
		if !revised {
			r.Added = append(r.Added, AddedEvent{e.Data.EventType(), e.OccurredAt, e.Data})
			continue
		}
		for _, x := range d.Taken {
			if x.Seq <= int64(len(h.Events)) {
				was := h.Events[x.Seq-1]
				r.TakenBack = append(r.TakenBack, TakenBackEvent{x.Seq, x.Type, was.OccurredAt, was.Data})
			}
		}
		r.Moved, r.Moot, r.Fell = append(r.Moved, d.Moved...), append(r.Moot, d.Moot...), append(r.Fell, d.Fell...)
	}
}
