package rehab

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// AmendmentDuty is to confirm or decline an amendment of the record that takes two people.
const AmendmentDuty Kind = "amendment_decision"

// amendTopic puts the record right: every person has a right to it (PIPL art.46).
func amendTopic() topic {
	return topic{
		subject: "amendment",
		commands: []CommandSpec{
			command[CorrectRecord]("更正记录", "Put right what a record says (更正): dry_run shows what would follow", by(everyone), reason, amending, example(`{"record":1,"fields":{"risk":"low"}}`)),
			command[WithdrawRecord]("撤回误录", "Take back a record of what never was (撤销误录): dry_run shows what would follow", by(everyone), reason, amending, example(`{"record":1}`)),
			command[VoidCase]("撤销立案", "Propose that the case was opened by mistake (误立案撤销); another person confirms it", by(everyone), reason, amending),
			command[ConfirmAmendment]("确认更正", "Confirm, as another person, an amendment that was proposed", by(offices), amending, settles(AmendmentDuty), example(`{"amendment":99}`)),
			command[DeclineAmendment]("不予更正", "Leave the record as it is", by(everyone), reason, amending, example(`{"amendment":99}`)),
		},
		events: []eventKind{
			eventOf[RecordCorrected](), eventOf[RecordWithdrawn](), eventOf[AmendmentProposed](), eventOf[AmendmentDeclined](), eventOf[CaseVoided](), eventOf[LifeRevised](),
		},
		duties: []duty{
			{kind: AmendmentDuty, zh: "更正事项确认", en: "decision on an amendment of the record", limit: func(p *Policy) *Limit { return p.amendment() }},
		},
		why: amendWhy{},
	}
}

// AmendmentKind says what an amendment does.
type AmendmentKind string

// The kinds of amendment: a record is corrected (更正), a record is withdrawn (撤销误录), the
// whole case is void (误立案撤销).
const (
	Correction AmendmentKind = "correction"
	Withdrawal AmendmentKind = "withdrawal"
	Voiding    AmendmentKind = "voiding"
)

var amendmentKinds = codes[AmendmentKind]{
	{Correction, "更正", "correction"},
	{Withdrawal, "撤销误录", "withdrawal"},
	{Voiding, "误立案撤销", "voiding of the case"},
}

// Amendment is proposed by one person and takes effect by the word of another. ID is the
// sequence of its event, Record that of the event that is put right.
type Amendment struct {
	ID          int64           `json:"id"`
	Kind        AmendmentKind   `json:"kind"`
	Record      int64           `json:"record,omitempty"`
	Type        string          `json:"type,omitempty"` // of the command behind the record
	By          string          `json:"by"`
	On          Date            `json:"on"`
	HappenedAt  time.Time       `json:"happened_at,omitzero"` // of a correction: when it really happened
	Body        json.RawMessage `json:"body,omitempty"`       // of a correction: what the record should say, whole
	DuplicateOf string          `json:"duplicate_of,omitempty"`
}

// CorrectRecord says what a record should have said. Record is the sequence of one of its
// events; HappenedAt is when the thing really happened (zero: as recorded), Fields are those
// of the command's body that were wrong. The reason is the command's text.
type CorrectRecord struct {
	Record     int64           `json:"record"`
	HappenedAt time.Time       `json:"happened_at,omitzero"`
	Fields     json.RawMessage `json:"fields,omitempty"`
}

// WithdrawRecord takes back a record of what never was. The reason is the command's text.
type WithdrawRecord struct {
	Record int64 `json:"record"`
}

// VoidCase says that the case was opened by mistake, or twice: then DuplicateOf names the
// case that goes on. It is no end of the measure.
type VoidCase struct {
	DuplicateOf string `json:"duplicate_of,omitempty"`
}

// ConfirmAmendment is the second person's word, by which an amendment takes effect.
type ConfirmAmendment struct {
	Amendment int64 `json:"amendment"`
}

// DeclineAmendment leaves the record as it is.
type DeclineAmendment struct {
	Amendment int64 `json:"amendment"`
}

func (CorrectRecord) CommandType() string    { return "correct-record" }
func (WithdrawRecord) CommandType() string   { return "withdraw-record" }
func (VoidCase) CommandType() string         { return "void-case" }
func (ConfirmAmendment) CommandType() string { return "confirm-amendment" }
func (DeclineAmendment) CommandType() string { return "decline-amendment" }

func amends(b CommandBody) bool { return specOf(b).Amends }

func (b CorrectRecord) check() *Error {
	switch {
	case b.Record < 1:
		return missing("record")
	case len(b.Fields) == 0 && b.HappenedAt.IsZero():
		return InvalidField("fields", "is missing: say what the record should have said, or when it happened")
	case len(b.Fields) > 0:
		var fields map[string]json.RawMessage
		if json.Unmarshal(b.Fields, &fields) != nil {
			return InvalidField("fields", "holds the fields of the record that were wrong, by their names")
		}
	}
	return nil
}

func (b WithdrawRecord) check() *Error {
	if b.Record < 1 {
		return missing("record")
	}
	return nil
}

