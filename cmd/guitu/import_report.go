package main

import (
	"fmt"
	"io"
	"strings"

	"guitu/internal/roster"
)

// importReport is what became of each row.
type importReport struct {
	opened, known int
	refused       []roster.Refused
	warned        []roster.Refused // rows that were taken, with what to look at
}

// shownRows is how many faults of rows are told one by one, and shownNumbers how many rows
// of one fault are called by their number.
const (
	shownRows    = 40
	shownNumbers = 8
)

// print says what was done with the new rows, what was not read, which faults come again
// and again, and then each row that was refused or has to be looked at.
func (r *importReport) print(w io.Writer, file *roster.File, what string, lang roster.Lang) {
	fmt.Fprint(w, roster.Say(lang, what, r.opened, r.known, len(r.refused)))
	for _, n := range file.Notes {
		fmt.Fprintln(w, n.In(lang))
	}
	printSums(w, "report.sums", file, r.refused, lang)
	printRows(w, "report.row", file, r.refused, lang)
	printSums(w, "report.warned", file, r.warned, lang)
	printRows(w, "report.row.warned", file, r.warned, lang)
}

// fault is one thing that is wrong with several rows.
type fault struct {
	column string
	text   string
	rows   []string
}

// sums are the faults that two rows or more have, in the order in which they come.
func sums(file *roster.File, rows []roster.Refused, lang roster.Lang) []*fault {
	var all []*fault
	found := make(map[string]*fault)
	for _, row := range rows {
		for _, p := range row.Problems {
			key := p.Column + "\x00" + p.Key + "\x00" + p.Said
			f := found[key]
			if f == nil {
				f = &fault{column: file.Column(p.Column, lang), text: p.In(lang)}
				found[key] = f
				all = append(all, f)
			} else if f.text != p.In(lang) {
				f.text = p.General(lang)
			}
			f.rows = append(f.rows, file.RowName(row.Row))
		}
	}
	var out []*fault
	for _, f := range all {
		if len(f.rows) > 1 {
			out = append(out, f)
		}
	}
	return out
}

func printSums(w io.Writer, title string, file *roster.File, rows []roster.Refused, lang roster.Lang) {
	list := sums(file, rows, lang)
	if len(list) == 0 {
		return
	}
	fmt.Fprint(w, roster.Say(lang, title))
	for _, f := range list {
		numbers := strings.Join(f.rows[:min(len(f.rows), shownNumbers)], ", ")
		if len(f.rows) > shownNumbers {
			numbers += roster.Say(lang, "report.rows.more")
		}
		fmt.Fprint(w, roster.Say(lang, "report.sum", f.column, f.text, len(f.rows), numbers))
	}
}

func printRows(w io.Writer, line string, file *roster.File, rows []roster.Refused, lang roster.Lang) {
	shown := 0
	for _, row := range rows {
		for _, p := range row.Problems {
			if shown++; shown <= shownRows {
				fmt.Fprint(w, roster.Say(lang, line, file.RowName(row.Row), file.Column(p.Column, lang), p.In(lang)))
			}
		}
	}
	if shown > shownRows {
		fmt.Fprint(w, roster.Say(lang, "report.more", shown-shownRows))
	}
}
