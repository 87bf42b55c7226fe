package evaluation

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

//go:embed data/*.yaml
var embedded embed.FS

// Indicator is one number by which work is evaluated. Target is the value to reach, from
// the side that Direction names; without it the number is shown and not judged.
type Indicator struct {
	ID        string       `yaml:"id" json:"id"`
	Name      Name         `yaml:"name" json:"name"`
	Formula   string       `yaml:"formula" json:"formula"`
	Unit      string       `yaml:"unit" json:"unit" enum:"percent,count,hours,ratio"`
	Periods   []Span       `yaml:"periods" json:"periods" nullable:"false"`
	Levels    []Level      `yaml:"levels" json:"levels" nullable:"false"`
	Direction string       `yaml:"direction" json:"direction" enum:"up,down,none" doc:"Whether more is better, or less."`
	Target    *float64     `yaml:"target,omitempty" json:"target,omitempty"`
	Source    rehab.Source `yaml:"source" json:"source"`
	Basis     string       `yaml:"basis,omitempty" json:"basis,omitempty" doc:"The source in Chinese, as papers cite it."`

	compiled *Formula
}

// Name in both languages.
type Name struct {
	ZH string `yaml:"zh" json:"zh"`
	EN string `yaml:"en" json:"en"`
}

// Operands are the metrics of the formula.
func (i *Indicator) Operands() []Operand { return i.compiled.Operands() }

// Metrics are the names of the metrics, each once.
func (i *Indicator) Metrics() []string { return i.compiled.Names() }

// Set is all indicators that are known, in the order in which they were read.
type Set struct{ list []*Indicator }

// Load reads the embedded indicators and then those of the folders given. A folder may
// add indicators, and replace one by its id, with another target for instance. Each file
// has the one key "indicators".
func Load(folders ...fs.FS) (*Set, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	s := &Set{}
	for _, folder := range append([]fs.FS{data}, folders...) {
		names, err := fs.Glob(folder, "*.yaml")
		if err != nil {
			return nil, err
		}
		here := make(map[string]bool)
		for _, name := range names {
			raw, err := fs.ReadFile(folder, name)
			if err != nil {
				return nil, err
			}
			if err := s.read(raw, here); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return s, nil
}

// read takes one file. here are the ids of the folder so far.
func (s *Set) read(raw []byte, here map[string]bool) error {
	var file struct {
		Indicators []*Indicator `yaml:"indicators"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return err
	}
	var errs []error
	for n, i := range file.Indicators {
		if i == nil {
			errs = append(errs, fmt.Errorf("indicator %d is empty", n+1))
			continue
		}
		err := i.check()
		if here[i.ID] {
			err = errors.Join(err, errors.New("is there twice"))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("indicator %q: %w", i.ID, err))
			continue
		}
		here[i.ID] = true
		if at := slices.IndexFunc(s.list, func(x *Indicator) bool { return x.ID == i.ID }); at >= 0 {
			s.list[at] = i
		} else {
			s.list = append(s.list, i)
		}
	}
	return errors.Join(errs...)
}

// Indicator of the id, or nil.
func (s *Set) Indicator(id string) *Indicator {
	for _, i := range s.list {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// All indicators.
func (s *Set) All() []*Indicator { return slices.Clone(s.list) }

// For lists the indicators of a level and a span.
func (s *Set) For(l Level, span Span) []*Indicator {
	return slices.DeleteFunc(s.All(), func(i *Indicator) bool { return !slices.Contains(i.Levels, l) || !slices.Contains(i.Periods, span) })
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,63}$`)

// check names every fault of an indicator, and compiles its formula.
func (i *Indicator) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !idForm.MatchString(i.ID) {
		bad("id: is made of small letters, digits and _")
	}
	if i.Name.ZH == "" || i.Name.EN == "" {
		bad("name: needs zh and en")
	}
	if !slices.Contains([]string{"percent", "count", "hours", "ratio"}, i.Unit) {
		bad("unit: %q is not one of percent, count, hours, ratio", i.Unit)
	}
	if !slices.Contains([]string{"up", "down", "none"}, i.Direction) {
		bad("direction: %q is not one of up, down, none", i.Direction)
	}
	if i.Target != nil && i.Direction == "none" {
		bad("target: needs a direction")
	}
	if i.Source.Cite == "" || !slices.Contains([]rehab.Mark{rehab.Law, rehab.Practice, rehab.Design}, i.Source.Mark) {
		bad("source: needs mark (law, practice, design) and cite")
	}
	if err := checkList(i.Periods, []Span{Month, Quarter, Year}); err != nil {
		bad("periods: %w", err)
	}
	if err := checkList(i.Levels, Levels()); err != nil {
		bad("levels: %w", err)
	}
	var err error
	if i.compiled, err = Compile(i.Formula); err != nil {
		return errors.Join(append(errs, fmt.Errorf("formula: %w", err))...)
	}
	for _, m := range Metrics() {
		if !m.Named && slices.Contains(i.Levels, Worker) && slices.Contains(i.Metrics(), m.Name) {
			bad("levels: %s is not counted for single workers", m.Name)
		}
	}
	return errors.Join(errs...)
}

func checkList[T ~string](list, known []T) error {
	if len(list) == 0 {
		return errors.New("is missing")
	}
	for n, v := range list {
		if !slices.Contains(known, v) {
			return fmt.Errorf("%q is not one of %v", string(v), known)
		}
		if slices.Contains(list[:n], v) {
			return fmt.Errorf("%q is there twice", string(v))
		}
	}
	return nil
}
