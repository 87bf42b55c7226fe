// Package documents fills the papers of a case file (一人一档) from the case. A paper is a
// draft before the act, takes its number from the books of the office, is printed, signed,
// sealed and scanned, and only then recorded: from its number on it says the same, whatever
// comes later. Texts and rules are in versions that an office can put its own before.
package documents

import (
	"fmt"

	"guitu/office"
	"guitu/rehab"
)

// Kind of a document.
type Kind string

// The kinds, in the order of a life.
const (
	OrderNotice      Kind = "order_notice"      // 决定书送达登记表
	Agreement        Kind = "agreement"         // 协议
	TestRecord       Kind = "test_record"       // 吸毒检测登记表
	LeaveForm        Kind = "leave_form"        // 外出报告表
	Education        Kind = "education"         // 批评教育记录
	LetterOfAdvice   Kind = "letter_of_advice"  // 劝诫书
	WarningLetter    Kind = "warning_letter"    // 告诫书
	Certificate      Kind = "certificate"       // 严重违反协议证明
	PoliceReport     Kind = "police_report"     // 关于报告有关情况的函
	SuspensionNotice Kind = "suspension_notice" // 中止执行登记表
	TermConfirmation Kind = "term_confirmation" // 期限确认登记
	ReleaseFile      Kind = "release_file"      // 期满材料报送函
	ReleaseNotice    Kind = "release_notice"    // 期满告知
	Termination      Kind = "termination"       // 终止登记表
	Closing          Kind = "closing"           // 结案登记表
	TransferCover    Kind = "transfer_cover"    // 转送材料函
	TransferArrival  Kind = "transfer_arrival"  // 报到回函
	ControlEnd       Kind = "control_end"       // 动态管控情况告知
	Sealing          Kind = "sealing"           // 档案封存登记
	Correction       Kind = "correction"        // 更正函
	Withdrawal       Kind = "withdrawal"        // 撤销通知
	VoidRecord       Kind = "void_record"       // 误立案撤销登记
	CaseFile         Kind = "case_file"         // 一人一档封面、目录、备考表
)

// Entry is a document that an event of the case has produced, or a draft of one that is
// due. Seq is the sequence of the event, Origin that of the event with which the paper began:
// its draft's where it was one. A document whose event was taken back is withdrawn since
// WithdrawnOn, by the event WithdrawnBy. Of a notice of withdrawal, Seq and Of are those of
// the document that it takes back. Number and Version are those under which the paper is in
// the books.
type Entry struct {
	ID      string     `json:"id"` // case/seq/kind
	Seq     int64      `json:"seq"`
	Origin  int64      `json:"origin"`
	Kind    Kind       `json:"kind"`
	Title   string     `json:"title"`
	On      rehab.Date `json:"on"`
	Draft   bool       `json:"draft,omitempty"`
	Number  string     `json:"number,omitempty"`
	Version string     `json:"version,omitempty"`

	WithdrawnOn rehab.Date `json:"withdrawn_on,omitzero"`
	WithdrawnBy int64      `json:"withdrawn_by,omitempty"`
	Of          Kind       `json:"of,omitempty"`
}

