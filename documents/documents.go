// Package documents fills the papers of a case file (一人一档) from the case: templates in
// versions, each document linked to the event that produced it. The same document asked
// for again is the same, byte for byte: it rests on the history up to its event, on the
// identity, and on the version of the template that was in use when the event was recorded.
package documents

import (
	"fmt"

	"guitu/rehab"
)

// Kind of a document.
type Kind string

// The kinds, in the order of a life.
const (
	OrderNotice      Kind = "order_notice"      // 决定书送达登记
	Agreement        Kind = "agreement"         // 协议
	TestRecord       Kind = "test_record"       // 检测记录
	LeaveForm        Kind = "leave_form"        // 请假审批表
	Education        Kind = "education"         // 批评教育记录
	LetterOfAdvice   Kind = "letter_of_advice"  // 劝诫书
	WarningLetter    Kind = "warning_letter"    // 告诫书
	Certificate      Kind = "certificate"       // 严重违反协议证明
	PoliceReport     Kind = "police_report"     // 移交报告
	SuspensionNotice Kind = "suspension_notice" // 中止通知
	TermConfirmation Kind = "term_confirmation" // 期限确认
	ReleaseFile      Kind = "release_file"      // 解除材料
	ReleaseNotice    Kind = "release_notice"    // 解除通知
	Termination      Kind = "termination"       // 终止通知
	TransferCover    Kind = "transfer_cover"    // 档案移交函
	TransferArrival  Kind = "transfer_arrival"  // 变更执行地报到回函
	ControlEnd       Kind = "control_end"       // 动态管控解除通知
	Sealing          Kind = "sealing"           // 档案封存证明
	Correction       Kind = "correction"        // 更正函
	Withdrawal       Kind = "withdrawal"        // 撤销通知
	VoidRecord       Kind = "void_record"       // 误立案撤销登记
	CaseFile         Kind = "case_file"         // 一人一档封面与目录
)

// Entry is a document that an event of the case has produced, or a draft that is due.
// Seq is the sequence of the event; Version that of the template. A document whose event
// was taken back is withdrawn since WithdrawnOn, by the event WithdrawnBy. Of a notice of
// withdrawal, Seq and Of are those of the document that it takes back.
type Entry struct {
	ID      string     `json:"id"` // case/seq/kind/version
	Seq     int64      `json:"seq"`
	Kind    Kind       `json:"kind"`
	Title   string     `json:"title"`
	On      rehab.Date `json:"on"`
	Draft   bool       `json:"draft,omitempty"`
	Version string     `json:"version"`

	WithdrawnOn rehab.Date `json:"withdrawn_on,omitzero"`
	WithdrawnBy int64      `json:"withdrawn_by,omitempty"`
	Of          Kind       `json:"of,omitempty"`
}

// List names the documents of a history, in the order of their events, and at its end
// the case file as it now is. A draft is listed as long as what it is about is due; a
// document whose event was taken back is listed as withdrawn, with the notice that says so.
func List(caseID string, history []rehab.Event) []Entry {
	c := &rehab.Case{ID: caseID}
	file := newFile(caseID, history)
	for _, e := range history {
		c.Apply(e)
		file.take(e)
	}
	kept := file.entries[:0]
	for _, x := range file.entries {
		if !x.Draft || stillDue(c, history[x.Seq-1], file.referredTo(x.Seq)) {
			kept = append(kept, x)
		}
	}
	if n := len(history); n > 0 {
		kept = append(kept, newEntry(caseID, history[n-1], CaseFile, rehab.DateOf(history[n-1].RecordedAt), false))
	}
	return kept
}

// stillDue looks for what the draft of the event is about; id is what the event is referred
// to by.
func stillDue(c *rehab.Case, e rehab.Event, id int64) bool {
	switch d := e.Data.(type) {
	case rehab.ObligationOpened:
		return c.Obligation(d.Obligation.ID) != nil
	case rehab.LeaveReported:
		for _, l := range c.Leaves {
			if l.ID == id {
				return !l.Approved
			}
		}
	}
	return false
}

