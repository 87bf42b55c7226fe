package rehab

import (
	"strconv"
	"strings"
	"time"
)

// The duties of a transfer, in their order. The client owes the report-in alone.
const (
	ForwardFileDuty      Kind = "forward_file"       // the old street's: send the file
	TransferDecisionDuty Kind = "transfer_decision"  // the receiving station's: accept or refuse
	TransferReceiptDuty  Kind = "transfer_receipt"   // the old station's: have the receipt of a place outside the system
	TransferSettleDuty   Kind = "transfer_settle"    // the old station's: what becomes of a file that came back
	TransferReportInDuty Kind = "transfer_report_in" // the client's: report in at the new street (DRR art.22)
	ArrivalReportDuty    Kind = "arrival_report"     // the new street's: tell the police
)

// transferTopic is the change of the place of execution (执行地变更, DRR art.22). Its whole
// state is here, in the case: the workflow Transfer only watches it for both stations.
func transferTopic() topic {
	return topic{
		subject: "transfers",
		commands: []CommandSpec{
			command[RequestTransfer]("申请变更执行地", "Ask for another place of execution: the client's household or residence moved", by(everyone), settles(TransferSettleDuty), example(`{"to":"110102003","reason":"household"}`)),
			command[ForwardFile]("登记转送材料", "Say that the file went to the receiving street", by(everyone), settles(ForwardFileDuty)),
			command[AcceptTransfer]("接收", "Take the case over, as the receiving station; from outside the system: record the receipt", by(offices), settles(TransferDecisionDuty, TransferReceiptDuty), example(`{"transfer":99}`)),
			command[RefuseTransfer]("不接收", "Send the file back, as the receiving station", by(offices), reason, example(`{"transfer":99,"reason":"not_resident"}`)),
			command[ReturnTransfer]("收回材料", "Take back a file that was not answered in time; the engine does it by itself", by(offices), example(`{"transfer":99}`)),
			command[WithdrawTransfer]("撤回变更", "Say that the place stays: before it was accepted, or after it came back", by(offices), reason, example(`{"transfer":99}`)),
			command[ReportArrival]("登记通报公安机关", "Say that the new street told the police of the arrival", by(everyone), settles(ArrivalReportDuty), afterRelease),
		},
		events: []eventKind{
			eventOf[TransferRequested](), eventOf[FileForwarded](), eventOf[TransferAccepted](), eventOf[EscalationMoved](),
			eventOf[TransferReturned](), eventOf[TransferWithdrawn](), eventOf[TransferEnded](), eventOf[TransferArrived](),
			eventOf[TransferredIn](), eventOf[TransferredOut](), eventOf[ArrivalReported](),
		},
		duties: []duty{
			{kind: ForwardFileDuty, zh: "转送材料", en: "forwarding of the file", limit: func(p *Policy) *Limit { return &p.ForwardFile }},
			{kind: TransferDecisionDuty, zh: "接收决定", en: "decision of the receiving station", elsewhere: true, limit: func(p *Policy) *Limit { return &p.TransferDecision }},
			{kind: TransferReceiptDuty, zh: "材料回执", en: "receipt for the file", limit: func(p *Policy) *Limit { return &p.TransferReceipt }},
			{kind: TransferSettleDuty, zh: "处理退回的变更", en: "settlement of a returned transfer", limit: func(p *Policy) *Limit { return &p.TransferSettle }},
			{kind: TransferReportInDuty, zh: "变更后报到", en: "report-in at the new street", client: true, limit: func(p *Policy) *Limit { return &p.TransferReportIn }},
			{kind: ArrivalReportDuty, zh: "向公安机关通报报到", en: "report of the arrival to the police", limit: func(p *Policy) *Limit { return &p.ArrivalReport }},
		},
		why: transferWhy{},
	}
}

// TransferState is how far a transfer has come. The first three are those of a transfer
// that has not moved the case.
type TransferState string

// The states of a transfer.
const (
	TransferIsRequested TransferState = "requested"       // the old station sends the file
	TransferIsForwarded TransferState = "forwarded"       // the receiving station has the file and decides
	TransferIsReturned  TransferState = "returned"        // refused, or no answer in time: the old station settles it
	TransferIsAccepted  TransferState = "accepted"        // the place has changed; the client has to report in there
	TransferIsMissed    TransferState = "not_arrived"     // a person confirmed that the client did not report in
	TransferIsArrived   TransferState = "arrived"         // reported in at the new street
	TransferIsWithdrawn TransferState = "withdrawn"       // the place stays
	TransferIsOver      TransferState = "ended"           // the measure ended meanwhile
	TransferIsOvertaken TransferState = "overtaken"       // moved on before the report-in
	TransferIsOut       TransferState = "transferred_out" // the measure goes on outside the system
)

