package rehab

import (
	"slices"
	"time"
)

// What was sent cannot be unsent. When the ground of a report falls, a correction to the
// police is due, and the police's receipt for it (docs/law.md).

// CorrectionDuty is to tell the police that the ground of a report that was sent has fallen.
const CorrectionDuty Kind = "police_correction"

// irrevocable is a fact that stays one when its ground has fallen. groundless keeps it, with
// the duty that it brings; refs are what its body referred to when it was told.
type irrevocable interface {
	groundless(d *decision, on Date, refs []ref)
}

// SendCorrection says that the correction was sent, by the actor, on the day of OccurredAt.
type SendCorrection struct {
	Obligation ObligationID `json:"obligation"`
}

func (SendCorrection) CommandType() string { return "send-correction" }
func (b SendCorrection) check() *Error     { return b.Obligation.check() }

// CorrectionSent says that a named person told the police that the ground of the report has
// fallen. Report is the sequence of the report. Groundless: the ground has come back since.
type CorrectionSent struct {
	Obligation ObligationID `json:"obligation"`
	Report     int64        `json:"report"`
	On         Date         `json:"on"`
	Ground     Ground       `json:"ground,omitempty"`
	Groundless bool         `json:"groundless,omitempty"`
}

func (CorrectionSent) EventType() string { return "correction_sent" }

func (d CorrectionSent) apply(c *Case, _ *Event) {
	if !d.Groundless {
		c.Reported = slices.DeleteFunc(c.Reported, func(r SentReport) bool { return r.ID == d.Report })
	}
}

// decide says that a named person sent the correction; the receipt is due from now on.
func (b SendCorrection) decide(d *decision, on Date) *Error {
	o := d.c.Obligation(b.Obligation)
	if o == nil || o.ID.Kind != CorrectionDuty {
		return &Error{Code: NotFound, Field: "obligation", Message: "no correction of that number is due"}
	}
	due := *o
	d.emit(CorrectionSent{Obligation: due.ID, Report: due.About, On: on, Ground: due.Ground})
	sent := d.c.Seq
	d.meet(due, on)
	d.obligeReceipt(on, due.Ground, sent)
	return nil
}

// groundless keeps a correction whose report was right after all: the police are told anew.
func (b SendCorrection) groundless(d *decision, on Date, refs []ref) {
	ground, report := NoGround, int64(0)
	for _, r := range refs {
		ground, report = r.obligation.Ground, r.obligation.About
	}
	d.emit(CorrectionSent{b.Obligation, report, on, ground, true})
	if d.c.isOver() {
		return // nobody reports in a case that has ended
	}
	d.obligeReceipt(on, ground, d.c.Seq)
	d.obligeReport(ground)
}

func (d *decision) obligeReceipt(on Date, g Ground, sent int64) {
	l := d.env.Policy.PoliceReceipt
	d.oblige(Obligation{ID: d.number(ReceiptDuty), Opens: on, Due: l.After(on, d.env.Calendar), From: on, Ground: g, About: sent, Citation: l.Cite})
}

// groundless keeps the report, which the police have, and makes the correction due: 24
// hours from the moment at which its ground fell, also in a case that has ended since.
func (b SendPoliceReport) groundless(d *decision, on Date, refs []ref) {
	ground, test := NoGround, int64(0)
	for _, r := range refs {
		ground, test = r.obligation.Ground, r.obligation.About
	}
	d.emit(PoliceReportSent{b.Obligation, on, ground, true, test})
	sent := d.c.Seq
	if !d.c.isOver() {
		d.obligeReceipt(on, ground, sent)
	}
	d.obligeCorrection(SentReport{ID: sent, Ground: ground}, d.again.fellAt(sent, d.env.Policy.PoliceReport))
}

// obligeCorrection makes the correction of a report due, whose ground fell at the instant.
func (d *decision) obligeCorrection(r SentReport, fell time.Time) {
	l := d.env.Policy.PoliceReport
	o := Obligation{ID: d.number(CorrectionDuty), Opens: DateOf(fell), Ground: r.Ground, About: r.ID, Citation: "NCL art.35(2); PIPL art.46"}
	if l.Unit == Hours {
		o.DueAt = instant(fell.Add(time.Duration(l.N) * time.Hour))
		o.Due = DateOf(o.DueAt)
	} else {
		o.Due, o.From = l.After(o.Opens, d.env.Calendar), o.Opens
	}
	d.oblige(o)
}

// fellAt is when the ground of what was sent fell: as the correction that is due says, or now.
func (r *relive) fellAt(sent int64, l Limit) time.Time {
	for i := range r.old[:r.holds] {
		d, ok := r.old[i].Data.(ObligationOpened)
		switch o := &d.Obligation; {
		case !ok || o.ID.Kind != CorrectionDuty || o.About != sent:
		case !o.DueAt.IsZero():
			return o.DueAt.Add(-time.Duration(l.N) * time.Hour)
		default:
			return o.Opens.Start()
		}
	}
	return r.now
}

func (d CorrectionSent) decided(before *Case) Line {
	l := about(before, d.Obligation, "已发送%s（%s）", "sent the %s (%s)")
	l.On = d.On
	return l
}
