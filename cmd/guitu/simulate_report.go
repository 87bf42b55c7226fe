package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"guitu/simulation"
)

// report saves and prints what came of a simulation; After and Difference are empty where
// nothing was compared. It fails where commands were refused, after all is said.
func (p *program) report(in simulateFlags, s simulation.Scenario, c simulation.Comparison, took time.Duration) error {
	compared := len(c.After.Rows) > 0
	if in.xlsx != "" {
		sheets := []sheet{{p.line("simulation"), c.Before.Rows}, {p.line("months"), c.Before.Months}}
		if compared {
			sheets = append(sheets, sheet{p.line("changed"), c.After.Rows}, sheet{p.line("changed months"), c.After.Months},
				sheet{p.line("difference"), c.Difference.Rows}, sheet{p.line("difference months"), append(c.Difference.Months, c.Difference.Whole)})
		}
		if err := p.saveSimulation(in.xlsx, sheets, c); err != nil {
			return err
		}
	}
	if err := p.printSimulation(in, s, c, took); err != nil {
		return err
	}
	if n := c.Before.RefusedTimes() + c.After.RefusedTimes(); n > 0 {
		return fmt.Errorf("the rules refused %d commands of the simulation: the counts lack what they would have brought", n)
	}
	return nil
}

func (p *program) printSimulation(in simulateFlags, s simulation.Scenario, c simulation.Comparison, took time.Duration) error {
	compared := len(c.After.Rows) > 0
	if in.json && compared {
		return json.NewEncoder(p.stdout).Encode(c)
	}
	if in.json {
		return json.NewEncoder(p.stdout).Encode(c.Before)
	}
	events := c.Before.Events + c.After.Events
	p.say("%d cases, %d events in %s (%.0f events/s), policy %s, seed %d, %d runs\n",
		c.Before.Cases, events, took.Round(time.Millisecond), float64(events)/took.Seconds(), s.Policy.Ref(), s.Seed, s.Runs)
	p.printMonths(c.Before)
	p.printRefused(c.Before)
	if compared {
		p.say("\nwith %v:\n", in.change)
		p.printMonths(c.After)
		p.printRefused(c.After)
		p.printDifference(c)
	}
	return nil
}

// printMonths prints all places together, month by month.
func (p *program) printMonths(r simulation.Result) {
	w := p.stdout
	fmt.Fprint(w, wide(p.line("month"), -8))
	for _, name := range simulation.Names() {
		fmt.Fprint(w, " ", wide(p.line(name), 11))
	}
	fmt.Fprintln(w)
	for i := range r.Months {
		fmt.Fprintf(w, "%-8s", r.Months[i].Month.String()[:7])
		for _, v := range r.Months[i].Mean.Values() {
			fmt.Fprintf(w, " %11.0f", v)
		}
		fmt.Fprintln(w)
	}
}

// printRefused prints what the rules refused, by command and reason; nothing where it was nothing.
func (p *program) printRefused(r simulation.Result) {
	if len(r.Refused) == 0 {
		return
	}
	p.say("\nrefused commands: %d\n   times  command                  code       field            message", r.RefusedTimes())
	for _, x := range r.Refused {
		fmt.Fprintf(p.stdout, "%8d  %-24s %-10s %-16s %s\n", x.Times, x.Command, x.Code, x.Field, p.language().Text(x.Message))
	}
}

// printDifference prints the whole time, each difference with its 95 % interval.
func (p *program) printDifference(c simulation.Comparison) {
	p.say("\nwhole time         before        after   difference            ±")
	before, after := c.Before.Whole.Mean.Values(), c.After.Whole.Mean.Values()
	diff, half := c.Difference.Whole.Mean.Values(), c.Difference.Whole.Error.Values()
	for i, name := range simulation.Names() {
		fmt.Fprintf(p.stdout, "%s %12.1f %12.1f %+12.1f %12.1f\n", wide(p.line(name), -12), before[i], after[i], diff[i], half[i])
	}
}

// wide fills a text up to the columns of a terminal, on its right where they are negative: a
// Chinese character takes two.
func wide(text string, columns int) string {
	taken := utf8.RuneCountInString(text)
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			taken++
		}
	}
	if columns < 0 {
		return text + strings.Repeat(" ", max(-columns-taken, 0))
	}
	return strings.Repeat(" ", max(columns-taken, 0)) + text
}

// sheet of a spreadsheet: a row a line, each count beside its interval.
type sheet struct {
	name string
	rows []simulation.Row
}

func (p *program) saveSimulation(name string, sheets []sheet, c simulation.Comparison) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if err := f.SetSheetName("Sheet1", sheets[0].name); err != nil {
		return err
	}
	for _, s := range sheets {
		if _, err := f.NewSheet(s.name); err != nil {
			return err
		}
		if err := p.writeSheet(f, s); err != nil {
			return err
		}
	}
	if err := p.writeRefused(f, c); err != nil {
		return err
	}
	return f.SaveAs(name)
}

// writeRefused adds the sheet of what the rules refused. It is there when nothing was, too.
func (p *program) writeRefused(f *excelize.File, c simulation.Comparison) error {
	name := p.line("refused")
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	rows := [][]any{{p.line("scenario"), p.line("command"), p.line("code"), p.line("field"), p.line("message"), p.line("times")}}
	for _, x := range c.Before.Refused {
		rows = append(rows, []any{p.line("simulation"), x.Command, string(x.Code), x.Field, p.language().Text(x.Message), x.Times})
	}
	for _, x := range c.After.Refused {
		rows = append(rows, []any{p.line("changed"), x.Command, string(x.Code), x.Field, p.language().Text(x.Message), x.Times})
	}
	for i, row := range rows {
		if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) writeSheet(f *excelize.File, s sheet) error {
	w, err := f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	head := []any{p.line("place"), p.line("month")}
	for _, c := range simulation.Names() {
		head = append(head, p.line(c), p.line(c)+" ±")
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i := range s.rows {
		row := &s.rows[i]
		cells := []any{row.Place, ""}
		if row.Month != 0 {
			cells[1] = row.Month.String()[:7]
		}
		half := row.Error.Values()
		for j, v := range row.Mean.Values() {
			cells = append(cells, v, half[j])
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
