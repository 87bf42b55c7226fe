package roster

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Refused is a row that was not taken, with all that is wrong with it.
type Refused struct {
	Row
	Problems []Problem
}

// maxComments is how many cells are explained by a comment: the library writes them slowly.
const maxComments = 500

// WriteRefused writes the rows that were refused as a spreadsheet that can be imported
// again: the headings and cells as they stood, the wrong cells marked and explained, and
// the reasons in a column of their own. Every cell is text, so that no number is rounded.
func (f *File) WriteRefused(w io.Writer, rows []Refused, lang Lang) error {
	out := excelize.NewFile()
	defer func() { _ = out.Close() }()
	used := 0
	for i, t := range f.Tables {
		var of []Refused
		for _, r := range rows {
			if r.Table == i {
				of = append(of, r)
			}
		}
		if len(of) == 0 {
			continue
		}
		name := t.Sheet
		if name == "" {
			name = Say(lang, "refused.sheet")
		}
		if used == 0 {
			if err := out.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := out.NewSheet(name); err != nil {
			return err
		}
		used++
		if err := f.writeTable(out, name, t, of, lang); err != nil {
			return fmt.Errorf("write the sheet %s: %w", name, err)
		}
	}
	_, err := out.WriteTo(w)
	return err
}

// look is how cells look.
type look struct{ head, must, text, wrong, reason, note int }

func newLook(f *excelize.File) (look, error) {
	var l look
	line := []excelize.Border{{Type: "left", Style: 1, Color: "BFBFBF"}, {Type: "right", Style: 1, Color: "BFBFBF"}, {Type: "top", Style: 1, Color: "BFBFBF"}, {Type: "bottom", Style: 1, Color: "BFBFBF"}}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&l.head, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("E7ECF3"), Border: line, Alignment: middle, NumFmt: 49}},
		{&l.must, excelize.Style{Font: &excelize.Font{Bold: true, Color: "9C0006"}, Fill: fill("E7ECF3"), Border: line, Alignment: middle, NumFmt: 49}},
		{&l.text, excelize.Style{Border: line, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&l.wrong, excelize.Style{Border: line, NumFmt: 49, Fill: fill("FFC7CE"), Font: &excelize.Font{Color: "9C0006"}, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&l.reason, excelize.Style{Border: line, NumFmt: 49, Font: &excelize.Font{Color: "9C0006"}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&l.note, excelize.Style{Border: line, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
	} {
		id, err := f.NewStyle(&s.style)
		if err != nil {
			return l, err
		}
		*s.id = id
	}
	return l, nil
}

func (f *File) writeTable(out *excelize.File, sheet string, t Table, rows []Refused, lang Lang) error {
	l, err := newLook(out)
	if err != nil {
		return err
	}
	s, err := out.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	keep := kept(t)
	if err := f.widths(s, t, keep); err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	var head []any
	known := f.form.headings()
	for _, i := range keep {
		text := t.Headings[i]
		if c := f.form.column(t.Codes[i]); c != nil && lookup(known, text) != c.code { // it said so with what stood above it
			text = c.heading
		}
		head = append(head, excelize.Cell{StyleID: l.head, Value: text})
	}
	head = append(head, excelize.Cell{StyleID: l.must, Value: Say(lang, "refused.reason")}, excelize.Cell{StyleID: l.head, Value: Say(lang, "refused.row")})
	if err := s.SetRow("A1", head, excelize.RowOpts{Height: 28}); err != nil {
		return err
	}
	for n, r := range rows {
		cells := f.refusedCells(t, keep, r, l, lang)
		if err := s.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.explain(out, sheet, t, keep, rows, lang)
}

// kept are the columns that go back: those with a heading, without the reasons of an
// earlier time.
func kept(t Table) []int {
	var out []int
	for i, text := range t.Headings {
		if text != "" && (t.Codes[i] != "" || !slices.Contains(returned[:4], heading(text))) {
			out = append(out, i)
		}
	}
	return out
}

func (f *File) widths(s *excelize.StreamWriter, t Table, keep []int) error {
	for n, i := range keep {
		width := 12.0
		if c := f.form.column(t.Codes[i]); c != nil {
			width = c.width
		}
		if err := s.SetColWidth(n+1, n+1, width); err != nil {
			return err
		}
	}
	if err := s.SetColWidth(len(keep)+1, len(keep)+1, 60); err != nil {
		return err
	}
	return s.SetColWidth(len(keep)+2, len(keep)+2, 8)
}

func (f *File) refusedCells(t Table, keep []int, r Refused, l look, lang Lang) []any {
	var cells []any
	for _, i := range keep {
		style := l.text
		if r.wrong(t.Codes[i]) {
			style = l.wrong
		}
		cells = append(cells, excelize.Cell{StyleID: style, Value: cellAt(r.Cells, i)})
	}
	var reasons []string
	for _, p := range r.Problems {
		reasons = append(reasons, f.Column(p.Column, lang)+Say(lang, "colon")+p.In(lang))
	}
	return append(cells, excelize.Cell{StyleID: l.reason, Value: strings.Join(reasons, Say(lang, "semicolon"))}, excelize.Cell{StyleID: l.text, Value: r.Number})
}

func (r Refused) wrong(code string) bool {
	return code != "" && slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Column == code || p.Column == "carried."+code })
}

// explain puts the reason beside each wrong cell.
func (f *File) explain(out *excelize.File, sheet string, t Table, keep []int, rows []Refused, lang Lang) error {
	said := 0
	for n, r := range rows {
		for at, i := range keep {
			if !r.wrong(t.Codes[i]) {
				continue
			}
			if said++; said > maxComments {
				return nil
			}
			var why []string
			for _, p := range r.Problems {
				if p.Column == t.Codes[i] {
					why = append(why, p.In(lang))
				}
			}
			cell, err := excelize.CoordinatesToCellName(at+1, n+2)
			if err != nil {
				return err
			}
			if err := out.AddComment(sheet, excelize.Comment{Cell: cell, Author: "Guitu", Text: strings.Join(why, "\n"), Width: 260, Height: 70}); err != nil {
				return err
			}
		}
	}
	return nil
}