func (b VoidCase) check() *Error {
	if len(b.DuplicateOf) > 128 {
		return InvalidField("duplicate_of", "is the id of a case")
	}
	return nil
}

func (b ConfirmAmendment) check() *Error { return checkAmendment(b.Amendment) }
func (b DeclineAmendment) check() *Error { return checkAmendment(b.Amendment) }

func checkAmendment(id int64) *Error {
	if id < 1 {
		return missing("amendment")
	}
	return nil
}

// RecordCorrected says that a record stands corrected: what Command told is as in Body, and
// happened at HappenedAt. Proposed is the command that proposed it, where two people did it.
type RecordCorrected struct {
	Record     int64           `json:"record"`
	Command    string          `json:"command"`
	Type       string          `json:"type"`
	HappenedAt time.Time       `json:"happened_at"`
	Body       json.RawMessage `json:"body"`
	Amendment  int64           `json:"amendment,omitempty"`
	Proposed   string          `json:"proposed,omitempty"`
}

// RecordWithdrawn says that what Command told never was.
type RecordWithdrawn struct {
	Record    int64  `json:"record"`
	Command   string `json:"command"`
	Type      string `json:"type"`
	Amendment int64  `json:"amendment,omitempty"`
	Proposed  string `json:"proposed,omitempty"`
}

// AmendmentProposed waits for the word of another person.
type AmendmentProposed struct {
	Amendment Amendment `json:"amendment"`
	Command   string    `json:"command,omitempty"` // that is put right
}

// AmendmentDeclined leaves the record as it is.
type AmendmentDeclined struct {
	Amendment int64 `json:"amendment"`
}

// CaseVoided says that there never was such a case (误立案撤销). It closes it without a trace
// in any count.
type CaseVoided struct {
	On          Date   `json:"on"`
	Amendment   int64  `json:"amendment"`
	DuplicateOf string `json:"duplicate_of,omitempty"`
}

func (RecordCorrected) EventType() string   { return "record_corrected" }
func (RecordWithdrawn) EventType() string   { return "record_withdrawn" }
func (AmendmentProposed) EventType() string { return "amendment_proposed" }
func (AmendmentDeclined) EventType() string { return "amendment_declined" }
func (CaseVoided) EventType() string        { return "case_voided" }

func (AmendmentProposed) tells() []Role { return []Role{StationHead} }

func (d RecordCorrected) apply(c *Case, _ *Event)   { c.endAmendment(d.Amendment) }
func (d RecordWithdrawn) apply(c *Case, _ *Event)   { c.endAmendment(d.Amendment) }
func (d AmendmentDeclined) apply(c *Case, _ *Event) { c.endAmendment(d.Amendment) }

func (d AmendmentProposed) apply(c *Case, e *Event) {
	a := d.Amendment
	a.ID = e.Seq
	c.Amendments = append(c.Amendments, a)
}

func (d CaseVoided) apply(c *Case, _ *Event) {
	c.Phase, c.VoidedOn = Void, d.On
	c.close()
	c.Obligations, c.Escalations, c.Amendments = nil, nil, nil
}

func (c *Case) endAmendment(id int64) {
	c.Amendments = slices.DeleteFunc(c.Amendments, func(a Amendment) bool { return a.ID == id })
}

func (c *Case) amendment(id int64) *Amendment {
	for i := range c.Amendments {
		if c.Amendments[i].ID == id {
			return &c.Amendments[i]
		}
	}
	return nil
}

// closedForGood refuses what no history can change: a sealed record, a case that is void.
func (c *Case) closedForGood(body CommandBody) *Error {
	switch {
	case c.Phase == Sealed:
		return refuse("", "DRR art.7", "the record was sealed on %s", c.SealedOn)
	case c.Phase == Void && !amends(body):
		return refuse("", "PIPL art.46", "the case was opened by mistake and is void since %s", c.VoidedOn)
	}
	return nil
}

// voidable refuses to void a case of which the police have a report: what was sent is
// corrected first, by withdrawing what it rests on.
func (c *Case) voidable() *Error {
	if n := len(c.Reported); n > 0 {
		return refuse("", "PIPL art.46", "the police have %d report(s) of this case: withdraw the records they rest on and send the correction first", n)
	}
	return nil
}

// propose leaves the amendment to another person.
func (d *decision) propose(data AmendmentProposed) {
	d.emit(data)
	l, today := d.env.Policy.amendment(), d.env.Today()
	d.oblige(Obligation{
		ID: d.number(AmendmentDuty), Opens: today, Due: l.After(today, d.env.Calendar), From: today, About: d.c.Seq, Citation: l.Cite,
	})
}

// amendNow emits what the amendment of the command comes to: the history decided it.
func (d *decision) amendNow() *Error {
	if d.again == nil {
		return ErrHistory
	}
	switch data := d.again.amended.emits[d.command].(type) {
	case nil:
		return &Error{Code: NotFound, Field: "record", Message: "there is no such record"}
	case AmendmentProposed:
		d.propose(data)
	default:
		d.emit(data)
	}
	return nil
}

