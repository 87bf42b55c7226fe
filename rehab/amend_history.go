package rehab

import (
	"encoding/json"
	"time"
)

// amended is what was put right of the facts of a history, by command.
type amended struct {
	off   map[string]bool      // withdrawn
	right map[string]corrected // corrected
	emits map[string]EventData // what each amending command came to
}

// corrected is what a command should have told.
type corrected struct {
	body  CommandBody
	at    time.Time
	known time.Time // when it was corrected
}

// amendments of the ledger, and what a command is about to add to them. The last word
// counts, and a withdrawal that was withdrawn is none.
func (h *History) amendments(next ...Event) amended {
	put := amended{off: make(map[string]bool), right: make(map[string]corrected), emits: make(map[string]EventData)}
	for i := len(next) - 1; i >= 0; i-- {
		put.add(&next[i])
	}
	for i := len(h.Events) - 1; i >= 0; i-- {
		put.add(&h.Events[i])
	}
	return put
}

// add takes one event more, going backwards.
func (put *amended) add(e *Event) {
	switch d := e.Data.(type) {
	case RecordWithdrawn:
		put.emits[e.Command] = d
		if !put.off[e.Command] && !put.off[d.Proposed] {
			put.off[d.Command] = true
		}
	case RecordCorrected:
		put.emits[e.Command] = d
		if !put.off[e.Command] && !put.off[d.Proposed] {
			put.correct(d, e.RecordedAt)
		}
	case AmendmentProposed:
		if d.Amendment.Kind != Voiding {
			put.emits[e.Command] = d
		}
	}
}

// correct keeps what a command should have told, unless a later word has.
func (put *amended) correct(d RecordCorrected, known time.Time) {
	if _, later := put.right[d.Command]; later {
		return
	}
	body, err := DecodeCommandBody(d.Type, d.Body)
	if err == nil {
		put.right[d.Command] = corrected{body, d.HappenedAt, known}
	}
}

// amend decides a command that puts the record right.
func (t *retelling) amend() ([]Event, error) {
	switch b := t.cmd.Body.(type) {
	case WithdrawRecord:
		of, err := t.record(b.Record)
		if err != nil {
			return nil, err
		}
		return t.propose(RecordWithdrawn{Record: b.Record, Command: of.Command, Type: of.Type},
			Amendment{Kind: Withdrawal, Record: b.Record, Type: of.Type, By: t.cmd.Actor.ID, On: DateOf(t.now)}, of)
	case CorrectRecord:
		of, err := t.record(b.Record)
		if err != nil {
			return nil, err
		}
		data, err := t.correction(b, of)
		if err != nil {
			return nil, err
		}
		return t.propose(data, Amendment{
			Kind: Correction, Record: b.Record, Type: of.Type, By: t.cmd.Actor.ID, On: DateOf(t.now), HappenedAt: data.HappenedAt, Body: data.Body,
		}, of)
	case ConfirmAmendment:
		if err := t.confirm(b); err != nil {
			return nil, err
		}
	}
	return t.events()
}

// record finds the fact behind an event of the ledger.
func (t *retelling) record(seq int64) (fact, error) {
	if seq > int64(len(t.h.Events)) {
		return fact{}, &Error{Code: NotFound, Field: "record", Message: "the case has no such record"}
	}
	e := &t.h.Events[seq-1]
	form, filled := e.Data.(FormRecorded)
	switch {
	case e.Command == "" || isAside(e.Data) && !filled:
		return fact{}, refuse("record", "PIPL art.46", "record %d is nobody's word: it follows from the facts, put those right", seq)
	case t.put.off[e.Command]:
		return fact{}, refuse("record", "PIPL art.46", "record %d was withdrawn already", seq)
	case filled:
		f := fact{Fact: Fact{Seq: e.Seq, Command: e.Command, Type: form.CommandType(), By: e.Actor, OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt}, body: form.RecordForm}
		return f, t.amendable(f)
	}
	facts, err := t.h.facts(t.put)
	if err != nil {
		return fact{}, err
	}
	for _, f := range facts {
		if f.Command == e.Command {
			return f, t.amendable(f)
		}
	}
	return fact{}, &Error{Code: NotFound, Field: "record", Message: "the case has no such record"}
}

