package forms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"guitu/rehab"
)

// faultsOf says in our words what the validator found, one for each field and rule.
func faultsOf(e *jsonschema.ValidationError) []*rehab.Error {
	if len(e.Causes) > 0 {
		var out []*rehab.Error
		for _, c := range e.Causes {
			out = append(out, faultsOf(c)...)
		}
		return out
	}
	at := location(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		var out []*rehab.Error
		for _, name := range k.Missing {
			out = append(out, rehab.InvalidField(at+"."+name, "is missing"))
		}
		return out
	case *kind.AdditionalProperties:
		var out []*rehab.Error
		for _, name := range k.Properties {
			out = append(out, rehab.InvalidField(at+"."+name, "is not a field of this form"))
		}
		return out
	}
	return []*rehab.Error{fault(at, e.ErrorKind)}
}

func fault(at string, k jsonschema.ErrorKind) *rehab.Error {
	switch k := k.(type) {
	case *kind.Enum:
		return rehab.InvalidField(at, "is one of %s", fmt.Sprint(k.Want))
	case *kind.Const:
		return rehab.InvalidField(at, "is %s, as the other answers have it", fmt.Sprint(k.Want))
	case *kind.Type:
		return rehab.InvalidField(at, "does not take a %s", k.Got)
	case *kind.MinLength:
		return rehab.InvalidField(at, "is empty")
	case *kind.MaxLength:
		return rehab.InvalidField(at, "has at most %d characters", k.Want)
	case *kind.MinItems:
		return rehab.InvalidField(at, "needs at least %d answers", k.Want)
	case *kind.MaxItems:
		return rehab.InvalidField(at, "takes at most %d answers", k.Want)
	case *kind.UniqueItems:
		return rehab.InvalidField(at, "is there twice")
	case *kind.Minimum:
		return rehab.InvalidField(at, "is at least %s", k.Want.RatString())
	case *kind.Maximum:
		return rehab.InvalidField(at, "is at most %s", k.Want.RatString())
	case *kind.Format:
		if k.Want == "date" {
			return rehab.InvalidField(at, "is a day such as 2026-10-08")
		}
		return rehab.InvalidField(at, "is an instant such as 2026-10-08T09:30:00+08:00")
	case *kind.Pattern:
		return rehab.InvalidField(at, "is not written as this form asks: %s", k.Want)
	}
	return rehab.InvalidField(at, "does not hold against the form")
}

// location writes the place of an answer as problems do: "answers.members[0].support".
func location(tokens []string) string {
	var b strings.Builder
	b.WriteString("answers")
	for _, t := range tokens {
		if _, err := strconv.Atoi(t); err == nil {
			b.WriteString("[" + t + "]")
			continue
		}
		b.WriteString("." + t)
	}
	return b.String()
}

// inOrder sorts faults as their fields stand in the layout.
func (d *Definition) inOrder(list []*rehab.Error) []*rehab.Error {
	place := make(map[string]int)
	for _, g := range d.Groups {
		for _, name := range g.Fields {
			place[name] = len(place) + 1
		}
	}
	of := func(e *rehab.Error) int {
		name := strings.TrimPrefix(e.Field, "answers.")
		if i := strings.IndexAny(name, ".["); i >= 0 {
			name = name[:i]
		}
		if n, ok := place[name]; ok {
			return n
		}
		return len(place) + 1
	}
	slices.SortStableFunc(list, func(x, y *rehab.Error) int { return of(x) - of(y) })
	return list
}
