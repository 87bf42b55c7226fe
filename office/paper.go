package office

import (
	"time"

	"guitu/rehab"
)

// PaperKey is one paper of a case from its draft to its end: the kind, and the sequence
// of the event with which it began. A paper that was a draft keeps the draft's.
type PaperKey struct {
	CaseID string `json:"case_id"`
	Kind   string `json:"kind"`
	Origin int64  `json:"origin"`
}

// Paper is a paper that the office has taken into its books: under which number, drawn
// with which version of the templates, on the history up to which event, and with the
// words that were written for it. From then on it does not change.
type Paper struct {
	PaperKey
	Place   string            `json:"place"`
	Series  string            `json:"series"`
	Year    int               `json:"year"`
	N       int               `json:"n,omitempty"` // 0: the office gave the number itself
	Number  string            `json:"number"`
	Version string            `json:"version"`
	AsOf    int64             `json:"as_of"`
	Words   map[string]string `json:"-"` // personal: kept under the key of the case
	By      rehab.Actor       `json:"by"`
	At      time.Time         `json:"at"`

	SpoiltAt  time.Time   `json:"spoilt_at,omitzero"`
	SpoiltBy  string      `json:"spoilt_by,omitempty"`
	SpoiltWhy SpoilReason `json:"spoilt_why,omitempty"`
}

// Spoilt reports whether the number stays without a paper (作废).
func (p *Paper) Spoilt() bool { return !p.SpoiltAt.IsZero() }

// SpoilReason is why a number stays without a paper. It is a code: what is said about a
// client has no place in the books.
type SpoilReason string

// The reasons for a number that stays without a paper.
const (
	SpoiltWrong    SpoilReason = "wrong_content" // 内容有误
	SpoiltMisprint SpoilReason = "misprint"      // 打印有误
	SpoiltUnsigned SpoilReason = "not_issued"    // 未签发
	SpoiltOther    SpoilReason = "other"         // 其他
)

// SpoilReasons lists them.
func SpoilReasons() []SpoilReason {
	return []SpoilReason{SpoiltWrong, SpoiltMisprint, SpoiltUnsigned, SpoiltOther}
}
