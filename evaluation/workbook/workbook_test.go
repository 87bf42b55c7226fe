package workbook_test

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
	"guitu/evaluation/workbook"
)

var purpose = `=HYPERLINK("http://x","季度考核")`

// made is a file with two streets and a worker, of a quarter and the one before.
func made(t *testing.T) (*excelize.File, []byte) {
	t.Helper()
	set, err := evaluation.Load()
	require.NoError(t, err)
	p, err := evaluation.ParsePeriod("2026-Q2")
	require.NoError(t, err)
	now := time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)
	matrix := func(l evaluation.Level, units ...evaluation.Unit) evaluation.Matrix {
		report := func(p evaluation.Period, inTime int64) evaluation.Report {
			q := evaluation.Query{Place: "110101", Level: l, Now: now}
			return evaluation.Evaluate(q, p, set.For(l, p.Span), units, []evaluation.Tally{
				{Metric: "contacts_due", Place: "110101001", Worker: "+w-1", Value: 8}, {Metric: "contacts_in_time", Place: "110101001", Worker: "+w-1", Value: inTime},
				{Metric: "contacts_due", Place: "110101002", Worker: "+w-1", Value: 8}, {Metric: "contacts_in_time", Place: "110101002", Worker: "+w-1", Value: 8},
			})
		}
		before := report(p.Previous(), 4)
		return evaluation.NewMatrix(set, report(p, 7), &before)
	}
	var file bytes.Buffer
	head := workbook.Head{Place: "东城区", By: "d-1", Purpose: purpose}
	require.NoError(t, workbook.Write(&file, set, head, []evaluation.Matrix{
		matrix(evaluation.Street, evaluation.Unit{ID: "110101001", Name: "东华门街道"}, evaluation.Unit{ID: "110101002", Name: "景山街道"}),
		matrix(evaluation.Worker, evaluation.Unit{ID: "+w-1", Name: "李社工"}),
	}))
	raw := file.Bytes()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f, raw
}

// at is the first of the four columns of the indicator.
func at(t *testing.T, f *excelize.File, sheet, name string) int {
	t.Helper()
	rows, err := f.GetRows(sheet)
	require.NoError(t, err)
	for c, v := range rows[7] {
		if strings.HasPrefix(v, name) {
			return c + 1
		}
	}
	require.Fail(t, "no column", name)
	return 0
}

func cell(t *testing.T, column, row int) string {
	t.Helper()
	name, err := excelize.CoordinatesToCellName(column, row)
	require.NoError(t, err)
	return name
}

func TestAMatrixOfUnitsAndIndicatorsWithTheLastPeriodChangeAndRank(t *testing.T) {
	t.Parallel()
	f, _ := made(t)
	require.Equal(t, []string{"街道乡镇", "社工", "图表", "街道乡镇明细", "社工明细", "指标说明"}, f.GetSheetList())
	const sheet = "街道乡镇"
	column := at(t, f, sheet, "按期联系率（%）")
	for n, want := range []struct{ raw, shown string }{{"87.5", "87.5%"}, {"50", "50.0%"}, {"37.5", "+37.5%"}, {"2", "2"}} {
		name := cell(t, column+n, 10)
		kind, err := f.GetCellType(sheet, name)
		require.NoError(t, err)
		require.Contains(t, []excelize.CellType{excelize.CellTypeNumber, excelize.CellTypeUnset}, kind, "a number, and no text")
		raw, err := f.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		require.Equal(t, want.raw, raw)
		shown, err := f.GetCellValue(sheet, name)
		require.NoError(t, err)
		require.Equal(t, want.shown, shown)
	}
	other, err := f.GetCellValue(sheet, cell(t, column+3, 11))
	require.NoError(t, err)
	require.Equal(t, "1", other)
	none, err := f.GetCellValue(sheet, cell(t, at(t, f, sheet, "期末在册人数")+3, 10))
	require.NoError(t, err)
	require.Empty(t, none, "what judges nothing has no rank")
	merged, err := f.GetMergeCells(sheet)
	require.NoError(t, err)
	require.Equal(t, cell(t, column, 8)+":"+cell(t, column+3, 8), merged[(column-3)/4][0])
	for column, want := range map[string]float64{"A": 13, "B": 24, "C": 9} {
		width, err := f.GetColWidth(sheet, column)
		require.NoError(t, err)
		require.InDelta(t, want, width, 0)
	}
	panes, err := f.GetPanes(sheet)
	require.NoError(t, err)
	require.Equal(t, [2]int{2, 9}, [2]int{panes.XSplit, panes.YSplit})
}

func TestTheDetailsAndTheSourcesAreInChineseAndNothingIsAFormula(t *testing.T) {
	t.Parallel()
	f, _ := made(t)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		require.NoError(t, err)
		for r, row := range rows {
			for c := range row {
				formula, err := f.GetCellFormula(sheet, cell(t, c+1, r+1))
				require.NoError(t, err)
				require.Empty(t, formula)
			}
		}
	}
	rows, err := f.GetRows("街道乡镇明细")
	require.NoError(t, err)
	require.Equal(t, []string{"用途", purpose}, rows[6])
	require.Equal(t, []string{"统计时刻", "2026-07-01 09:00:00"}, rows[4])
	found := 0
	for _, row := range rows {
		switch {
		case len(row) > 8 && row[0] == "110101001" && row[2] == "按期联系率":
			found++
			require.Equal(t, []string{"110101001", "东华门街道", "按期联系率", "87.5%", "%", "90", "否", "按期联系次数 7", "应联系次数 8"}, row[:9])
		case len(row) > 9 && row[0] == "110101001" && row[2] == "按期走访率":
			found++
			require.Equal(t, "应走访次数为0", row[9])
		}
	}
	require.Equal(t, 2, found)
	workers, err := f.GetRows("社工")
	require.NoError(t, err)
	require.Equal(t, "李社工", workers[9][1])
	meanings, err := f.GetRows("指标说明")
	require.NoError(t, err)
	for _, row := range meanings {
		if len(row) == 8 && row[0] == "report_in_rate" {
			require.Equal(t, "《戒毒条例》第十四条（15日）；目标由本系统设定", row[7])
		}
	}
}

func TestTheChartsShowTheUnitsOfBothPeriods(t *testing.T) {
	t.Parallel()
	f, raw := made(t)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	require.NoError(t, err)
	var charts []string
	for _, part := range z.File {
		if strings.HasPrefix(part.Name, "xl/charts/chart") {
			r, err := part.Open()
			require.NoError(t, err)
			text, err := io.ReadAll(r)
			require.NoError(t, err)
			charts = append(charts, string(text))
		}
	}
	require.Len(t, charts, 8)
	name, err := excelize.ColumnNumberToName(at(t, f, "街道乡镇", "按期联系率"))
	require.NoError(t, err)
	all := html.UnescapeString(strings.Join(charts, "\n"))
	for _, part := range []string{"'街道乡镇'!$B$10:$B$11", "'街道乡镇'!$" + name + "$10:$" + name + "$11", "按期联系率（%）", "2026-Q1"} {
		require.Contains(t, all, part)
	}
}
