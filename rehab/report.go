package rehab

import (
	"fmt"
	"slices"
	"time"
)

// ReceiptDuty is to have the receipt (回执) of a report that was sent.
const ReceiptDuty Kind = "police_receipt"

// HelpOfferDuty is to offer help after a relapse: it opens with the report, never after it.
const HelpOfferDuty Kind = "help_offer"

// reportTopic is the statutory report to the police (移交) and what a relapse opens beside it.
func reportTopic() topic {
	return topic{
		subject: "breach",
		commands: []CommandSpec{
			command[ConfirmPoliceReport]("确认报告内容", "Confirm the drafted report to the police", by(offices), confirms(PoliceReportDuty), afterRelease, example(`{"obligation":"police_report-1"}`)),
			command[SendPoliceReport]("登记报送", "Say that a confirmed report was sent to the police", by(everyone), settles(PoliceReportDuty), afterRelease, example(`{"obligation":"police_report-1"}`)),
			command[RecordReceipt]("登记回执", "Record the police's receipt of a report", by(withPolice), settles(ReceiptDuty), afterRelease, afterEnd, example(`{"obligation":"police_receipt-1"}`)),
			command[SendCorrection]("登记报送更正函", "Say that the police were told that the ground of a report has fallen", by(everyone), settles(CorrectionDuty), afterRelease, afterEnd, example(`{"obligation":"police_correction-1"}`)),
			command[RecordHelpOffer]("登记提出帮扶", "Record that help was offered after a relapse", by(everyone), witnessed, settles(HelpOfferDuty), afterRelease, example(`{"answer":"considering"}`)),
			command[RecordCircumstance]("登记特殊情形", "Record a fact the police have to know: pregnancy, nursing, youth", by(everyone), witnessed, afterRelease, example(`{"circumstance":"nursing","from":"2026-10-01","until":"2027-10-01"}`)),
		},
		events: []eventKind{
			eventOf[PoliceReportConfirmed](), eventOf[PoliceReportSent](), eventOf[ReceiptRecorded](), eventOf[CorrectionSent](), eventOf[HelpOffered](), eventOf[CircumstanceRecorded](),
		},
		duties: []duty{
			{kind: PoliceReportDuty, zh: "向公安机关报告", en: "report to the police", limit: func(p *Policy) *Limit { return &p.PoliceReport }},
			{kind: ReceiptDuty, zh: "公安机关回执", en: "receipt of the police", limit: func(p *Policy) *Limit { return &p.PoliceReceipt }},
			{kind: CorrectionDuty, zh: "向公安机关更正报告", en: "correction of a report to the police", limit: func(p *Policy) *Limit { return &p.PoliceReport }},
			{kind: HelpOfferDuty, zh: "提供帮扶", en: "offer of help", limit: func(p *Policy) *Limit { return &p.HelpOffer }},
		},
		why: reportsWhy{},
	}
}

// ConfirmPoliceReport is a named person's word that the drafted report is right.
type ConfirmPoliceReport struct {
	Obligation ObligationID `json:"obligation"`
}

// SendPoliceReport says that the report was sent, by the actor, on the day of OccurredAt.
type SendPoliceReport struct {
	Obligation ObligationID `json:"obligation"`
}

// RecordReceipt says that the police's receipt came on the day of OccurredAt; its number
// is the command's text.
type RecordReceipt struct {
	Obligation ObligationID `json:"obligation"`
}

// RecordHelpOffer says that help was offered after a relapse, and how it was taken.
type RecordHelpOffer struct {
	Answer HelpAnswer `json:"answer"`
}

func (ConfirmPoliceReport) CommandType() string { return "confirm-police-report" }
func (SendPoliceReport) CommandType() string    { return "send-police-report" }
func (RecordReceipt) CommandType() string       { return "record-receipt" }
func (RecordHelpOffer) CommandType() string     { return "record-help-offer" }

func (b ConfirmPoliceReport) check() *Error { return b.Obligation.check() }
func (b SendPoliceReport) check() *Error    { return b.Obligation.check() }
func (b RecordReceipt) check() *Error       { return b.Obligation.check() }
func (b RecordHelpOffer) check() *Error {
	return helpAnswers.check("answer", b.Answer)
}

// PoliceReportConfirmed makes the draft a report that can be sent.
type PoliceReportConfirmed struct {
	Obligation ObligationID `json:"obligation"`
	On         Date         `json:"on"`
}

// PoliceReportSent says that a named person sent a report.
type PoliceReportSent struct {
	Obligation ObligationID `json:"obligation"`
	On         Date         `json:"on"`
	Ground     Ground       `json:"ground,omitempty"`
	Groundless bool         `json:"groundless,omitempty"` // its ground has fallen: a correction is due
	Test       int64        `json:"test,omitempty"`       // the positive that it reports
}

