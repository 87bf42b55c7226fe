package deploy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

// dueRow is a row of a table that says when duties are due and what meets them.
type dueRow struct{ page, duties, due, met string }

var (
	inCode  = regexp.MustCompile("`([a-z][a-z_-]+)`")
	dueHead = regexp.MustCompile(`^\| (kind \| due|obligation \| due|falls due \|)`)
)

// dueRows are those of all such tables of the two pages. A row that sends to the other page
// is left out.
func dueRows(t *testing.T) []dueRow {
	t.Helper()
	var out []dueRow
	for _, name := range []string{"docs/process.md", "docs/help.md"} {
		inside := false
		for line := range strings.Lines(pages(t)[name]) {
			cells := strings.Split(strings.TrimSpace(line), "|")
			switch {
			case len(cells) != 5:
				inside = false
			case dueHead.MatchString(line):
				inside = true
			case inside && !strings.Contains(cells[1], "---") && !strings.Contains(cells[2], "help.md"):
				out = append(out, dueRow{name, cells[1], cells[2], cells[3]})
			}
		}
	}
	require.Greater(t, len(out), 40)
	return out
}

// dueIn is what a row has to say of the duty, in the numbers of the policy.
func dueIn(d rehab.DutySpec, p *rehab.Policy) []string {
	var out []string
	if l := d.Limit(p); l != nil && l.N > 0 {
		out = append(out, inWords(*l))
	}
	switch d.Kind {
	case rehab.TestDuty:
		for _, s := range p.TreatmentTests[0].Segments {
			out = append(out, fmt.Sprintf("%d %s", s.Periods, map[int]string{1: "monthly", 2: "two-monthly", 3: "quarterly"}[s.Months]))
		}
	case rehab.ContactDuty:
		for _, r := range []rehab.Risk{rehab.High, rehab.Medium, rehab.Low} {
			out = append(out, every(p.Contact[r].Every))
		}
	case rehab.HomeVisitDuty:
		out = append(out, every(p.HomeVisit.Every))
	case rehab.AssessmentDuty:
		out = append(out, every(p.Assessment.Every), fmt.Sprintf("last %d days", p.Assessment.Lead))
	case rehab.FollowUpDuty:
		out = append(out, every(p.FollowUp.Every), fmt.Sprintf("last %d days", p.FollowUp.Lead))
	case rehab.WatchContactDuty:
		out = append(out, "then "+every(p.WatchEvery))
	case rehab.ReferralReplyDuty:
		out = append(out, inWords(p.ReferralWaiting))
	case rehab.StillThereDuty:
		out = append(out, fmt.Sprintf("%d and %d months", p.PlacementMonths[0], p.PlacementMonths[1]))
	case rehab.ReleaseFileDuty:
		out = append(out, "opens "+inWords(p.ReleaseReminder))
	}
	return out
}

func inWords(l rehab.Limit) string {
	return fmt.Sprintf("%d %s", l.N, map[rehab.Unit]string{rehab.CalendarDays: "days", rehab.WorkingDays: "working days", rehab.Months: "months", rehab.Hours: "hours"}[l.Unit])
}

func every(l rehab.Limit) string {
	words := map[string]string{"7 days": "weekly", "14 days": "every 2 weeks", "1 months": "monthly", "3 months": "a quarter", "6 months": "in six months"}
	if w := words[inWords(l)]; w != "" {
		return w
	}
	return "every " + inWords(l)
}

// TestThePagesSayWhenEveryDutyIsDueAndWhatMeetsIt: in the numbers of the policy that the page
// names, by commands that there are, the one among them with which the duty is offered.
func TestThePagesSayWhenEveryDutyIsDueAndWhatMeetsIt(t *testing.T) {
	t.Parallel()
	set, err := policy.Load()
	require.NoError(t, err)
	p := set.Policy(rehab.PolicyRef{ID: "beijing", Version: "2026.1"})
	require.NotNil(t, p)
	told := make(map[string]dueRow)
	for _, row := range dueRows(t) {
		for _, m := range inCode.FindAllStringSubmatch(row.duties, -1) {
			require.NotContains(t, told, m[1], "%s has two rows", m[1])
			told[m[1]] = row
		}
		for _, m := range inCode.FindAllStringSubmatch(row.met, -1) {
			_, command := rehab.SpecOf(m[1])
			require.True(t, command || !strings.Contains(m[1], "-"), "%s: %s names the command %s, which there is not", row.page, row.duties, m[1])
		}
	}
	for _, d := range rehab.Duties() {
		row, ok := told[string(d.Kind)]
		if !ok && d.Limit(p) != nil {
			continue // the table of duties in docs/reference.md says it, and nothing else is to be said
		}
		require.True(t, ok, "no page says when %s is due", d.Kind)
		for _, want := range dueIn(d, p) {
			require.Contains(t, row.due, want, "%s, of %s", row.page, d.Kind)
		}
		require.Contains(t, row.met, "`"+rehab.SettledBy(d.Kind, false).Type+"`", "%s, of %s", row.page, d.Kind)
		if draft := rehab.SettledBy(d.Kind, true).Type; draft != "" {
			require.Contains(t, row.met, "`"+draft+"`", "%s, of %s", row.page, d.Kind)
		}
		delete(told, string(d.Kind))
	}
	require.Empty(t, told, "what is no duty")
}
