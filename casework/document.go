package casework

import (
	"time"

	"guitu/identity"
	"guitu/input"
)

// checkDocument says what is wrong with the document of the client, who was born before
// the order was decided. An empty detail means nothing.
func (o *Order) checkDocument() input.Flaw {
	var decided time.Time
	if !o.DecidedOn.IsZero() {
		decided = time.Unix(0, 0).UTC().AddDate(0, 0, int(o.DecidedOn))
	}
	return checkDocument(o.IDKind, o.IDNumber, decided)
}

// checkDocument says what is wrong with the number of a document of the kind, whose holder
// was born before the day.
func checkDocument(kind identity.Kind, number string, before time.Time) input.Flaw {
	switch _, fault := identity.Check(kind, number, before); fault {
	case identity.WrongKind:
		return input.Flaw{Field: "id_kind", Detail: "is not a kind of document"}
	case identity.WrongForm:
		return input.Flaw{Field: "id_number", Detail: documentForm(kind)}
	case identity.WrongCheck:
		return input.Flaw{Field: "id_number", Detail: "has a wrong check character: a digit was mistyped (GB 11643)"}
	case identity.Rounded:
		return input.Flaw{Field: "id_number", Detail: "was rounded by a spreadsheet: 15 digits and zeros; take it from the document, into a cell for text"}
	case identity.NoBirthday:
		return input.Flaw{Field: "id_number", Detail: "holds no date of birth (GB 11643)"}
	case identity.BornLate:
		return input.Flaw{Field: "id_number", Detail: "holds a date of birth that does not lie before the order (GB 11643)"}
	case identity.WrongArea:
		return input.Flaw{Field: "id_number", Detail: "of a residence permit begins with 81, 82 or 83"}
	}
	return input.Flaw{}
}

// documentForm says what the number of such a document looks like.
func documentForm(kind identity.Kind) string {
	switch kind {
	case identity.HongKongMacao:
		return "of a travel permit for Hong Kong and Macao has H or M and 8 digits"
	case identity.Taiwan:
		return "of a travel permit for Taiwan has 8 digits"
	case identity.ForeignResident:
		return "of a foreigner's permanent residence card has 18 digits that begin with 9, or 3 letters and 12 digits"
	case identity.Passport:
		return "of a passport has 5 to 15 letters and digits"
	}
	return "has 17 digits and a check character"
}