// SentReport is a report that the police have. ID is the sequence of its sending.
type SentReport struct {
	ID     int64  `json:"id"`
	Ground Ground `json:"ground,omitempty"`
	Test   int64  `json:"test,omitempty"`
}

// ReceiptRecorded closes the way of a report. Report is the sequence of its sending.
type ReceiptRecorded struct {
	Obligation ObligationID `json:"obligation"`
	Report     int64        `json:"report"`
	On         Date         `json:"on"`
}

// HelpOffered keeps the offer of help and the answer.
type HelpOffered struct {
	On     Date       `json:"on"`
	Answer HelpAnswer `json:"answer"`
}

func (PoliceReportConfirmed) EventType() string { return "police_report_confirmed" }
func (PoliceReportSent) EventType() string      { return "police_report_sent" }
func (ReceiptRecorded) EventType() string       { return "receipt_recorded" }
func (HelpOffered) EventType() string           { return "help_offered" }

func (d PoliceReportConfirmed) apply(c *Case, _ *Event) {
	c.Obligation(d.Obligation).Unconfirmed = false
}

func (d PoliceReportSent) apply(c *Case, e *Event) {
	c.Reported = append(c.Reported, SentReport{e.Seq, d.Ground, d.Test})
}

// What follows are facts for the file: the obligations they meet have events of their own.
func (ReceiptRecorded) apply(*Case, *Event) {}
func (HelpOffered) apply(*Case, *Event)     {}

// ofReport says of an obligation that its ground is why it is due, and not what a miss
// of it was found to be.
func (k Kind) ofReport() bool {
	return k == PoliceReportDuty || k == ReceiptDuty || k == CorrectionDuty
}

// citeReport is the duty to report to the police, whatever a version of the policy cites.
const citeReport = "NCL art.35(2), DRR art.21"

// obligeReport makes the statutory report due, as a draft. A named person confirms and
// sends it (NCL art.35(2), DRR art.21).
func (d *decision) obligeReport(g Ground) { d.obligeReportOver(g, 0) }

// obligeReportOver makes a report due over the test (its sequence), so that it falls with it.
func (d *decision) obligeReportOver(g Ground, test int64) {
	l, knew := d.env.Policy.PoliceReport, d.knew(PoliceReportDuty, g)
	o := Obligation{ID: d.number(PoliceReportDuty), Opens: DateOf(knew), Ground: g, About: test, Unconfirmed: true, Citation: citeReport}
	if l.Unit == Hours {
		o.DueAt = instant(knew.Add(time.Duration(l.N) * time.Hour))
		o.Due = DateOf(o.DueAt)
	} else {
		o.Due, o.From = l.After(o.Opens, d.env.Calendar), o.Opens
	}
	d.oblige(o)
}

// relapse opens report and help together, over the test that showed it. Help that was
// offered before the relapse was written down answers it too.
func (d *decision) relapse(test int64) {
	d.obligeReportOver(Relapse, test)
	l, today := d.env.Policy.HelpOffer, DateOf(d.knew(HelpOfferDuty, NoGround))
	d.oblige(Obligation{
		ID: d.number(HelpOfferDuty), Opens: DateOf(d.occurred), Due: l.After(today, d.env.Calendar), From: today, About: test, Citation: l.Cite,
	})
}

// groundFell voids the unsent reports on the ground, and has those that were sent corrected.
// Test is the positive behind it, where there is one.
func (d *decision) groundFell(g Ground, test int64) {
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == PoliceReportDuty && o.Ground == g && (test == 0 || o.About == test) {
			d.takeBack(o)
		}
	}
	for _, r := range slices.Clone(d.c.Reported) {
		due := slices.ContainsFunc(d.c.Obligations, func(o Obligation) bool { return o.ID.Kind == CorrectionDuty && o.About == r.ID })
		if !due && r.Ground == g && (test == 0 || r.Test == 0 || r.Test == test) {
			d.obligeCorrection(r, d.knew(CorrectionDuty, g))
		}
	}
}

// withdrawReport voids the unsent reports on a ground that held when they were drawn up, and
// holds no longer: what was sent was right.
func (d *decision) withdrawReport(g Ground) {
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == PoliceReportDuty && o.Ground == g {
			d.takeBack(o)
		}
	}
}

func (d *decision) report(id ObligationID) (Obligation, *Error) {
	o := d.c.Obligation(id)
	if o == nil || id.Kind != PoliceReportDuty {
		return Obligation{}, &Error{Code: NotFound, Field: "obligation", Message: "no police report of that number is due"}
	}
	return *o, nil
}

func (b ConfirmPoliceReport) decide(d *decision, on Date) *Error {
	o, err := d.report(b.Obligation)
	switch {
	case err != nil:
		return err
	case !o.Unconfirmed:
		return refuse("obligation", o.Citation, "the report was confirmed already")
	}
	d.emit(PoliceReportConfirmed{o.ID, on})
	return nil
}

