package forms

import (
	"fmt"
	"maps"
	"slices"

	"guitu/rehab"
)

// checker gathers what is wrong with a definition, field by field.
type checker struct {
	*Definition
	found []*rehab.Error
}

func (c *checker) bad(at, format string, args ...any) {
	c.found = append(c.found, rehab.InvalidField(at, format, args...))
}

// faults are all that is wrong with the definition, whose schema compiles.
func (d *Definition) faults(schema any) []*rehab.Error {
	c := &checker{Definition: d}
	c.head()
	c.layout()
	c.labelled()
	c.conditions(schema)
	c.lists()
	for i, s := range d.Scores {
		c.score(fmt.Sprintf("scores[%d]", i), s)
	}
	c.consequences()
	return c.found
}

func (c *checker) head() {
	if !fieldName.MatchString(c.Form) {
		c.bad("form", "is lower-case letters, digits and _, at most 40")
	}
	if c.Version < 1 {
		c.bad("version", "is missing")
	}
	for lang, text := range map[string]string{"zh": c.Title.ZH, "en": c.Title.EN} {
		if text == "" {
			c.bad("title."+lang, "is missing")
		}
	}
	for i, k := range c.For {
		if !slices.ContainsFunc(rehab.Duties(), func(s rehab.DutySpec) bool { return s.Kind == k }) {
			c.bad(fmt.Sprintf("for[%d]", i), "%q is no duty", string(k))
		}
	}
	for i, name := range c.Commands {
		if _, ok := rehab.SpecOf(name); !ok {
			c.bad(fmt.Sprintf("commands[%d]", i), "%q is no command", name)
		}
	}
	if !slices.Contains([]rehab.Mark{rehab.Law, rehab.Practice, rehab.Design}, c.Source.Mark) || c.Source.Cite == "" {
		c.bad("source", "needs a mark (law, practice or design) and a cite")
	}
	if l := c.Licence; l != nil && (l.Holder == "" || l.Terms.ZH == "" || l.Terms.EN == "" || l.Seen == "") {
		c.bad("licence", "needs holder, terms in both languages, and where they were seen")
	}
}

// layout wants every field in one group.
func (c *checker) layout() {
	placed := make(map[string]bool)
	for i, g := range c.Groups {
		for j, name := range g.Fields {
			at := fmt.Sprintf("groups[%d].fields[%d]", i, j)
			switch _, ok := c.fields[name]; {
			case !ok:
				c.bad(at, "%q is no field of this form", name)
			case placed[name]:
				c.bad(at, "%q stands in two groups", name)
			}
			placed[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.fields)) {
		if !placed[name] {
			c.bad("groups", "no group holds the field %q", name)
		}
	}
}

// labelled wants the words of everything that is shown, in both languages.
func (c *checker) labelled() {
	need := func(key string) {
		for _, lang := range []string{"zh", "en"} {
			if c.Labels[lang][key] == "" {
				c.bad("labels."+lang+"."+key, "is missing")
			}
		}
	}
	for _, g := range c.Groups {
		need("group." + g.Name)
	}
	var walk func(prefix string, fields map[string]field)
	walk = func(prefix string, fields map[string]field) {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			f := fields[name]
			if !fieldName.MatchString(name) {
				c.bad("schema.properties."+prefix+name, "is lower-case letters, digits and _, at most 40")
			}
			if f.kind == otherField {
				c.bad("schema.properties."+prefix+name, "is no kind of question: codes, a bounded whole number, yes or no, a day, a text, or a table of them")
			}
			need(prefix + name)
			for _, code := range f.named() {
				need(prefix + name + "." + code)
			}
			walk(prefix+name+".", f.rows)
		}
	}
	walk("", c.fields)
}

// conditions names only fields that are there.
func (c *checker) conditions(schema any) {
	s, _ := schema.(map[string]any)
	if s["additionalProperties"] != false {
		c.bad("schema.additionalProperties", "is false: a form takes no other answers")
	}
	all, _ := s["allOf"].([]any)
	for i, one := range all {
		parts, _ := one.(map[string]any)
		for _, part := range []string{"if", "then", "else"} {
			cond, _ := parts[part].(map[string]any)
			properties, _ := cond["properties"].(map[string]any)
			names := slices.Sorted(maps.Keys(properties))
			required, _ := cond["required"].([]any)
			for _, r := range required {
				if name, ok := r.(string); ok {
					names = append(names, name)
				}
			}
			for _, name := range names {
				if _, ok := c.fields[name]; !ok {
					c.bad(fmt.Sprintf("schema.allOf[%d].%s", i, part), "%q is no field of this form", name)
				}
			}
		}
	}
	for i, r := range c.Rules {
		for _, name := range []string{r.Field, r.Than} {
			f, ok := c.fields[name]
			day := f.kind == dateField
			if !ok || !day && r.Rule != "differs" {
				c.bad(fmt.Sprintf("rules[%d]", i), "%q is no field that the rule can compare", name)
			}
		}
		if !slices.Contains([]string{"not_before", "within_days", "differs"}, r.Rule) {
			c.bad(fmt.Sprintf("rules[%d].rule", i), "is one of not_before, within_days and differs")
		}
	}
}

