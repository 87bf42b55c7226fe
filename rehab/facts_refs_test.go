package rehab_test

import (
	"reflect"
	"slices"

	"guitu/rehab"
)

// refsOf the body of a command, in the book in which it is given.
func refsOf(b *book, body rehab.CommandBody) []named {
	var out []named
	v := reflect.ValueOf(body)
	for i := range v.NumField() {
		switch x := v.Field(i).Interface().(type) {
		case rehab.ObligationID:
			if o := b.c.Obligation(x); o != nil {
				n := named{field: i, duty: *o}
				n.event, n.by = b.nameOf(o.About), b.openerOf(x)
				out = append(out, n)
			}
		case int64:
			n := named{field: i, event: b.nameOf(x)}
			if esc := b.c.Escalation(x); esc != nil {
				n.climb = esc.Obligation.Kind
			}
			out = append(out, n)
		}
	}
	return out
}

// nameOf an event: the command that brought it, with its type.
func (b *book) nameOf(seq int64) string {
	if seq == 0 {
		return ""
	}
	for _, e := range b.life() {
		if e.Seq == seq && e.Command != "" {
			return e.Command + " " + e.Data.EventType()
		}
	}
	return ""
}

// openerOf an obligation is the command that opened it.
func (b *book) openerOf(id rehab.ObligationID) string {
	for _, e := range b.life() {
		if d, ok := e.Data.(rehab.ObligationOpened); ok && d.Obligation.ID == id {
			return e.Command
		}
	}
	return ""
}

func (b *book) seqOf(name string) int64 {
	for _, e := range b.life() {
		if e.Command+" "+e.Data.EventType() == name {
			return e.Seq
		}
	}
	return 1 << 40
}

// body of the fact, with what it refers to in this book.
func (b *book) body(f given) rehab.CommandBody {
	v := reflect.New(reflect.TypeOf(f.cmd.Body)).Elem()
	v.Set(reflect.ValueOf(f.cmd.Body))
	for _, r := range f.refs {
		switch {
		case r.duty.ID.N > 0:
			v.Field(r.field).Set(reflect.ValueOf(b.dutyLike(r)))
		case r.climb != "":
			for _, e := range b.c.Escalations {
				if e.Obligation.Kind == r.climb {
					v.Field(r.field).SetInt(e.ID)
				}
			}
		case r.event != "":
			v.Field(r.field).SetInt(b.seqOf(r.event))
		}
	}
	return v.Interface().(rehab.CommandBody)
}

// dutyLike is the obligation of this book that is the same one: in the case, or once in it.
func (b *book) dutyLike(r named) rehab.ObligationID {
	same := func(o rehab.Obligation) bool {
		switch {
		case o.ID.Kind != r.duty.ID.Kind || r.event != b.nameOf(o.About):
			return false
		case recurring(o.ID.Kind):
			return o.Opens == r.duty.Opens && (o.Due == r.duty.Due || o.Fixed || r.duty.Fixed)
		case r.duty.Ground == rehab.Relapse:
			return b.openerOf(o.ID) == r.by
		}
		return o.Ground == r.duty.Ground || o.Ground == "" || r.duty.Ground == ""
	}
	if o := b.c.Obligation(r.duty.ID); o != nil && same(*o) {
		return o.ID
	}
	for _, o := range b.c.Obligations {
		if same(o) {
			return o.ID
		}
	}
	for _, opened := range []bool{true, false} { // by the same command, if there is one
		for _, e := range b.life() {
			if d, ok := e.Data.(rehab.ObligationOpened); ok && same(d.Obligation) && (!opened || r.by != "" && r.by == e.Command) {
				return d.Obligation.ID
			}
		}
	}
	return rehab.ObligationID{Kind: r.duty.ID.Kind, N: 1 << 20}
}

func recurring(k rehab.Kind) bool {
	return slices.Contains([]rehab.Kind{rehab.TestDuty, rehab.SurpriseTestDuty, rehab.ContactDuty, rehab.HomeVisitDuty, rehab.AssessmentDuty, rehab.FollowUpDuty}, k)
}
