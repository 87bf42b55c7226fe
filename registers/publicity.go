package registers

import (
	"slices"

	"guitu/rehab"
)

// Activity is what was done to inform the public.
type Activity string

// The activities.
const (
	Lecture    Activity = "lecture"
	Exhibition Activity = "exhibition"
	Stand      Activity = "stand" // in the street, with leaflets and talk
	DoorToDoor Activity = "door_to_door"
	Screening  Activity = "screening"
	OnlinePost Activity = "online"
	OtherDeed  Activity = "other"
)

// Audience is who was meant.
type Audience string

// The audiences.
const (
	Students  Audience = "students"
	Residents Audience = "residents"
	Employees Audience = "employees"
	Venues    Audience = "venues" // those who run and staff places of entertainment
	Migrants  Audience = "migrants"
	Families  Audience = "families"
	Public    Audience = "public"
)

// Publicity (宣传教育) is one activity that took place. Reached is how many people.
type Publicity struct {
	Activity Activity   `json:"activity" enum:"lecture,exhibition,stand,door_to_door,screening,online,other"`
	Audience Audience   `json:"audience" enum:"students,residents,employees,venues,migrants,families,public"`
	Title    string     `json:"title" minLength:"1" maxLength:"120"`
	On       rehab.Date `json:"on"`
	Reached  int        `json:"reached" minimum:"0" maximum:"10000000"`
	By       []string   `json:"by,omitempty" maxItems:"500" nullable:"false" doc:"Ids of the workers who did it."`
}

// Kind of the record.
func (Publicity) Kind() Kind { return PublicityKind }

// Day of the activity.
func (p Publicity) Day() rehab.Date { return p.On }

// Workers who did it.
func (p Publicity) Workers() []string { return slices.Clone(p.By) }

// Check refuses an activity that cannot have been.
func (p Publicity) Check(today rehab.Date) *rehab.Error {
	return first(
		checkWord("activity", p.Activity, Lecture, Exhibition, Stand, DoorToDoor, Screening, OnlinePost, OtherDeed),
		checkWord("audience", p.Audience, Students, Residents, Employees, Venues, Migrants, Families, Public),
		checkTitle("title", p.Title), checkPast("on", p.On, today), checkRange("reached", p.Reached, 0, maxReached), checkPeople("by", p.By),
	)
}
