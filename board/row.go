package board

import (
	"time"

	"guitu/rehab"
)

// Row is a case as a board of many shows it. It holds nothing of an identity.
type Row struct {
	CaseID      string
	Place       string
	Worker      string
	Measure     rehab.Measure
	Phase       rehab.Phase
	Risk        rehab.Risk
	Engagement  rehab.Engagement
	NextKind    rehab.Kind
	TopRung     rehab.Role
	ServedOn    rehab.Date
	TermEnd     rehab.Date
	NextDue     rehab.Date
	Overdue     int
	Escalations int
	Crises      int
}

// RowFilter is whose cases a board shows: of a place and all below it; with Workers, those of
// theirs alone, wherever they are, and those of the street FreeAt that nobody has. With Cases,
// of these no others. Sealed and void cases stand on no board.
type RowFilter struct {
	Place   string
	Workers []string
	FreeAt  string
	Cases   []string
}

// View is a view of the board that somebody saved.
type View struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Query     ViewQuery `json:"query"`
	Place     string    `json:"place,omitempty" doc:"The place that it is shared with, and all below it; missing where it is one's own alone."`
	Owner     string    `json:"owner" doc:"Who saved it."`
	CreatedAt time.Time `json:"created_at"`
}

// ViewQuery are the conditions of a view, all of them codes; what is missing does not matter.
type ViewQuery struct {
	Phase      rehab.Phase      `json:"phase,omitempty"`
	Risk       rehab.Risk       `json:"risk,omitempty"`
	Measure    rehab.Measure    `json:"measure,omitempty"`
	Engagement rehab.Engagement `json:"engagement,omitempty"`
	NextKind   rehab.Kind       `json:"next_kind,omitempty" doc:"What is due first."`
	Place      string           `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Worker     string           `json:"worker,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id"`
	DueWithin  int              `json:"due_within,omitempty" enum:"1,7,30" doc:"Days in which the first duty has its last day, with what is overdue."`
	Overdue    bool             `json:"overdue,omitempty" doc:"Only cases with provisional misses."`
	Escalated  bool             `json:"escalated,omitempty" doc:"Only cases with open escalations."`
	Crisis     bool             `json:"crisis,omitempty" doc:"Only cases with open crises."`
	Unassigned bool             `json:"unassigned,omitempty" doc:"Only cases that nobody has."`
	Closed     bool             `json:"closed,omitempty" doc:"Also cases that ended."`
	Sort       string           `json:"sort,omitempty" enum:"due,risk,term"`
	Show       string           `json:"show,omitempty" enum:"list,phases"`
}
