package board

import "guitu/rehab"

// ReferralRow is a referral in the read model.
type ReferralRow struct {
	CaseID string `json:"case_id"`
	Place  string `json:"place"`
	Worker string `json:"worker,omitempty"`
	rehab.Referral
}

// ReferralFilter selects referrals. Place is a prefix of codes. AfterCase and AfterID page
// by key: the row last seen.
type ReferralFilter struct {
	Place     string
	Worker    string
	State     rehab.ReferralState
	Agency    rehab.Agency
	AfterCase string
	AfterID   int64
	Limit     int
}
