// Package documents fills the papers of a case file (一人一档) from the case. A paper is a
// draft before the act, takes its number from the books of the office, is printed, signed,
// sealed and scanned, and only then recorded: from its number on it says the same, whatever
// comes later. Texts and rules are in versions that an office can put its own before.
package documents

import (
	"guitu/office"
	"guitu/rehab"
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
// the case file as it now is, each with its number where it is in the books. A draft is listed
// as long as what it is about is due, and longer where it was given out under a number; a
// document whose event was taken back is listed as withdrawn, with the notice that says so.
func List(caseID string, history []rehab.Event, books []office.Paper) []Entry {
	c := &rehab.Case{ID: caseID}
	file := newFile(caseID, history)
	for _, e := range history {
		c.Apply(e)
		file.take(e)
	}
	kept := file.entries[:0]
	for _, x := range file.entries {
		p := bookedAs(books, x.Key(caseID))
		if p != nil {
			x.Number, x.Version = p.Number, p.Version
		}
		due := !x.Draft || stillDue(c, x.Kind, history[x.Seq-1], file.referredTo(x.Seq))
		if !due && p != nil && x.Kind.issued() && x.Origin == x.Seq { // given out, and nothing records it
			x.Draft, x.On, due = false, rehab.DateOf(p.At), true
		}
		if due {
			kept = append(kept, x)
		}
	}
	if n := len(history); n > 0 {
		kept = append(kept, newEntry(caseID, history[n-1], CaseFile, rehab.DateOf(history[n-1].RecordedAt), false))
	}
	return kept
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
