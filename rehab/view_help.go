package rehab

// ReferralRow is a referral in the read model.
type ReferralRow struct {
	CaseID string `json:"case_id"`
	Place  string `json:"place"`
	Worker string `json:"worker,omitempty"`
	Referral
}

// ReferralFilter selects referrals. Place is a prefix of codes. AfterCase and AfterID page
// by key: the row last seen.
type ReferralFilter struct {
	Place     string
	Worker    string
	State     ReferralState
	Agency    Agency
	AfterCase string
	AfterID   int64
	Limit     int
}

// IsHelp reports whether an event of the type belongs to the helping side.
func IsHelp(eventType string) bool {
	for _, t := range helpTopics() {
		for _, k := range t.events {
			if k.name == eventType {
				return true
			}
		}
	}
	return false
}