// decide says that a named person sent the report; the receipt is due from now on.
func (b SendPoliceReport) decide(d *decision, on Date) *Error {
	o, err := d.report(b.Obligation)
	switch {
	case err != nil:
		return err
	case o.Unconfirmed:
		return refuse("obligation", o.Citation, "the report is a draft: a person has to confirm it first")
	}
	d.emit(PoliceReportSent{Obligation: o.ID, On: on, Ground: o.Ground, Test: o.About})
	sent := d.c.Seq
	d.meet(o, on)
	d.obligeReceipt(on, o.Ground, sent)
	return nil
}

func (b RecordReceipt) decide(d *decision, on Date) *Error {
	o := d.c.Obligation(b.Obligation)
	switch {
	case o == nil || o.ID.Kind != ReceiptDuty:
		return &Error{Code: NotFound, Field: "obligation", Message: "no receipt of that number is waited for"}
	case on < o.Opens:
		return refuse("occurred_at", o.Citation, "%s lies before the report was sent on %s", on, o.Opens)
	}
	due := *o
	d.emit(ReceiptRecorded{due.ID, due.About, on})
	d.meet(due, on)
	return nil
}

// decide keeps the offer; it answers all that are due.
func (b RecordHelpOffer) decide(d *decision, on Date) *Error {
	d.emit(HelpOffered{on, b.Answer})
	for _, o := range slices.Clone(d.c.Obligations) {
		if o.ID.Kind == HelpOfferDuty && on >= o.Opens {
			d.meet(o, on)
		}
	}
	return nil
}

// ReportLines say what a report on the ground means for this measure, and which facts
// about the client the police have to know on the day. The engine decides none of it.
func (c *Case) ReportLines(g Ground, on Date) []Line {
	var out []Line
	line := func(code, cite, zh, en string) {
		out = append(out, Line{Code: code, Citation: cite, Mark: Law, ZH: zh, EN: en})
	}
	if g == Overdue {
		line("overdue", "DRR art.38", "社区康复逾期未报到：法律未规定视为拒绝，是否属于拒绝接受社区康复由人认定", "overdue under rehabilitation: no article deems it a refusal, a person decides what it is")
	}
	serious := len(c.Counters.Violations) > 0 || c.Counters.DeemedRefusals > 0
	switch {
	case c.Measure == Treatment:
		line("isolation_possible", "NCL art.38", "社区戒毒期间的上述情形，由公安机关依法决定是否决定强制隔离戒毒", "under treatment the police may order compulsory isolation; they decide")
	case g == Relapse && serious:
		line("no_early_end", "DRR art.38", "拒绝接受社区康复或者严重违反协议，并再次吸毒：如被决定强制隔离戒毒，不得提前解除", "refusal or serious violation together with renewed use: an isolation ordered for it cannot end early")
	case g == Relapse:
		line("renewed_use", "NCL art.38; DRR art.38", "社区康复期间再次吸毒，由公安机关依法处理", "renewed use under rehabilitation; the police decide")
	case c.Counters.Relapses > 0 && g != Overdue:
		line("no_early_end", "DRR art.38", "拒绝接受社区康复或者严重违反协议，并有再次吸毒：如被决定强制隔离戒毒，不得提前解除", "refusal or serious violation together with renewed use: an isolation ordered for it cannot end early")
	default:
		line("no_ground_alone", "DRR art.38", "社区康复期间的上述情形，单独不构成强制隔离戒毒的理由", "under rehabilitation this alone is no ground for compulsory isolation")
	}
	for _, f := range c.Circumstances {
		if f.holds(on) {
			zh, en := f.Kind.meaning()
			line(string(f.Kind), "NCL art.39", zh, en)
		}
	}
	return out
}

// reportsWhy says what a report means before it goes out.
type reportsWhy struct{}

func (reportsWhy) explain(c *Case, env Env, x *Explanation) {
	for i := range c.Obligations {
		o := &c.Obligations[i]
		if o.ID.Kind != PoliceReportDuty {
			continue
		}
		if o.Unconfirmed {
			x.Waiting = append(x.Waiting, Line{Code: "report_draft", On: o.Due, Of: o.ID.String(), Citation: o.Citation,
				ZH: fmt.Sprintf("%s为草稿，待人工确认后报送", o.ID), EN: fmt.Sprintf("%s is a draft: a person confirms it, then sends it", o.ID)})
		}
		for _, l := range c.ReportLines(o.Ground, env.Today()) {
			l.Of = o.ID.String()
			x.Waiting = append(x.Waiting, l)
		}
	}
}

func (d PoliceReportConfirmed) decided(before *Case) Line {
	l := about(before, d.Obligation, "确认%s（%s）", "confirmed the %s (%s)")
	l.On = d.On
	return l
}

func (d PoliceReportSent) decided(before *Case) Line {
	l := about(before, d.Obligation, "已报送%s（%s）", "sent the %s (%s)")
	l.On = d.On
	return l
}
