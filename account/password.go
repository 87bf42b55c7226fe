package account

import (
	"crypto/rand"
	_ "embed"
	"strings"
	"time"
	"unicode/utf8"

	"guitu/rehab"
)

//go:embed common.txt
var common string // passwords that are guessed first, one a line, in lower case

const (
	minPassword  = 12  // characters
	maxPassword  = 128 // characters
	minDifferent = 5   // characters that differ
)

// CheckPassword refuses a password that is guessed too easily.
func CheckPassword(field, account, password string) *rehab.Error {
	low := strings.ToLower(password)
	different := make(map[rune]bool)
	for _, r := range low {
		different[r] = true
	}
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword || n > maxPassword:
		return rehab.InvalidField(field, "a password has %d to %d characters", minPassword, maxPassword)
	case len(account) >= 3 && strings.Contains(low, strings.ToLower(account)):
		return rehab.InvalidField(field, "a password does not hold the account")
	case len(different) < minDifferent:
		return rehab.InvalidField(field, "a password has at least %d different characters", minDifferent)
	case strings.Contains("\n"+common, "\n"+low+"\n"):
		return rehab.InvalidField(field, "this password is one of those that are guessed first")
	}
	return nil
}

// OneTimeFor is how long a one-time password opens the account.
const OneTimeFor = 7 * 24 * time.Hour

// OneTime makes a password that is told once and has to be changed at the first sign-in: about
// 100 bits, in groups that can be read out.
func OneTime() string {
	t := strings.ToLower(rand.Text())
	return t[:5] + "-" + t[5:10] + "-" + t[10:15] + "-" + t[15:20]
}

// Failures that cost no wait, by whom they are counted. Many people may come from one address.
const (
	FreeOfAccount = 5
	FreeOfAddress = 30
)

const (
	firstWait = 30 * time.Second
	longest   = 15 * time.Minute
	// ForgetAfter is when failures are forgotten.
	ForgetAfter = 24 * time.Hour
)

// WaitAfter is how long nobody may try again after so many failures: nothing at first, then
// 30 s, doubled with each one, up to 15 minutes. So nobody is locked out for good by somebody
// who does not know the password.
func WaitAfter(failures, free int) time.Duration {
	if failures < free {
		return 0
	}
	wait := firstWait
	for range failures - free {
		if wait *= 2; wait >= longest {
			return longest
		}
	}
	return wait
}
