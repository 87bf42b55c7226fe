package rehab

import "slices"

// breachTopic is what counts towards a serious violation (DRR art.20).
func breachTopic() topic {
	return topic{
		subject: "breach",
		commands: []CommandSpec{
			command[RecordLeaving]("登记擅自离开", "Record an unauthorised leaving", by(everyone), witnessed, example(`{"from":"2026-10-13","to":"2026-10-18"}`)),
		},
		events: []eventKind{eventOf[LeavingRecorded](), eventOf[ViolationReached]()},
	}
}

// ViolationReached says that a threshold of DRR art.20 is crossed; Withdrawn, that
// late evidence took the count below it again.
type ViolationReached struct {
	Ground    Ground `json:"ground"`
	Count     int    `json:"count"`
	Withdrawn bool   `json:"withdrawn,omitempty"`
}

func (ViolationReached) EventType() string { return "violation_reached" }

func (d ViolationReached) apply(c *Case, _ *Event) {
	c.Counters.Violations = slices.DeleteFunc(c.Counters.Violations, func(g Ground) bool { return g == d.Ground })
	if !d.Withdrawn {
		c.Counters.Violations = append(c.Counters.Violations, d.Ground)
	}
}

// checkThresholds compares the counters with the thresholds of DRR art.20. Crossing one obliges
// the worker to report; falling below it again, by late evidence, withdraws the report
// if it was not sent. The steps of the breach ladder follow the counters too.
func (d *decision) checkThresholds() {
	p, n := d.env.Policy, &d.c.Counters
	d.checkThreshold(TestEvasion, n.TestBreaches, p.TestBreaches.N)
	d.checkThreshold(UnauthorisedLeaving, n.Leavings, p.LeavingBreaches.N)
	d.checkThreshold(Absence, n.AbsenceDays, p.AbsenceDays.N)
	d.proposeBreachStep()
}

func (d *decision) checkThreshold(g Ground, count, threshold int) {
	known := slices.Contains(d.c.Counters.Violations, g)
	switch {
	case count >= threshold && !known:
		d.emit(ViolationReached{g, count, false})
		d.obligeReport(g)
	case count < threshold && known:
		d.emit(ViolationReached{g, count, true})
		d.groundFell(g, 0)
	}
}