// Key under which the paper is in the books.
func (x *Entry) Key(caseID string) office.PaperKey {
	return office.PaperKey{CaseID: caseID, Kind: string(x.Kind), Origin: x.Origin}
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

// Booked says of the documents which are in the books, and under which number.
func Booked(list []Entry, caseID string, books []office.Paper) []Entry {
	for i := range list {
		if p := bookedAs(books, list[i].Key(caseID)); p != nil {
			list[i].Number, list[i].Version = p.Number, p.Version
		}
	}
	return list
}

// bookedAs finds the paper in the books; nil where it is not, or its number was spoilt.
func bookedAs(books []office.Paper, k office.PaperKey) *office.Paper {
	for i := range books {
		if books[i].PaperKey == k && !books[i].Spoilt() {
			return &books[i]
		}
	}
	return nil
}

// stillDue looks for what the draft of the event is about; id is what the event is referred
// to by.
func stillDue(c *rehab.Case, e rehab.Event, id int64) bool {
	switch d := e.Data.(type) {
	case rehab.ObligationOpened:
		return c.Obligation(d.Obligation.ID) != nil
	case rehab.TransferRequested:
		return c.Transfer.ID == id && c.Transfer.State == rehab.TransferIsRequested
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
	return Entry{ID: fmt.Sprintf("%s/%d/%s", caseID, e.Seq, k), Seq: e.Seq, Origin: e.Seq, Kind: k, Title: titles[k], On: on, Draft: draft}
}

// entryOf is the document the event produces, if there is one.
func entryOf(caseID string, e rehab.Event) (Entry, bool) {
	k, on, draft := producedBy(e)
	if k == "" {
		return Entry{}, false
	}
	return newEntry(caseID, e, k, on, draft), true
}

func producedBy(e rehab.Event) (k Kind, on rehab.Date, draft bool) {
	on = rehab.DateOf(e.OccurredAt)
	switch d := e.Data.(type) {
	case rehab.CaseOpened:
		return OrderNotice, d.ServedOn, false
	case rehab.AgreementSigned:
		return Agreement, d.On, false
	case rehab.TestRecorded:
		return TestRecord, d.On, false
	case rehab.LeaveReported:
		return LeaveForm, on, true
	case rehab.LeaveDecided:
		return LeaveForm, on, false
	case rehab.MeasureIssued:
		return Kind(d.Step), d.On, false
	case rehab.PoliceReportSent:
		if !d.Groundless { // the report stands where it was sent; a correction follows it
			return PoliceReport, d.On, false
		}
	case rehab.CorrectionSent:
		if !d.Groundless {
			return Correction, d.On, false
		}
	case rehab.CaseVoided:
		return VoidRecord, d.On, false
	case rehab.CaseSuspended:
		return SuspensionNotice, d.On, false
	case rehab.TermConfirmed:
		return TermConfirmation, on, false
	case rehab.ReleaseFileSubmitted:
		return ReleaseFile, d.On, false
	case rehab.CaseReleased:
		return ReleaseNotice, d.On, false
	case rehab.CaseTerminated:
		if d.Ground.Terminates() {
			return Termination, d.On, false
		}
		return Closing, d.On, false // death and isolation close the case: no article terminates it
	case rehab.TransferRequested:
		return TransferCover, d.On, true
	case rehab.FileForwarded:
		return TransferCover, d.On, false
	case rehab.TransferArrived:
		return TransferArrival, d.On, false
	case rehab.DynamicControlEnded:
		if d.Ground == rehab.NoGround { // death or a new measure is no decision on clean years
			return ControlEnd, d.On, false
		}
	case rehab.ObligationOpened:
		return draftOf(d.Obligation.ID.Kind), d.Obligation.Due, true
	}
	return "", 0, false
}

// draftOf is the paper that an obligation asks for.
func draftOf(k rehab.Kind) Kind {
	switch k {
	case rehab.AgreementDuty:
		return Agreement
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
	OrderNotice: "决定书送达登记表", Agreement: "协议", TestRecord: "吸毒检测登记表", LeaveForm: "外出报告表", Education: "批评教育记录",
	LetterOfAdvice: "劝诫书", WarningLetter: "告诫书", Certificate: "严重违反协议证明", PoliceReport: "关于报告有关情况的函",
	SuspensionNotice: "中止执行登记表", TermConfirmation: "期限确认登记", ReleaseFile: "期满材料报送函", ReleaseNotice: "期满告知", Termination: "终止登记表",
	Closing: "结案登记表", TransferCover: "转送材料函", TransferArrival: "报到回函", ControlEnd: "动态管控情况告知", Sealing: "档案封存登记",
	Correction: "更正函", Withdrawal: "撤销通知", VoidRecord: "误立案撤销登记",
	CaseFile: "一人一档",
}

// kinds lists them all.
func kinds() []Kind {
	return []Kind{
		OrderNotice, Agreement, TestRecord, LeaveForm, Education, LetterOfAdvice, WarningLetter, Certificate, PoliceReport, SuspensionNotice, TermConfirmation,
		ReleaseFile, ReleaseNotice, Termination, Closing, TransferCover, TransferArrival, ControlEnd, Sealing, Correction, Withdrawal, VoidRecord, CaseFile,
	}
}

// letters are the papers in the form of a letter (函), under the name of the office.
func (k Kind) letter() bool {
	switch k {
	case PoliceReport, Correction, ReleaseFile, TransferCover, TransferArrival:
		return true
	}
	return false
}
