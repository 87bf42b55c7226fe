package identity

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Change is what was done to an order number to bring it to its one form.
type Change string

// The changes of an order number.
const (
	Hidden   Change = "hidden"   // invisible characters were taken out
	Blanks   Change = "blanks"   // blanks were taken out
	Widths   Change = "widths"   // full-width or other forms of letters, digits and dashes
	Brackets Change = "brackets" // other brackets than 〔〕
	Numerals Change = "numerals" // the year in Chinese numerals
	Ordinal  Change = "ordinal"  // 第 before the number, or no 号 after it
)

// OrderNumber brings the number of an order to its one form (文号, GB/T 9704:
// 京公戒字〔2026〕12号): no blanks, nothing invisible, ordinary digits, the year in 〔〕. Two
// ways of writing one number come out the same, so that one order opens one case. It is
// its own result: OrderNumber of a number in its form changes nothing.
func OrderNumber(s string) (number string, changes []Change) {
	note := func(c Change, before, after string) string {
		if before != after && !slices.Contains(changes, c) {
			changes = append(changes, c)
		}
		return after
	}
	s = note(Hidden, s, without(s, Invisible))
	s = note(Blanks, s, without(s, func(r rune) bool {
		return r == ' ' || r == '\u00a0' || r == '\u3000' || r >= '\u2000' && r <= '\u200a' || r == '\u202f' || r == '\u205f'
	}))
	s = note(Brackets, s, strings.Map(bracket, s))
	for folded := ""; folded != s; { // a form of a letter may hold a blank, and what is left fold once more
		folded = s
		s = note(Widths, s, strings.ReplaceAll(strings.Map(dash, norm.NFKC.String(s)), " ", ""))
		s = note(Brackets, s, strings.Map(bracket, s))
	}
	if m := numbered.FindStringSubmatch(s); m != nil {
		year := note(Numerals, m[2], strings.Map(numeral, m[2]))
		if strings.Trim(year, "0123456789") == "" {
			s = note(Ordinal, "〔"+m[2]+"〕"+m[3], "〔"+m[2]+"〕"+m[4]+"号")
			s = m[1] + strings.Replace(s, m[2], year, 1)
		}
	}
	return s, changes
}

// numbered is a number of the usual form: the office, the year, the number.
var numbered = regexp.MustCompile(`^(.*)〔([0-9〇○零一二三四五六七八九]{4})〕((?:第)?([0-9]+)(?:号)?)$`)

func without(s string, unwanted func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, s)
}

func bracket(r rune) rune {
	switch r {
	case '[', '(', '{', '【', '〖', '（', '［', '｛', '﹝', '〈', '《', '〘', '〚', '⟨', '<', '＜', '「', '『', '︹':
		return '〔'
	case ']', ')', '}', '】', '〗', '）', '］', '｝', '﹞', '〉', '》', '〙', '〛', '⟩', '>', '＞', '」', '』', '︺':
		return '〕'
	}
	return r
}

// dash is the hyphen for every dash.
func dash(r rune) rune {
	if r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\u2043' {
		return '-'
	}
	return r
}

func numeral(r rune) rune {
	if n := strings.IndexRune("〇一二三四五六七八九", r); n >= 0 {
		return rune('0' + n/len("〇"))
	}
	if r == '○' || r == '零' {
		return '0'
	}
	return r
}
