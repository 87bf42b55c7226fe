package office

import (
	"strings"

	"guitu/board"
	"guitu/rehab"
)

// PlaceChange is what can happen to a place.
type PlaceChange string

// The changes of a place.
const (
	Renamed      PlaceChange = "renamed"
	Merged       PlaceChange = "merged"   // into Successor
	Closed       PlaceChange = "closed"   // with or without a Successor
	Reopened     PlaceChange = "reopened" // undoes a merger or a closing from that day on
	StationSet   PlaceChange = "station"
	LeadGroupSet PlaceChange = "leading_group"
)

// Station is the office of a place (工作站): how it is reached, and the staff id of its head.
type Station struct {
	Head    string `json:"head,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
}

// LeadingGroup of a place (领导小组), by staff ids.
type LeadingGroup struct {
	Lead    string   `json:"lead"`
	Members []string `json:"members,omitempty"`
}

// PlaceFact is one change of a place. Name, Successor, Station and Group belong to the
// change that needs them.
type PlaceFact struct {
	Record
	Change    PlaceChange   `json:"change"`
	Name      string        `json:"name,omitempty"`
	Successor string        `json:"successor,omitempty"`
	Station   *Station      `json:"station,omitempty"`
	Group     *LeadingGroup `json:"leading_group,omitempty"`
}

// Place is a place as it is on a day.
type Place struct {
	board.Place
	Status    PlaceStatus   `json:"status"`
	Since     rehab.Date    `json:"since,omitzero"`      // day from which it is merged or closed
	Successor string        `json:"successor,omitempty"` // where its work went
	Station   *Station      `json:"station,omitempty"`
	Group     *LeadingGroup `json:"leading_group,omitempty"`
}

// PlaceStatus says whether a place is in force.
type PlaceStatus string

// The statuses of a place.
const (
	InForce   PlaceStatus = "in_force"
	WasMerged PlaceStatus = "merged"
	WasClosed PlaceStatus = "closed"
)

// PlaceOn is the place on the day: what it was founded as, with the facts that were so by then.
func PlaceOn(base board.Place, facts []PlaceFact, day rehab.Date) Place {
	p := Place{Place: base, Status: InForce}
	for _, f := range inOrder(facts, func(f PlaceFact) Record { return f.Record }) {
		if f.From > day {
			break
		}
		switch f.Change {
		case Renamed:
			p.Name = f.Name
		case Merged:
			p.Status, p.Since, p.Successor = WasMerged, f.From, f.Successor
		case Closed:
			p.Status, p.Since, p.Successor = WasClosed, f.From, f.Successor
		case Reopened:
			p.Status, p.Since, p.Successor = InForce, 0, ""
		case StationSet:
			p.Station = f.Station
		case LeadGroupSet:
			p.Group = f.Group
		}
	}
	return p
}

// Ends is the first day from the given one on which the place is not in force; 0 where none is known.
func Ends(facts []PlaceFact, from rehab.Date) rehab.Date {
	if p := PlaceOn(board.Place{}, facts, from); p.Status != InForce {
		return from
	}
	for _, f := range inOrder(facts, func(f PlaceFact) Record { return f.Record }) {
		if f.From > from && (f.Change == Merged || f.Change == Closed) && PlaceOn(board.Place{}, facts, f.From).Status != InForce {
			return f.From
		}
	}
	return 0
}

// CheckPlaceFact says what is wrong with a change of the place, given its history and,
// where the change names a successor, that one as it is on the day and when it ends.
func CheckPlaceFact(base board.Place, facts []PlaceFact, f PlaceFact, successor *Place, successorEnds, today rehab.Date) *rehab.Error {
	if err := checkFrom(f.From, today); err != nil {
		return err
	}
	now := PlaceOn(base, facts, f.From)
	leaves := f.Change == Merged || f.Change == Closed
	switch {
	case f.Change == Reopened && now.Status == InForce:
		return refuse("from", "%s is in force on %s", base.Code, f.From)
	case f.Change == Reopened:
		return nil
	case now.Status != InForce:
		return refuse("from", "%s was %s from %s on", base.Code, now.Status, now.Since)
	case f.Change == Renamed && strings.TrimSpace(f.Name) == "":
		return rehab.InvalidField("name", "is empty")
	case f.Change == Renamed && now.Name == f.Name:
		return refuse("name", "is the name it has on %s", f.From)
	case leaves && !rehab.PlaceCode(base.Code).IsStreet():
		return refuse("", "only a street or town can be merged or closed; %s is a %s", base.Code, base.Level)
	case f.Change == Merged && f.Successor == "":
		return rehab.InvalidField("into", "is missing")
	}
	if leaves && f.Successor != "" {
		return checkSuccessor(base, f, successor, successorEnds)
	}
	return nil
}

func checkSuccessor(base board.Place, f PlaceFact, successor *Place, ends rehab.Date) *rehab.Error {
	switch {
	case f.Successor == base.Code:
		return rehab.InvalidField("into", "a street cannot be its own successor")
	case successor == nil || !rehab.PlaceCode(successor.Code).IsStreet():
		return rehab.InvalidField("into", "is not the code of a street or town")
	case successor.Status != InForce:
		return refuse("into", "%s was %s from %s on", successor.Code, successor.Status, successor.Since)
	case ends != 0:
		return refuse("into", "%s is not in force from %s on", successor.Code, ends)
	}
	return nil
}
