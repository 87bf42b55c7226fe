package account

import (
	"time"

	"guitu/rehab"
)

// Glass is one look of an office at an identity past its rights (临时查看).
type Glass struct {
	ID         string
	CaseID     string
	Actor      rehab.Actor
	Reason     string
	At         time.Time
	Until      time.Time
	Due        time.Time // of the review
	ReviewedAt time.Time
	Reviewer   string
	Finding    Finding
	Note       string
}

// Finding is what a review found.
type Finding string

// The findings.
const (
	Justified  Finding = "justified"
	Questioned Finding = "questioned"
)

// How long a look may last, and when it is to be reviewed.
const (
	MaxGlass   = 3 * time.Hour
	ReviewedIn = 7 * 24 * time.Hour
)

// MayBreak reports whether the role sees cases masked and may look past that. Who works with
// the client sees the identity anyway, and who administers sees none.
func MayBreak(r rehab.Role) bool { return r == rehab.DistrictOffice || r == rehab.CityOffice }
