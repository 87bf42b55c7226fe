package board

import "guitu/rehab"

// PoliceReport is a report that was sent to the police of a place. Seq is the sequence of its
// sending, Receipt the number of the duty that its receipt meets; 0 where there is none.
type PoliceReport struct {
	Position   int64        `json:"-"`
	CaseID     string       `json:"case_id"`
	Seq        int64        `json:"seq"`
	Place      string       `json:"place" doc:"The street that sent it."`
	SentOn     rehab.Date   `json:"sent_on"`
	Ground     rehab.Ground `json:"ground,omitempty"`
	ReceiptDue rehab.Date   `json:"receipt_due,omitzero"`
	ReceivedOn rehab.Date   `json:"received_on,omitzero" doc:"The day of the receipt."`
	Receipt    int          `json:"-"`
}

// PoliceReportFilter selects reports that were sent at a place or below it, before the position
// (0: from the end). CaseID and Seq, where they are given, name one.
type PoliceReportFilter struct {
	Place   string
	CaseID  string
	Seq     int64
	Waiting bool // those without a receipt alone
	Before  int64
	Limit   int
}
