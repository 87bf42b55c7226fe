// Package inbox has what waits for a person: the rows of an inbox, and the rules by which one
// of them may be put off.
package inbox

import (
	"time"

	"guitu/board"
	"guitu/rehab"
)

// Task is a row of an inbox: an obligation, the day on which to remind of it, and the
// command that settles it where the actor's role has to give it.
type Task struct {
	board.ObligationRow
	RemindOn rehab.Date `json:"remind_on,omitzero"`
	Command  string     `json:"command,omitempty"`
	// Policy of the case, which says when to remind.
	Policy rehab.PolicyRef `json:"-"`
}

// LeaveRequest is a reported leave that nobody decided yet.
type LeaveRequest struct {
	CaseID     string     `json:"case_id"`
	Place      string     `json:"place"`
	Worker     string     `json:"worker,omitempty"`
	Leave      int64      `json:"leave"`
	From       rehab.Date `json:"from"`
	To         rehab.Date `json:"to"`
	ReportedAt time.Time  `json:"reported_at"`
}

// Snooze puts one thing off in one actor's inbox: until the day Until comes, or until
// the case brings a new miss or a climb.
type Snooze struct {
	CaseID     string             `json:"case_id"`
	Obligation rehab.ObligationID `json:"obligation,omitzero"`
	Escalation int64              `json:"escalation,omitempty"`
	Until      rehab.Date         `json:"until"`
	Since      time.Time          `json:"since"`
	Seq        int64              `json:"-"` // of the case when it was put off
	Note       string             `json:"note,omitempty"`
}

// SnoozeCommand is a command to an inbox, and what it did: when, and for one that brings a
// thing back, whether that was put off.
type SnoozeCommand struct {
	ID     string
	Digest string
	Since  time.Time
	Known  bool
}

// Snoozed is a snooze with what it hides.
type Snoozed struct {
	Snooze
	Due    rehab.Date `json:"due,omitzero"` // last day of the obligation
	Place  string     `json:"place"`
	Worker string     `json:"worker,omitempty"`
}

// Position is where a page of an inbox ended: the values of its key.
type Position struct {
	Day    rehab.Date // due, or from
	At     time.Time
	CaseID string
	Kind   rehab.Kind
	N      int64
}

// Filter selects a page of one part of an actor's inbox.
type Filter struct {
	Actor  string
	Role   rehab.Role
	Place  string   // a prefix
	Worker string   // of the cases; empty: all
	Also   []string // workers for whom Worker stands in today
	Today  rehab.Date
	DueBy  rehab.Date
	After  Position
	Limit  int
}

// CheckObligationSnooze says whether an obligation may be put off until the day: only
// while it is open, and never past its last day.
func CheckObligationSnooze(o rehab.Obligation, until, today rehab.Date) *rehab.Error {
	switch {
	case o.Status == rehab.Missed:
		return refuse("obligation", "%s is missed: its last day was %s, and what is overdue is not put off", o.ID, o.Due)
	case o.Status != rehab.Open:
		return refuse("obligation", "%s is %s: nothing waits", o.ID, o.Status)
	case until <= today:
		return rehab.InvalidField("until", "lies after today")
	case until > o.Due:
		return refuse("until", "%s is due on %s: it is not put off beyond that", o.ID, o.Due)
	}
	return nil
}

// longestSnooze of an escalation, in days.
const longestSnooze = 14

// CheckEscalationSnooze says whether an escalation may be put off until the day: never
// past the day on which the next rung is told, nor for longer than two weeks.
func CheckEscalationSnooze(e board.EscalationRow, until, today rehab.Date) *rehab.Error {
	next := today.AddDays(longestSnooze)
	if !e.NextAt.IsZero() {
		next = min(next, max(rehab.DateOf(e.NextAt), today.AddDays(1)))
	}
	switch {
	case !e.ClosedAt.IsZero():
		return refuse("escalation", "the escalation is closed: nothing waits")
	case until <= today:
		return rehab.InvalidField("until", "lies after today")
	case until > next:
		return refuse("until", "the escalation is put off until %s at the latest", next)
	}
	return nil
}

func refuse(field, format string, args ...any) *rehab.Error {
	e := rehab.InvalidField(field, format, args...)
	e.Code = rehab.Refused
	return e
}
