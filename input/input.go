// Package input has what every text of a caller has to be, by whichever door it comes, and
// collects what is wrong with many fields at once.
package input

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guitu/rehab"
)

// Flaw is one of several things that are wrong.
type Flaw struct {
	Field    string
	Detail   string
	Citation string
}

// Flaws are all that is wrong, in the order of the fields.
type Flaws []Flaw

func (f Flaws) Error() string {
	out := make([]string, len(f))
	for i, x := range f {
		out[i] = x.Field + ": " + x.Detail
	}
	return strings.Join(out, "; ")
}

// IsToken reports whether s is 1 to limit letters, digits, '.', '_', ':' or '-'.
func IsToken(s string, limit int) bool {
	if s == "" || len(s) > limit {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == ':' || r == '-')
	}) < 0
}

// IsWorker reports whether s can be the id of a worker in the registry.
func IsWorker(s string) bool { return rehab.CheckActorID("", s) == nil }

// NotAWorker says what the id of a worker is.
const NotAWorker = "is the id of a worker: 1 to 64 letters, digits, '.', '_', ':' or '-', and never a name or an ID number"

// Bad says what is wrong with a string: characters that cannot be seen, that change
// the reading order, or that a broken encoding left behind. Notes may have lines.
func Bad(s string, lines bool) string {
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t' || r == '\r'):
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return fmt.Sprintf("holds the control character U+%04X", r)
		case r == utf8.RuneError:
			return "holds characters that a broken encoding left behind (U+FFFD)"
		}
	}
	return ""
}

// Printable is s without anything that could mislead a reader, and short.
func Printable(s string) string { return PrintableTo(s, 64) }

// PrintableTo is that of at most n characters.
func PrintableTo(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
	if rs := []rune(s); len(rs) > n {
		return string(rs[:n])
	}
	return s
}

// Checklist collects what is wrong.
type Checklist struct{ Flaws Flaws }

// Err is all that is wrong, or nil.
func (c *Checklist) Err() error {
	if len(c.Flaws) == 0 {
		return nil
	}
	return c.Flaws
}

// Add says that a field is wrong.
func (c *Checklist) Add(field, detail string) { c.Cite(field, detail, "") }

// Cite says that a field is wrong, and by which rule.
func (c *Checklist) Cite(field, detail, citation string) {
	c.Flaws = append(c.Flaws, Flaw{field, detail, citation})
}

// Core asks the core what is wrong with the body alone.
func (c *Checklist) Core(body rehab.CommandBody) {
	cmd := rehab.Command{ID: "-", Actor: rehab.System, OccurredAt: time.Unix(0, 0), Body: body}
	if err := cmd.Check(); err != nil {
		c.Cite(err.Field, err.Message, err.Citation)
	}
}

// Text checks a line of at most limit characters.
func (c *Checklist) Text(field, s string, limit int, needed bool) {
	switch {
	case strings.TrimSpace(s) == "" && (needed || s != ""):
		c.Add(field, "is empty")
	case s != strings.TrimSpace(s):
		c.Add(field, "begins or ends with a space")
	case utf8.RuneCountInString(s) > limit:
		c.Add(field, "is too long")
	case !utf8.ValidString(s):
		c.Add(field, "is not valid UTF-8")
	default:
		if detail := Bad(s, false); detail != "" {
			c.Add(field, detail)
		}
	}
}

// Phone checks a number that may be left out.
func (c *Checklist) Phone(field, s string) {
	if s == "" {
		return
	}
	if len(s) < 5 || len(s) > 20 || strings.Trim(s, "0123456789") != "" {
		c.Add(field, "has 5 to 20 digits")
	}
}

// Day checks a day that may be left out.
func (c *Checklist) Day(field string, d, from, to rehab.Date) {
	switch {
	case d.IsZero():
	case d < from:
		c.Cite(field, d.String()+" lies before the law came into force on "+from.String(), "NCL art.71")
	case d > to:
		c.Add(field, d.String()+" lies in the future")
	}
}
