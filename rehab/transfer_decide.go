package rehab

import (
	"fmt"
	"slices"
	"strings"
)

// decide opens the transfer. Nothing moves yet: the old station has three working days to
// send the file, and stays responsible until the new one has accepted (DRR art.22).
func (b RequestTransfer) decide(d *decision, on Date) *Error {
	t := d.c.Transfer
	switch {
	case d.c.Phase == TermEnded:
		return refuse("", "DRR art.22, 23", "the term ended on %s", d.c.TermEnd)
	case t.pending():
		return refuse("", "DRR art.22", "the transfer requested on %s is pending: withdraw it first", t.RequestedOn)
	case b.To == d.c.Place:
		return refuse("to", "DRR art.22", "the measure is executed at %s already", b.To)
	}
	settle := d.first(TransferSettleDuty)
	d.emit(TransferRequested{d.c.Place, b.To, b.Reason, on})
	if settle != nil {
		d.meet(*settle, on)
	}
	d.obligeWithin(ForwardFileDuty, on)
	return nil
}

// decide puts the file before the receiving station, which has a limit of its own.
func (ForwardFile) decide(d *decision, on Date) *Error {
	t := d.c.Transfer
	switch {
	case t.State != TransferIsRequested:
		return refuse("", "DRR art.22", "no transfer waits for its file")
	case on < t.RequestedOn:
		return refuse("occurred_at", "DRR art.22", "%s lies before the transfer was requested on %s", on, t.RequestedOn)
	}
	d.emit(FileForwarded{t.ID, on})
	d.meet(*d.first(ForwardFileDuty), on)
	d.obligeWithin(t.duty(), on)
	return nil
}

// answered finds the transfer that the receiving station answers, or refuses: the answer
// is that station's, or of an office above it; outside the system the old one records it.
func (d *decision) answered(id int64, on Date) (Transfer, *Error) {
	t := d.c.Transfer
	station := t.To
	if station == "" {
		station = d.c.Place
	}
	switch {
	case t.ID != id || !t.pending():
		return t, &Error{Code: NotFound, Field: "transfer", Message: "the case has no such transfer pending"}
	case t.State != TransferIsForwarded:
		return t, refuse("transfer", "DRR art.22", "the file has not been forwarded")
	case !d.actor.answersFor(station):
		return t, refuse("transfer", "DRR art.22", "the station of %s answers, or an office above it", station)
	case on < t.ForwardedOn:
		return t, refuse("occurred_at", "DRR art.22", "%s lies before the file was forwarded on %s", on, t.ForwardedOn)
	}
	return t, nil
}

// answersFor reports whether the actor speaks for the station of the street.
func (a Actor) answersFor(street string) bool {
	switch a.Role {
	case WorkerRole:
		return false
	case StationHead:
		return a.Place == street
	case DistrictOffice:
		return a.Place != "" && a.Area().Contains(PlaceCode(street))
	}
	return true
}

// decide moves the case in one step: the place and with it every open obligation, counter
// and the clock; the climbs are told to the new rungs, the worker is to be assigned anew,
// and the client's fifteen days begin. What only the old station could have had signed or
// assigned is void (DRR art.22).
func (b AcceptTransfer) decide(d *decision, on Date) *Error {
	t, err := d.answered(b.Transfer, on)
	if err != nil {
		return err
	}
	d.meet(*d.first(t.duty()), on)
	if t.To == "" {
		d.endArrival(on)
		d.emit(TransferredOut{t.ID, on})
		return nil
	}
	d.void(BySupersession, AgreementDuty, AssignWorkerDuty, TransferReportInDuty, WorkingGroupDuty)
	if o := d.first(ReportInDuty); o != nil && o.Status == Open {
		d.emit(ObligationSuperseded{o.ID}) // a report-in missed before the change stays missed
	}
	from, worker := d.c.Place, d.c.Worker
	d.emit(TransferAccepted{t.ID, from, t.To, on, worker})
	d.moveEscalations(from, worker)
	d.obligeWithin(AssignWorkerDuty, d.env.Today())
	d.awaitArrival(on)
	d.leaveGroup(on)
	return nil
}

