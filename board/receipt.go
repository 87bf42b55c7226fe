package board

// Receipt answers a command. Pending: it was accepted and will act once the engine
// runs again; Seq is then 0.
type Receipt struct {
	CaseID    string `json:"case_id"`
	CommandID string `json:"command_id"`
	Seq       int64  `json:"seq,omitempty"`
	Duplicate bool   `json:"duplicate,omitempty"`
	Pending   bool   `json:"pending,omitempty"`
	Known     bool   `json:"known,omitempty"` // the fact was in the record already: Seq is where
}
