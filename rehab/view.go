package rehab

import (
	"cmp"
	"time"
)

// Identity is who the client is. It exists in Postgres alone, encrypted under the
// case's own key; no workflow, log, metric or list shows it unmasked.
type Identity struct {
	OrderNo         string `json:"order_no"`
	Name            string `json:"name"`
	Sex             string `json:"sex"` // "male" or "female"
	IDNumber        string `json:"id_number"`
	Phone           string `json:"phone,omitempty"`
	HouseholdStreet string `json:"household_street,omitempty"` // place code
	ResidenceStreet string `json:"residence_street,omitempty"` // place code
	FamilyContact   string `json:"family_contact,omitempty"`
	FamilyPhone     string `json:"family_phone,omitempty"`
}

// Place is a node of the organisation: city (11), district (110101), street (110101001).
type Place struct {
	Code   string `json:"code"`
	Parent string `json:"parent,omitempty"`
	Level  string `json:"level"` // "city", "district" or "street"
	Name   string `json:"name"`
}

// CaseFilter selects cases. Place is a prefix of codes and always set for whoever does
// not see the whole city. After and Limit page by key: the case id last seen.
type CaseFilter struct {
	Place     string
	Worker    string
	Phase     Phase
	Risk      Risk
	Measure   Measure
	Engaged   Engagement // cases whose engagement stands so
	Crisis    bool       // only cases with open crises
	Overdue   bool       // only cases with provisional misses
	Escalated bool       // only cases with open escalations
	Open      bool       // only cases that are not closed
	After     string
	Limit     int
}

// ObligationRow is an obligation in the read model, whatever its status.
type ObligationRow struct {
	CaseID string `json:"case_id"`
	Place  string `json:"place"`
	Worker string `json:"worker,omitempty"`
	Risk   Risk   `json:"risk,omitempty"`
	Obligation
	MetOn Date `json:"met_on,omitzero"`
}

// EscalationRow is an escalation in the read model, open or closed.
type EscalationRow struct {
	CaseID   string    `json:"case_id"`
	Place    string    `json:"place"`
	Worker   string    `json:"worker,omitempty"`
	OpenedAt time.Time `json:"opened_at"`
	Escalation
	ClosedAt time.Time `json:"closed_at,omitzero"`
	Closing  Closing   `json:"closing,omitempty"`
}

// TaskFilter selects the inbox of an actor: what is due by DueBy, what is overdue and
// what waits for an answer, in the place and, for a worker, of the worker.
type TaskFilter struct {
	Place  string
	Worker string
	DueBy  Date
	Limit  int

	// The last of the page before, of a list of escalations.
	AfterTold time.Time
	AfterCase string
	AfterID   int64
}

// Cursor is how far a reader of the ledger or of the outbox has come. Rows are told in the
// order of the transactions that wrote them, and in one transaction of their positions.
type Cursor struct{ Tx, Position int64 }

// Compare orders cursors as rows are told.
func (c Cursor) Compare(o Cursor) int {
	return cmp.Or(cmp.Compare(c.Tx, o.Tx), cmp.Compare(c.Position, o.Position))
}

// NoticeRow is a notice in the outbox. Position names it.
type NoticeRow struct {
	Tx        int64     `json:"-"`
	Position  int64     `json:"position"`
	CaseID    string    `json:"case_id"`
	Seq       int64     `json:"seq"` // of the event that caused it
	CreatedAt time.Time `json:"created_at"`
	Notice
}

// Change says that a case moved: what live screens listen for.
type Change struct {
	Tx       int64     `json:"-"`
	Position int64     `json:"position"` // of the event in the whole ledger
	CaseID   string    `json:"case_id"`
	Seq      int64     `json:"seq"`
	Type     string    `json:"type"` // event type
	At       time.Time `json:"at"`
	Place    string    `json:"place"`
	Worker   string    `json:"worker,omitempty"`
}

// Cursor is where a reader is that has come to the row.
func (n NoticeRow) Cursor() Cursor { return Cursor{n.Tx, n.Position} }

// Cursor is where a reader is that has come to the change.
func (c Change) Cursor() Cursor { return Cursor{c.Tx, c.Position} }

// TimelineEntry is an event with the texts that came with its command.
type TimelineEntry struct {
	Event
	Texts map[string]string `json:"texts,omitempty"`
}

// Receipt answers a command. Pending: it was accepted and will act once the engine
// runs again; Seq is then 0.
type Receipt struct {
	CaseID    string `json:"case_id"`
	CommandID string `json:"command_id"`
	Seq       int64  `json:"seq,omitempty"`
	Duplicate bool   `json:"duplicate,omitempty"`
	Pending   bool   `json:"pending,omitempty"`
	Known     bool   `json:"known,omitempty"` // the fact was in the record already: Seq is where
}
