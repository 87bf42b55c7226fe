package simulation

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"guitu/rehab"
)

// Refusal is a command that the rules refused, and how often. The simulation means to
// provoke none: what is refused did not happen, and every count lacks it. Digits of the
// message are left out, so that the same reason on other days is the same, and no case or
// person can be read from it.
type Refusal struct {
	Command string     `json:"command"` // NoCommand: the duty Field is due, and the simulation does not know how it is done
	Code    rehab.Code `json:"code"`
	Field   string     `json:"field,omitempty"`
	Message string     `json:"message"`
	Times   int        `json:"times"` // over all runs
}

// NoCommand stands for the command of a duty that nobody knows how to do.
const NoCommand = "none"

// refusals are counted by what they are; their Times is 0.
type refusals map[Refusal]int

func (r *refusals) add(of Refusal, times int) {
	if *r == nil {
		*r = make(refusals)
	}
	of.Times = 0
	(*r)[of] += times
}

// refused notes that the rules did not take the command.
func (r *refusals) refused(command string, err error) {
	of := Refusal{Command: command, Code: rehab.Internal, Message: err.Error()}
	var e *rehab.Error
	if errors.As(err, &e) {
		of.Code, of.Field, of.Message = e.Code, e.Field, e.Message
		if e.Citation != "" {
			of.Message += " (" + e.Citation + ")"
		}
	}
	of.Field, of.Message = withoutNumbers(of.Field), withoutNumbers(of.Message)
	r.add(of, 1)
}

// withoutNumbers puts one # in the place of each run of digits.
func withoutNumbers(s string) string {
	var b strings.Builder
	in := false
	for _, r := range s {
		digit := '0' <= r && r <= '9'
		if digit && !in {
			b.WriteByte('#')
		} else if !digit {
			b.WriteRune(r)
		}
		in = digit
	}
	return b.String()
}

// list puts the most frequent first; the order is the same on any number of processors.
func (r refusals) list() []Refusal {
	out := make([]Refusal, 0, len(r))
	for of, times := range maps.All(r) {
		of.Times = times
		out = append(out, of)
	}
	slices.SortFunc(out, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Command, b.Command), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message))
	})
	return out
}

// RefusedTimes is how many commands were refused, over all runs.
func (r *Result) RefusedTimes() int {
	n := 0
	for i := range r.Refused {
		n += r.Refused[i].Times
	}
	return n
}
