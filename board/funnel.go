package board

import (
	"time"

	"guitu/rehab"
)

// ClimbFilter asks for climbs that began in a span, over cases that are in a place now.
type ClimbFilter struct {
	Place       string
	From, Until time.Time
}

// ClimbCount is how many climbs stand alike.
type ClimbCount struct {
	Policy   rehab.PolicyRef // that the case is under: its ladder
	Kind     rehab.Kind      // of the duty
	Rung     int             // that was told last
	Role     rehab.Role      // of that rung
	Climbed  bool            // a rung was told after the first
	Open     bool
	Answered bool // by a person, and no rung was told since
	Climbs   int
}
