package documents

import (
	"fmt"
	"strings"

	"guitu/rehab"
)

// testsText says which tests the policy of the case asks for in its term: the content that
// DRR art.16 asks of an agreement.
func testsText(p *rehab.Policy, c *rehab.Case) string {
	if p == nil {
		return ""
	}
	var parts []string
	from, total := 0, 0
	for _, s := range scheduleOf(p, c).Segments {
		n, months := 0, 0
		for range s.Periods {
			if from+months >= c.TermMonths {
				break
			}
			n, months = n+max(s.Split, 1), months+s.Months
		}
		if n == 0 {
			break
		}
		parts = append(parts, fmt.Sprintf("第%d个月至第%d个月%s，共%d次", from+1, min(from+months, c.TermMonths), everyText(s.Months, max(s.Split, 1)), n))
		from, total = from+months, total+n
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s（合计%d次）", strings.Join(parts, "；"), total)
}

func everyText(months, times int) string {
	if months == 1 {
		return fmt.Sprintf("每月%d次", times)
	}
	return fmt.Sprintf("每%d个月%d次", months, times)
}

// scheduleOf is the schedule made for the term, or the general one.
func scheduleOf(p *rehab.Policy, c *rehab.Case) rehab.Schedule {
	list := p.TreatmentTests
	if c.Measure == rehab.Rehabilitation {
		list = p.RehabilitationTests
	}
	var general rehab.Schedule
	for _, s := range list {
		switch s.TermMonths {
		case c.TermMonths:
			return s
		case 0:
			general = s
		}
	}
	return general
}

// limitText is a length of time as it stands on paper.
func limitText(l rehab.Limit) string {
	switch {
	case l.N == 0:
		return ""
	case l.Unit == rehab.CalendarDays && l.N == 7:
		return "周"
	case l.Unit == rehab.CalendarDays && l.N%7 == 0 && l.N < 28:
		return fmt.Sprintf("%d周", l.N/7)
	case l.Unit == rehab.Months && l.N == 1:
		return "月"
	}
	return fmt.Sprint(l.N) + named(string(l.Unit), "days", "日", "workdays", "个工作日", "months", "个月", "hours", "小时")
}

// measures of an agreement, as the policy of the case sets them.
type measures struct {
	Tests, Contacts, Visits, PlanIn string
	Maintenance                     bool
}

func measuresOf(p *rehab.Policy, c *rehab.Case) measures {
	m := measures{Tests: testsText(p, c), Maintenance: c.Maintenance}
	if p == nil {
		return m
	}
	m.Contacts, m.Visits = limitText(p.Contact[c.Risk].Every), limitText(p.HomeVisit.Every)
	if l := limitText(p.HelpPlan); l != "" {
		m.PlanIn = l
	}
	return m
}

// member of the working group; the name is empty where no register knows it, and the paper
// has a line for it.
type member struct{ Role, Name string }

// groupOf is the working group with a line for each role that the law names (DRR art.17).
func groupOf(c *rehab.Case, name func(string) string) []member {
	out := []member{{"禁毒专职社工", name(c.Worker)}}
	for _, role := range rehab.GroupRoles() {
		n := 0
		for _, m := range c.Help.Group.Members {
			if m.Role == role {
				out = append(out, member{groupRoleName(role), name(m.ID)})
				n++
			}
		}
		if n == 0 && (role != rehab.GroupFamily || !c.Help.Group.NoFamily) && role != rehab.GroupVolunteer {
			out = append(out, member{groupRoleName(role), ""})
		}
	}
	return out
}

func groupRoleName(r rehab.GroupRole) string {
	return named(string(r), "police_officer", "社区民警", "medical_worker", "社区医务人员", "family", "家庭成员", "volunteer", "禁毒志愿者")
}
