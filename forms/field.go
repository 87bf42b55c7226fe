package forms

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
)

// field is what the schema says about a question.
type field struct {
	kind   fieldKind
	codes  []string         // of an enum; numbers as they are written
	number bool             // the enum has numbers
	min    int              // of a bounded integer
	max    int              //
	many   bool             // a list of codes
	rows   map[string]field // of a table: its columns
}

type fieldKind int

const (
	otherField fieldKind = iota
	codeField
	intField
	boolField
	dateField // a day or an instant
	textField
	rowsField
)

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// fieldsOf reads the properties of the schema.
func fieldsOf(schema any) map[string]field {
	out := make(map[string]field)
	s, _ := schema.(map[string]any)
	properties, _ := s["properties"].(map[string]any)
	for name, p := range properties {
		out[name] = readField(p)
	}
	return out
}

func readField(schema any) field {
	s, _ := schema.(map[string]any)
	if list, ok := s["enum"].([]any); ok {
		return enumField(list)
	}
	switch s["type"] {
	case "integer":
		lo, okLo := whole(s["minimum"])
		hi, okHi := whole(s["maximum"])
		if okLo && okHi {
			return field{kind: intField, min: lo, max: hi}
		}
	case "boolean":
		return field{kind: boolField}
	case "string":
		if f, _ := s["format"].(string); f == "date" || f == "date-time" {
			return field{kind: dateField}
		}
		return field{kind: textField}
	case "array":
		items, _ := s["items"].(map[string]any)
		if items["type"] == "object" {
			return field{kind: rowsField, rows: fieldsOf(items)}
		}
		f := readField(items)
		f.many = true
		return f
	}
	return field{}
}

func enumField(list []any) field {
	f := field{kind: codeField}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			f.codes = append(f.codes, v)
		case json.Number:
			f.codes, f.number = append(f.codes, v.String()), true
		default:
			return field{}
		}
	}
	return f
}

func whole(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(n.String())
	return i, err == nil
}

// named are the codes that need a label: all, but of a long scale of numbers its ends alone.
func (f field) named() []string {
	if !f.number || len(f.codes) <= 6 {
		return f.codes
	}
	var numbers, out []string
	for _, c := range f.codes {
		if _, err := strconv.Atoi(c); err == nil {
			numbers = append(numbers, c)
		} else {
			out = append(out, c)
		}
	}
	return append(out, numbers[0], numbers[len(numbers)-1])
}

// coded reports whether the answers are codes, bounded numbers, yes or no, or days: what may
// reach figures.
func (f field) coded() bool {
	return f.kind == codeField || f.kind == intField || f.kind == boolField || f.kind == dateField
}

// at finds the field of a path such as "members.support".
func at(fields map[string]field, path string) (field, bool) {
	for i := range path {
		if path[i] == '.' {
			f, ok := fields[path[:i]]
			if !ok {
				return field{}, false
			}
			column, ok := f.rows[path[i+1:]]
			return column, ok
		}
	}
	f, ok := fields[path]
	return f, ok
}

func (f field) has(code string) bool { return slices.Contains(f.codes, code) }
