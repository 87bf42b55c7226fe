package rehab

import (
	"encoding/json"
	"slices"
	"time"
)

// Record is what the shell asks the ledger to write after the core decided: all of it
// in one transaction, or nothing. Events carry the sequences Expected+1, Expected+2, …
// A Record without events only looks: it brings the caller up to date.
type Record struct {
	CaseID   string    `json:"case"`
	Command  string    `json:"command,omitempty"` // id of the command; empty where time brought the events
	Digest   string    `json:"digest,omitempty"`  // of the command's request
	Asked    *Asked    `json:"asked,omitempty"`   // what the command asked
	Expected int64     `json:"expected"`          // sequence the caller had folded
	Events   []Event   `json:"events,omitempty"`
	Notices  []Noticed `json:"notices,omitempty"` // what the events make the engine say
	Summary  Summary   `json:"summary"`           // of the case with Events folded
	// Rows are what Events change beside it. Nil where a record was made before there were any,
	// and where Events revise the life: then whoever has the ledger makes all of them (LifeRows).
	Rows *Rows `json:"rows,omitempty"`

	// Retell asks whoever has the history to decide a command on it: then there are no events yet.
	Retell *Retold `json:"retell,omitempty"`
}

// Retold is a command that the history has to be told. Keep says that nobody waits for the
// answer: a refusal is kept as one.
type Retold struct {
	Command Command   `json:"command"`
	Now     time.Time `json:"now"`
	Keep    bool      `json:"keep,omitempty"`
}

// NewRetelling is the request to decide the command on the history, and to write what comes
// of it on top of the case.
func NewRetelling(c *Case, cmd Command, now time.Time, keep bool) Record {
	return Record{CaseID: c.ID, Command: cmd.ID, Digest: cmd.Digest, Expected: c.Seq, Summary: c.Summary(), Retell: &Retold{cmd, now, keep}}
}

// Retold decides the command of a retelling on the history, which has to stand where the
// record expects it, and gives the record to write. The error is the refusal, a *Error.
func (h *History) Retold(r Record, rules Rules) (Record, error) {
	c, cmd := h.Known(farFuture), r.Retell.Command
	events, err := h.Decide(cmd, rules, r.Retell.Now)
	if err != nil {
		if !r.Retell.Keep {
			return Record{}, err
		}
		return NewRecord(c, cmd, c.Refusal(cmd, asRefusal(err), Env{Now: r.Retell.Now})), nil
	}
	out := NewRecord(c, cmd, events)
	if out.Revises() {
		out.Rows = LifeRows(slices.Concat(h.Events, events))
	}
	return out, nil
}

// Revises reports whether the events say that the case was lived again.
func (r *Record) Revises() bool {
	if len(r.Events) == 0 {
		return false
	}
	_, ok := r.Events[0].Data.(LifeRevised)
	return ok
}

// Asked is the body of a command with its type.
type Asked struct {
	Type string      `json:"type"`
	Body CommandBody `json:"body"`
}

