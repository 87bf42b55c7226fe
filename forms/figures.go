package forms

import (
	"strconv"
	"strings"
)

// Value is one coded answer as it reaches figures: a code, or a number. Days are months.
type Value struct {
	Field  string
	Code   string
	Number *int
}

// Values are all that figures know of the answers: the coded fields that the definition
// names, and the scores as "score.NAME". No text is among them.
func (f *Filled) Values() []Value {
	var out []Value
	for _, path := range f.def.Statistics {
		kind, _ := at(f.def.fields, path)
		name, column, nested := strings.Cut(path, ".")
		if !nested {
			out = append(out, values(path, kind, f.answers[name])...)
			continue
		}
		rows, _ := f.answers[name].([]any)
		for _, r := range rows {
			if row, ok := r.(map[string]any); ok {
				out = append(out, values(path, kind, row[column])...)
			}
		}
	}
	for _, r := range f.Scores("zh") {
		if r.Value != nil {
			out = append(out, Value{"score." + r.Name, r.Band, r.Value})
		}
	}
	return out
}

func values(path string, k field, answer any) []Value {
	var out []Value
	for _, t := range each(answer) {
		v := Value{Field: path}
		switch n, err := strconv.Atoi(t); {
		case k.kind == dateField:
			v.Code = dayOf(t).String()[:len("2026-11")]
		case err == nil && (k.kind == intField || k.number):
			v.Number = &n
		default:
			v.Code = t
		}
		out = append(out, v)
	}
	return out
}