// leaveGroup lets go of the old street's people: only the family goes along. The new
// station forms the group anew (DRR art.17).
func (d *decision) leaveGroup(on Date) {
	for _, m := range slices.Clone(d.c.Help.Group.Members) {
		if m.Role != GroupFamily {
			d.emit(GroupLeft{on, m.Role, m.ID})
		}
	}
	d.judgeGroup(on)
}

// moveEscalations tells every open climb to the new place. Whoever is told there has the
// whole time to answer; a promise binds the office that gave it, and goes on where that
// office is above both places.
func (d *decision) moveEscalations(from, worker string) {
	for i := range d.c.Escalations {
		esc := d.c.Escalations[i]
		rungs := d.env.Policy.ladder(esc.Obligation.Kind)
		e := EscalationMoved{ID: esc.ID, From: from, Worker: worker}
		for j := 0; j <= esc.Rung && j < len(rungs); j++ {
			e.Told = append(e.Told, rungs[j].Role)
		}
		if esc.Role.PlaceOver(from) != esc.Role.PlaceOver(d.c.Place) {
			e.Anew, e.NextAt = true, d.nextTelling(rungs, min(esc.Rung, len(rungs)-1))
		}
		d.emit(e)
	}
}

// awaitArrival makes the report-in at the new street due, counted from the day of the
// change. In custody the fifteen days begin with the release (DRR art.22, 24).
func (d *decision) awaitArrival(changed Date) {
	if d.c.Phase == Suspended {
		changed = min(changed, d.c.SuspendedOn)
	}
	d.obligeWithin(TransferReportInDuty, changed)
}

// decide sends the file back with the station's reason.
func (b RefuseTransfer) decide(d *decision, on Date) *Error {
	t, err := d.answered(b.Transfer, on)
	if err != nil {
		return err
	}
	d.meet(*d.first(t.duty()), on)
	d.sendBack(t, b.Reason, on)
	return nil
}

// decide takes an unanswered file back: silence is no acceptance.
func (b ReturnTransfer) decide(d *decision, on Date) *Error {
	t := d.c.Transfer
	duty := d.first(TransferDecisionDuty)
	switch {
	case t.ID != b.Transfer || t.State != TransferIsForwarded || duty == nil:
		return &Error{Code: NotFound, Field: "transfer", Message: "the case has no such transfer before a receiving station"}
	case duty.Status == Open:
		return refuse("transfer", duty.Citation, "the receiving station has until %s to answer", duty.Due)
	}
	d.void(BySupersession, TransferDecisionDuty)
	d.sendBack(t, Silence, on)
	return nil
}

// sendBack leaves the old station, which was responsible all along, to settle it. The
// office above both stations hears of it at once; unsettled it climbs.
func (d *decision) sendBack(t Transfer, why ReturnReason, on Date) {
	d.emit(TransferReturned{t.ID, t.To, why, on})
	d.obligeWithin(TransferSettleDuty, d.env.Today())
}

// decide leaves the place as it is. What was accepted has moved the case and cannot be
// withdrawn: it takes another transfer.
func (b WithdrawTransfer) decide(d *decision, on Date) *Error {
	t := d.c.Transfer
	if t.ID != b.Transfer || t.State == "" {
		return &Error{Code: NotFound, Field: "transfer", Message: "the case has no such transfer that could be withdrawn"}
	}
	if settle := d.first(TransferSettleDuty); settle != nil {
		d.meet(*settle, on)
	}
	d.void(BySupersession, ForwardFileDuty, TransferDecisionDuty, TransferReceiptDuty)
	d.emit(TransferWithdrawn{t.ID, t.To, on})
	return nil
}

// endTransfer ends what is under way because the measure ends.
func (d *decision) endTransfer(on Date) {
	if t := d.c.Transfer; t.State != "" {
		d.void(BySupersession, ForwardFileDuty, TransferDecisionDuty, TransferReceiptDuty, TransferSettleDuty)
		d.emit(TransferEnded{t.ID, d.c.Place, t.To, on})
	}
	d.endArrival(on)
}