// UnmarshalJSON reads the body by its type.
func (a *Asked) UnmarshalJSON(b []byte) error {
	var w struct {
		Type string          `json:"type"`
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	body, err := DecodeCommandBody(w.Type, w.Body)
	*a = Asked{w.Type, body}
	return err
}

// Noticed is a notice with the sequence of the event that caused it.
type Noticed struct {
	Seq int64 `json:"seq"`
	Notice
}

// NewRecord is the request to write the events on top of the case. The case is not changed.
func NewRecord(c *Case, cmd Command, events []Event) Record {
	r := Record{CaseID: c.ID, Command: cmd.ID, Digest: cmd.Digest, Expected: c.Seq, Events: events}
	if cmd.Body != nil && len(events) > 0 {
		r.Asked = &Asked{cmd.Body.CommandType(), cmd.Body}
	}
	after := c
	if len(events) > 0 {
		after = c.Clone()
	}
	var old map[int64]bool // what people heard of already
	rows := rowFold{c: after}
	for i, e := range events {
		if r.Revises() {
			after.Apply(e)
		} else {
			rows.apply(&events[i])
		}
		if d, ok := e.Data.(LifeRevised); ok {
			old = d.heard(after, events)
		}
		for _, n := range after.Notices(e) {
			if !old[e.Seq] {
				r.Notices = append(r.Notices, Noticed{e.Seq, n})
			}
		}
	}
	r.Summary = after.Summary()
	if len(events) > 0 && !r.Revises() {
		r.Rows = &rows.rows
	}
	return r
}

// RecordOutcome says what the ledger did with a Record.
type RecordOutcome string

// The outcomes of a Record. In each of them, Events is what the caller has to fold on
// top of Expected to stand where the ledger stands.
const (
	Recorded         RecordOutcome = "recorded"  // written
	Duplicate        RecordOutcome = "duplicate" // the command id was recorded before, with the same digest: it acted then
	DigestMismatch   RecordOutcome = "clashing"  // the command id was recorded before, with another digest
	Stale            RecordOutcome = "behind"    // the ledger is ahead of Expected: fold Events, decide again
	NothingToWrite   RecordOutcome = "looked"    // there was nothing to write
	RefusedByHistory RecordOutcome = "refused"   // the history was told of the command and refuses it
)

// RecordResult is the ledger's answer. Seq is the last sequence of the case in the
// ledger, CommandSeq the last one of the command (0: not recorded).
type RecordResult struct {
	Outcome    RecordOutcome `json:"outcome"`
	Seq        int64         `json:"seq"`
	CommandSeq int64         `json:"command_seq,omitempty"`
	Events     []Event       `json:"events,omitempty"`
	Refusal    *Error        `json:"refusal,omitempty"` // of a command that the history refuses
}

// Summary is the read model of one case: its row on every board and list.
type Summary struct {
	CaseID      string    `json:"case_id"`
	Seq         int64     `json:"seq"`
	Measure     Measure   `json:"measure"`
	Phase       Phase     `json:"phase"`
	Place       string    `json:"place"`
	Worker      string    `json:"worker,omitempty"`
	Risk        Risk      `json:"risk"`
	Policy      PolicyRef `json:"policy"`
	ServedOn    Date      `json:"served_on"`
	ReportedOn  Date      `json:"reported_on,omitzero"`
	TermEnd     Date      `json:"term_end,omitzero"`
	ReleasedOn  Date      `json:"released_on,omitzero"`
	LastContact Date      `json:"last_contact,omitzero"`
	NextKind    Kind      `json:"next_kind,omitempty"` // the open obligation that is due first
	NextDue     Date      `json:"next_due,omitzero"`
	Overdue     int       `json:"overdue"`            // obligations missed and neither confirmed, dismissed nor done
	Escalations int       `json:"escalations"`        // open ones
	TopRung     Role      `json:"top_rung,omitempty"` // the highest role told by an open one
	Violations  int       `json:"violations"`         // thresholds of DRR art.20 crossed

	Engagement   Engagement `json:"engagement,omitempty"`
	OutreachStep Channel    `json:"outreach_step,omitempty"` // the step of the outreach that is due
	Crises       int        `json:"crises,omitempty"`        // open ones

	WakeAt   time.Time `json:"wake_at,omitzero"` // when time brings something next, UTC
	OpenedAt time.Time `json:"opened_at"`        // UTC
}

// Summary is the case's row of the read model.
func (c *Case) Summary() Summary {
	s := Summary{
		CaseID: c.ID, Seq: c.Seq, Measure: c.Measure, Phase: c.Phase, Place: c.Place, Worker: c.Worker, Risk: c.Risk, Policy: c.Policy,
		ServedOn: c.ServedOn, ReportedOn: c.ReportedOn, TermEnd: c.TermEnd, ReleasedOn: c.ReleasedOn,
		LastContact: c.Counters.LastContact, Escalations: len(c.Escalations), Violations: len(c.Counters.Violations),
		Engagement: c.Engagement(), OutreachStep: c.outreachStep(), Crises: len(c.Crises),
		WakeAt: c.Wake(), OpenedAt: c.OpenedAt,
	}
	for i := range c.Obligations {
		switch o := &c.Obligations[i]; o.Status {
		case Open:
			if s.NextDue == 0 || o.Due < s.NextDue {
				s.NextKind, s.NextDue = o.ID.Kind, o.Due
			}
		case Missed:
			s.Overdue++
		}
	}
	for i := range c.Escalations {
		if r := c.Escalations[i].Role; r.rank() > s.TopRung.rank() {
			s.TopRung = r
		}
	}
	return s
}

// Inbox is the channel by which all are told whom no rung of a ladder tells by another one.
const Inbox = "inbox"

// Notice is a message the engine owes somebody: the outbox of the ledger. It goes to
// the holder of Role for Place (and to Worker, for a worker's notice). It holds no name
// and no free text; wording is neutral and made where it is shown.
type Notice struct {
	Role       Role         `json:"role"`
	Place      string       `json:"place"`
	Worker     string       `json:"worker,omitempty"`
	Type       string       `json:"type"` // the event type that caused it, or "promise_broken", "escalation_repeated", "escalation_retracted"
	Channel    string       `json:"channel,omitempty"`
	Escalation int64        `json:"escalation,omitempty"`
	Obligation ObligationID `json:"obligation,omitzero"`
}

// Notices are the messages an event brings, given the case with the event folded.
func (c *Case) Notices(e Event) []Notice { return append(c.noticesOf(e), c.recordedByFormer(e)...) }

func (c *Case) noticesOf(e Event) []Notice {
	to := func(r Role, typ, channel string, esc int64, id ObligationID) Notice {
		street, worker := c.watchedFrom(id.Kind)
		return Notice{Role: r, Place: r.PlaceOver(street), Worker: worker, Type: typ, Channel: channel, Escalation: esc, Obligation: id}
	}
	switch d := e.Data.(type) {
	case EscalationOpened:
		return []Notice{to(d.Role, e.Data.EventType(), d.Channel, e.Seq, d.Obligation)}
	case EscalationClimbed:
		typ, id := e.Data.EventType(), ObligationID{}
		switch {
		case d.Broken:
			typ = "promise_broken"
		case d.Repeat:
			typ = "escalation_repeated"
		}
		if esc := c.Escalation(d.ID); esc != nil {
			id = esc.Obligation
		}
		return []Notice{to(d.Role, typ, d.Channel, d.ID, id)}
	case EscalationClosed:
		typ := e.Data.EventType()
		if d.Closing == ByRetraction {
			typ = "escalation_retracted"
		}
		var out []Notice
		for _, r := range d.Told {
			out = append(out, to(r, typ, Inbox, d.ID, d.Obligation))
		}
		return out
	case WorkerAssigned:
		return []Notice{to(WorkerRole, e.Data.EventType(), Inbox, 0, ObligationID{})}
	case telling:
		return d.notices(c, e)
	case MissConfirmed:
		if d.ID.Kind == TransferReportInDuty {
			return tell(StationHead, c.Arrival.From, "", e)
		}
	case notifying:
		var out []Notice
		for _, r := range d.tells() {
			out = append(out, to(r, e.Data.EventType(), Inbox, 0, ObligationID{}))
		}
		return out
	}
	return nil
}

// notifying is an event that some roles have to hear of.
type notifying interface{ tells() []Role }
