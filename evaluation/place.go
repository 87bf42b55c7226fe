package evaluation

import (
	"strings"

	"guitu/office"
	"guitu/rehab"
)

// FindPlace is the code of the place that is named by its code or its name; a name that
// several places have is told with their codes. The error is Invalid or NotFound.
func FindPlace(all []office.Place, text string) (string, error) {
	var codes []string
	for _, p := range all {
		if p.Code == text {
			return p.Code, nil
		}
		if p.Name == text {
			codes = append(codes, p.Code)
		}
	}
	switch len(codes) {
	case 0:
		return "", &rehab.Error{Code: rehab.NotFound, Field: "place", Message: "there is no such place"}
	case 1:
		return codes[0], nil
	}
	return "", rehab.InvalidField("place", "several places are named %s: give one of the codes %s", text, strings.Join(codes, ", "))
}
