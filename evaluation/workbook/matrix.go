package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
	"guitu/rehab"
)

// headRows stand above the figures of a matrix: what they are, and two lines of columns.
const headRows = 9

// columns of each indicator.
var columns = []string{"本期", "上期", "变化", "排名"}

// styles of the cells of a file.
type styles struct {
	title, label, head, text int
	value, change            map[string]int // by the unit of the indicator
	rank                     int
}

func newStyles(f *excelize.File) (styles, error) {
	s := styles{value: make(map[string]int), change: make(map[string]int)}
	var failed error
	style := func(st excelize.Style) int {
		id, err := f.NewStyle(&st)
		if err != nil {
			failed = err
		}
		return id
	}
	number := func(format string) int {
		return style(excelize.Style{CustomNumFmt: &format, Border: thin(), Alignment: &excelize.Alignment{Horizontal: "right"}})
	}
	s.title = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	s.label = style(excelize.Style{Font: &excelize.Font{Bold: true}})
	s.head = style(excelize.Style{
		Font: &excelize.Font{Bold: true}, Border: thin(), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
	s.text = style(excelize.Style{Border: thin()})
	for unit, format := range formats {
		s.value[unit], s.change[unit] = number(format), number("+"+format+";-"+format+";0")
	}
	s.rank = number("0")
	return s, failed
}

// formats of the numbers, by the unit of the indicator.
var formats = map[string]string{"percent": `0.0"%"`, "count": "0", "hours": "0.0", "ratio": "0.00"}

func thin() []excelize.Border {
	var out []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		out = append(out, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	return out
}

// writeMatrix writes one level, a line a unit.
func writeMatrix(f *excelize.File, st styles, head Head, m evaluation.Matrix) error {
	sheet := sheetNames[m.Level]
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	wide := 2 + len(m.Indicators)*len(columns)
	if err := setUp(s, wide); err != nil {
		return err
	}
	rows := append(above(st, "评估报表·"+sheet, head, m.Report), headings(st, m.Indicators)...)
	for _, u := range m.Units {
		rows = append(rows, line(st, m, u))
	}
	for n, row := range rows {
		if err := s.SetRow(fmt.Sprintf("A%d", n+1), row); err != nil {
			return err
		}
	}
	for n := range m.Indicators {
		from, _ := excelize.CoordinatesToCellName(3+n*len(columns), headRows-1)
		to, _ := excelize.CoordinatesToCellName(2+(n+1)*len(columns), headRows-1)
		if err := s.MergeCell(from, to); err != nil {
			return err
		}
	}
	return s.Flush()
}

func setUp(s *excelize.StreamWriter, wide int) error {
	if err := s.SetColWidth(1, 1, 13); err != nil {
		return err
	}
	if err := s.SetColWidth(2, 2, 24); err != nil {
		return err
	}
	if err := s.SetColWidth(3, max(3, wide), 9); err != nil {
		return err
	}
	return s.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: headRows, TopLeftCell: fmt.Sprintf("C%d", headRows+1), ActivePane: "bottomRight"})
}

// above says what the figures are: seven lines.
func above(st styles, title string, head Head, r evaluation.Report) [][]any {
	complete := "是"
	if !r.Complete {
		complete = "否，数据截至统计时刻"
	}
	labelled := func(label string, values ...any) []any {
		return append([]any{excelize.Cell{StyleID: st.label, Value: label}}, values...)
	}
	return [][]any{
		{excelize.Cell{StyleID: st.title, Value: title}},
		labelled("地区", head.Place, r.Place),
		labelled("期间", r.Period.Name, r.Period.From.String()+"至"+r.Period.To.String(), "上期 "+r.Period.Previous().Name),
		labelled("期间已结束", complete),
		labelled("统计时刻", r.TakenAt.In(rehab.Shanghai).Format("2006-01-02 15:04:05")),
		labelled("导出人", head.By),
		labelled("用途", head.Purpose),
	}
}

func headings(st styles, indicators []*evaluation.Indicator) [][]any {
	cell := func(v any) excelize.Cell { return excelize.Cell{StyleID: st.head, Value: v} }
	first, second := []any{cell(""), cell("")}, []any{cell("单位代码"), cell("单位名称")}
	for _, i := range indicators {
		name := i.Name.ZH + "（" + unitNames[i.Unit] + "）"
		if i.Target != nil {
			name += fmt.Sprintf("，目标%g", *i.Target)
		}
		for n, c := range columns {
			first = append(first, cell(map[bool]string{true: name, false: ""}[n == 0]))
			second = append(second, cell(c))
		}
	}
	return [][]any{first, second}
}

func line(st styles, m evaluation.Matrix, u evaluation.Unit) []any {
	row := []any{excelize.Cell{StyleID: st.text, Value: u.ID}, excelize.Cell{StyleID: st.text, Value: u.Name}}
	number := func(style int, v *float64) excelize.Cell {
		c := excelize.Cell{StyleID: style}
		if v != nil {
			c.Value = *v
		}
		return c
	}
	for _, i := range m.Indicators {
		c := m.Cells[u.ID][i.ID]
		if c == nil {
			c = &evaluation.Compared{}
		}
		rank := excelize.Cell{StyleID: st.rank}
		if c.Rank > 0 {
			rank.Value = c.Rank
		}
		row = append(row, number(st.value[i.Unit], c.Value), number(st.value[i.Unit], c.Before), number(st.change[i.Unit], c.Change), rank)
	}
	return row
}
