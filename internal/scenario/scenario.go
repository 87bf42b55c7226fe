// Package scenario reads lives told in plain words (testdata/scenarios/*.yaml) and plays
// them: dated facts go in; states, duties, escalations and refusals have to come out. The
// same life is played on the pure core and on a real engine, and gives the same answer.
package scenario

import (
	"context"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

// Scenario is one life.
type Scenario struct {
	Name   string `yaml:"-"` // of its file, without the ending; the id of its case
	Title  Title  `yaml:"title"`
	Story  string `yaml:"story"`
	Policy string `yaml:"policy"` // the one the case is opened under, as national@2026.1
	Order  Order  `yaml:"order"`
	Life   []Step `yaml:"life"` // in the order in which it was told

	file    string
	moments []moment
}

// Notices reports whether the life changes the calendar, which all cases share.
func (s *Scenario) Notices() bool {
	return slices.ContainsFunc(s.moments, func(m moment) bool { return m.notice != nil })
}

// Title names the life in both languages.
type Title struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// Order opens the case. Fields are those of the command open-case, without the policy.
type Order struct {
	On     When      `yaml:"on"` // when it was recorded
	By     string    `yaml:"by"`
	Fields yaml.Node `yaml:"fields"`
}

// Step is something that happened, something that has to be true then, or both: first the
// commands are given, then the case is looked at.
type Step struct {
	On      When            `yaml:"on"`   // when it happened
	Told    When            `yaml:"told"` // when it was recorded, if later
	By      string          `yaml:"by"`   // "worker", "worker w-9", "station_head at 110101002"
	Do      yaml.Node       `yaml:"do"`
	Notice  *rehab.YearDays `yaml:"notice"` // of the days off of a year: it is known from now on, before the commands; what the regulation sets may be left out
	As      string          `yaml:"as"`     // the name under which later steps speak of it: $name
	Every   string          `yaml:"every"`
	Until   When            `yaml:"until"` // the last day of the repetition
	Refused *Refusal        `yaml:"refused"`
	Expect  *Expect         `yaml:"expect"`
}

// Refusal is how the command has to be refused. An empty field asks for nothing.
type Refusal struct {
	Code     rehab.Code `yaml:"code"`
	Field    string     `yaml:"field"`
	Citation string     `yaml:"citation"`
}

// Expect is what has to be true. What is left out is not asked; an empty list or map asks
// that there is none.
type Expect struct {
	Phase       string            `yaml:"phase"`
	Engagement  string            `yaml:"engagement"`
	Worker      string            `yaml:"worker"`
	Place       string            `yaml:"place"`
	Risk        string            `yaml:"risk"`
	Policy      string            `yaml:"policy"`
	TermEnd     string            `yaml:"term_end"`
	Obligations map[string]string `yaml:"obligations"` // contact-1: open due 2026-03-24
	Gone        []string          `yaml:"gone"`        // done, void, or never there
	Escalations map[string]string `yaml:"escalations"` // all open ones; contact: station_head acknowledged
	Counters    yaml.Node         `yaml:"counters"`
	Violations  []string          `yaml:"violations"` // all of them
	Crises      []string          `yaml:"crises"`     // the kinds of all open ones
	Happened    map[string]int    `yaml:"happened"`   // how many events of a type there are so far
	Documents   map[string]int    `yaml:"documents"`  // how many papers of a kind are in the file; drafts as "police_report draft"
	Case        yaml.Node         `yaml:"case"`       // any part of the case, as the API shows it; none: it is not there
	Next        string            `yaml:"next"`       // when time brings something next: an instant, or none
}

// Case is the life as something plays it.
type Case interface {
	// Do gives the command at the instant, which is not before any earlier one.
	Do(ctx context.Context, cmd rehab.Command, told time.Time) error
	// Notice makes the days off of a year known.
	Notice(ctx context.Context, y rehab.YearDays) error
	// To lets time act up to the instant, at which it brings something.
	To(ctx context.Context, at time.Time) error
	// State is what the ledger folds to.
	State(ctx context.Context) (*rehab.Case, error)
	Ledger(ctx context.Context) ([]rehab.Event, error)
}
