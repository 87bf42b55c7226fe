package board

import (
	"cmp"
	"time"

	"guitu/rehab"
)

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
	rehab.Notice
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