func (CorrectRecord) decide(d *decision, _ Date) *Error  { return d.amendNow() }
func (WithdrawRecord) decide(d *decision, _ Date) *Error { return d.amendNow() }

func (b VoidCase) decide(d *decision, on Date) *Error {
	switch {
	case b.DuplicateOf == d.c.ID:
		return InvalidField("duplicate_of", "is this very case")
	case slices.ContainsFunc(d.c.Amendments, func(a Amendment) bool { return a.Kind == Voiding }):
		return refuse("", "PIPL art.46", "that the case is void was proposed already: another person confirms it")
	}
	if err := d.c.voidable(); err != nil {
		return err
	}
	d.propose(AmendmentProposed{Amendment: Amendment{Kind: Voiding, By: d.actor.ID, On: on, DuplicateOf: b.DuplicateOf}})
	return nil
}

func (b ConfirmAmendment) decide(d *decision, on Date) *Error {
	a, err := d.secondPerson(b.Amendment)
	if err != nil {
		return err
	}
	if a.Kind == Voiding {
		if err := d.c.voidable(); err != nil {
			return err
		}
	}
	d.meetAmendment(a.ID, on)
	if a.Kind == Voiding {
		on = d.env.Today() // the case was void from the second person's word on, whatever day that names
		d.endTransfer(on)
		d.emit(CaseVoided{on, a.ID, a.DuplicateOf})
		return nil
	}
	return d.amendNow()
}

func (b DeclineAmendment) decide(d *decision, on Date) *Error {
	a := d.c.amendment(b.Amendment)
	switch {
	case a == nil:
		return &Error{Code: NotFound, Field: "amendment", Message: "the case has no such amendment proposed"}
	case a.By != d.actor.ID && d.actor.Role.rank() < StationHead.rank():
		return refuse("amendment", "PIPL art.46", "the station head declines it, or whoever proposed it")
	}
	d.meetAmendment(a.ID, on)
	d.emit(AmendmentDeclined{b.Amendment})
	return nil
}

// secondPerson finds the amendment and requires that another person confirms it.
func (d *decision) secondPerson(id int64) (Amendment, *Error) {
	a := d.c.amendment(id)
	switch {
	case a == nil:
		return Amendment{}, &Error{Code: NotFound, Field: "amendment", Message: "the case has no such amendment proposed"}
	case a.By == d.actor.ID:
		return *a, refuse("amendment", "PIPL art.46", "%s proposed it: another person confirms it", a.By)
	case d.actor.Role.rank() < StationHead.rank():
		return *a, refuse("amendment", "PIPL art.46", "the station head confirms it, or an office above")
	}
	return *a, nil
}

func (d *decision) meetAmendment(id int64, on Date) {
	for _, o := range d.c.Obligations {
		if o.ID.Kind == AmendmentDuty && o.About == id {
			d.meet(o, on)
			return
		}
	}
}

// amendment is the limit of the second person: our choice where the policy has none.
func (p *Policy) amendment() *Limit {
	if p.Amendment.N > 0 {
		return &p.Amendment
	}
	return &Limit{N: 3, Unit: WorkingDays, Source: Source{Design, "a second person looks at an amendment within 3 working days (our choice)"}}
}

type amendWhy struct{}

func (amendWhy) explain(c *Case, _ Env, x *Explanation) {
	for _, a := range c.Amendments {
		l := Line{Code: "amendment_proposed", On: a.On, Of: fmt.Sprintf("event-%d", a.Record), Citation: "PIPL art.46"}
		switch a.Kind {
		case Voiding:
			l.Of = fmt.Sprintf("amendment-%d", a.ID)
			l.ZH, l.EN = "已提出误立案撤销，待另一人复核", "somebody proposed that the case was opened by mistake: another person confirms it"
		case Withdrawal:
			l.ZH, l.EN = fmt.Sprintf("已提出撤销误录（第%d条），待另一人复核", a.Record), fmt.Sprintf("somebody proposed to withdraw record %d: another person confirms it", a.Record)
		default:
			l.ZH, l.EN = fmt.Sprintf("已提出更正（第%d条），待另一人复核", a.Record), fmt.Sprintf("somebody proposed to correct record %d: another person confirms it", a.Record)
		}
		x.Waiting = append(x.Waiting, l)
	}
}

func (d RecordCorrected) decided(*Case) Line {
	return Line{Of: fmt.Sprintf("event-%d", d.Record), Citation: "PIPL art.46", ZH: fmt.Sprintf("更正第%d条记录", d.Record), EN: fmt.Sprintf("corrected record %d", d.Record)}
}

func (d RecordWithdrawn) decided(*Case) Line {
	return Line{Of: fmt.Sprintf("event-%d", d.Record), Citation: "PIPL art.46", ZH: fmt.Sprintf("撤销误录的第%d条记录", d.Record), EN: fmt.Sprintf("withdrew record %d", d.Record)}
}

func (d CaseVoided) decided(*Case) Line {
	return Line{On: d.On, Citation: "PIPL art.46", ZH: "误立案撤销", EN: "found that the case was opened by mistake: it is void"}
}