func (t *retelling) amendable(f fact) error {
	_, opening := f.body.(OpenCase)
	_, form := f.body.(RecordForm)
	_, correct := t.cmd.Body.(CorrectRecord)
	switch {
	case form && correct:
		return refuse("record", "PIPL art.46", "a form is not corrected: fill it in again, and say which one it replaces")
	case opening && !correct:
		return refuse("record", "PIPL art.46", "the opening cannot be withdrawn: a case opened by mistake is void (void-case)")
	case amends(f.body) && correct:
		return refuse("record", "PIPL art.46", "an amendment is withdrawn, not corrected")
	}
	return nil
}

// correction is the body with the right fields over the wrong ones.
func (t *retelling) correction(b CorrectRecord, of fact) (RecordCorrected, error) {
	d := RecordCorrected{Record: b.Record, Command: of.Command, Type: of.Type, HappenedAt: of.OccurredAt}
	if !b.HappenedAt.IsZero() {
		d.HappenedAt = instant(b.HappenedAt)
	}
	if d.HappenedAt.After(t.now) {
		return d, InvalidField("happened_at", "%s lies in the future", d.HappenedAt.In(Shanghai).Format(time.RFC3339))
	}
	raw, err := json.Marshal(of.body)
	if err != nil {
		return d, err
	}
	var fields, right map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return d, err
	}
	if len(b.Fields) > 0 {
		if err := json.Unmarshal(b.Fields, &right); err != nil {
			return d, InvalidField("fields", "holds the fields of the record that were wrong, by their names")
		}
	}
	if _, opening := of.body.(OpenCase); opening && !b.HappenedAt.IsZero() {
		return d, InvalidField("happened_at", "is not corrected here: the day of service is what counts")
	}
	for name, v := range right {
		if _, opening := of.body.(OpenCase); opening && oneOf(name, "place", "worker", "policy", "carried") {
			return d, InvalidField("fields."+name, "is not corrected here: transfer the case, assign a worker, migrate the policy")
		}
		fields[name] = v
	}
	if raw, err = json.Marshal(fields); err != nil {
		return d, err
	}
	body, err := DecodeCommandBody(of.Type, raw)
	if err != nil {
		return d, inFields(err)
	}
	if err := body.check(); err != nil {
		return d, inFields(err)
	}
	if d.Body, err = json.Marshal(body); err != nil {
		return d, err
	}
	if sameBody(body, of.body) && d.HappenedAt.Equal(of.OccurredAt) {
		return d, refuse("fields", "PIPL art.46", "the record says so already")
	}
	return d, nil
}

// Corrected is what the corrected record would say, for those who check what the core does
// not know. The error is that of the correction.
func (h *History) Corrected(b CorrectRecord, now time.Time) (CommandBody, error) {
	if b.Record < 1 {
		return nil, missing("record")
	}
	t := retelling{h: h, cmd: Command{Body: b}, now: now, put: h.amendments()}
	of, err := t.record(b.Record)
	if err != nil {
		return nil, err
	}
	d, err := t.correction(b, of)
	if err != nil {
		return nil, err
	}
	return DecodeCommandBody(d.Type, d.Body)
}

func sameBody(a, b CommandBody) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// inFields says that the error is about one of the corrected fields.
func inFields(err error) error {
	e := *asRefusal(err)
	if e.Field != "" {
		e.Field = "fields." + e.Field
	}
	return &e
}

// with is what holds once the command came to the event.
func (t *retelling) with(data EventData) amended {
	return t.h.amendments(Event{Command: t.cmd.ID, RecordedAt: instant(t.now), Data: data})
}

// propose lets the amendment take effect where one person may do that, and leaves it to a
// second one where two have to.
func (t *retelling) propose(data EventData, a Amendment, of fact) ([]Event, error) {
	t.put = t.with(data)
	if c, ok := data.(RecordCorrected); ok {
		t.correcting = c.Command
	}
	events, err := t.events()
	if err != nil {
		return nil, err
	}
	if t.mayAlone(events, of) {
		return events, nil
	}
	t.correcting = ""
	t.put = t.with(AmendmentProposed{Amendment: a, Command: of.Command})
	return t.events()
}

// mayAlone: whoever recorded it, on the same day, as long as nothing follows from it; else
// the station head; never alone where it counts under DRR art.20, went to the police, took
// two people itself, or makes or undoes an end of the measure, its place or its beginning.
func (t *retelling) mayAlone(events []Event, of fact) bool {
	after := t.live.Clone()
	after.Fold(events)
	if countsDiffer(&t.live.Counters, &after.Counters) || wentToPolice(of.body) || t.tookTwo(of) || corrections(after) != corrections(t.live) || measureDiffers(t.live, after) {
		return false
	}
	if t.cmd.Actor.Role.rank() >= StationHead.rank() {
		return true
	}
	own := t.cmd.Actor.ID == of.By.ID && DateOf(of.RecordedAt) == DateOf(t.now)
	return own && !follows(events, t.cmd.ID, t.h, of.Command)
}

