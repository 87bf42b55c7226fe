package policy

import (
	"slices"

	"guitu/rehab"
)

// outreach requires something that begins it, steps that can be done, and that a client is
// not called lost before the engagement has stalled.
func (c *checker) outreach(p *rehab.OutreachPolicy) {
	c.source("outreach", p.Source)
	if p.MissedWindows < 1 || p.FailedAttempts < 1 || p.Declined < 1 {
		c.add("outreach", "missed_windows, failed_attempts and declined are at least 1")
	}
	if len(p.Steps) == 0 {
		c.add("outreach.steps", "are missing")
	}
	channels := []rehab.Channel{rehab.Phone, rehab.SMS, rehab.Video, rehab.Talk, rehab.HomeVisit, rehab.FamilyVisit, rehab.JointVisit}
	again := false
	for i, s := range p.Steps {
		again = again || s.Step == p.AfterSupervision
		switch {
		case slices.ContainsFunc(p.Steps[:i], func(x rehab.OutreachStep) bool { return x.Step == s.Step }):
			c.add("outreach.steps", "step %d: %q is there twice", i+1, s.Step)
		case s.By != rehab.WorkerRole && s.By != rehab.StationHead:
			c.add("outreach.steps", "step %d: by is worker or station_head", i+1)
		case s.Attempts < 1 || s.Days < 1:
			c.add("outreach.steps", "step %d: attempts and days are at least 1", i+1)
		case !slices.Contains(s.Channels, s.Step):
			c.add("outreach.steps", "step %d: its channels do not hold %q itself", i+1, s.Step)
		}
		for _, ch := range s.Channels {
			if !slices.Contains(channels, ch) {
				c.add("outreach.steps", "step %d: the channel %q is unknown", i+1, ch)
			}
		}
	}
	if !again {
		c.add("outreach.after_supervision", "%q is no step", p.AfterSupervision)
	}
	c.limit("outreach.stalled_after", p.StalledAfter)
	c.limit("outreach.lost_after", p.LostAfter)
	if p.StalledAfter.Unit != rehab.CalendarDays || p.LostAfter.Unit != rehab.CalendarDays || p.LostAfter.N < p.StalledAfter.N {
		c.add("outreach.lost_after", "counts days, like stalled_after, and no fewer")
	}
}