func newEntry(caseID string, e rehab.Event, k Kind, on rehab.Date, draft bool) Entry {
	v := versionAt(rehab.DateOf(e.RecordedAt)).name
	return Entry{ID: fmt.Sprintf("%s/%d/%s/%s", caseID, e.Seq, k, v), Seq: e.Seq, Kind: k, Title: titles[k], On: on, Draft: draft, Version: v}
}

// entryOf is the document the event produces, if there is one.
func entryOf(caseID string, e rehab.Event) (Entry, bool) {
	on, draft := rehab.DateOf(e.OccurredAt), false
	var k Kind
	switch d := e.Data.(type) {
	case rehab.CaseOpened:
		k, on = OrderNotice, d.ServedOn
	case rehab.AgreementSigned:
		k, on = Agreement, d.On
	case rehab.TestRecorded:
		k, on = TestRecord, d.On
	case rehab.LeaveReported:
		k, draft = LeaveForm, true
	case rehab.LeaveDecided:
		k = LeaveForm
	case rehab.MeasureIssued:
		k, on = Kind(d.Step), d.On
	case rehab.PoliceReportSent:
		if !d.Groundless { // the report stands where it was sent; a correction follows it
			k, on = PoliceReport, d.On
		}
	case rehab.CorrectionSent:
		if !d.Groundless {
			k, on = Correction, d.On
		}
	case rehab.CaseVoided:
		k, on = VoidRecord, d.On
	case rehab.CaseSuspended:
		k, on = SuspensionNotice, d.On
	case rehab.TermConfirmed:
		k = TermConfirmation
	case rehab.ReleaseFileSubmitted:
		k, on = ReleaseFile, d.On
	case rehab.CaseReleased:
		k, on = ReleaseNotice, d.On
	case rehab.CaseTerminated:
		if d.Ground.Terminates() { // death and isolation close the case: no article terminates it
			k, on = Termination, d.On
		}
	case rehab.FileForwarded:
		k, on = TransferCover, d.On
	case rehab.TransferArrived:
		k, on = TransferArrival, d.On
	case rehab.DynamicControlEnded:
		if d.Ground == rehab.NoGround { // death or a new measure is no decision on clean years
			k, on = ControlEnd, d.On
		}
	case rehab.ObligationOpened:
		k, on, draft = draftOf(d.Obligation.ID.Kind), d.Obligation.Due, true
	}
	if k == "" {
		return Entry{}, false
	}
	return newEntry(caseID, e, k, on, draft), true
}

// draftOf is the paper that an obligation asks for.
func draftOf(k rehab.Kind) Kind {
	switch k {
	case rehab.PoliceReportDuty:
		return PoliceReport
	case rehab.CorrectionDuty:
		return Correction
	case rehab.ReleaseFileDuty:
		return ReleaseFile
	case rehab.SealingDuty: // signed when the record is sealed: a sealed record has no papers
		return Sealing
	case rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter, rehab.ViolationDocument:
		return Kind(k)
	}
	return ""
}

// titles as they stand on the paper; the measure's own name replaces the braces.
var titles = map[Kind]string{
	OrderNotice: "决定书送达登记表", Agreement: "协议", TestRecord: "检测记录", LeaveForm: "请假（外出）审批表", Education: "批评教育记录",
	LetterOfAdvice: "劝诫书", WarningLetter: "告诫书", Certificate: "严重违反协议证明", PoliceReport: "移交公安机关报告",
	SuspensionNotice: "中止执行通知", TermConfirmation: "期限确认书", ReleaseFile: "解除材料报送表", ReleaseNotice: "解除通知", Termination: "终止执行通知",
	TransferCover: "档案移交函", TransferArrival: "报到回函", ControlEnd: "动态管控解除通知", Sealing: "档案封存证明",
	Correction: "更正函", Withdrawal: "撤销通知", VoidRecord: "误立案撤销登记",
	CaseFile: "一人一档",
}

// Number of the document in a table of contents, counted from 1.
func (Entry) Number(i int) int { return i + 1 }
