// Package workbook writes evaluations as a spreadsheet, one sheet a level.
package workbook

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
	"guitu/rehab"
)

// Head is what stands above the figures of every sheet.
type Head struct {
	Place   string // its name
	By      string // id of who takes the figures
	Purpose string
}

var sheetNames = map[evaluation.Level]string{
	evaluation.City: "市", evaluation.District: "区", evaluation.Street: "街道乡镇", evaluation.Worker: "社工",
}

var unitNames = map[string]string{"percent": "%", "count": "次/人", "hours": "小时", "ratio": "比值"}

// Write writes the reports, which are of one period. Every text is a text cell: none is
// read as a formula.
func Write(w io.Writer, set *evaluation.Set, head Head, reports []evaluation.Report) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for n, r := range reports {
		name := sheetNames[r.Level]
		if n == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return err
		}
		if err := writeLevel(f, name, set, head, r); err != nil {
			return fmt.Errorf("write the sheet %s: %w", name, err)
		}
	}
	if err := writeIndicators(f, set, reports); err != nil {
		return fmt.Errorf("write the sheet of indicators: %w", err)
	}
	_, err := f.WriteTo(w)
	return err
}

func writeLevel(f *excelize.File, sheet string, set *evaluation.Set, head Head, r evaluation.Report) error {
	complete := "是"
	if !r.Complete {
		complete = "否,数据截至统计时刻"
	}
	rows := [][]any{
		{"评估报表 · " + sheet},
		{"地区", head.Place, r.Place},
		{"期间", r.Period.Name, r.Period.From.String() + " 至 " + r.Period.To.String()},
		{"期间已结束", complete},
		{"统计时刻", r.TakenAt.In(rehab.Shanghai).Format("2006-01-02 15:04:05 -07:00")},
		{"导出人", head.By},
		{"用途", head.Purpose},
		{},
		{"单位代码", "单位名称", "指标", "数值", "计量单位", "目标", "达标", "分子", "分母", "无数值原因"},
	}
	for _, row := range r.Rows {
		rows = append(rows, cells(set.Indicator(row.Indicator), row))
	}
	return write(f, sheet, rows, len(rows)-len(r.Rows))
}

// cells of one row of a report.
func cells(i *evaluation.Indicator, row evaluation.Row) []any {
	var value, target any
	if row.Value != nil {
		value = *row.Value
	}
	if i.Target != nil {
		target = *i.Target
	}
	met := ""
	if row.Met != nil {
		met = map[bool]string{true: "是", false: "否"}[*row.Met]
	}
	above, below := sides(row.Measures)
	return []any{row.Unit.ID, row.Unit.Name, i.Name.ZH, value, unitNames[i.Unit], target, met, above, below, row.Reason}
}

// sides names what stands above the line, or in no quotient, and what below.
func sides(measures []evaluation.Counted) (above, below string) {
	names := measureNames()
	var up, down []string
	for _, m := range measures {
		text := fmt.Sprintf("%s %d", names[m.Name], m.Value)
		if m.Part == evaluation.Denominator {
			down = append(down, text)
		} else {
			up = append(up, text)
		}
	}
	return strings.Join(up, ";"), strings.Join(down, ";")
}

func measureNames() map[string]string {
	out := make(map[string]string)
	for _, m := range evaluation.Measures() {
		out[m.Name] = m.ZH
	}
	return out
}

// writeIndicators explains the indicators that the sheets show.
func writeIndicators(f *excelize.File, set *evaluation.Set, reports []evaluation.Report) error {
	const sheet = "指标说明"
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	shown := make(map[string]bool)
	for _, r := range reports {
		for _, row := range r.Rows {
			shown[row.Indicator] = true
		}
	}
	marks := map[string]string{"law": "法定", "practice": "实践", "design": "本系统设定"}
	directions := map[string]string{"up": "越高越好", "down": "越低越好", "none": "不评判"}
	rows := [][]any{{"指标", "名称", "公式", "计量单位", "方向", "目标", "来源", "依据"}}
	for _, i := range set.All() {
		if !shown[i.ID] {
			continue
		}
		var target any
		if i.Target != nil {
			target = *i.Target
		}
		rows = append(rows, []any{i.ID, i.Name.ZH, i.Formula, unitNames[i.Unit], directions[i.Direction], target, marks[string(i.Source.Mark)], i.Source.Cite})
	}
	rows = append(rows, []any{}, []any{"计量项", "名称"})
	for _, m := range evaluation.Measures() {
		rows = append(rows, []any{m.Name, m.ZH})
	}
	return write(f, sheet, rows, 1)
}

// write fills a sheet; the row head stays in sight.
func write(f *excelize.File, sheet string, rows [][]any, head int) error {
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := s.SetColWidth(1, 10, 18); err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for n, row := range rows {
		if err := s.SetRow(fmt.Sprintf("A%d", n+1), row); err != nil {
			return err
		}
	}
	return s.Flush()
}
