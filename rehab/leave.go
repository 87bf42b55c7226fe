package rehab

import (
	"fmt"
	"slices"
)

// LeaveReturnDuty is the client's to be back, or to have reported an extension, by the
// last day of an approved leave.
const LeaveReturnDuty Kind = "leave_return"

func leaveTopic() topic {
	return topic{
		subject: "leave",
		commands: []CommandSpec{
			command[ReportLeave]("登记外出报告", "Record the client's written report of a leave", by(everyone), reason, movesClock, example(`{"from":"2026-10-15","to":"2026-10-20"}`)),
			command[DecideLeave]("登记外出意见", "Approve a leave, or not", by(offices), example(`{"leave":4,"approved":true}`)),
			command[ExtendLeave]("登记续假", "Move the last day of a leave", by(offices), reason, example(`{"leave":4,"to":"2026-10-25"}`)),
			command[ReturnFromLeave]("登记返回", "Record the return from a leave", by(everyone), witnessed, settles(LeaveReturnDuty), example(`{"leave":4}`)),
		},
		events: []eventKind{eventOf[LeaveReported](), eventOf[LeaveDecided](), eventOf[LeaveExtended](), eventOf[LeaveEnded]()},
		duties: []duty{{kind: LeaveReturnDuty, zh: "返回登记", en: "return from leave", client: true, mark: func(*Policy) Mark { return Law }}},
	}
}

// Leave is a leave that was reported and has not ended. ID is the sequence of its event.
// To is the last day. Report and approval are two things: the law asks for the report of
// an absence of three days or more (DRR art.19), the approval is practice.
type Leave struct {
	ID       int64 `json:"id"`
	From     Date  `json:"from"`
	To       Date  `json:"to"`
	Approved bool  `json:"approved,omitempty"`
}

// ReportLeave is the client's written report; where to and why is the command's text.
type ReportLeave struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// DecideLeave approves a reported leave, or not.
type DecideLeave struct {
	Leave    int64 `json:"leave"`
	Approved bool  `json:"approved"`
}

// ExtendLeave moves the last day of an approved leave (续假).
type ExtendLeave struct {
	Leave int64 `json:"leave"`
	To    Date  `json:"to"`
}

// ReturnFromLeave is the client's report back on the day of OccurredAt (销假).
type ReturnFromLeave struct {
	Leave int64 `json:"leave"`
}

func (ReportLeave) CommandType() string     { return "report-leave" }
func (DecideLeave) CommandType() string     { return "decide-leave" }
func (ExtendLeave) CommandType() string     { return "extend-leave" }
func (ReturnFromLeave) CommandType() string { return "return-from-leave" }

func (b ReportLeave) check() *Error {
	switch {
	case b.From == 0:
		return missing("from")
	case b.To == 0:
		return missing("to")
	case b.To < b.From:
		return InvalidField("to", "lies before from")
	}
	return nil
}

func (b DecideLeave) check() *Error { return checkLeave(b.Leave) }
func (b ExtendLeave) check() *Error {
	if b.To == 0 {
		return missing("to")
	}
	return checkLeave(b.Leave)
}
func (b ReturnFromLeave) check() *Error { return checkLeave(b.Leave) }

func checkLeave(id int64) *Error {
	if id < 1 {
		return missing("leave")
	}
	return nil
}

// LeaveReported keeps the client's report.
type LeaveReported struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// LeaveDecided approves the leave or refuses it.
type LeaveDecided struct {
	Leave    int64 `json:"leave"`
	Approved bool  `json:"approved"`
}

// LeaveExtended moves the last day.
type LeaveExtended struct {
	Leave int64 `json:"leave"`
	To    Date  `json:"to"`
}

// LeaveEnded is the client's return.
type LeaveEnded struct {
	Leave int64 `json:"leave"`
	On    Date  `json:"on"`
}

func (LeaveReported) EventType() string { return "leave_reported" }
func (LeaveDecided) EventType() string  { return "leave_decided" }
func (LeaveExtended) EventType() string { return "leave_extended" }
func (LeaveEnded) EventType() string    { return "leave_ended" }

func (d LeaveReported) apply(c *Case, e *Event) {
	c.Leaves = append(c.Leaves, Leave{ID: e.Seq, From: d.From, To: d.To})
}

func (d LeaveDecided) apply(c *Case, _ *Event) {
	if d.Approved {
		l := c.leave(d.Leave)
		l.Approved = true
		c.grant(*l)
	} else {
		c.endLeave(d.Leave)
	}
}

func (d LeaveExtended) apply(c *Case, _ *Event) {
	l := c.leave(d.Leave)
	l.To = d.To
	c.grant(*l)
}

// apply leaves the days after an early return: they were not used.
func (d LeaveEnded) apply(c *Case, _ *Event) {
	l := *c.leave(d.Leave)
	l.To = min(l.To, d.On)
	c.grant(l)
	c.endLeave(d.Leave)
}

func (c *Case) endLeave(id int64) {
	c.Leaves = slices.DeleteFunc(c.Leaves, func(l Leave) bool { return l.ID == id })
}

func (c *Case) leave(id int64) *Leave {
	for i := range c.Leaves {
		if c.Leaves[i].ID == id {
			return &c.Leaves[i]
		}
	}
	return nil
}

