package workbook_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
	"guitu/evaluation/workbook"
)

func TestASheetALevelWithItsPurposeAndNoFormula(t *testing.T) {
	t.Parallel()
	set, err := evaluation.Load()
	require.NoError(t, err)
	p, err := evaluation.ParsePeriod("2026-Q2")
	require.NoError(t, err)
	now := time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)
	report := func(l evaluation.Level, unit evaluation.Unit) evaluation.Report {
		q := evaluation.Query{Place: "110101", Level: l, Now: now}
		return evaluation.Evaluate(q, p, set.For(l, p.Span), []evaluation.Unit{unit}, []evaluation.Tally{
			{Measure: "contacts_due", Place: "110101001", Worker: "+w-1", Value: 10}, {Measure: "contacts_in_time", Place: "110101001", Worker: "+w-1", Value: 9},
		})
	}
	var file bytes.Buffer
	head := workbook.Head{Place: "东城区", By: "d-1", Purpose: `=HYPERLINK("http://x","季度考核")`}
	require.NoError(t, workbook.Write(&file, set, head, []evaluation.Report{
		report(evaluation.Street, evaluation.Unit{ID: "110101001", Name: "东华门街道"}), report(evaluation.Worker, evaluation.Unit{ID: "+w-1"}),
	}))
	f, err := excelize.OpenReader(&file)
	require.NoError(t, err)
	require.Equal(t, []string{"街道乡镇", "社工", "指标说明"}, f.GetSheetList())
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		require.NoError(t, err)
		for r, row := range rows {
			for c := range row {
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				require.NoError(t, err)
				formula, err := f.GetCellFormula(sheet, cell)
				require.NoError(t, err)
				require.Empty(t, formula)
			}
		}
	}
	rows, err := f.GetRows("街道乡镇")
	require.NoError(t, err)
	require.Equal(t, []string{"用途", head.Purpose}, rows[6])
	require.Equal(t, []string{"统计时刻", "2026-07-01 09:00:00 +08:00"}, rows[4])
	var found bool
	for _, row := range rows {
		if len(row) > 8 && row[2] == "按期联系率" {
			found = true
			require.Equal(t, []string{"110101001", "东华门街道", "按期联系率", "90", "%", "90", "是", "按期联系次数 9", "应联系次数 10"}, row[:9])
		}
	}
	require.True(t, found)
}
