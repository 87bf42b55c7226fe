package rehab

import (
	"reflect"
	"slices"
)

// In a second life obligations may be numbered and escalations opened otherwise than in the
// first. What a command refers to is therefore looked up in the first life by what it is,
// and found again in the second. Two kinds of fields refer to something, in every command:
// an ObligationID, and an int64, which is the sequence of an event. The event that a
// command brought is called the same in every life; one that time brought is not.

// ref is what one field of a command's body refers to.
type ref struct {
	field      int
	obligation Obligation   // of an ObligationID
	by         string       // the command that opened the obligation; empty: time did
	climb      ObligationID // of the sequence of an escalation: what it is over
}

var (
	obligationType = reflect.TypeFor[ObligationID]()
	sequenceType   = reflect.TypeFor[int64]()
)

// refsOf a body, given the case as it stood when the command came, upon that many events.
func (h *History) refsOf(c *Case, events int, body CommandBody) []ref {
	var out []ref
	v := reflect.ValueOf(body)
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == obligationType:
			id := f.Interface().(ObligationID)
			r := ref{field: i, obligation: Obligation{ID: id}}
			o, by, known := h.opened(id, events)
			if r.by = by; known {
				r.obligation = o
			}
			if o := c.Obligation(id); o != nil {
				r.obligation = *o // its day may have moved since
			}
			out = append(out, r)
		case f.Type() == sequenceType && f.Int() > 0:
			if esc := c.Escalation(f.Int()); esc != nil {
				out = append(out, ref{field: i, climb: esc.Obligation})
			}
		}
	}
	return out
}

// opened is the obligation as it was opened in the life that the first events hold, and by
// which command. It need not be in the case any more.
func (h *History) opened(id ObligationID, events int) (o Obligation, by string, ok bool) {
	for i := events - 1; i >= 0; i-- {
		switch d := h.Events[i].Data.(type) {
		case ObligationOpened:
			if d.Obligation.ID == id {
				return d.Obligation, h.Events[i].Command, true
			}
		case LifeRevised:
			return h.openedIn(d.Life, id)
		}
	}
	return Obligation{}, "", false
}

func (h *History) openedIn(life []Run, id ObligationID) (o Obligation, by string, ok bool) {
	for _, run := range slices.Backward(life) {
		for seq := run[1]; seq >= run[0]; seq-- {
			if d, ok := h.Events[seq-1].Data.(ObligationOpened); ok && d.Obligation.ID == id {
				return d.Obligation, h.Events[seq-1].Command, true
			}
		}
	}
	return Obligation{}, "", false
}

// translate gives the body with what it refers to in this life. What is not there gets a
// number that nothing has, so that the core does not find it either.
func (r *relive) translate(f fact) CommandBody {
	if len(f.refs) == 0 {
		return f.body
	}
	v := reflect.New(reflect.TypeOf(f.body)).Elem()
	v.Set(reflect.ValueOf(f.body))
	for _, x := range f.refs {
		if v.Field(x.field).Type() == obligationType {
			v.Field(x.field).Set(reflect.ValueOf(r.obligation(x)))
			continue
		}
		switch esc := r.c.escalationOver(x.climb.Kind); {
		case x.climb.N > 0 && esc != nil:
			v.Field(x.field).SetInt(esc.ID)
		case x.climb.N > 0:
			v.Field(x.field).SetInt(1 << 62)
		}
	}
	return v.Interface().(CommandBody)
}

// obligation is the one of this life that stands for the one of the first: what the same
// command opened, or what is about the same.
func (r *relive) obligation(x ref) ObligationID {
	was := &x.obligation
	if was.Due == 0 {
		return was.ID
	}
	for _, same := range []func(*Obligation, ref) bool{r.identical, r.openedSame, opensWith, r.same} {
		for i := range r.c.Obligations {
			if o := &r.c.Obligations[i]; o.ID.Kind == was.ID.Kind && same(o, x) {
				return o.ID
			}
		}
	}
	return ObligationID{was.ID.Kind, 1 << 30}
}

func (r *relive) identical(o *Obligation, x ref) bool {
	return o.ID == x.obligation.ID && o.Due == x.obligation.Due && r.opened[o.ID] == x.by
}

func (r *relive) openedSame(o *Obligation, x ref) bool {
	return x.by != "" && r.opened[o.ID] == x.by && r.same(o, x)
}

// opensWith reports whether a window is the other one: it begins on the same day, and ends
// on the same one unless somebody moved that.
func opensWith(o *Obligation, x ref) bool {
	was := &x.obligation
	return o.ID.Kind.recurring() && o.Opens == was.Opens && (o.Due == was.Due || o.Fixed || was.Fixed)
}

// same reports whether two obligations of one kind are about the same: the window that
// holds the last day, the same test, the same ground.
func (r *relive) same(o *Obligation, x ref) bool {
	switch was := &x.obligation; {
	case o.ID.Kind.recurring():
		return o.holds(was.Due)
	case was.About > 0:
		return o.About == was.About
	case was.Ground == Relapse:
		return r.opened[o.ID] == x.by // each has a report of its own
	default:
		return o.Ground == NoGround || was.Ground == NoGround || o.Ground == was.Ground
	}
}
