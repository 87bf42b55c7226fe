package main

import (
	"fmt"
	"slices"
	"strings"

	"guitu/forms"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/words"
)

// tables are what the pages can ask for, by name.
var tables = map[string]func() string{"commands": commands, "duties": duties, "codes": codes, "forms": formsTable, "scales": scalesTable, "formduties": formDuties}

func commands() string {
	t := table{"command", "中文", "what", "who", "note", "settles", "taken"}
	rows := t.head()
	for _, c := range rehab.Commands() {
		note := ""
		if c.Reason {
			note = "needed"
		}
		rows += t.row(mono(c.Type), c.ZH, c.EN, who(c), note, kinds(append(slices.Clone(c.Confirms), c.Settles...)), taken(c))
	}
	return rows
}

// who names the group of roles in the words of the page.
func who(c rehab.CommandSpec) string {
	switch {
	case c.MayGive(rehab.WorkerRole) && !c.MayGive(rehab.DistrictOffice):
		return "worker and station head"
	case c.MayGive(rehab.WorkerRole):
		return "everybody"
	case c.MayGive(rehab.StationHead):
		return "offices"
	}
	return "district and above"
}

// taken says where a command is taken beside a measure that runs.
func taken(c rehab.CommandSpec) string {
	var out []string
	if !c.MovesClock && c.Type != "open-case" {
		out = append(out, "suspended")
	}
	if c.AfterRelease {
		out = append(out, "released")
	}
	if c.AfterEnd || c.Amends {
		out = append(out, "ended")
	}
	return strings.Join(out, ", ")
}

func duties() string {
	t := table{"duty", "中文", "what", "owed by", "within", "settled by"}
	beijing := newestPolicy("beijing")
	rows := t.head()
	for _, d := range rehab.Duties() {
		owed := "offices"
		if d.Client {
			owed = "client"
		}
		if d.Recurring {
			owed += ", in windows"
		}
		by := mono(rehab.SettledBy(d.Kind, false).Type)
		if draft := rehab.SettledBy(d.Kind, true).Type; mono(draft) != by {
			by = "as a draft " + mono(draft) + ", then " + by
		}
		rows += t.row(mono(string(d.Kind)), d.ZH, d.EN, owed, within(d.Limit(beijing)), by)
	}
	return rows
}

// within is the length of time of a duty that comes once; of the others docs/process.md says more.
func within(l *rehab.Limit) string {
	if l == nil || l.N == 0 {
		return ""
	}
	unit := map[rehab.Unit]string{rehab.CalendarDays: "days", rehab.WorkingDays: "working days", rehab.Months: "months", rehab.Hours: "hours"}[l.Unit]
	return fmt.Sprintf("%d %s", l.N, unit)
}

// newestPolicy is the newest version of the policy in the program.
func newestPolicy(id string) *rehab.Policy {
	set, err := policy.Load()
	if err != nil {
		panic(err) // the program does not start either
	}
	ref, _ := set.Latest(id)
	return set.Policy(ref)
}

func codes() string {
	t := table{"of", "codes"}
	rows := t.head()
	for _, e := range append(rehab.Enums(), words.Lists()...) {
		if e.Name == "duty" {
			continue // a table of its own
		}
		var list []string
		for _, w := range e.Words {
			list = append(list, fmt.Sprintf("%s %s (%s)", mono(w.Code), w.ZH, w.EN))
		}
		rows += t.row(mono(e.Name), strings.Join(list, "; "))
	}
	return rows
}

// table is the head of a table in Markdown.
type table []string

func (t table) head() string {
	rule := make([]string, len(t))
	for i := range rule {
		rule[i] = "---"
	}
	return t.row(t...) + t.row(rule...)
}

func (table) row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func mono(s string) string { return "`" + s + "`" }

func kinds(list []rehab.Kind) string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = mono(string(k))
	}
	return strings.Join(out, ", ")
}

// formsTable lists the forms of the program but for the scales.
func formsTable() string {
	return listForms(func(d *forms.Definition) bool { return d.Licence == nil })
}

// scalesTable lists those that have a licence, and what it says.
func scalesTable() string {
	t := table{"form", "中文", "what", "holder", "licence", "seen at"}
	rows := t.head()
	for _, d := range embeddedForms() {
		if l := d.Licence; l != nil {
			rows += t.row(mono(d.String()), d.Title.ZH, d.Title.EN, l.Holder, l.Terms.EN, l.Seen)
		}
	}
	return rows
}

func listForms(want func(*forms.Definition) bool) string {
	t := table{"form", "中文", "what", "for", "fields", "in figures", "source"}
	rows := t.head()
	for _, d := range embeddedForms() {
		if want(d) {
			n := 0
			for _, g := range d.Groups {
				n += len(g.Fields)
			}
			rows += t.row(mono(d.String()), d.Title.ZH, d.Title.EN, kinds(d.For), fmt.Sprint(n), fmt.Sprint(len(d.Statistics)), string(d.Source.Mark)+": "+d.Source.Cite)
		}
	}
	return rows
}

// formDuties says which duty asks for which forms where the policy does not say otherwise.
func formDuties() string {
	t := table{"duty", "forms"}
	rows := t.head()
	for _, d := range rehab.Duties() {
		var list []string
		for _, any := range (&rehab.Policy{}).Forms(d.Kind) {
			for i := range any {
				any[i] = mono(any[i])
			}
			list = append(list, strings.Join(any, " or "))
		}
		if len(list) > 0 {
			rows += t.row(mono(string(d.Kind)), strings.Join(list, ", "))
		}
	}
	return rows
}

func embeddedForms() []*forms.Definition {
	set, err := forms.Load()
	if err != nil {
		panic(err) // the program does not start either
	}
	return set.All()
}
