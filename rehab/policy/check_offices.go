package policy

import "guitu/rehab"

// offices holds what steers the work of the offices: no number here is the law's.
func (c *checker) offices(p *rehab.Policy) {
	if p.Caseload.N < 1 {
		c.add("caseload", "a limit is at least 1")
	}
	c.source("caseload", p.Caseload.Source)
	for _, r := range []rehab.Risk{rehab.High, rehab.Medium, rehab.Low} {
		if p.Caseload.Weights[r] < 1 {
			c.add("caseload.weights."+string(r), "a case weighs at least 1")
		}
	}
	if len(p.Caseload.Weights) > 3 {
		c.add("caseload.weights", "there are three risk classes: high, medium, low")
	}
	c.source("reminders", p.Reminders.Source)
	if d := p.Reminders.Days; d < 0 || d > rehab.LongestReminder {
		c.add("reminders.days", "is between 0 and %d", rehab.LongestReminder)
	}
	for kind, d := range p.Reminders.For {
		if d < 0 || d > rehab.LongestReminder {
			c.add("reminders.for."+string(kind), "is between 0 and %d", rehab.LongestReminder)
		}
	}
}
