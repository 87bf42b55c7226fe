package rehab

// Codes of places are nested: 11 is the city, 110101 a district of it, 110101001 a street of that.

const (
	cityDigits     = 2
	districtDigits = 6
	streetDigits   = 9
)

// CodeLength is the number of digits in the code of a place at which the role is held.
func (r Role) CodeLength() int {
	switch r {
	case CityOffice:
		return cityDigits
	case DistrictOffice:
		return districtDigits
	}
	return streetDigits
}

// PlaceOver is the place at which the role watches over the street.
func (r Role) PlaceOver(street string) string {
	if n := r.CodeLength(); n < streetDigits && len(street) >= n {
		return street[:n]
	}
	return street
}
