package rehab

import (
	"reflect"
	"time"
)

// retelling is a command that is told to the history.
type retelling struct {
	h     *History
	live  *Case
	cmd   Command
	rules Rules
	now   time.Time
	put   amended

	correcting string // the command that a correction is about to put right
}

func (t *retelling) events() ([]Event, error) {
	first := int64(len(t.h.Events)) + 1
	facts, err := t.facts()
	if err != nil {
		return nil, err
	}
	r, moot, err := t.run(facts, first+1) // a revision takes the first sequence
	if err != nil {
		return nil, err
	}
	added := r.fresh(first + 1)
	if t.fits(r, added) {
		return t.plain(facts, added, first)
	}
	rev := Event{
		Seq: first, RecordedAt: instant(t.now), OccurredAt: instant(t.now), Actor: t.cmd.Actor, Command: t.cmd.ID,
		Data: r.revision(t.live, first+int64(len(added)), moot),
	}
	return append([]Event{rev}, added...), nil
}

// plain are the new events without a revision before them. Where one refers to another by
// its sequence, the life is lived once more.
func (t *retelling) plain(facts []fact, added []Event, first int64) ([]Event, error) {
	for i := range added {
		if refersFrom(reflect.ValueOf(added[i].Data), first) {
			r, _, err := t.run(facts, first)
			if err != nil {
				return nil, err
			}
			return r.fresh(first), nil
		}
		added[i].Seq--
	}
	return added, nil
}

// refersFrom reports whether the data hold a sequence of first or later.
func refersFrom(v reflect.Value, first int64) bool {
	switch v.Kind() {
	case reflect.Int64:
		return v.Type() == sequenceType && v.Int() >= first
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && refersFrom(v.Field(i), first) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if refersFrom(v.Index(i), first) {
				return true
			}
		}
	}
	return false
}

// facts of the history with the one that is being told.
func (t *retelling) facts() ([]fact, error) {
	facts, err := t.h.facts(t.put)
	if err != nil {
		return nil, err
	}
	facts = append(facts, fact{
		Fact: Fact{Seq: int64(len(t.h.Events)) + 2, Command: t.cmd.ID, Type: t.cmd.Body.CommandType(), By: t.cmd.Actor, OccurredAt: instant(t.cmd.OccurredAt), RecordedAt: instant(t.now)},
		body: t.cmd.Body, refs: t.h.refsOf(t.live, len(t.h.Events), t.cmd.Body), ends: t.live.endedBy(t.cmd.Body), fresh: true,
	})
	sortFacts(facts)
	return facts, nil
}

// run lives the case again with the command, or refuses it.
func (t *retelling) run(facts []fact, first int64) (*relive, []Fact, error) {
	r := newRelive(t.h, t.rules, t.now, first)
	r.amended = t.put
	moot, err := r.run(facts, t.now)
	switch {
	case err != nil:
		return nil, nil, err
	case r.refusal != nil:
		return nil, nil, t.refused(r.refusal)
	}
	if err := t.stillStands(moot); err != nil {
		return nil, nil, err
	}
	return r, moot, nil
}

// stillStands refuses a correction with which the corrected record, that holds until now,
// would have no ground: a slip of the pen must not take away what was recorded. Nor may a
// correction of the order take away that the client came, or a leaving that is told now the
// place of one that is in the record.
func (t *retelling) stillStands(moot []Fact) error {
	_, leaving := t.cmd.Body.(RecordLeaving)
	if t.correcting == "" && !leaving {
		return nil
	}
	held, order := make(map[string]bool), t.h.Events[0].Command
	for _, l := range t.h.lived() {
		held[l.Command] = true
	}
	for _, f := range moot {
		switch {
		case !held[f.Command]:
		case f.Command == t.correcting:
			return refuse("record", "PIPL art.46", "corrected so, the record would not hold: %s", f.Why)
		case t.correcting == order && oneOf(f.Type, ReportIn{}.CommandType(), SignAgreement{}.CommandType()):
			return refuse("fields", "PIPL art.46", "event %d would not hold under the order so corrected: %s", f.Seq, f.Why)
		case leaving && f.Type == t.cmd.Body.CommandType():
			was, _ := t.h.Commands[f.Command].(RecordLeaving)
			return refuse("from", "DRR art.20", "event %d tells of the leaving from %s to %s already: no day counts twice", f.Seq, was.From, was.To)
		}
	}
	return nil
}

// refused says of a fact told late that it does not fit the day on which it happened.
func (t *retelling) refused(why *Error) *Error {
	if why.Field != "" || why.Code != Refused || amends(t.cmd.Body) {
		return why
	}
	e := *why
	e.Field = "occurred_at"
	return &e
}

// fits reports whether the new events, folded after all others, lead to the same case: then
// nothing that was known before is any different.
func (t *retelling) fits(r *relive, added []Event) (same bool) {
	if r.back || len(r.lost()) > 0 {
		return false
	}
	defer func() {
		if recover() != nil {
			same = false // an event that finds nothing to act on does not belong at the end
		}
	}()
	after := t.live.Clone()
	after.Fold(added)
	return len(r.c.changed(after)) == 0
}
