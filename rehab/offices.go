package rehab

// Caseload is how many open cases a worker should have at most, and what a case weighs
// by its risk class where load is compared.
type Caseload struct {
	N       int          `yaml:"n" json:"n"`
	Weights map[Risk]int `yaml:"weights" json:"weights"`
	Source  `yaml:",inline"`
}

// Weight of a case of the risk class, at least 1.
func (c Caseload) Weight(r Risk) int { return max(1, c.Weights[r]) }

// Reminders is how many calendar days before its last day an obligation is brought to mind.
type Reminders struct {
	Days   int          `yaml:"days" json:"days"`
	For    map[Kind]int `yaml:"for,omitempty" json:"for,omitempty"` // a kind without a line: Days
	Source `yaml:",inline"`
}

// LongestReminder is how many days before its last day an obligation is brought to mind at most.
const LongestReminder = 31

// RemindOn is the day on which to remind of the obligation: never before it opens.
func (p *Policy) RemindOn(o Obligation) Date {
	days, ok := p.Reminders.For[o.ID.Kind]
	if !ok {
		days = p.Reminders.Days
	}
	return max(o.Opens, o.Due.AddDays(-days))
}
