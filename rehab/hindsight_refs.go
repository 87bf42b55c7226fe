package rehab

import (
	"cmp"
	"reflect"
)

// In a second life obligations may be numbered and events may be counted otherwise than
// in the first. What a command refers to is therefore looked up in the first life by
// what it is, and found again in the second. Two kinds of fields refer to something, in
// every command: an ObligationID, and an int64, which is the sequence of an event.

// ref is what one field of a command's body refers to.
type ref struct {
	field      int
	obligation Obligation   // of an ObligationID
	of         origin       // of a sequence: the event it is
	test       origin       // the event behind obligation.Test
	climb      ObligationID // of the sequence of an escalation: what it is over
}

// origin names an event by what brought it.
type origin struct{ command, event string }

var (
	obligationType = reflect.TypeFor[ObligationID]()
	sequenceType   = reflect.TypeFor[int64]()
)

// refsOf a body, given the case as it stood when the command came.
func (h *History) refsOf(c *Case, body CommandBody) []ref {
	var out []ref
	v := reflect.ValueOf(body)
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == obligationType:
			id := f.Interface().(ObligationID)
			r := ref{field: i, obligation: Obligation{ID: id}}
			if o := c.Obligation(id); o != nil {
				r.obligation, r.test = *o, h.originOf(o.Test)
			}
			out = append(out, r)
		case f.Type() == sequenceType && f.Int() > 0:
			r := ref{field: i, of: h.originOf(f.Int())}
			if esc := c.Escalation(f.Int()); esc != nil {
				r.climb = esc.Obligation
			}
			out = append(out, r)
		}
	}
	return out
}

func (h *History) originOf(seq int64) origin {
	if seq < 1 || seq > int64(len(h.Events)) {
		return origin{}
	}
	e := &h.Events[seq-1]
	return origin{e.Command, e.Data.EventType()}
}

// translate gives the body with what it refers to in this life. What is not there gets a
// number that nothing has, so that the core does not find it either.
func (r *replay) translate(f fact) CommandBody {
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
		case x.of.command != "":
			v.Field(x.field).SetInt(cmp.Or(r.seqs[x.of], 1<<62))
		}
	}
	return v.Interface().(CommandBody)
}

// obligation is the one of this life that stands for the one of the first.
func (r *replay) obligation(x ref) ObligationID {
	was := &x.obligation
	if o := r.c.Obligation(was.ID); was.Due == 0 || o != nil && o.Due == was.Due {
		return was.ID
	}
	for i := range r.c.Obligations {
		if o := &r.c.Obligations[i]; o.ID.Kind == was.ID.Kind && r.same(o, x) {
			return o.ID
		}
	}
	return ObligationID{was.ID.Kind, 1 << 30}
}

// same reports whether two obligations of one kind are about the same: the window that
// holds the last day, the same test, the same ground.
func (r *replay) same(o *Obligation, x ref) bool {
	switch was := &x.obligation; {
	case o.ID.Kind.recurring():
		return o.holds(was.Due)
	case was.Test > 0:
		return o.Test == r.seqs[x.test]
	default:
		return o.Ground == NoGround || was.Ground == NoGround || o.Ground == was.Ground
	}
}
