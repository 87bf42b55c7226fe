package board

import (
	"time"

	"guitu/rehab"
)

// Read is one entry of the read log: who read what, why, from where and when.
type Read struct {
	Position  int64       `json:"position"`
	At        time.Time   `json:"at"`
	Actor     rehab.Actor `json:"actor" doc:"Whoever opened a paper by its link has the role link."`
	Operation string      `json:"operation" doc:"The operation of the OpenAPI document." example:"get-case"`
	Subject   string      `json:"subject,omitempty" doc:"The id in the path, or the place that was asked for."`
	Cases     []string    `json:"cases,omitempty" nullable:"false" doc:"Of a list with identities: the cases in it."`
	Reason    string      `json:"reason,omitempty" doc:"The header Read-Reason."`
	Address   string      `json:"address,omitempty"`
	RequestID string      `json:"request_id,omitempty"`
}

// ReadFilter selects entries of the read log, the latest first, before the position (0: from
// the end). Place is a prefix of the place of who read.
type ReadFilter struct {
	Place, CaseID, Actor string
	Before               int64
	Limit                int
}
