package archive

import (
	"time"

	"guitu/rehab"
)

// Destruction is a list of cases whose keys and texts go for good (销毁, 档案法 21): one person
// proposes it with an appraisal, another confirms it with the approval of the archive.
type Destruction struct {
	ID          string          `json:"id"`
	Appraisal   string          `json:"appraisal"`
	Approval    string          `json:"approval,omitempty"`
	ProposedBy  string          `json:"proposed_by"`
	ProposedAt  time.Time       `json:"proposed_at"`
	ConfirmedBy string          `json:"confirmed_by,omitempty"`
	ConfirmedAt time.Time       `json:"confirmed_at,omitzero"`
	Cases       []DestroyedCase `json:"cases"`
}

// DestroyedCase is a line of the list. Signature is there once it was destroyed.
type DestroyedCase struct {
	CaseID    string     `json:"case_id"`
	Place     string     `json:"place"`
	Measure   string     `json:"measure"`
	OpenedOn  rehab.Date `json:"opened_on"`
	SealedOn  rehab.Date `json:"sealed_on"`
	Papers    int        `json:"papers"`
	Destroyed time.Time  `json:"destroyed,omitzero"`
	Signature []byte     `json:"signature,omitempty"`
}