var transferStates = codes[TransferState]{
	{TransferIsRequested, "已申请", "requested"},
	{TransferIsForwarded, "材料已转送", "forwarded"},
	{TransferIsReturned, "已退回", "returned"},
	{TransferIsAccepted, "已接收", "accepted"},
	{TransferIsMissed, "未报到", "not arrived"},
	{TransferIsArrived, "已报到", "arrived"},
	{TransferIsWithdrawn, "已撤回", "withdrawn"},
	{TransferIsOver, "因措施结束而终止", "ended with the measure"},
	{TransferIsOvertaken, "再次变更", "overtaken by another"},
	{TransferIsOut, "已转出", "transferred out"},
}

// TransferReason is why the place changes (DRR art.22).
type TransferReason string

// What changed for the client.
const (
	HouseholdMoved TransferReason = "household" // the household registration
	ResidenceMoved TransferReason = "residence" // where the client lives
)

var transferReasons = codes[TransferReason]{
	{HouseholdMoved, "户籍迁移", "household registration moved"},
	{ResidenceMoved, "居住地变化", "residence moved"},
}

// ReturnReason is why a file came back.
type ReturnReason string

// The reasons of a return. Silence is nobody's answer.
const (
	NotResident    ReturnReason = "not_resident"    // the client neither lives nor is registered there
	FileIncomplete ReturnReason = "file_incomplete" // the file lacks something
	OtherStreet    ReturnReason = "other_street"    // another street is the right one
	OtherGround    ReturnReason = "other"           // as the note says
	Silence        ReturnReason = "silence"         // no answer by the last day
)

var returnReasons = codes[ReturnReason]{
	{NotResident, "不在本地居住或者落户", "not a resident"},
	{FileIncomplete, "材料不齐", "file incomplete"},
	{OtherStreet, "应由其他街道接收", "another street"},
	{OtherGround, "其他", "other"},
	{Silence, "逾期未答复", "no answer in time"},
}

// Transfer is a change of place that was asked for and has not moved the case: until it
// is accepted the old station is responsible. ID is the sequence of its event; an empty
// To lies outside the system.
type Transfer struct {
	ID          int64         `json:"id"`
	State       TransferState `json:"state"`
	To          string        `json:"to,omitempty"`
	RequestedOn Date          `json:"requested_on"`
	ForwardedOn Date          `json:"forwarded_on,omitzero"`
}

// pending reports whether the transfer waits for one of the two stations.
func (t Transfer) pending() bool {
	return t.State == TransferIsRequested || t.State == TransferIsForwarded
}

// duty that the transfer waits for at the receiving end.
func (t Transfer) duty() Kind {
	if t.To == "" {
		return TransferReceiptDuty
	}
	return TransferDecisionDuty
}

// Arrival is a change of place that the client has not followed by a report-in. From is
// empty where the client came from outside the system.
type Arrival struct {
	Transfer  int64  `json:"transfer"` // sequence of the event that asked for it
	From      string `json:"from,omitempty"`
	ChangedOn Date   `json:"changed_on"`
	Missed    bool   `json:"missed,omitempty"` // a person confirmed that the client did not come
}

// RequestTransfer asks for another place of execution: the street To, or one outside the
// system, which the command's text names.
type RequestTransfer struct {
	To      string         `json:"to,omitempty"`
	Outside bool           `json:"outside,omitempty"`
	Reason  TransferReason `json:"reason"`
}

// ForwardFile says that the file went to the receiving street on the day of OccurredAt.
type ForwardFile struct{}

// AcceptTransfer is the receiving station's yes: the place changes on the day of
// OccurredAt. For a place outside the system it is the receipt, which the old station records.
type AcceptTransfer struct {
	Transfer int64 `json:"transfer"`
}

// RefuseTransfer is the receiving station's no.
type RefuseTransfer struct {
	Transfer int64        `json:"transfer"`
	Reason   ReturnReason `json:"reason"`
}

// ReturnTransfer takes a file back that was not answered by the last day.
type ReturnTransfer struct {
	Transfer int64 `json:"transfer"`
}