func (d *decision) findLeave(id int64, approved bool) (Leave, *Error) {
	l := d.c.leave(id)
	switch {
	case l == nil:
		return Leave{}, &Error{Code: NotFound, Field: "leave", Message: "the case has no such leave"}
	case l.Approved != approved && approved:
		return *l, refuse("leave", "DRR art.19", "the leave was not approved")
	case l.Approved != approved:
		return *l, refuse("leave", "DRR art.19", "the leave was approved already")
	}
	return *l, nil
}

// decide keeps the report, whatever is decided about it. A leave may reach beyond the term:
// what it obliges the client to ends with the measure.
func (b ReportLeave) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase != AwaitingAgreement && d.c.Phase != InExecution:
		return refuse("", "DRR art.19", "the measure is not under way: the case is %s", d.c.Phase)
	case b.To < on:
		return refuse("to", "DRR art.19", "%s is over: an absence nobody knew of is recorded as a leaving", b.To)
	}
	if err := d.withinTerm(b.From, b.To); err != nil {
		return err
	}
	for _, l := range d.c.Leaves {
		if l.From == b.From && l.To == b.To {
			return &Error{Code: Known, Record: l.ID, Citation: "DRR art.19", Message: "this leave was reported already"}
		}
	}
	d.emit(LeaveReported{b.From, b.To})
	return nil
}

// withinTerm refuses a leave that has no day in the measure, and a last day that no leave
// of it can reach.
func (d *decision) withinTerm(from, to Date) *Error {
	c := d.c
	switch last := c.TermEnd.AddMonths(lateness); {
	case from < c.ReportedOn:
		return refuse("from", "DRR art.14, 19", "%s lies before report-in on %s", from, c.ReportedOn)
	case from > c.TermEnd:
		return refuse("from", "DRR art.19, 23", "%s lies after the term, which ends on %s", from, c.TermEnd)
	case to > from.AddMonths(lateness):
		return refuse("to", "DRR art.19, 22", "%s lies more than %d months after %s: whoever stays away for so long changes the place of execution", to, lateness, from)
	case to > last:
		return refuse("to", "DRR art.19, 23", "%s lies more than %d months after the term, which ends on %s", to, lateness, c.TermEnd)
	}
	return nil
}

// decide approves the leave or refuses it. Days that were found to be an unauthorised
// leaving cannot be approved beside that.
func (b DecideLeave) decide(d *decision, on Date) *Error {
	l, err := d.findLeave(b.Leave, false)
	if err != nil {
		return err
	}
	if s := d.c.leavingIn(l.From, l.To); s != nil && b.Approved {
		return refuse("leave", "DRR art.19, 20", "event %d tells of an unauthorised leaving from %s to %s", s.ID, s.From, s.To)
	}
	d.emit(LeaveDecided{b.Leave, b.Approved})
	if b.Approved {
		d.oblige(Obligation{ID: d.number(LeaveReturnDuty), Opens: l.From, Due: min(max(l.To, on), max(d.c.TermEnd, on)), About: l.ID, Citation: "DRR art.19"})
	}
	return nil
}

// decide moves the last day; one that was missed already is taken back by it.
func (b ExtendLeave) decide(d *decision, on Date) *Error {
	l, err := d.findLeave(b.Leave, true)
	switch {
	case err != nil:
		return err
	case b.To <= l.To || b.To < on:
		return refuse("to", "DRR art.19", "%s is not later than %s", b.To, max(l.To, on-1))
	}
	if err := d.withinTerm(l.From, b.To); err != nil {
		return err
	}
	if s := d.c.leavingIn(l.To+1, b.To); s != nil {
		return refuse("to", "DRR art.19, 20", "event %d tells of an unauthorised leaving from %s to %s", s.ID, s.From, s.To)
	}
	d.emit(LeaveExtended{b.Leave, b.To})
	if duty := d.returnOf(b.Leave); duty != nil {
		d.emit(MissJustified{duty.ID, LeaveExtension, min(b.To, d.c.TermEnd)})
		d.settle(LeaveReturnDuty, ByJustification)
	}
	return nil
}

// LeaveExtension is the justified reason of a return that an extension moved.
const LeaveExtension JustifiedReason = "leave_extension"

func (b ReturnFromLeave) decide(d *decision, on Date) *Error {
	l, err := d.findLeave(b.Leave, true)
	switch {
	case err != nil:
		return err
	case on < l.From:
		return refuse("occurred_at", "DRR art.19", "%s lies before the leave, which begins on %s", on, l.From)
	}
	duty := d.returnOf(b.Leave)
	d.emit(LeaveEnded{b.Leave, on})
	if duty != nil {
		d.meet(*duty, on)
	}
	return nil
}

// returnOf is the obligation to be back from the leave, or nil.
func (d *decision) returnOf(leave int64) *Obligation {
	for _, o := range d.c.Obligations {
		if o.ID.Kind == LeaveReturnDuty && o.About == leave {
			return &o
		}
	}
	return nil
}

func (d LeaveDecided) decided(*Case) Line {
	l := Line{Of: fmt.Sprintf("leave-%d", d.Leave), Citation: "DRR art.19", ZH: "外出意见：不同意", EN: "refused the leave"}
	if d.Approved {
		l.ZH, l.EN = "批准请假", "approved the leave"
	}
	return l
}

func (d LeaveExtended) decided(*Case) Line {
	return Line{Of: fmt.Sprintf("leave-%d", d.Leave), Citation: "DRR art.19", ZH: fmt.Sprintf("续假至%s", d.To), EN: fmt.Sprintf("extended the leave until %s", d.To)}
}
