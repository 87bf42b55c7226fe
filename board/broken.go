package board

// Broken is a promise of the tables that does not hold. Subject is the case, or the table
// where it is about none.
type Broken struct {
	Subject, Invariant, Detail string
}
