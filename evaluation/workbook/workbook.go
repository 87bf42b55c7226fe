// Package workbook writes evaluations as a spreadsheet, one sheet a level.
package workbook

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
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

// Write writes the matrices, which are of one period: a sheet a level, the rows behind each
// with what they were counted from, charts, and what the indicators mean. Every text is a
// text cell: none is read as a formula.
func Write(w io.Writer, set *evaluation.Set, head Head, matrices []evaluation.Matrix) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	st, err := newStyles(f)
	if err != nil {
		return err
	}
	for n, m := range matrices {
		name := sheetNames[m.Level]
		if n == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = writeMatrix(f, st, head, m)
		}
		if err != nil {
			return fmt.Errorf("write the sheet %s: %w", name, err)
		}
	}
	if err := writeCharts(f, matrices); err != nil {
		return fmt.Errorf("write the charts: %w", err)
	}
	for _, m := range matrices {
		if err := writeDetails(f, st, set, head, m); err != nil {
			return fmt.Errorf("write the details of %s: %w", m.Level, err)
		}
	}
	if err := writeIndicators(f, st, set, matrices); err != nil {
		return fmt.Errorf("write the sheet of indicators: %w", err)
	}
	_, err = f.WriteTo(w)
	return err
}

// writeDetails writes a line a number, with what it was counted from.
func writeDetails(f *excelize.File, st styles, set *evaluation.Set, head Head, m evaluation.Matrix) error {
	sheet := sheetNames[m.Level] + "明细"
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	rows := append(above(st, "评估报表·"+sheet, head, m.Report), []any{},
		[]any{"单位代码", "单位名称", "指标", "数值", "计量单位", "目标", "达标", "分子", "分母", "无数值原因"})
	for _, row := range m.Rows {
		rows = append(rows, cells(st, set.Indicator(row.Indicator), row))
	}
	return write(f, st, sheet, rows, headRows, []float64{13, 24, 24, 10, 10, 8, 8, 32, 32, 32})
}

// cells of one row of a report.
func cells(st styles, i *evaluation.Indicator, row evaluation.Row) []any {
	var value, target any
	if row.Value != nil {
		value = excelize.Cell{StyleID: st.value[i.Unit], Value: *row.Value}
	}
	if i.Target != nil {
		target = *i.Target
	}
	met := ""
	if row.Met != nil {
		met = map[bool]string{true: "是", false: "否"}[*row.Met]
	}
	over, under := sides(row.Metrics)
	return []any{row.Unit.ID, row.Unit.Name, i.Name.ZH, value, unitNames[i.Unit], target, met, over, under, evaluation.ReasonZH(row.Reason)}
}

// sides names what stands above the line, or in no quotient, and what below.
func sides(metrics []evaluation.Counted) (above, below string) {
	names := metricNames()
	var up, down []string
	for _, m := range metrics {
		text := fmt.Sprintf("%s %d", names[m.Name], m.Value)
		if m.Part == evaluation.Denominator {
			down = append(down, text)
		} else {
			up = append(up, text)
		}
	}
	return strings.Join(up, "；"), strings.Join(down, "；")
}

func metricNames() map[string]string {
	out := make(map[string]string)
	for _, m := range evaluation.Metrics() {
		out[m.Name] = m.ZH
	}
	return out
}

// writeIndicators explains the indicators that the sheets show.
func writeIndicators(f *excelize.File, st styles, set *evaluation.Set, matrices []evaluation.Matrix) error {
	const sheet = "指标说明"
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	shown := make(map[string]bool)
	for _, m := range matrices {
		for _, i := range m.Indicators {
			shown[i.ID] = true
		}
	}
	marks := map[string]string{"law": "法定", "practice": "惯例", "design": "本系统设定"}
	directions := map[string]string{"up": "越高越好", "down": "越低越好", "none": "仅供参考"}
	rows := [][]any{{"指标", "名称", "公式", "计量单位", "方向", "目标", "来源", "依据"}}
	for _, i := range set.All() {
		if !shown[i.ID] {
			continue
		}
		var target any
		if i.Target != nil {
			target = *i.Target
		}
		basis := i.Basis
		if basis == "" {
			basis = i.Source.Cite
		}
		rows = append(rows, []any{i.ID, i.Name.ZH, i.Formula, unitNames[i.Unit], directions[i.Direction], target, marks[string(i.Source.Mark)], basis})
	}
	rows = append(rows, []any{}, []any{"计量项", "名称"})
	for _, m := range evaluation.Metrics() {
		rows = append(rows, []any{m.Name, m.ZH})
	}
	return write(f, st, sheet, rows, 1, []float64{24, 24, 48, 10, 12, 8, 14, 48})
}

// write fills a sheet; the row head, which names the columns, stays in sight.
func write(f *excelize.File, st styles, sheet string, rows [][]any, head int, widths []float64) error {
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for n, w := range widths {
		if err := s.SetColWidth(n+1, n+1, w); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for n, row := range rows {
		if n == head-1 {
			for c := range row {
				row[c] = excelize.Cell{StyleID: st.head, Value: row[c]}
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", n+1), row); err != nil {
			return err
		}
	}
	return s.Flush()
}
