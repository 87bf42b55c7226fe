// Package identity knows the forms of what names an order and a person: the number of an
// order, the documents of a person, a phone number. Each has one form, in which it is
// kept and found again, whoever wrote it.
package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Plain brings a text that a person typed or pasted to one form: full-width letters,
// digits and signs become ordinary ones, every kind of blank becomes a space, and what no
// eye sees is taken out. It has no blanks at its ends. Line breaks and other control
// characters within it stay, for the caller to refuse. hidden reports that something
// invisible was taken out.
func Plain(s string) (plain string, hidden bool) {
	var b strings.Builder
	for _, r := range width.Fold.String(s) {
		switch {
		case Invisible(r):
			hidden = true
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String()), hidden
}

// Invisible reports whether the character takes no room and is no control character: zero
// width spaces and joiners, marks of direction, soft hyphens, variation selectors, fillers.
func Invisible(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}
