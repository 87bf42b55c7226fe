// Package archive holds what sealed cases are asked for and how they end: lawful inquiries and
// destruction. It is pure: the store acts on it.
package archive

import (
	"slices"
	"time"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// What an inquiry may show.
const (
	ShowIdentity = "identity"
	ShowRecord   = "record" // what happened, with what was written
	ShowPapers   = "papers"
)

// MaxHours is how long an inquiry shows what was asked for, at most.
const MaxHours = 72

// Inquiry asks, for an organ that the law lets ask, to see of a sealed case what Shows names,
// for so many hours (治安管理处罚法 136). Document is the number of the organ's letter.
type Inquiry struct {
	ID       string    `json:"id"`
	CaseID   string    `json:"case_id"`
	Organ    string    `json:"organ"`
	Ground   string    `json:"ground"`
	Document string    `json:"document"`
	Shows    []string  `json:"shows"`
	Hours    int       `json:"hours"`
	AskedBy  string    `json:"asked_by"`
	AskedAt  time.Time `json:"asked_at"`
	OpenedBy string    `json:"opened_by,omitempty"`
	Until    time.Time `json:"until,omitzero"`
	EndedAt  time.Time `json:"ended_at,omitzero"`
}

// Disclosure is what an inquiry shows.
type Disclosure struct {
	Inquiry  Inquiry               `json:"inquiry"`
	Identity *board.Identity       `json:"identity,omitempty"`
	Record   []board.TimelineEntry `json:"record,omitempty"`
	Papers   []office.Paper        `json:"papers,omitempty"`
}

// Check refuses an inquiry that does not say for whom, why and what.
func (q Inquiry) Check() error {
	for _, x := range []struct{ field, text string }{{"organ", q.Organ}, {"ground", q.Ground}, {"document", q.Document}} {
		if err := CheckText(x.field, x.text); err != nil {
			return err
		}
	}
	if len(q.Shows) == 0 {
		return rehab.InvalidField("shows", "is missing: identity, record or papers")
	}
	for _, what := range q.Shows {
		if !slices.Contains([]string{ShowIdentity, ShowRecord, ShowPapers}, what) {
			return rehab.InvalidField("shows", "%q is not one of identity, record, papers", what)
		}
	}
	if q.Hours < 1 || q.Hours > MaxHours {
		return rehab.InvalidField("hours", "is between 1 and 72")
	}
	return nil
}

// CheckText refuses words that are none, or too many.
func CheckText(field, text string) error {
	if n := len([]rune(text)); n == 0 || n > 200 {
		return rehab.InvalidField(field, "has 1 to 200 characters")
	}
	return nil
}
