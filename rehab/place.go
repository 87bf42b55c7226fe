package rehab

import "strings"

// PlaceCode is the code of a place. Codes are nested: 11 is the city, 110101 a district of it,
// 110101001 a street of that. The empty code is no place; as an area it is everywhere.
type PlaceCode string

// PlaceLevel is what kind of place a code names, by the number of digits of its codes; 0: none.
type PlaceLevel int

// The levels of places.
const (
	CityLevel     PlaceLevel = 2
	DistrictLevel PlaceLevel = 6
	StreetLevel   PlaceLevel = 9
)

// Level of the place; 0 where the code is none of a place.
func (p PlaceCode) Level() PlaceLevel {
	switch l := PlaceLevel(len(p)); l {
	case CityLevel, DistrictLevel, StreetLevel:
		if strings.Trim(string(p), "0123456789") == "" {
			return l
		}
	}
	return 0
}

// IsStreet reports whether the code is that of a street or town.
func (p PlaceCode) IsStreet() bool { return p.Level() == StreetLevel }

// At is the place of the level that this one lies in; empty where it lies in none.
func (p PlaceCode) At(l PlaceLevel) PlaceCode {
	if l > 0 && len(p) >= int(l) {
		return p[:l]
	}
	return ""
}

// Parent is the place above; empty for the city and for what is no place.
func (p PlaceCode) Parent() PlaceCode {
	switch p.Level() {
	case StreetLevel:
		return p.At(DistrictLevel)
	case DistrictLevel:
		return p.At(CityLevel)
	}
	return ""
}

// Contains reports whether the other place is this one or lies in it.
func (p PlaceCode) Contains(q PlaceCode) bool { return strings.HasPrefix(string(q), string(p)) }

// Level of the place at which the role is held.
func (r Role) Level() PlaceLevel {
	switch r {
	case CityOffice:
		return CityLevel
	case DistrictOffice:
		return DistrictLevel
	}
	return StreetLevel
}

// PlaceOver is the place at which the role watches over the street.
func (r Role) PlaceOver(street string) string {
	if at := PlaceCode(street).At(r.Level()); at != "" && r.Level() != StreetLevel {
		return string(at)
	}
	return street
}

// Area is where the actor acts: the own place and all that lies in it.
func (a Actor) Area() PlaceCode { return PlaceCode(a.Place) }
