package api

import (
	"strings"
	"time"

	"guitu/rehab"
)

// checkIDNumber says what is wrong with a citizen identity number (GB 11643): 17 digits
// and a check character by ISO 7064 MOD 11-2, with a date of birth in digits 7 to 14
// that lies before the day. An empty answer means nothing.
func checkIDNumber(s string, before rehab.Date) string {
	if len(s) != 18 || strings.Trim(s[:17], "0123456789") != "" || !strings.Contains("0123456789Xx", s[17:]) {
		return "has 17 digits and a check character"
	}
	sum := 0
	for i := range 17 {
		sum += int(s[i]-'0') * idWeights[i]
	}
	if want := "10X98765432"[sum%11]; strings.ToUpper(s[17:])[0] != want {
		return "has a wrong check character: a digit was mistyped (GB 11643)"
	}
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.Year() < 1900 {
		return "holds no date of birth (GB 11643)"
	}
	if !before.IsZero() && rehab.NewDate(born.Date()) >= before {
		return "holds a date of birth that does not lie before the order (GB 11643)"
	}
	return ""
}

// idWeights are 2^(17-i) mod 11.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
