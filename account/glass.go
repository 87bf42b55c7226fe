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
	Rung       int // how far the review has climbed: 0, nobody was reminded
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
	ReviewedIn = 7 * day

	day = 24 * time.Hour
)

// ReviewRung says who hears of a look that nobody has reviewed, and how long after it.
type ReviewRung struct {
	After time.Duration
	Notice
	Tells []rehab.Role
}

// Notice is the type of a notice about a look.
type Notice string

// The notices about looks.
const (
	GlassOpened  Notice = "break_glass_opened"
	GlassDue     Notice = "break_glass_due"
	GlassOverdue Notice = "break_glass_overdue"
)

// ReviewLadder is how a review climbs: the auditor is reminded, then the district office hears,
// then the city, and these again each time that ReviewAgain is over.
func ReviewLadder() []ReviewRung {
	return []ReviewRung{
		{5 * day, GlassDue, []rehab.Role{rehab.Auditor}},
		{ReviewedIn, GlassOverdue, []rehab.Role{rehab.Auditor, rehab.DistrictOffice}},
		{10 * day, GlassOverdue, []rehab.Role{rehab.Auditor, rehab.CityOffice}},
	}
}

// ReviewAgain is how long the last rung is silent.
const ReviewAgain = 7 * day

// MayBreak reports whether the role sees cases masked and may look past that. Who works with
// the client sees the identity anyway, and who administers sees none.
func MayBreak(r rehab.Role) bool { return r == rehab.DistrictOffice || r == rehab.CityOffice }
