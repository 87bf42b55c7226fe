package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
)

const (
	chartSheet = "图表"
	most       = 40 // units that a chart can show
	charts     = 8
	tall       = 18 // rows of the sheet under a chart
)

// writeCharts draws the rates of one level, this period beside the last.
func writeCharts(f *excelize.File, matrices []evaluation.Matrix) error {
	if _, err := f.NewSheet(chartSheet); err != nil {
		return err
	}
	m := drawn(matrices)
	if m == nil || len(m.Units) == 0 {
		return nil
	}
	n := 0
	for k, i := range m.Indicators {
		if i.Unit != "percent" || n == charts {
			continue
		}
		cell := fmt.Sprintf("%s%d", []string{"A", "L"}[n%2], 1+n/2*tall)
		if err := f.AddChart(chartSheet, cell, chart(m, k, i)); err != nil {
			return err
		}
		n++
	}
	return nil
}

// drawn is the lowest level of places that a chart can show.
func drawn(matrices []evaluation.Matrix) *evaluation.Matrix {
	var out *evaluation.Matrix
	for n := range matrices {
		if m := &matrices[n]; m.Level != evaluation.Worker && (out == nil || len(m.Units) <= most) {
			out = m
		}
	}
	return out
}

func chart(m *evaluation.Matrix, k int, i *evaluation.Indicator) *excelize.Chart {
	sheet, last := sheetNames[m.Level], headRows+min(len(m.Units), most)
	column := func(n int) string {
		name, _ := excelize.ColumnNumberToName(n)
		return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", sheet, name, headRows+1, name, last)
	}
	out := &excelize.Chart{
		Type: excelize.Col, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: i.Name.ZH + "（%）"}}},
		Dimension: excelize.ChartDimension{Width: 660, Height: 340}, Legend: excelize.ChartLegend{Position: "bottom"},
	}
	for n, name := range []string{m.Period.Previous().Name, m.Period.Name} {
		out.Series = append(out.Series, excelize.ChartSeries{Name: name, Categories: column(2), Values: column(3 + k*len(columns) + 1 - n)})
	}
	return out
}
