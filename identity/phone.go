package identity

import (
	"regexp"
	"strings"
)

// PhoneNote is what there is to say of a phone number that was read.
type PhoneNote string

// The notes to a phone number.
const (
	PhoneRest  PhoneNote = "rest"  // something stands beside the number and is not part of it: an extension, a second number, words
	PhoneShort PhoneNote = "short" // ten digits that begin with 1: a digit, or the 0 of the area code, is missing
)

// Phone reads a phone number as people write it: blanks, hyphens, brackets, +86, full-width
// digits, a landline with its area code. The number has 5 to 20 digits; rest is what stands
// beside it: an extension (转8012), a second number, a word. It is not ok where there is
// no number.
func Phone(s string) (number, rest string, note PhoneNote, ok bool) {
	s, _ = Plain(s)
	s = strings.Map(dash, s)
	at := run.FindStringIndex(s)
	if at == nil {
		return "", "", "", false
	}
	written := s[at[0]:at[1]]
	rest = strings.TrimSpace(s[:at[0]] + s[at[1]:])
	if m := extended.FindStringSubmatch(written); m != nil { // 010-12345678-8012
		written, rest = m[1], strings.TrimSpace("-"+m[2]+rest)
	}
	number = onlyDigits(written)
	if m := country.FindStringSubmatch(number); m != nil && (strings.HasPrefix(written, "+") || strings.HasPrefix(number, "00") || len(m[1]) == 11) {
		number = m[1]
		mobile, nationwide := len(number) == 11 && number[0] == '1', strings.HasPrefix(number, "400") || strings.HasPrefix(number, "800")
		if !mobile && !nationwide && number[0] != '0' && len(number) >= 9 { // an area code loses its 0 behind the prefix of the country
			number = "0" + number
		}
	}
	if len(number) >= 22 && number[0] == '1' && (number[11] == '1' || number[11] == '0') { // two numbers with a blank between
		rest = strings.TrimSpace(number[11:] + " " + rest)
		number = number[:11]
	}
	rest = strings.Trim(rest, " /、,;:.")
	switch {
	case len(number) < 5 || len(number) > 20:
		return "", "", "", false
	case strings.Trim(rest, " ()-") != "":
		note = PhoneRest
	case len(number) == 10 && number[0] == '1':
		note = PhoneShort
	}
	return number, rest, note, true
}

var (
	// run is the first stretch that can be a number.
	run = regexp.MustCompile(`\+?\(?[0-9][0-9()\-. ]*[0-9]`)
	// extended is a landline with an extension behind a hyphen.
	extended = regexp.MustCompile(`^(\(?0[0-9]{2,3}\)?[-. ]*[0-9]{7,8})[-. ]+([0-9]{1,5})$`)
	// country is a number behind the prefix of the country.
	country = regexp.MustCompile(`^(?:00)?86([0-9]{7,12})$`)
)

func onlyDigits(s string) string {
	return without(s, func(r rune) bool { return r < '0' || r > '9' })
}
