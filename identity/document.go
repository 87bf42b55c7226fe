package identity

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Kind is a kind of document that says who a person is.
type Kind string

// The kinds of documents.
const (
	ResidentCard    Kind = "resident_card"    // 居民身份证, GB 11643
	ResidencePermit Kind = "residence_permit" // 港澳台居民居住证: built as GB 11643, area 81, 82 or 83
	HongKongMacao   Kind = "hk_macao_permit"  // 港澳居民来往内地通行证
	Taiwan          Kind = "taiwan_permit"    // 台湾居民来往大陆通行证
	ForeignResident Kind = "foreign_resident" // 外国人永久居留身份证, both editions
	Passport        Kind = "passport"         // 护照
)

// Kinds lists them, the usual one first.
func Kinds() []Kind {
	return []Kind{ResidentCard, ResidencePermit, HongKongMacao, Taiwan, ForeignResident, Passport}
}

// Fault is what is wrong with the number of a document; empty is nothing.
type Fault string

// The faults of a number.
const (
	WrongKind  Fault = "kind"        // there is no such kind of document
	WrongForm  Fault = "form"        // not the letters and digits that the kind has
	WrongCheck Fault = "check"       // the check character says that a digit was mistyped (GB 11643)
	Rounded    Fault = "rounded"     // a spreadsheet kept 15 digits and made the others 0
	NoBirthday Fault = "birthday"    // it holds no date of birth
	BornLate   Fault = "born_late"   // its date of birth does not lie before the day
	WrongArea  Fault = "permit_area" // the number of a residence permit begins with 81, 82 or 83
)

// Number is the number of a document as it is kept: without blanks, in capitals.
func Number(s string) string {
	s, _ = Plain(s)
	return strings.ToUpper(without(s, func(r rune) bool { return r == ' ' || r == '-' || r == '.' }))
}

// Check says what is wrong with the number, in the form of Number, of a document of the
// kind. Empty kind is the resident card. born is the date of birth in it, zero where its
// kind holds none; before is a day by which the holder was born, zero for any.
func Check(kind Kind, number string, before time.Time) (born time.Time, fault Fault) {
	switch kind {
	case "", ResidentCard:
		return checkCitizen(number, before)
	case ResidencePermit:
		if !permitArea.MatchString(number) && citizen.MatchString(number) {
			return born, WrongArea
		}
		return checkCitizen(number, before)
	case ForeignResident:
		if newForeign.MatchString(number) {
			return birthday(number, before)
		}
	}
	form, known := forms[kind]
	switch {
	case !known:
		return born, WrongKind
	case !form.MatchString(number):
		return born, WrongForm
	}
	return born, ""
}

var (
	citizen    = regexp.MustCompile(`^[0-9]{17}[0-9X]$`)
	permitArea = regexp.MustCompile(`^8[123]`)
	newForeign = regexp.MustCompile(`^9[0-9]{16}[0-9X]$`) // the edition of 2023: date of birth where a resident card has it
	forms      = map[Kind]*regexp.Regexp{
		HongKongMacao:   regexp.MustCompile(`^[HM][0-9]{8}([0-9]{2})?$`),
		Taiwan:          regexp.MustCompile(`^([0-9]{8}|[0-9]{10}[A-Z]?)$`),
		ForeignResident: regexp.MustCompile(`^[A-Z]{3}[0-9]{12}$`), // the edition of 2004 to 2023
		Passport:        regexp.MustCompile(`^[A-Z0-9]{5,15}$`),
	}
)

// checkCitizen holds a number against GB 11643: 17 digits and a check character by
// ISO 7064 MOD 11-2, with a date of birth in digits 7 to 14.
func checkCitizen(number string, before time.Time) (time.Time, Fault) {
	if !citizen.MatchString(number) {
		return time.Time{}, WrongForm
	}
	sum := 0
	for i, weight := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} { // 2^(17-i) mod 11
		sum += int(number[i]-'0') * weight
	}
	if "10X98765432"[sum%11] != number[17] {
		if LooksRounded(number) {
			return time.Time{}, Rounded
		}
		return time.Time{}, WrongCheck
	}
	return birthday(number, before)
}

func birthday(number string, before time.Time) (time.Time, Fault) {
	born, err := time.Parse("20060102", number[6:14])
	switch {
	case err != nil || born.Year() < 1900:
		return time.Time{}, NoBirthday
	case !before.IsZero() && !born.Before(before):
		return born, BornLate
	}
	return born, ""
}

// LooksRounded reports whether the number may have gone through a spreadsheet as a number:
// it keeps 15 digits.
func LooksRounded(number string) bool { return len(number) == 18 && strings.HasSuffix(number, "000") }

// Sex that the 17th digit says: "male" where it is odd, else "female"; empty where the kind
// of document holds none. The number has been checked.
func Sex(kind Kind, number string) string {
	if !slices.Contains([]Kind{"", ResidentCard, ResidencePermit}, kind) || len(number) != 18 {
		return ""
	}
	if (number[16]-'0')%2 == 1 {
		return "male"
	}
	return "female"
}
