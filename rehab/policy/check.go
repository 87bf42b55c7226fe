package policy

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"guitu/rehab"
)

// check collects everything that is wrong with a policy, each with the key and the rule.
func check(p *rehab.Policy) error {
	var c checker
	if p.ID == "" || p.Version == "" {
		c.add("id, version", "a policy needs both")
	}
	c.limits(p)
	c.statute(p)
	c.schedules("treatment_tests", p.TreatmentTests)
	c.schedules("rehabilitation_tests", p.RehabilitationTests)
	for _, r := range []rehab.Risk{rehab.High, rehab.Medium, rehab.Low} {
		c.cadence("contact."+string(r), p.Contact[r])
	}
	if p.SurpriseTests != (rehab.Cadence{}) {
		c.cadence("surprise_tests", p.SurpriseTests)
	}
	c.cadence("home_visit", p.HomeVisit)
	c.cadence("assessment", p.Assessment)
	c.cadence("follow_up", p.FollowUp)
	if len(p.ContactChannels) == 0 {
		c.add("contact_channels", "at least one channel has to count as a contact")
	}
	c.outreach(&p.Outreach)
	c.measures(p)
	c.placements(p.PlacementMonths)
	if p.VolunteerStanding.Unit != rehab.Months {
		c.add("volunteer_standing", "a standing counts months")
	}
	c.ladders(p)
	c.offices(p)
	return errors.Join(c.errs...)
}

type checker struct{ errs []error }

func (c *checker) add(key, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
}

// limits requires of each limit and threshold a number, a unit, a mark and a source.
func (c *checker) limits(p *rehab.Policy) {
	v := reflect.ValueOf(*p)
	for i := range v.NumField() {
		key, how, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if how == "omitzero" && v.Field(i).IsZero() {
			continue // newer than the version: the core has what holds without it
		}
		switch f := v.Field(i).Interface().(type) {
		case rehab.Limit:
			c.limit(key, f)
		case rehab.Threshold:
			if f.N < 1 {
				c.add(key, "a threshold is at least 1")
			}
			c.source(key, f.Source)
		}
	}
	if r := p.CleanYearsFrom; r != (rehab.CleanYearsRule{}) {
		c.source("clean_years_from", r.Source)
		if r.Rule != rehab.FromRelease && r.Rule != rehab.FromExecution {
			c.add("clean_years_from", "the rule is release or execution")
		}
		if r.Mark == rehab.Law {
			c.add("clean_years_from", "no statute says from when the clean years count: it is no law")
		}
	}
	c.source("term_end", p.TermEnd.Source)
	if p.TermEnd.Rule != rehab.CorrespondingDay && p.TermEnd.Rule != rehab.DayBefore {
		c.add("term_end", "the rule is corresponding_day or day_before")
	}
}

func (c *checker) limit(key string, l rehab.Limit) {
	if l.N < 1 {
		c.add(key, "a limit is at least 1")
	}
	switch l.Unit {
	case rehab.CalendarDays, rehab.WorkingDays, rehab.Months, rehab.Hours:
	default:
		c.add(key, "the unit %q is not one of days, workdays, months, hours", l.Unit)
	}
	c.source(key, l.Source)
}

func (c *checker) source(key string, s rehab.Source) {
	if s.Mark != rehab.Law && s.Mark != rehab.Practice && s.Mark != rehab.Design {
		c.add(key, "the mark %q is not one of law, practice, design", s.Mark)
	}
	if s.Cite == "" {
		c.add(key, "the source is missing")
	}
}

// statute refuses what is laxer than the law, and what the law fixes but is changed.
func (c *checker) statute(p *rehab.Policy) {
	if p.ReportIn.Unit != rehab.CalendarDays || p.ReportIn.N > 15 {
		c.add("report_in", "laxer than DRR art.14: at most 15 days of receipt")
	}
	if p.Term.N != 36 || p.Term.Unit != rehab.Months {
		c.add("term", "DRR art.14 fixes the term of treatment at 3 years")
	}
	if p.MaxRehabTerm.N > 36 || p.MaxRehabTerm.Unit != rehab.Months {
		c.add("max_rehab_term", "laxer than DRR art.37: at most 3 years")
	}
	if p.TransferReportIn.Unit != rehab.CalendarDays || p.TransferReportIn.N > 15 {
		c.add("transfer_report_in", "laxer than DRR art.22: at most 15 days of the change")
	}
	if p.ReleaseNotice.Unit != rehab.CalendarDays || p.ReleaseNotice.N > 7 {
		c.add("release_notice", "laxer than DRR art.23: within 7 days")
	}
	if p.TestConfirmation.Unit != rehab.CalendarDays || p.TestConfirmation.N < 3 {
		c.add("test_confirmation", "DTP gives the client 3 days to object")
	}
	if l := p.SampleRetention; l != firstRetention() && (l.Unit != rehab.Months || l.N < 6) {
		c.add("sample_retention", "laxer than DTP art.8: A/B samples stay sealed for at least 6 months")
	}
	if p.GapAlert.Unit != rehab.Hours {
		c.add("gap_alert", "counts hours")
	}
	if p.AfterCare.N != 36 || p.AfterCare.Unit != rehab.Months {
		c.add("after_care", "DRR art.7 ends dynamic control after 3 clean years")
	}
	if p.TestBreaches.N != 3 {
		c.add("test_breaches", "DRR art.20 fixes the threshold at 3")
	}
	if p.LeavingBreaches.N != 3 {
		c.add("leaving_breaches", "DRR art.20 fixes the threshold at 3")
	}
	if p.AbsenceDays.N != 31 {
		c.add("absence_days", "DRR art.20 fixes the threshold at more than 30 days")
	}
}

