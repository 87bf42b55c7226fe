package office

import (
	"fmt"
	"time"

	"guitu/rehab"
)

// FleetKind is what a fleet does to each of its cases.
type FleetKind string

// The kinds of fleets, named for the command that each case gets.
const (
	Reassign      FleetKind = "assign-worker"
	Migrate       FleetKind = "migrate-policy"
	ApplyCalendar FleetKind = "apply-calendar"
	MoveStation   FleetKind = "move-station"
)

// FleetState is where a fleet stands.
type FleetState string

// The states. A fleet that has done its work can be undone until UndoUntil.
const (
	FleetRunning   FleetState = "running"
	FleetUndoable  FleetState = "undoable"
	FleetUndoing   FleetState = "undoing"
	FleetDone      FleetState = "done"
	FleetUndone    FleetState = "undone"
	FleetCancelled FleetState = "cancelled"
)

// Outcome is what became of one case of a fleet. None is passed over in silence.
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

// Fleet is one operation on many cases, each by a command of its own.
type Fleet struct {
	ID        string          `json:"id"`
	Kind      FleetKind       `json:"kind"`
	Place     string          `json:"place"` // the area it reaches over
	By        rehab.Actor     `json:"by"`
	CreatedAt time.Time       `json:"created_at"`
	State     FleetState      `json:"state"`
	UndoUntil time.Time       `json:"undo_until,omitzero"` // once all cases had their turn
	Total     int             `json:"total"`
	Outcomes  map[Outcome]int `json:"outcomes"`

	// UndoneBy takes the fleet back, with the area of that account when it was asked for; the
	// zero actor before that, and for fleets from before it was kept.
	UndoneBy rehab.Actor `json:"-"`

	// Reserved says that its commands have ids that no caller can choose; those of fleets
	// from before that have not.
	Reserved bool `json:"-"`
}

// CommandID is the id of the command that the n-th case of the fleet gets, or of the one
// that takes it back.
func (f Fleet) CommandID(n int, undo bool) string {
	if !f.Reserved {
		id := fmt.Sprintf("fleet-%s-%d", f.ID, n)
		if undo {
			id += "-undo"
		}
		return id
	}
	if undo {
		return rehab.Reserved("fleet", f.ID, n, "undo")
	}
	return rehab.Reserved("fleet", f.ID, n)
}

// FleetItem is one case of a fleet. N counts from 1.
type FleetItem struct {
	FleetID string  `json:"-"`
	N       int     `json:"n"`
	CaseID  string  `json:"case_id"`
	Type    string  `json:"type"`           // of the command
	Body    string  `json:"body"`           // JSON of the command's body
	Undo    string  `json:"undo,omitempty"` // JSON of the body that takes it back; empty: nothing does
	Outcome Outcome `json:"outcome"`
	Code    string  `json:"code,omitempty"`
	Message string  `json:"message,omitempty"`
}

// Change is what a fleet does to one case: the body of its command and of the one that
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