func (d *decision) endArrival(on Date) {
	if a := d.c.Arrival; a.Transfer != 0 {
		d.void(BySupersession, TransferReportInDuty)
		d.emit(TransferEnded{a.Transfer, a.From, d.c.Place, on})
	}
}

// arrive takes the report-in at the new street, late or not. The term runs on from its own
// first day; the agreement is due anew, and the police are to be told (DRR art.22).
func (d *decision) arrive(on Date) *Error {
	a := d.c.Arrival
	if on < a.ChangedOn {
		return refuse("occurred_at", "DRR art.22", "%s lies before the place of execution changed on %s", on, a.ChangedOn)
	}
	duty := d.first(TransferReportInDuty)
	late := duty != nil && on > duty.Due
	d.emit(TransferArrived{a.Transfer, a.From, on, late})
	if duty != nil {
		d.meet(*duty, on)
	}
	if d.c.Phase == AwaitingReportIn {
		d.begin(on, late)
	} else {
		d.obligeAgreement(on)
	}
	d.obligeWithin(ArrivalReportDuty, on)
	return nil
}

func (ReportArrival) decide(d *decision, on Date) *Error {
	duty := d.first(ArrivalReportDuty)
	if duty == nil {
		return refuse("", d.env.Policy.ArrivalReport.Cite, "no arrival waits to be reported to the police")
	}
	d.emit(ArrivalReported{on})
	d.meet(*duty, on)
	return nil
}

type transferWhy struct{}

// explain says at which of the two stations the transfer is.
func (transferWhy) explain(c *Case, _ Env, x *Explanation) {
	line := func(code string, on Date, zh, en string) {
		x.Waiting = append(x.Waiting, Line{Code: code, On: on, Citation: "DRR art.22", ZH: zh, EN: en})
	}
	to := c.Transfer.To
	if to == "" {
		to = "outside"
	}
	switch t := c.Transfer; t.State {
	case TransferIsRequested:
		line("transfer_requested", t.RequestedOn, "已申请变更执行地（"+to+"），等待转送材料", "a transfer to "+to+" was requested; the file has not been forwarded")
	case TransferIsForwarded:
		line("transfer_forwarded", t.ForwardedOn, "材料已转送（"+to+"），等待接收", "the file went to "+to+", which has not answered; the old station is responsible")
	case TransferIsReturned:
		line("transfer_returned", t.ForwardedOn, "变更执行地被退回（"+to+"），待处理", "the transfer to "+to+" came back and waits to be settled")
	}
	if a := c.Arrival; a.Transfer != 0 {
		line("transfer_accepted", a.ChangedOn, fmt.Sprintf("执行地已于%s变更为%s，等待报到", a.ChangedOn, c.Place),
			fmt.Sprintf("the place of execution changed to %s on %s; the client has not reported in there", c.Place, a.ChangedOn))
	}
}

func (d TransferRequested) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.22", ZH: "提出执行地变更：" + d.To, EN: strings.TrimSpace("requested a transfer " + d.To)}
}

func (d TransferAccepted) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("transfer-%d", d.Transfer), Citation: "DRR art.22", ZH: "接收：执行地变更为" + d.To, EN: "accepted the transfer to " + d.To}
}

func (d TransferReturned) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("transfer-%d", d.Transfer), Citation: "DRR art.22", ZH: "退回执行地变更：" + returnReasons.zh(d.Reason), EN: "returned the transfer: " + string(d.Reason)}
}

func (d TransferWithdrawn) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("transfer-%d", d.Transfer), Citation: "DRR art.22", ZH: "撤回执行地变更", EN: "withdrew the transfer: the place stays"}
}

func (d TransferredOut) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.22", ZH: "登记回执，措施在系统外继续执行，本地结案", EN: "recorded the receipt: the measure goes on outside the system"}
}
