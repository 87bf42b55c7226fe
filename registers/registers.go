// Package registers has the records of work that belongs to no case: supervision of workers
// (督导), training (培训) and publicity (宣传教育). It is pure: types and rules, no clock and
// no I/O. Records are kept in versions; a correction is a new one with its reason, and
// nothing is ever taken away.
package registers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guitu/rehab"
)

// Kind of a record.
type Kind string

// The kinds.
const (
	SupervisionKind Kind = "supervision"
	ProgrammeKind   Kind = "programme"
	SessionKind     Kind = "session"
	PublicityKind   Kind = "publicity"
)

// Data is what a record says. The set is closed: Supervision, Programme, Session, Publicity.
type Data interface {
	Kind() Kind
	// Check refuses what cannot be right. today is the last day on which something can
	// have happened.
	Check(today rehab.Date) *rehab.Error
	// Day is the one on which the record counts.
	Day() rehab.Date
	// Workers are the ids of the registry that the record names, each once.
	Workers() []string
}

// Record is one version of a record. Place is the street, district or city whose work it
// was. Organisation is the partner that has access to a programme and its sessions.
// CaseID is the case a supervision is about: then Note and Reason speak of a client and
// are kept under the key of the case.
type Record struct {
	ID           string
	Version      int // from 1
	Place        string
	Organisation string
	Programme    string // of a session
	CaseID       string
	Withdrawn    bool // entered by mistake: it counts nowhere
	Data         Data
	Reason       string // why this version corrects the one before
	Note         string
	Actor        rehab.Actor
	RecordedAt   time.Time
	Command      string // id of the command that brought this version; it acts once on a record
	Digest       string // of the command's request
}

// Filter of a list. Zero fields do not filter.
type Filter struct {
	Kind         Kind
	Place        string // a place and all below it
	Above        string // and the places above this one
	Organisation string
	Programme    string
	CaseID       string
	Worker       string
	Status       Status // of a supervision
	From, To     rehab.Date
	After        string // id of the last row seen
	Limit        int
}

// Correct replaces what the record says. The step a supervision has reached stays.
func (r Record) Correct(d Data, today rehab.Date) (Record, error) {
	if old, ok := r.Data.(Supervision); ok && d.(Supervision).Status != old.Status {
		return r, refuse("data.status", "a correction does not move a supervision on: it is %s", old.Status)
	}
	if err := d.Check(today); err != nil {
		err.Field = "data." + err.Field
		return r, err
	}
	r.Data = d
	return r, nil
}

// Decode reads what a record of the kind says.
func Decode(k Kind, raw []byte) (Data, error) {
	switch k {
	case SupervisionKind:
		return read[Supervision](raw)
	case ProgrammeKind:
		return read[Programme](raw)
	case SessionKind:
		return read[Session](raw)
	case PublicityKind:
		return read[Publicity](raw)
	}
	return nil, fmt.Errorf("unknown kind of record %q", k)
}

func read[D Data](raw []byte) (Data, error) {
	var d D
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("read a %s: %w", d.Kind(), err)
	}
	return d, nil
}

func refuse(field, format string, args ...any) *rehab.Error {
	return (&rehab.Error{Code: rehab.Refused, Field: field}).Say(format, args...)
}

// The limits of what may be right.
const (
	maxMinutes = 24 * 60
	maxPeople  = 500
	maxReached = 10_000_000
	maxTitle   = 120
)

var firstDay = rehab.NewDate(2008, 6, 1) // the Narcotics Control Law took effect

// first is the first error of several looks.
func first(errs ...*rehab.Error) *rehab.Error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkWord[T ~string](field string, v T, all ...T) *rehab.Error {
	for _, a := range all {
		if v == a {
			return nil
		}
	}
	if v == "" {
		return rehab.InvalidField(field, "is missing")
	}
	return rehab.InvalidField(field, "%q is not one of %v", string(v), all)
}

// checkID takes ids of the registry and of organisations: they are no names.
func checkID(field, v string) *rehab.Error {
	ok := v != "" && len(v) <= 64 && strings.IndexFunc(v, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._:-", r))
	}) < 0
	if !ok {
		return rehab.InvalidField(field, "is an id of 1 to 64 letters, digits, '.', '_', ':' or '-'")
	}
	return nil
}

func checkTitle(field, v string) *rehab.Error {
	if n := utf8.RuneCountInString(v); strings.TrimSpace(v) == "" || n > maxTitle {
		return rehab.InvalidField(field, "has 1 to %d characters", maxTitle)
	}
	return nil
}

func checkRange(field string, v, low, high int) *rehab.Error {
	if v < low || v > high {
		return rehab.InvalidField(field, "is between %d and %d", low, high)
	}
	return nil
}

// checkPast takes a day on which something happened.
func checkPast(field string, d, today rehab.Date) *rehab.Error {
	switch {
	case d.IsZero():
		return rehab.InvalidField(field, "is missing")
	case d > today:
		return rehab.InvalidField(field, "%s lies in the future", d)
	case d < firstDay:
		return rehab.InvalidField(field, "%s lies before %s", d, firstDay)
	}
	return nil
}

// checkDay takes a day that may be planned.
func checkDay(field string, d rehab.Date) *rehab.Error {
	if d < firstDay || d > rehab.NewDate(2100, 1, 1) {
		return rehab.InvalidField(field, "is a day from %s on", firstDay)
	}
	return nil
}

// checkPeople takes a list of ids in which nobody is twice.
func checkPeople(field string, ids []string) *rehab.Error {
	if len(ids) > maxPeople {
		return rehab.InvalidField(field, "has at most %d entries", maxPeople)
	}
	seen := make(map[string]bool, len(ids))
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", field, i)
		if err := checkID(at, id); err != nil {
			return err
		}
		if seen[id] {
			return rehab.InvalidField(at, "is there twice")
		}
		seen[id] = true
	}
	return nil
}
