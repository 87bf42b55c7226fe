package forms

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed definitions/*.json
var embedded embed.FS

// Set is all definitions that a program was started with. It does not change once loaded.
type Set struct {
	byRef map[Ref]*Definition
	order []Ref
}

// Load reads the embedded definitions and then those of the folders, in order. Files are
// named "FORM@VERSION.json". A folder may add forms and versions and replaces none.
func Load(folders ...fs.FS) (*Set, error) {
	own, err := fs.Sub(embedded, "definitions")
	if err != nil {
		return nil, err
	}
	s := &Set{byRef: make(map[Ref]*Definition)}
	for _, folder := range append([]fs.FS{own}, folders...) {
		names, err := fs.Glob(folder, "*.json")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := s.read(folder, name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	slices.SortFunc(s.order, compareRefs)
	return s, nil
}

func compareRefs(a, b Ref) int {
	if c := strings.Compare(a.Form, b.Form); c != 0 {
		return c
	}
	return a.Version - b.Version
}

func (s *Set) read(folder fs.FS, name string) error {
	raw, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	d, err := Parse(raw)
	if err != nil {
		return err
	}
	if want := d.String() + ".json"; path.Base(name) != want {
		return fmt.Errorf("the file of form %s is named %s", d.Ref, want)
	}
	if s.byRef[d.Ref] != nil {
		return fmt.Errorf("form %s is there already; a version never changes: give it a new one", d.Ref)
	}
	s.byRef[d.Ref] = d
	s.order = append(s.order, d.Ref)
	return nil
}

// Get is the version of the form, or nil.
func (s *Set) Get(r Ref) *Definition { return s.byRef[r] }

// All versions of all forms, by code and version.
func (s *Set) All() []*Definition {
	out := make([]*Definition, len(s.order))
	for i, r := range s.order {
		out[i] = s.byRef[r]
	}
	return out
}

// Latest lists the last version of every form of the definitions, by code.
func Latest(list []*Definition) []*Definition {
	last := make(map[string]*Definition)
	for _, d := range list {
		if was := last[d.Form]; was == nil || was.Version < d.Version {
			last[d.Form] = d
		}
	}
	out := make([]*Definition, 0, len(last))
	for _, d := range last {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b *Definition) int { return compareRefs(a.Ref, b.Ref) })
	return out
}
