package roster

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// templateRows is how many rows of the template are formatted for what they will hold.
const templateRows = 1000

// WriteTemplate writes an empty list of orders with its headings, and a sheet that says
// what each column holds.
func WriteTemplate(w io.Writer, lang Lang) error { return orders().writeTemplate(w, lang) }

// WriteWorkersTemplate does the same for workers.
func WriteWorkersTemplate(w io.Writer, lang Lang) error { return staff().writeTemplate(w, lang) }

func (f form) writeTemplate(w io.Writer, lang Lang) error {
	out := excelize.NewFile()
	defer func() { _ = out.Close() }()
	sheet, guide := f.sheet, Say(lang, "template.guide")
	if lang == English {
		sheet = "list"
	}
	if err := out.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	l, err := newLook(out)
	if err != nil {
		return err
	}
	for i, c := range f.columns {
		if err := f.writeColumn(out, sheet, i+1, c, l, lang); err != nil {
			return fmt.Errorf("write the column %s: %w", c.code, err)
		}
	}
	if err := out.SetRowHeight(sheet, 1, 28); err != nil {
		return err
	}
	if err := out.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if _, err := out.NewSheet(guide); err != nil {
		return err
	}
	if err := f.writeGuide(out, guide, l, lang); err != nil {
		return err
	}
	_, err = out.WriteTo(w)
	return err
}

// label is the heading of a column in a template; a star marks those that have to be there.
func (c column) label(lang Lang) string {
	text := c.heading
	if lang == English {
		text = c.code
	}
	if c.needed {
		text += "*"
	}
	return text
}

func (f form) writeColumn(out *excelize.File, sheet string, at int, c column, l look, lang Lang) error {
	name, err := excelize.ColumnNumberToName(at)
	if err != nil {
		return err
	}
	style := l.head
	if c.needed {
		style = l.must
	}
	text, err := out.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	if err := out.SetColStyle(sheet, name, text); err != nil {
		return err
	}
	if err := out.SetCellStr(sheet, name+"1", c.label(lang)); err != nil {
		return err
	}
	if err := out.SetCellStyle(sheet, name+"1", name+"1", style); err != nil {
		return err
	}
	if err := out.SetColWidth(sheet, name, name, max(c.width, float64(2*len([]rune(c.label(lang)))+2))); err != nil {
		return err
	}
	words := offered(c.code, lang)
	if c.kind == yesNo {
		words = map[Lang][]string{Chinese: {"是", "否"}, English: {"yes", "no"}}[lang]
	}
	if len(words) == 0 {
		return nil
	}
	choice := excelize.NewDataValidation(true)
	choice.Sqref = fmt.Sprintf("%s2:%s%d", name, name, templateRows)
	if err := choice.SetDropList(words); err != nil {
		return err
	}
	choice.ShowErrorMessage = false // a hint; the import says what it does not know
	return out.AddDataValidation(sheet, choice)
}

func (f form) writeGuide(out *excelize.File, sheet string, l look, lang Lang) error {
	for col, width := range map[string]float64{"A": 20, "B": 20, "C": 10, "D": 60, "E": 28} {
		if err := out.SetColWidth(sheet, col, col, width); err != nil {
			return err
		}
	}
	table := f.guide(lang)
	for i, cells := range table {
		row := make([]any, len(cells))
		for j := range cells {
			row[j] = cells[j]
		}
		if err := out.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	if err := out.SetCellStyle(sheet, "A1", "E1", l.head); err != nil {
		return err
	}
	return out.SetCellStyle(sheet, "A2", fmt.Sprintf("E%d", len(table)), l.note)
}

// guide is the table of columns: heading, code, whether it is required, what it holds, an
// example.
func (f form) guide(lang Lang) [][]string {
	table := [][]string{{Say(lang, "template.head"), Say(lang, "template.code"), Say(lang, "template.need"), Say(lang, "template.what"), Say(lang, "template.example")}}
	for _, c := range f.columns {
		need, what := "template.may", c.zh
		if c.needed {
			need = "template.must"
		}
		if lang == English {
			what = c.en
		}
		table = append(table, []string{c.heading, c.code, Say(lang, need), what, c.example})
	}
	return table
}

// Page is the table of columns of both lists for the documentation, in Markdown.
func Page() string {
	var b strings.Builder
	for _, f := range []form{orders(), staff()} {
		fmt.Fprintf(&b, "### %s\n\n| 列名 heading | 字段 code | 必填 required | 填写内容 what it holds | 也可用的列名 other headings |\n| --- | --- | --- | --- | --- |\n", f.sheet)
		for _, c := range f.columns {
			need := ""
			if c.needed {
				need = "是 yes"
			}
			what := strings.Trim(c.zh+" · "+c.en, " ·")
			if words := offered(c.code, Chinese); words != nil {
				what = strings.Trim(what+" · "+strings.Join(offered(c.code, Chinese), "、")+" · `"+strings.Join(offered(c.code, English), "`, `")+"`", " ·")
			}
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", c.heading, c.code, need, what, strings.Join(strings.Fields(c.others), "、"))
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
