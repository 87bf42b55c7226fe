package dossier

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"guitu/board"
	"guitu/identity"
)

// Kind is what a client is found by.
type Kind string

// The kinds of terms. Those of whole values are found by the whole value alone; those of
// parts by two neighbours in a name.
const (
	ByOrder    Kind = "order"
	ByDocument Kind = "document"
	ByPhone    Kind = "phone"
	ByName     Kind = "name"     // two neighbouring characters, or letters of a name in Latin letters
	ByInitials Kind = "initials" // the pinyin initials of two neighbouring characters
)

// Part reports whether terms of the kind are parts, of which many clients share one.
func (k Kind) Part() bool { return k == ByName || k == ByInitials }

// Term is one thing that a client is found by, in its one form.
type Term struct {
	Kind  Kind
	Value string
}

// Terms of a client: the order and the document, each phone, and the pairs of neighbours of
// the name and of its initials.
func Terms(id board.Identity) []Term {
	out := []Term{{ByOrder, orderForm(id.OrderNo)}, {ByDocument, identity.Number(id.IDNumber)}}
	for _, p := range []string{id.Phone, id.OtherPhone, id.FamilyPhone} {
		if n, ok := phoneForm(p); ok {
			out = append(out, Term{ByPhone, n})
		}
	}
	name := nameForm(id.Name)
	out = append(out, pairs(ByName, name)...)
	readings := initials(name)
	for i := 1; i < len(readings); i++ {
		for _, a := range readings[i-1] {
			for _, b := range readings[i] {
				out = append(out, Term{ByInitials, string([]rune{a, b})})
			}
		}
	}
	out = slices.DeleteFunc(out, func(t Term) bool { return t.Value == "" })
	slices.SortFunc(out, func(a, b Term) int { return strings.Compare(string(a.Kind)+a.Value, string(b.Kind)+b.Value) })
	return slices.Compact(out)
}

// Shortest is the number of characters that a search needs: one alone would list a surname.
const Shortest = 2

// Search is what somebody looks for. Any one of Ways may lead to a client, by all its terms.
type Search struct {
	Ways [][]Term

	text    string // in the form of a name
	letters bool
}

// Looking reads what somebody typed: an order number, a document, a phone, a name, a part of
// it, or pinyin initials. ok is false where it is too short to look for.
func Looking(typed string) (s Search, ok bool) {
	s.text = nameForm(typed)
	if len([]rune(s.text)) < Shortest {
		return s, false
	}
	s.letters = strings.IndexFunc(s.text, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
	digits := strings.ContainsAny(s.text, "0123456789")
	if digits {
		s.Ways = append(s.Ways, []Term{{ByOrder, orderForm(typed)}}, []Term{{ByDocument, identity.Number(typed)}})
		if n, isPhone := phoneForm(typed); isPhone {
			s.Ways = append(s.Ways, []Term{{ByPhone, n}})
		}
		if strings.IndexFunc(s.text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) < 0 {
			return s, true
		}
	}
	s.Ways = append(s.Ways, pairs(ByName, s.text))
	if s.letters {
		s.Ways = append(s.Ways, pairs(ByInitials, s.text))
	}
	return s, true
}

// Found says by what the client is found, and ok whether it is: pairs alone do not tell that
// they follow each other, and a term that several share leads to others too.
func (s Search) Found(id board.Identity) (by Kind, ok bool) {
	terms := Terms(id)
	for _, way := range s.Ways {
		kind := way[0].Kind
		switch {
		case kind == ByName && strings.Contains(nameForm(id.Name), s.text),
			kind == ByInitials && spells(initials(nameForm(id.Name)), s.text),
			!kind.Part() && slices.Contains(terms, way[0]):
			return kind, true
		}
	}
	return "", false
}

func orderForm(s string) string { n, _ := identity.OrderNumber(s); return n }

func phoneForm(s string) (string, bool) {
	n, _, _, ok := identity.Phone(s)
	return n, ok
}

// nameForm is a name without blanks and signs, in small letters: 买买提·艾力 and 买买提艾力 are
// one.
func nameForm(s string) string {
	s, _ = identity.Plain(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func pairs(k Kind, text string) (out []Term) {
	rs := []rune(text)
	for i := 1; i < len(rs); i++ {
		out = append(out, Term{k, string(rs[i-1 : i+1])})
	}
	return out
}

// initials are the first letters of every reading of each character. A surname is often read
// otherwise than the word (单 shan, 仇 qiu, 曾 zeng): each reading counts.
func initials(name string) (out [][]rune) {
	args := pinyin.Args{Style: pinyin.FirstLetter, Heteronym: true, Fallback: func(r rune, _ pinyin.Args) []string {
		if r >= 'a' && r <= 'z' {
			return []string{string(r)}
		}
		return nil
	}}
	for _, r := range name {
		var letters []rune
		for _, reading := range pinyin.SinglePinyin(r, args) {
			for _, letter := range strings.ToLower(reading)[:min(1, len(reading))] {
				if letter >= 'a' && letter <= 'z' && !slices.Contains(letters, letter) {
					letters = append(letters, letter)
				}
			}
		}
		out = append(out, letters)
	}
	return out
}

// spells reports whether neighbours of the name have the initials.
func spells(readings [][]rune, text string) bool {
	for from := 0; from+len(text) <= len(readings); from++ {
		all := true
		for i, letter := range text {
			all = all && slices.Contains(readings[from+i], letter)
		}
		if all {
			return true
		}
	}
	return false
}
