package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/simulation"
	"guitu/words"
)

func TestWhatASimulationCountsIsNamedInChineseOnTheTerminalAndInTheSheets(t *testing.T) {
	t.Parallel()
	for _, name := range simulation.Names() {
		isChinese(t, name, words.ZH.Line(name))
	}
	file := filepath.Join(t.TempDir(), "whatif.xlsx")
	args := []string{"simulate", "--start", "2026-03-02", "--streets", "1", "--cases", "3", "--months", "2", "--runs", "1", "--change", "workers=1", "--xlsx", file}
	code, out, errs := callIn(t, []string{"LANG=zh_CN.UTF-8"}, args...)
	require.Zero(t, code, errs)
	isChinese(t, "simulate", out)
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "2026-03") {
			break
		}
		if strings.HasPrefix(line, "月份") {
			require.Contains(t, line, "待核实逾期")
			require.NotContains(t, line, "misses")
		}
	}
	f, err := excelize.OpenFile(file)
	require.NoError(t, err)
	for _, sheet := range f.GetSheetList() {
		isChinese(t, "sheet", sheet)
		rows, err := f.GetRows(sheet)
		require.NoError(t, err)
		for _, cell := range rows[0] {
			isChinese(t, sheet, cell)
		}
	}
	code, out, _ = call(t, "simulate", "--start", "2026-03-02", "--streets", "1", "--cases", "3", "--months", "1", "--runs", "1")
	require.Zero(t, code)
	require.Contains(t, out, "escalations")
}
