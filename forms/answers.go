package forms

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"guitu/rehab"
)

// Filled is a form with answers that hold against it.
type Filled struct {
	def     *Definition
	answers map[string]any
	raw     []byte
}

// Fill checks the answers against the schema and the rules of the form. The faults name the
// field, as "answers.state", and what is wrong; they are in the order of the layout.
func (d *Definition) Fill(answers []byte) (*Filled, []*rehab.Error) {
	raw, doc, err := canonical(answers)
	if err != nil {
		return nil, []*rehab.Error{rehab.InvalidField("answers", "cannot be read")}
	}
	a, ok := doc.(map[string]any)
	if !ok {
		return nil, []*rehab.Error{rehab.InvalidField("answers", "is an object with the fields of the form")}
	}
	if err := d.schema.Validate(doc); err != nil {
		var wrong *jsonschema.ValidationError
		if !errors.As(err, &wrong) {
			return nil, []*rehab.Error{rehab.InvalidField("answers", "cannot be read")}
		}
		return nil, d.inOrder(faultsOf(wrong))
	}
	f := &Filled{def: d, answers: a, raw: raw}
	var faults []*rehab.Error
	for _, r := range d.Rules {
		if err := r.broken(a); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return nil, d.inOrder(faults)
	}
	return f, nil
}

// JSON of the answers, in one form whoever wrote them.
func (f *Filled) JSON() []byte { return f.raw }

// Of is the form that was filled in.
func (f *Filled) Of() *Definition { return f.def }

// Scores of the answers, with words in the language.
func (f *Filled) Scores(lang string) []Result { return f.def.scores(f.answers, lang) }

// Without are the answers without those of the fields.
func (f *Filled) Without(fields []string) map[string]any {
	out := make(map[string]any, len(f.answers))
	for name, v := range f.answers {
		if !slices.Contains(fields, name) {
			out[name] = v
		}
	}
	return out
}

// Coded are the answers of the fields that may reach figures, without what else was written.
func (f *Filled) Coded() map[string]any {
	out := make(map[string]any)
	for name, v := range f.answers {
		if slices.Contains(f.def.Statistics, name) {
			out[name] = v
		}
	}
	return out
}

// broken says how the answers break the rule; nil where they keep it, or do not answer.
func (r Rule) broken(a map[string]any) *rehab.Error {
	x, okX := a[r.Field].(string)
	y, okY := a[r.Than].(string)
	if !okX || !okY {
		return nil
	}
	if r.Rule == "differs" {
		if strings.EqualFold(strings.TrimSpace(x), strings.TrimSpace(y)) {
			return rehab.InvalidField("answers."+r.Field, "is the same as %s", r.Than)
		}
		return nil
	}
	before, days := compareDays(x, y)
	switch {
	case before:
		return rehab.InvalidField("answers."+r.Field, "lies before %s", r.Than)
	case r.Rule == "within_days" && days > r.Days:
		return rehab.InvalidField("answers."+r.Field, "lies more than %d days after %s", r.Days, r.Than)
	}
	return nil
}

// compareDays says whether x is before y, as instants where both are, and how many days after.
func compareDays(x, y string) (before bool, days int) {
	atX, errX := time.Parse(time.RFC3339, x)
	atY, errY := time.Parse(time.RFC3339, y)
	if errX == nil && errY == nil {
		return atX.Before(atY), int(rehab.DateOf(atX) - rehab.DateOf(atY))
	}
	dayX, dayY := dayOf(x), dayOf(y)
	return dayX < dayY, int(dayX - dayY)
}

// dayOf a day or an instant, which the schema has read before.
func dayOf(s string) rehab.Date {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return rehab.DateOf(at)
	}
	d, _ := rehab.ParseDate(s) // the format of the schema holds
	return d
}

// text is an answer as a code: strings as they are, numbers and yes or no as written.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// each are the answers of a field, of one or of several codes.
func each(v any) []string {
	if list, ok := v.([]any); ok {
		var out []string
		for _, x := range list {
			if t, ok := text(x); ok {
				out = append(out, t)
			}
		}
		return out
	}
	if t, ok := text(v); ok {
		return []string{t}
	}
	return nil
}
