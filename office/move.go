package office

import "guitu/rehab"

// CheckMove says why the cases of a station cannot be handed to another place, as both are
// on the day. inArea says whether the place lies where the actor may act; where the station
// was merged into it, it need not.
func CheckMove(station, to Place, inArea bool) *rehab.Error {
	switch {
	case !rehab.PlaceCode(to.Code).IsStreet():
		return rehab.InvalidField("place", "is not the code of a street or town")
	case to.Status != InForce:
		return refuse("place", "%s is no street that is in force", to.Code)
	case !inArea && (station.Status == InForce || station.Successor != to.Code):
		return &rehab.Error{Code: rehab.Forbidden, Field: "place", Message: "this place lies outside your area"}
	}
	return nil
}