// firstRetention is what the first versions say, and those that were copied from them: a
// released version never changes. Under them too the engine keeps samples for 6 months.
func firstRetention() rehab.Limit {
	return rehab.Limit{N: 2, Unit: rehab.Months, Source: rehab.Source{Mark: rehab.Law, Cite: "DTP (A/B samples sealed 2 months)"}}
}

// measures requires the whole breach ladder in its order, rising counts, and for the
// certificate the counts of the statute: declining to meet a worker never leads there.
func (c *checker) measures(p *rehab.Policy) {
	steps := rehab.BreachSteps()
	if len(p.BreachSteps) != len(steps) {
		c.add("measures", "the steps are %v", steps)
		return
	}
	var before rehab.BreachStepRule
	for i, m := range p.BreachSteps {
		key := "measures." + string(m.Step)
		if m.Step != steps[i] {
			c.add(key, "step %d is %s", i+1, steps[i])
		}
		for _, n := range [][2]int{
			{before.TestBreaches, m.TestBreaches}, {before.Leavings, m.Leavings}, {before.AbsenceDays, m.AbsenceDays}, {before.MissedContacts, m.MissedContacts},
		} {
			if n[1] < 0 || n[1] != 0 && n[1] < n[0] {
				c.add(key, "a count does not fall from step to step")
			}
		}
		c.source(key, m.Source)
		before = m
	}
	if m := before; m.TestBreaches != p.TestBreaches.N || m.Leavings != p.LeavingBreaches.N || m.AbsenceDays != p.AbsenceDays.N || m.MissedContacts != 0 {
		c.add("measures.certificate", "DRR art.20 fixes its counts, and declining to meet is none of them")
	}
}

func (c *checker) schedules(key string, list []rehab.Schedule) {
	general := false
	for _, s := range list {
		general = general || s.TermMonths == 0
		months := 0
		for _, seg := range s.Segments {
			if seg.Periods < 1 || seg.Months < 1 || seg.Split < 0 || seg.Split > 4 {
				c.add(key, "a segment has periods and months of at least 1 and a split of at most 4")
			}
			months += seg.Periods * seg.Months
		}
		if want := max(s.TermMonths, 36); s.TermMonths == 0 && months < want || s.TermMonths > 0 && months < s.TermMonths {
			c.add(key, "the segments cover %d months, fewer than the term", months)
		}
		c.source(key, s.Source)
	}
	if !general {
		c.add(key, "a schedule for any term (without term_months) is missing")
	}
}

// placements requires looks after the placement began, each later than the one before.
func (c *checker) placements(months []int) {
	before := 0
	for _, m := range months {
		if m <= before {
			c.add("placement_months", "the months are at least 1 and grow")
		}
		before = m
	}
	if len(months) == 0 {
		c.add("placement_months", "somebody has to look at least once")
	}
}

func (c *checker) cadence(key string, cad rehab.Cadence) {
	c.limit(key+".every", cad.Every)
	if u := cad.Every.Unit; u != rehab.CalendarDays && u != rehab.Months {
		c.add(key+".every", "a cadence counts days or months")
	}
	if cad.Lead < 0 {
		c.add(key+".lead_days", "is not negative")
	}
}

// ladders requires a way up: roles in order, time to answer, hours that exist, and at
// the top a repeat, so that an open escalation never falls silent.
func (c *checker) ladders(p *rehab.Policy) {
	if len(p.Ladders["default"].Rungs) == 0 {
		c.add("ladders.default", "is missing")
	}
	for kind, name := range p.LadderFor {
		if len(p.Ladders[name].Rungs) == 0 {
			c.add("ladder_for."+string(kind), "there is no ladder %q", name)
		}
	}
	order := map[rehab.Role]int{rehab.WorkerRole: 1, rehab.StationHead: 2, rehab.DistrictOffice: 3, rehab.CityOffice: 4}
	for name, l := range p.Ladders {
		key := "ladders." + name
		c.source(key, l.Source)
		for i, r := range l.Rungs {
			switch h := r.Hours; {
			case order[r.Role] == 0:
				c.add(key, "rung %d: the role %q is not one of worker, station_head, district, city", i+1, r.Role)
			case i > 0 && order[r.Role] <= order[l.Rungs[i-1].Role]:
				c.add(key, "rung %d: a ladder goes up", i+1)
			case i > 0 && r.After < 1:
				c.add(key, "rung %d: after_hours is at least 1", i+1)
			case h != (rehab.OfficeHours{}) && (h.From < 0 || h.To > 24 || h.From >= h.To):
				c.add(key, "rung %d: hours from %d to %d do not exist", i+1, h.From, h.To)
			case r.Channel == "":
				c.add(key, "rung %d: the channel is missing", i+1)
			case i == len(l.Rungs)-1 && (!r.AnswerRequired || r.Repeat < 1):
				c.add(key, "rung %d: the top rung requires an answer and repeats", i+1)
			}
		}
	}
}
