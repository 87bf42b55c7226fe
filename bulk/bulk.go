// Package bulk has what is done to many cases at once, each by a command of its own: plain data,
// what a change is, and when it may be taken back.
package bulk

import (
	"fmt"
	"time"

	"guitu/rehab"
)

// Kind is what an operation does to each of its cases.
type Kind string

// The kinds of operations, named for the command that each case gets.
const (
	Reassign      Kind = "assign-worker"
	Migrate       Kind = "migrate-policy"
	ApplyCalendar Kind = "apply-calendar"
	MoveStation   Kind = "move-station"
)

// State is where an operation stands.
type State string

// The states. An operation that has done its work can be undone until UndoUntil.
const (
	Running   State = "running"
	Undoable  State = "undoable"
	Undoing   State = "undoing"
	Done      State = "done"
	Undone    State = "undone"
	Cancelled State = "cancelled"
)

// Outcome is what became of one case of an operation. None is passed over in silence.
type Outcome string

// The outcomes, of the command and of its undoing alike.
const (
	Pending   Outcome = "pending"    // not tried yet, or the engine did not answer
	Acted     Outcome = "done"       // the command is in the ledger
	Refused   Outcome = "refused"    // a rule said no, Message says which
	Skipped   Outcome = "left"       // cancelled before its turn
	Kept      Outcome = "kept"       // not undone: the case was changed since, or there is nothing to go back to
	TakenBack Outcome = "undone"     // the undoing is in the ledger
	NotUndone Outcome = "not_undone" // a rule refused the undoing
)

// Operation is one change of many cases, each by a command of its own.
type Operation struct {
	ID        string          `json:"id"`
	Kind      Kind            `json:"kind"`
	Place     string          `json:"place"` // the area it reaches over
	By        rehab.Actor     `json:"by"`
	CreatedAt time.Time       `json:"created_at"`
	State     State           `json:"state"`
	UndoUntil time.Time       `json:"undo_until,omitzero"` // once all cases had their turn
	Total     int             `json:"total"`
	Outcomes  map[Outcome]int `json:"outcomes"`

	// UndoneBy takes the operation back, with the area of that account when it was asked for; the
	// zero actor before that, and for operations from before it was kept.
	UndoneBy rehab.Actor `json:"-"`

	// Reserved says that its commands have ids that no caller can choose; those of operations
	// from before that have not.
	Reserved bool `json:"-"`
}

// CommandID is the id of the command that the n-th case of the operation gets, or of the one
// that takes it back.
func (o Operation) CommandID(n int, undo bool) string {
	if !o.Reserved {
		id := fmt.Sprintf("fleet-%s-%d", o.ID, n)
		if undo {
			id += "-undo"
		}
		return id
	}
	if undo {
		return rehab.Reserved("fleet", o.ID, n, "undo")
	}
	return rehab.Reserved("fleet", o.ID, n)
}

// Order is an operation that gives each case to a worker.
type Order struct {
	Kind        Kind         `json:"kind"`
	Assignments []Assignment `json:"assignments" nullable:"false"`
}

// Assignment gives a case to a worker.
type Assignment struct {
	CaseID string `json:"case_id"`
	Worker string `json:"worker"`
}

// Item is one case of an operation. N counts from 1.
type Item struct {
	OperationID string  `json:"-"`
	N           int     `json:"n"`
	CaseID      string  `json:"case_id"`
	Type        string  `json:"type"`           // of the command
	Body        string  `json:"body"`           // JSON of the command's body
	Undo        string  `json:"undo,omitempty"` // JSON of the body that takes it back; empty: nothing does
	Outcome     Outcome `json:"outcome"`
	Code        string  `json:"code,omitempty"`
	Message     string  `json:"message,omitempty"`
}

// Change is what an operation does to one case: the body of its command and of the one that
// takes it back, nil where nothing does.
type Change struct {
	CaseID string
	Body   rehab.CommandBody
	Undo   rehab.CommandBody
}

// ChangeOf plans the change of a case from its row as it stands. False: there is nothing
// to change.
func ChangeOf(c rehab.Summary, body rehab.CommandBody) (Change, bool) {
	out := Change{CaseID: c.CaseID, Body: body}
	switch b := body.(type) {
	case rehab.AssignWorker:
		if c.Worker != "" {
			out.Undo = rehab.AssignWorker{Worker: c.Worker}
		}
		return out, c.Worker != b.Worker
	case rehab.MigratePolicy:
		out.Undo = rehab.MigratePolicy{To: c.Policy}
		return out, c.Policy != b.To
	case rehab.MoveStation:
		out.Undo = rehab.MoveStation{Place: c.Place}
		return out, c.Place != b.Place
	}
	return out, true
}

// Untouched reports whether the case still is as the command left it, so that taking it
// back undoes nothing that somebody did since.
func Untouched(c rehab.Summary, body rehab.CommandBody) bool {
	switch b := body.(type) {
	case rehab.AssignWorker:
		return c.Worker == b.Worker
	case rehab.MigratePolicy:
		return c.Policy == b.To
	case rehab.MoveStation:
		return c.Place == b.Place
	}
	return false
}
