package rehab

import (
	"fmt"
	"slices"
	"time"
)

// Escalation is one climb of a ladder over a missed obligation. It is named by the
// sequence number of the event that opened it.
type Escalation struct {
	ID         int64        `json:"id"`
	Obligation ObligationID `json:"obligation"`
	Rung       int          `json:"rung"` // index into the ladder, 0 is the lowest
	Role       Role         `json:"role"` // who the rung tells
	ToldAt     time.Time    `json:"told_at"`
	NextAt     time.Time    `json:"next_at,omitzero"` // when it climbs, repeats or the promise breaks; zero: it waits for a person
	Promise    Date         `json:"promise,omitzero"` // acknowledged: what is promised will be done by the end of this day
	AckedBy    string       `json:"acked_by,omitempty"`
}

// Acknowledged reports whether somebody answered and the promise still stands.
func (e *Escalation) Acknowledged() bool { return !e.Promise.IsZero() }

// Closing says why an escalation ended.
type Closing string

// The ways an escalation ends.
const (
	ByEvidence      Closing = "evidence"      // what was due has been done, late
	ByRetraction    Closing = "retraction"    // late evidence showed that it was done in time
	ByJustification Closing = "justification" // a justified reason was accepted
	ByDismissal     Closing = "dismissal"     // a person found that it was not a miss
	BySupersession  Closing = "supersession"  // the obligation became void
)

// AcknowledgeEscalation answers for an escalation: by the end of the day Promise
// something will have been done. Who: the actor; what and why: the command's text.
type AcknowledgeEscalation struct {
	Escalation int64 `json:"escalation"`
	Promise    Date  `json:"promise"`
}

func (AcknowledgeEscalation) CommandType() string { return "acknowledge-escalation" }

func (b AcknowledgeEscalation) check() *Error {
	switch {
	case b.Escalation < 1:
		return missing("escalation")
	case b.Promise.IsZero():
		return missing("promise")
	}
	return nil
}

// EscalationOpened tells the lowest rung that somebody stands on. NextAt is when the next
// rung is told.
type EscalationOpened struct {
	Obligation ObligationID `json:"obligation"`
	Rung       int          `json:"rung,omitempty"` // above 0: the case had no worker to tell
	Role       Role         `json:"role"`
	Channel    string       `json:"channel"`
	NextAt     time.Time    `json:"next_at,omitzero"`
}

// EscalationClimbed tells the next rung, or the top one again.
type EscalationClimbed struct {
	ID      int64     `json:"id"`
	Rung    int       `json:"rung"`
	Role    Role      `json:"role"`
	Channel string    `json:"channel"`
	Broken  bool      `json:"broken,omitempty"` // because a promise was not kept
	Repeat  bool      `json:"repeat,omitempty"` // the top rung once more
	NextAt  time.Time `json:"next_at,omitzero"`
}

// EscalationAcknowledged stops the climb until the end of the promised day. NextAt is
// when the rung above is told that the promise was broken: then, or in its hours after.
type EscalationAcknowledged struct {
	ID      int64     `json:"id"`
	Promise Date      `json:"promise"`
	NextAt  time.Time `json:"next_at,omitzero"` // zero in the oldest events: the end of the promised day
}

// BreaksAt is when the promise counts as broken and the rung above is told.
func (d EscalationAcknowledged) BreaksAt() time.Time {
	if d.NextAt.IsZero() {
		return d.Promise.End()
	}
	return d.NextAt
}

// EscalationClosed ends a climb. Told are the roles that had been told and now hear of the end.
type EscalationClosed struct {
	ID         int64        `json:"id"`
	Obligation ObligationID `json:"obligation"`
	Closing    Closing      `json:"closing"`
	Told       []Role       `json:"told"`
}

func (EscalationOpened) EventType() string       { return "escalation_opened" }
func (EscalationClimbed) EventType() string      { return "escalation_climbed" }
func (EscalationAcknowledged) EventType() string { return "escalation_acknowledged" }
func (EscalationClosed) EventType() string       { return "escalation_closed" }

func (d EscalationOpened) apply(c *Case, e *Event) {
	c.Escalations = append(c.Escalations, Escalation{
		ID: e.Seq, Obligation: d.Obligation, Rung: d.Rung, Role: d.Role, ToldAt: e.RecordedAt, NextAt: d.NextAt,
	})
}

func (d EscalationClimbed) apply(c *Case, e *Event) {
	esc := c.Escalation(d.ID)
	esc.Rung, esc.Role, esc.ToldAt, esc.NextAt = d.Rung, d.Role, e.RecordedAt, d.NextAt
	esc.Promise, esc.AckedBy = 0, ""
}

func (d EscalationAcknowledged) apply(c *Case, e *Event) {
	esc := c.Escalation(d.ID)
	esc.Promise, esc.AckedBy, esc.NextAt = d.Promise, e.Actor.ID, d.BreaksAt()
}

func (d EscalationClosed) apply(c *Case, _ *Event) {
	c.Escalations = slices.DeleteFunc(c.Escalations, func(x Escalation) bool { return x.ID == d.ID })
}

