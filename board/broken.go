package board

// Broken is a promise of the tables that does not hold. Subject is the case, or the table
// where it is about none.
type Broken struct {
	Subject   string `json:"subject"`
	Invariant string `json:"invariant"`
	Detail    string `json:"detail"`
}
