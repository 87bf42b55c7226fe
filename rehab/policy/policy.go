// Package policy loads the versioned policies and the yearly calendars: those that are
// embedded here, and those an office puts into a folder of its own beside them.
package policy

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

//go:embed data/*.yaml
var embedded embed.FS

// Set is all policies and calendars that are known. It does not change once loaded.
type Set struct {
	policies map[rehab.PolicyRef]*rehab.Policy
	order    []rehab.PolicyRef
	calendar *rehab.Calendar
	digest   [sha256.Size]byte
}

// Load reads the embedded files and then those of the folders given, in order. A folder
// may add policies and years; it may not replace a policy version. Its calendar of a year
// that has one is laid over that. Files are named "ID@VERSION.yaml" or "calendar-YEAR.yaml".
func Load(folders ...fs.FS) (*Set, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	s := &Set{policies: make(map[rehab.PolicyRef]*rehab.Policy), calendar: rehab.NewCalendar()}
	for _, folder := range append([]fs.FS{data}, folders...) {
		names, err := fs.Glob(folder, "*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := s.read(folder, name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return s, nil
}

func (s *Set) read(folder fs.FS, name string) error {
	raw, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	s.digest = sha256.Sum256(fmt.Appendf(s.digest[:], "%s\n%s", name, raw))
	if strings.HasPrefix(name, "calendar-") {
		y, err := parseCalendar(raw, s.calendar)
		if err != nil {
			return err
		}
		if want := fmt.Sprintf("calendar-%d", y.Year); !strings.HasPrefix(name, want) {
			return fmt.Errorf("year: the file of %d is named %s.yaml", y.Year, want)
		}
		s.calendar = s.calendar.With(y)
		return nil
	}
	p, err := Parse(raw)
	if err != nil {
		return err
	}
	if want := p.Ref().String() + ".yaml"; path.Base(name) != want {
		return fmt.Errorf("the file of policy %s is named %s", p.Ref(), want)
	}
	if s.policies[p.Ref()] != nil {
		return fmt.Errorf("policy %s is there already; a version never changes: give it a new one", p.Ref())
	}
	s.policies[p.Ref()] = p
	s.order = append(s.order, p.Ref())
	return nil
}

// Digest tells this set from every other: it is over the files, in the order in which they
// were read.
func (s *Set) Digest() string { return hex.EncodeToString(s.digest[:]) }

// Policy of the reference, or nil.
func (s *Set) Policy(ref rehab.PolicyRef) *rehab.Policy { return s.policies[ref] }

// Refs of all policies, in the order in which they were read.
func (s *Set) Refs() []rehab.PolicyRef { return slices.Clone(s.order) }

// Latest version of the policy of the id that is no draft; false when there is none.
func (s *Set) Latest(id string) (rehab.PolicyRef, bool) {
	var latest rehab.PolicyRef
	for _, r := range s.order {
		if r.ID == id && !s.policies[r].Draft && (latest.ID == "" || compareVersions(r.Version, latest.Version) > 0) {
			latest = r
		}
	}
	return latest, latest.ID != ""
}

// compareVersions compares part by part, numbers as numbers: 2026.10 comes after 2026.9.
func compareVersions(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		if errX != nil || errY != nil {
			return strings.Compare(x, y)
		}
		return m - n
	})
}

// Calendar of all years that are loaded.
func (s *Set) Calendar() *rehab.Calendar { return s.calendar }

// Parse reads one policy, refuses unknown keys, missing numbers and whatever is laxer
// than the statute.
func Parse(raw []byte) (*rehab.Policy, error) {
	var p rehab.Policy
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil {
		return nil, err
	}
	if err := check(&p); err != nil {
		return nil, err
	}
	return &p, nil
}