// decide stops a climb until the end of the promised day. Whoever answers stands
// on the rung that was told last, or above it.
func (b AcknowledgeEscalation) decide(d *decision, _ Date) *Error {
	esc := d.c.Escalation(b.Escalation)
	limit := d.env.Policy.Promise
	switch {
	case esc == nil:
		return &Error{Code: NotFound, Field: "escalation", Message: "the case has no such escalation open"}
	case d.actor.Role.rank() < esc.Role.rank():
		return refuse("escalation", "", "it has reached the %s, who has to answer", esc.Role)
	case esc.Acknowledged():
		return refuse("escalation", "", "%s answered already and promised by %s", esc.AckedBy, esc.Promise)
	case b.Promise < d.env.Today():
		return refuse("promise", "", "%s is over", b.Promise)
	case b.Promise > limit.After(d.env.Today(), d.env.Calendar):
		return refuse("promise", limit.Cite, "a promise is kept within %d %s", limit.N, limit.Unit)
	}
	rungs := d.env.Policy.ladder(esc.Obligation.Kind)
	above := rungs[min(esc.Rung+1, len(rungs)-1)]
	d.emit(EscalationAcknowledged{b.Escalation, b.Promise, instant(above.Hours.notBefore(b.Promise.End(), d.env.Calendar))})
	return nil
}

// escalate opens a climb over a missed obligation and tells the lowest rung; the one above
// at once where that is the worker and the case has none. Misses of one kind share a climb;
// a miss that later evidence has already made up opens none.
func (d *decision) escalate(o Obligation) {
	if d.c.escalationOver(o.ID.Kind) != nil {
		return
	}
	if s := d.c.series(o.ID.Kind); s != nil && s.Last > o.Due {
		return
	}
	rungs := d.env.Policy.ladder(o.ID.Kind)
	if len(rungs) == 0 {
		return
	}
	i := d.firstRung(o.ID, rungs)
	d.emit(EscalationOpened{o.ID, i, rungs[i].Role, rungs[i].Channel, d.nextTelling(rungs, i)})
}

// firstRung is where a climb begins. One of the life before keeps its rung: who was told
// then was told, whatever is known of the worker now. Two climbs may begin at one instant,
// as where a term is confirmed once its notice is overdue: each is kept once, its own first.
func (d *decision) firstRung(over ObligationID, rungs []Rung) int {
	_, worker := d.c.watchedFrom(over.Kind)
	first := 0
	if rungs[0].Role == WorkerRole && worker == "" && len(rungs) > 1 {
		first = 1
	}
	if d.again == nil {
		return first
	}
	var other *EscalationOpened
	for _, i := range d.again.by[causeOf(&Event{OccurredAt: d.occurred, Command: d.command, Data: EscalationOpened{}})] {
		was, ok := d.again.old[i].Data.(EscalationOpened)
		switch {
		case !ok || was.Obligation.Kind != over.Kind || d.again.taken[i]:
		case was.Obligation == over && d.again.old[i].RecordedAt.Equal(instant(d.env.Now)):
			return min(was.Rung, len(rungs)-1)
		case other == nil:
			other = &was
		}
	}
	if other != nil {
		return min(other.Rung, len(rungs)-1)
	}
	return first
}

// nextTelling is when the rung after the i-th is told, or the top one again. It counts
// from now, when the i-th is told, and not from the legal instant of the miss: whoever
// is told after an outage still gets the whole time to answer.
func (d *decision) nextTelling(rungs []Rung, i int) time.Time {
	next := rungs[min(i+1, len(rungs)-1)]
	hours := next.After
	if i+1 == len(rungs) {
		if !next.AnswerRequired || next.Repeat == 0 {
			return time.Time{}
		}
		hours = next.Repeat
	}
	return instant(next.Hours.notBefore(d.env.Now.Add(time.Duration(hours)*time.Hour), d.env.Calendar))
}

// climb tells the next rung because nobody answered or because a promise was broken;
// at the top, it tells the top rung once more.
func (d *decision) climb(esc Escalation) {
	rungs := d.env.Policy.ladder(esc.Obligation.Kind)
	top := len(rungs) - 1
	i := min(esc.Rung+1, top)
	d.emit(EscalationClimbed{
		ID: esc.ID, Rung: i, Role: rungs[i].Role, Channel: rungs[i].Channel,
		Broken: esc.Acknowledged(), Repeat: esc.Rung >= top, NextAt: d.nextTelling(rungs, i),
	})
}

// settle ends the climb over a kind unless a miss of that kind is left that no later
// evidence has made up.
func (d *decision) settle(k Kind, why Closing) {
	var last Date
	if s := d.c.series(k); s != nil {
		last = s.Last
	}
	for _, o := range d.c.Obligations {
		if o.ID.Kind == k && (o.Status == Missed || o.Status == Confirmed) && o.Due >= last {
			return
		}
	}
	d.closeEscalation(k, why)
}

// closeEscalation ends the climb over a kind, if there is one, and names all who had
// been told so that they hear of its end.
func (d *decision) closeEscalation(k Kind, why Closing) {
	esc := d.c.escalationOver(k)
	if esc == nil {
		return
	}
	rungs := d.env.Policy.ladder(k)
	told := make([]Role, 0, len(rungs))
	for i := 0; i <= esc.Rung && i < len(rungs); i++ {
		told = append(told, rungs[i].Role)
	}
	d.emit(EscalationClosed{esc.ID, esc.Obligation, why, told})
}

func (d EscalationAcknowledged) decided(before *Case) Line {
	over := ""
	if esc := before.Escalation(d.ID); esc != nil {
		over = esc.Obligation.String()
	}
	return Line{Of: fmt.Sprintf("escalation-%d", d.ID), ZH: fmt.Sprintf("回应%s的预警，承诺%s前完成", over, d.Promise),
		EN: fmt.Sprintf("answered for the escalation over %s and promised by %s", over, d.Promise)}
}
