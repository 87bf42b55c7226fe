package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

// moment is one step at one instant.
type moment struct {
	line     int
	on, told time.Time
	by       string
	commands []command
	as       string
	refused  *Refusal
	expect   *Expect
	notice   *rehab.YearDays
}

// command is what a step gives; its body may speak of names that are known only then.
type command struct {
	line int
	kind string
	body any // as JSON reads it
}

// Load reads all the scenarios of a folder, by name.
func Load(folder fs.FS) ([]*Scenario, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	var out []*Scenario
	var errs []error
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		s, err := Parse(name, raw)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, s)
	}
	return out, errors.Join(errs...)
}

// Parse reads one scenario. What it does not know is an error with file and line.
func Parse(file string, raw []byte) (*Scenario, error) {
	s := &Scenario{file: file, Name: strings.TrimSuffix(path.Base(file), ".yaml")}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := dec.Decode(new(Scenario)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: one file tells one life", file)
	}
	if err := s.read(); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	return s, nil
}

func (s *Scenario) read() error {
	if s.Title.ZH == "" || s.Title.EN == "" || s.Story == "" {
		return at(1, "a life needs a title in both languages and its story")
	}
	if len(s.Life) == 0 {
		return at(1, "a life needs steps")
	}
	if err := s.readOrder(); err != nil {
		return err
	}
	told := s.Order.On.At
	for i := range s.Life {
		step := &s.Life[i]
		list, err := step.moments()
		if err != nil {
			return err
		}
		if first := list[0]; first.told.Before(told) {
			return at(first.line, "it was told before the step above it")
		}
		told = list[0].told
		s.moments = append(s.moments, list...)
	}
	slices.SortStableFunc(s.moments, func(a, b moment) int { return a.told.Compare(b.told) })
	return nil
}

// readOrder makes the order the first moment.
func (s *Scenario) readOrder() error {
	id, version, ok := strings.Cut(s.Policy, "@")
	if !ok {
		return at(1, "the policy is named as national@2026.1")
	}
	o := s.Order
	body, err := plain(&o.Fields)
	if err != nil {
		return err
	}
	fields, ok := body.(map[string]any)
	if !ok || o.On.At.IsZero() {
		return at(o.Fields.Line, "the order needs a day and its fields")
	}
	fields["policy"] = rehab.PolicyRef{ID: id, Version: version}
	open := command{o.Fields.Line, rehab.OpenCase{}.CommandType(), fields}
	s.moments = []moment{{line: o.On.line, on: o.On.At, told: o.On.At, by: o.By, commands: []command{open}}}
	return nil
}

// moments are the step as often as it is repeated.
func (s *Step) moments() ([]moment, error) {
	line := s.On.line
	if s.On.At.IsZero() {
		return nil, at(max(line, s.Do.Line), "a step needs the instant at which it happened")
	}
	commands, err := s.commands()
	if err != nil {
		return nil, err
	}
	single := len(commands) == 1 && s.Every == ""
	switch {
	case len(commands) == 0 && s.Expect == nil && s.Notice == nil:
		return nil, at(line, "a step does something or expects something")
	case s.Notice != nil && (s.Every != "" || s.Notice.Year == 0):
		return nil, at(line, "a notice is of one year, and comes once")
	case s.Notice != nil && s.Notice.Check() != nil:
		return nil, at(line, "notice: %v", s.Notice.Check())
	case (s.As != "" || s.Refused != nil) && !single:
		return nil, at(line, "as and refused speak of one command")
	case len(commands) == 0 && (s.By != "" || !s.Told.At.IsZero()):
		return nil, at(line, "a step that does nothing has no by and no told")
	case s.Every != "" && (s.Until.At.IsZero() || !s.Told.At.IsZero()):
		return nil, at(line, "a repetition needs until, and is told as it happens")
	}
	m := moment{line, s.On.At, s.On.At, s.By, commands, s.As, s.Refused, s.Expect, s.Notice}
	if !s.Told.At.IsZero() {
		m.told = s.Told.At
		if s.On.alone { // as the API takes a day whose hour nobody told
			m.on = rehab.DateOf(s.On.At).Start().In(rehab.Shanghai)
		}
	}
	if s.Every == "" {
		return []moment{m}, nil
	}
	r, err := parseRhythm(s.Every)
	if err != nil {
		return nil, at(line, "%v", err)
	}
	var out []moment
	for _, t := range r.times(s.On.At, s.Until.At) {
		m.on, m.told = t, t
		out = append(out, m)
	}
	if len(out) == 0 {
		return nil, at(line, "the repetition ends before it begins")
	}
	return out, nil
}

// commands of the step: a name, a name with its body, or a list of these.
func (s *Step) commands() ([]command, error) {
	list := []*yaml.Node{&s.Do}
	if s.Do.Kind == yaml.SequenceNode {
		list = s.Do.Content
	}
	var out []command
	for _, n := range list {
		switch {
		case n.Kind == 0:
		case n.Kind == yaml.ScalarNode:
			out = append(out, command{n.Line, n.Value, map[string]any{}})
		case n.Kind == yaml.MappingNode && len(n.Content) == 2:
			body, err := plain(n.Content[1])
			if err != nil {
				return nil, err
			}
			out = append(out, command{n.Line, n.Content[0].Value, body})
		default:
			return nil, at(n.Line, "do is the name of a command, or a name with its body: {record-contact: {channel: phone}}")
		}
	}
	for _, c := range out {
		if !slices.Contains(rehab.CommandTypes(), c.kind) {
			return nil, at(c.line, "there is no command %q", c.kind)
		}
	}
	return out, nil
}

// at is an error on a line.
func at(line int, format string, args ...any) error {
	return fmt.Errorf("%d: %s", line, fmt.Sprintf(format, args...))
}