// countsDiffer reports whether what is held against the client is another.
func countsDiffer(a, b *Counters) bool {
	return a.TestBreaches != b.TestBreaches || a.Leavings != b.Leavings || a.AbsenceDays != b.AbsenceDays ||
		a.DeemedRefusals != b.DeemedRefusals || a.Relapses != b.Relapses || len(a.Violations) != len(b.Violations)
}

// wentToPolice reports whether the record is of what two people answer for.
func wentToPolice(body CommandBody) bool {
	switch body.(type) {
	case SendPoliceReport, SendCorrection, RecordReceipt, Terminate, Release, ConfirmAmendment:
		return true
	}
	return false
}

// tookTwo reports whether what the fact proposed took effect by the word of a second person.
func (t *retelling) tookTwo(of fact) bool {
	if !amends(of.body) {
		return false
	}
	for i := range t.h.Events {
		switch d := t.h.Events[i].Data.(type) {
		case RecordWithdrawn:
			if d.Proposed == of.Command {
				return true
			}
		case RecordCorrected:
			if d.Proposed == of.Command {
				return true
			}
		case CaseVoided:
			if _, voids := of.body.(VoidCase); voids {
				return true
			}
		}
	}
	return false
}

// measureDiffers reports whether the measure has ended in one of two lives and not in the
// other, begins or ends on another day than a person said, or is at another place.
func measureDiffers(a, b *Case) bool {
	return ended(a) != ended(b) || a.Place != b.Place || lost(a.ReportedOn, b.ReportedOn) || lost(a.AgreementOn, b.AgreementOn) || lost(a.TermEnd, b.TermEnd)
}

func lost(was, is Date) bool { return was != 0 && is == 0 }

// ended reports whether the measure has an end, or never was.
func ended(c *Case) bool {
	return oneOf(c.Phase, TermEnded, Released, AwaitingSealing, Terminated, TransferredAway, Void)
}

func corrections(c *Case) int {
	n := 0
	for i := range c.Obligations {
		if c.Obligations[i].ID.Kind == CorrectionDuty {
			n++
		}
	}
	return n
}

// follows reports whether anything but the record itself is taken back or added.
func follows(events []Event, command string, h *History, of string) bool {
	for _, e := range events {
		d, revised := e.Data.(LifeRevised)
		if !revised {
			if e.Command != command && e.Command != of {
				return true
			}
			continue
		}
		for _, x := range d.Taken {
			if h.Events[x.Seq-1].Command != of {
				return true
			}
		}
	}
	return false
}

// confirm makes the amendment that was proposed take effect.
func (t *retelling) confirm(b ConfirmAmendment) error {
	a := t.live.amendment(b.Amendment)
	if a == nil {
		return &Error{Code: NotFound, Field: "amendment", Message: "the case has no such amendment proposed"}
	}
	var proposed string
	for _, l := range t.h.lived() {
		if l.Seq == a.ID {
			proposed = l.Command
		}
	}
	p, _ := t.put.emits[proposed].(AmendmentProposed)
	if t.put.off[p.Command] {
		return refuse("amendment", "PIPL art.46", "record %d was withdrawn since this was proposed: decline it", a.Record)
	}
	switch a.Kind {
	case Withdrawal:
		t.put = t.with(RecordWithdrawn{a.Record, p.Command, a.Type, a.ID, proposed})
	case Correction:
		if t.correctedSince(a.ID, p.Command) {
			return refuse("amendment", "PIPL art.46", "record %d was corrected since this was proposed, and would lose that: decline it, and correct what is still wrong", a.Record)
		}
		t.correcting = p.Command
		t.put = t.with(RecordCorrected{a.Record, p.Command, a.Type, a.HappenedAt, a.Body, a.ID, proposed})
	}
	return nil
}

// correctedSince reports whether what the command told was corrected after the event.
func (t *retelling) correctedSince(seq int64, command string) bool {
	for i := range t.h.Events {
		e := &t.h.Events[i]
		d, ok := e.Data.(RecordCorrected)
		if ok && e.Seq > seq && d.Command == command && !t.put.off[e.Command] && !t.put.off[d.Proposed] {
			return true
		}
	}
	return false
}
