package forms

import (
	"encoding/json"
	"time"

	"guitu/rehab"
)

// Filing is one form that was filled in about a case. Seq is the sequence of its event, Record
// that of what it is about, About the day of that; Replaces and ReplacedBy are the filings
// before and after it, where answers were put right. Withdrawn are those that should never
// have been, as of another client.
type Filing struct {
	CaseID    string `json:"-"`
	CommandID string `json:"-"`
	Ref
	Seq        int64              `json:"seq"`
	Record     int64              `json:"record,omitempty"`
	Obligation rehab.ObligationID `json:"obligation,omitzero"`
	Replaces   int64              `json:"replaces,omitempty"`
	ReplacedBy int64              `json:"replaced_by,omitempty"`
	Withdrawn  bool               `json:"withdrawn,omitempty"`
	About      rehab.Date         `json:"about"`
	Digest     string             `json:"digest"`
	By         rehab.Actor        `json:"by"`
	At         time.Time          `json:"at"`
	Content    *Content           `json:"-"` // nil where the key of the case is gone
}

// Holds reports whether the answers count: nobody put them right or took them back.
func (f *Filing) Holds() bool { return f.ReplacedBy == 0 && !f.Withdrawn }

// Content is what was answered, with what the engine knew then.
type Content struct {
	Head    map[string]string `json:"head,omitempty"`
	Answers json.RawMessage   `json:"answers"`
	Reason  string            `json:"reason,omitempty"` // of answers that were put right
}

// Released is a definition that an office gave to the engine.
type Released struct {
	Ref
	Digest     string
	Definition []byte // nil: a file
	By         rehab.Actor
	At         time.Time
}

// FigureFilter selects answers for figures: of a form, in the months, of a place and below it.
type FigureFilter struct {
	Form     string
	From, To rehab.Date
	Place    string
}

// Cell is how many people gave an answer, and how often it was given; of numbers the mean.
type Cell struct {
	Field  string
	Code   string
	People int
	Mean   float64 // of a field of numbers, whose code is empty
}