// lists wants what is short or counted to be coded, and what is private not to be counted.
func (c *checker) lists() {
	for i, name := range c.Short {
		if f, ok := c.fields[name]; !ok || !f.coded() {
			c.bad(fmt.Sprintf("short[%d]", i), "%q is no coded field of this form", name)
		}
	}
	for i, path := range c.Statistics {
		where := fmt.Sprintf("statistics[%d]", i)
		if f, ok := at(c.fields, path); !ok || !f.coded() {
			c.bad(where, "%q is no coded field of this form", path)
		}
		if slices.Contains(c.Private, path) {
			c.bad(where, "%q is private", path)
		}
	}
	for i, name := range c.Private {
		if _, ok := c.fields[name]; !ok {
			c.bad(fmt.Sprintf("private[%d]", i), "%q is no field of this form", name)
		}
	}
}

func (c *checker) score(where string, s Score) {
	if s.Name == "" || s.Label.ZH == "" || s.Label.EN == "" {
		c.bad(where, "needs a name and labels in both languages")
	}
	if len(s.Profile) > 0 {
		for _, d := range s.Profile {
			for _, name := range []string{d + "_now", d + "_wish"} {
				if _, ok := c.fields[name]; !ok {
					c.bad(where+".profile", "%q is no field of this form", name)
				}
			}
		}
		return
	}
	lo, hi := 0, 0
	for _, name := range s.Fields {
		f, ok := c.fields[name]
		if !ok {
			c.bad(where+".fields", "%q is no field of this form", name)
			continue
		}
		a, b, missing := s.bounds(name, f)
		if missing != "" {
			c.bad(where+".points."+name, "gives no points for %q", missing)
		}
		lo, hi = lo+a, hi+b
	}
	if len(s.Range) != 2 || s.Range[0] != lo || s.Range[1] != hi {
		c.bad(where+".range", "is from %d to %d", lo, hi)
	}
	if s.Impute != "" && s.Impute != "mean" {
		c.bad(where+".impute", "is mean or missing")
	}
	for i, b := range s.Bands {
		if b.Code == "" || b.ZH == "" || b.EN == "" || i > 0 && b.From <= s.Bands[i-1].From {
			c.bad(fmt.Sprintf("%s.bands[%d]", where, i), "needs a code, words in both languages, and to begin after the one before")
		}
	}
}

// consequences checks dangers, the proposal, and the call for a sooner contact.
func (c *checker) consequences() {
	for i, d := range c.Danger {
		where := fmt.Sprintf("danger[%d]", i)
		f, ok := c.fields[d.Field]
		if !ok || f.kind != codeField {
			c.bad(where+".field", "%q is no coded field of this form", d.Field)
		}
		for _, code := range d.Codes {
			if !f.has(code) {
				c.bad(where+".codes", "%q is no answer of %q", code, d.Field)
			}
		}
		if len(d.Codes) == 0 && d.From == nil {
			c.bad(where, "needs codes, or the number from which it is one")
		}
		if !isCrisis(d.Crisis) {
			c.bad(where+".crisis", "%q is no kind of crisis", string(d.Crisis))
		}
	}
	if p := c.Proposes; p != nil {
		i := slices.IndexFunc(c.Scores, func(s Score) bool { return s.Name == p.Score })
		if i < 0 {
			c.bad("proposes.score", "%q is no score of this form", p.Score)
		} else {
			for _, b := range c.Scores[i].Bands {
				if rank(rehab.Risk(b.Code)) == 0 {
					c.bad("proposes.score", "the band %q is no class of risk", b.Code)
				}
			}
		}
		for _, name := range p.Hard {
			if f, ok := c.fields[name]; !ok || !f.has("yes") {
				c.bad("proposes.hard", "%q is no question of this form that is answered with yes", name)
			}
		}
	}
	if s := c.Sooner; s != nil {
		for _, name := range append(slices.Clone(s.Fields), slices.Sorted(maps.Keys(s.AtLeast))...) {
			if f, ok := c.fields[name]; !ok || !f.number && f.kind != intField {
				c.bad("sooner", "%q is no number of this form", name)
			}
		}
	}
}

// isCrisis reports whether the core knows the kind.
func isCrisis(k rehab.CrisisKind) bool {
	e, ok := rehab.EnumOf[rehab.CrisisKind]()
	return ok && slices.Contains(e.Sent(), string(k))
}