// WithdrawTransfer says that the place stays.
type WithdrawTransfer struct {
	Transfer int64 `json:"transfer"`
}

// ReportArrival says that the new street told the police of the client's arrival.
type ReportArrival struct{}

func (RequestTransfer) CommandType() string  { return "request-transfer" }
func (ForwardFile) CommandType() string      { return "forward-file" }
func (AcceptTransfer) CommandType() string   { return "accept-transfer" }
func (RefuseTransfer) CommandType() string   { return "refuse-transfer" }
func (ReturnTransfer) CommandType() string   { return "return-transfer" }
func (WithdrawTransfer) CommandType() string { return "withdraw-transfer" }
func (ReportArrival) CommandType() string    { return "report-arrival" }

// What the police are to be told of an arrival outlives the measure.

func (b RequestTransfer) check() *Error {
	switch {
	case b.To == "" && !b.Outside:
		return missing("to")
	case b.To != "" && b.Outside:
		return InvalidField("to", "is left out for a place outside the system: the note names it")
	case len(b.To) > 12 || strings.Trim(b.To, "0123456789") != "":
		return InvalidField("to", "is the code of a street")
	}
	return transferReasons.check("reason", b.Reason)
}

func (ForwardFile) check() *Error      { return nil }
func (ReportArrival) check() *Error    { return nil }
func (b AcceptTransfer) check() *Error { return checkTransfer(b.Transfer) }
func (b RefuseTransfer) check() *Error {
	if err := checkTransfer(b.Transfer); err != nil {
		return err
	}
	return notOneOf("reason", b.Reason, NotResident, FileIncomplete, OtherStreet, OtherGround)
}
func (b ReturnTransfer) check() *Error   { return checkTransfer(b.Transfer) }
func (b WithdrawTransfer) check() *Error { return checkTransfer(b.Transfer) }

func checkTransfer(id int64) *Error {
	if id < 1 {
		return missing("transfer")
	}
	return nil
}

// TransferKey names a transfer outside its case: in addresses and as a workflow.
func TransferKey(caseID string, transfer int64) string {
	return caseID + "-t" + strconv.FormatInt(transfer, 10)
}

// ReadTransferKey is what TransferKey wrote; false where it did not.
func ReadTransferKey(key string) (caseID string, transfer int64, ok bool) {
	cut := strings.LastIndex(key, "-t")
	if cut < 1 {
		return "", 0, false
	}
	n, err := strconv.ParseInt(key[cut+2:], 10, 64)
	caseID = key[:cut]
	return caseID, n, err == nil && n > 0 && TransferKey(caseID, n) == key
}

// Transfers are the transfers that both stations still have to see: one that waits for
// either of them, and one whose client has not reported in and was not found missing.
func (c *Case) Transfers() []int64 {
	var out []int64
	if c.Arrival.Transfer != 0 && !c.Arrival.Missed {
		out = append(out, c.Arrival.Transfer)
	}
	if c.Transfer.pending() {
		out = append(out, c.Transfer.ID)
	}
	return out
}

// Silence is the command by which an unanswered transfer comes back to the old station,
// and the instant from which it can be given. The workflow Transfer gives it; whoever runs
// a case without one gives it in its place. False where no answer is awaited.
func (c *Case) Silence() (Command, time.Time, bool) {
	if c.Transfer.State != TransferIsForwarded || c.Transfer.To == "" {
		return Command{}, time.Time{}, false
	}
	for i := range c.Obligations {
		if o := &c.Obligations[i]; o.ID.Kind == TransferDecisionDuty {
			at := o.Deadline()
			return Command{
				ID: Reserved("transfer", c.Transfer.ID, "silence"), Actor: System, OccurredAt: at, Body: ReturnTransfer{c.Transfer.ID},
			}, at, true
		}
	}
	return Command{}, time.Time{}, false
}

// refusalCite is what a report-in of treatment that was not made counts as. The deeming is
// that of the report-in after the order (DRR art.14); we take it to hold for the one after
// a change, whose limit is in art.22. Isolation may be ordered for it.
func refusalCite(k Kind) string {
	if k == TransferReportInDuty {
		return "DRR art.14, 22"
	}
	return "DRR art.14, 20"
}

// overdueCite is the limit of a report-in of rehabilitation, which no article deems refused.
func overdueCite(k Kind) string {
	if k == TransferReportInDuty {
		return "DRR art.22, 38"
	}
	return citeRehabilitation
}
