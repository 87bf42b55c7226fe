package rehab

import "time"

// escalate opens a climb over a missed obligation and tells the lowest rung. Misses of
// one kind share a climb; a miss that later evidence has already made up opens none.
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
	d.emit(EscalationOpened{o.ID, rungs[0].Role, rungs[0].Channel, d.nextTelling(rungs, 0)})
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
