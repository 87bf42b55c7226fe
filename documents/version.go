package documents

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"

	"guitu/rehab"
)

//go:embed templates
var embedded embed.FS

// builtin is the version in the program. One that was in use never changes: other texts are
// a folder of their own, in use from its day on.
const builtin = "v2"

// version of the templates and rules.
type version struct {
	name  string
	from  rehab.Date
	tree  *template.Template
	css   template.CSS
	rules Rules
}

// Set is the versions that an installation has, the oldest first.
type Set struct{ versions []version }

// Load reads the version in the program and those of the office: each is a folder NAME@DAY in
// one of the folders, in use from its day on, with the files that differ. The error names file
// and line of what cannot be used.
func Load(folders ...fs.FS) (*Set, error) {
	own, err := fs.Sub(embedded, "templates/"+builtin)
	if err != nil {
		return nil, err
	}
	base := version{name: builtin, tree: template.New(builtin).Funcs(words)}
	first, err := base.with(own, builtin, 0)
	if err != nil {
		return nil, fmt.Errorf("the templates in the program: %w", err)
	}
	s := &Set{[]version{first}}
	for _, f := range folders {
		if err := s.add(f); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(s.versions, func(a, b version) int { return int(a.from - b.from) })
	return s, nil
}

// add reads the versions of a folder of the office.
func (s *Set) add(folder fs.FS) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return fmt.Errorf("read the folder of templates: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name, text, ok := strings.Cut(e.Name(), "@")
		day, err := rehab.ParseDate(text)
		if !ok || name == "" || err != nil {
			return fmt.Errorf("%s: a folder of templates is named NAME@DAY, such as dongcheng@2027-01-01", e.Name())
		}
		if slices.ContainsFunc(s.versions, func(v version) bool { return v.name == e.Name() || v.from == day && v.from != 0 }) {
			return fmt.Errorf("%s: another version begins on that day", e.Name())
		}
		sub, err := fs.Sub(folder, e.Name())
		if err != nil {
			return err
		}
		v, err := s.versions[0].with(sub, e.Name(), day)
		if err != nil {
			return err
		}
		s.versions = append(s.versions, v)
	}
	return nil
}

// with is the version with the files of the folder in the place of its own.
func (v version) with(folder fs.FS, name string, from rehab.Date) (version, error) {
	files, err := fs.ReadDir(folder, ".")
	if err != nil {
		return v, err
	}
	out := version{name: name, from: from, css: v.css, rules: v.rules}
	if out.tree, err = v.tree.Clone(); err != nil {
		return v, err
	}
	for _, f := range files {
		where := name + "/" + f.Name()
		raw, err := fs.ReadFile(folder, f.Name())
		if err != nil {
			return v, fmt.Errorf("%s: %w", where, err)
		}
		switch {
		case f.Name() == "paper.css":
			out.css = template.CSS(raw) //nolint:gosec // of the program or of the office, under a policy that loads nothing
		case f.Name() == "rules.yaml":
			if out.rules, err = readRules(v.rules, raw); err != nil {
				return v, fmt.Errorf("%s: %w", where, err)
			}
		case path.Ext(f.Name()) == ".html":
			if err := out.parse(where, string(raw), name == builtin); err != nil {
				return v, err
			}
		case !strings.HasPrefix(strings.ToLower(f.Name()), "readme"):
			return v, fmt.Errorf("%s: templates are *.html, paper.css and rules.yaml", where)
		}
	}
	return out, out.try()
}

// parse adds the templates of a file. One that the program does not know would never be used:
// it is a slip of the pen.
func (v *version) parse(where, text string, first bool) error {
	for i, line := range strings.Split(text, "\n") {
		_, rest, found := strings.Cut(line, `{{define "`)
		if name, _, closed := strings.Cut(rest, `"`); found && closed && !first && v.tree.Lookup(name) == nil {
			return fmt.Errorf("%s:%d: there is no paper and no block named %q", where, i+1, name)
		}
	}
	if _, err := v.tree.New(where).Parse(text); err != nil {
		return located(err)
	}
	return nil
}

// try fills every paper once, so that what cannot be filled is found at the start. A tree
// that was used is not copied any more: the trial has one of its own.
func (v version) try() error {
	var err error
	if v.tree, err = v.tree.Clone(); err != nil {
		return err
	}
	for _, p := range samples() {
		for _, k := range Kinds() {
			p.Kind = k
			if _, err := v.fill(p); err != nil {
				return located(err)
			}
		}
	}
	return nil
}

// located gives an error of a template the place first: file:line.
func located(err error) error {
	text := err.Error()
	if _, rest, ok := strings.Cut(text, "template: "); ok {
		text = rest
	}
	return fmt.Errorf("%s", strings.TrimPrefix(text, "html/template:"))
}

// at is the version in use on the day.
func (s *Set) at(day rehab.Date) version {
	v := s.versions[0]
	for _, x := range s.versions {
		if x.from <= day {
			v = x
		}
	}
	return v
}

// named is the version that a paper was drawn with.
func (s *Set) named(name string) (version, error) {
	for _, x := range s.versions {
		if x.name == name {
			return x, nil
		}
	}
	return version{}, &rehab.Error{Code: rehab.Internal, Message: "the paper was drawn with the templates " + name + ", which are not here: put their folder back"}
}

// Numbering is how a paper that is taken into the books today is numbered.
type Numbering struct {
	Version, Series string // no series: a paper of this kind has no number
	External        bool   // the office gives the number itself
	Number          func(year, n int) string
}

// Numbering of a paper of the kind that the office of the place issues on the day.
func (s *Set) Numbering(k Kind, place string, on rehab.Date, name func(string) string) Numbering {
	v := s.at(on)
	series, letters := v.rules.Series[k], v.rules.office(place, name).Letters
	return Numbering{v.name, series, v.rules.External, func(year, n int) string { return v.rules.number(letters, series, year, n) }}
}
