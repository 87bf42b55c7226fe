package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/evaluation"
	"guitu/internal/pgtest"
	"guitu/registers"
	"guitu/rehab"
	"guitu/store"
)

func TestEvaluatePrintsFiguresAndWritesAFileForAPurpose(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t, "store", store.Migrate)
	master, index, err := store.GenerateKeys()
	require.NoError(t, err)
	keys, err := store.NewKeys(master, index)
	require.NoError(t, err)
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, MaxConns: 2, Keys: keys})
	require.NoError(t, err)
	defer s.Close()
	on := rehab.NewDate(2026, 5, 10)
	_, _, err = s.AddRecord(t.Context(), registers.Record{
		ID: "pa-1", Version: 1, Place: "110101001", RecordedAt: on.Start(), Command: "k", Data: registers.Publicity{Title: "t", On: on, Reached: 340},
	})
	require.NoError(t, err)
	evaluate := func(args ...string) (code int, stdout, stderr string) {
		var out, errs bytes.Buffer
		environ := []string{"GUITU_DATABASE_DSN=" + dsn, "GUITU_SECRETS_MASTER=" + master, "GUITU_SECRETS_INDEX=" + index}
		code = run(t.Context(), append([]string{"evaluate"}, args...), environ, &out, &errs)
		return code, out.String(), errs.String()
	}

	code, out, errs := evaluate("--place", "110101", "--period", "2026-Q2", "--level", "district", "--json")
	require.Zero(t, code, errs)
	var reports []evaluation.Report
	require.NoError(t, json.Unmarshal([]byte(out), &reports))
	require.Len(t, reports, 1)
	for _, row := range reports[0].Rows {
		require.Equal(t, "东城区", row.Unit.Name)
		if row.Indicator == "publicity_reach" {
			require.InDelta(t, 340, *row.Value, 0)
		}
	}
	code, out, _ = evaluate("--place", "110101", "--period", "2026-Q2", "--level", "district")
	require.Zero(t, code)
	require.Contains(t, out, "340.00 count")
	require.Contains(t, out, "contacts_due is 0")

	file := filepath.Join(t.TempDir(), "figures.xlsx")
	for _, wrong := range [][]string{
		{"--place", "110101", "--period", "2026-Q2", "--out", file}, {"--place", "110101", "--period", "2026-Q7"}, {"--place", "119", "--period", "2026-Q2"},
		{"--place", "110101", "--period", "2026-Q2", "--level", "village"}, {"--place", "110101", "--period", "2026-Q2", "--level", "city"}, {"--place", "110101"},
	} {
		code, _, errs = evaluate(wrong...)
		require.Equal(t, 1, code, wrong)
		require.NotEmpty(t, errs)
	}
	require.NoFileExists(t, file)
	code, out, errs = evaluate("--place", "东城区", "--period", "2026-Q2", "--out", file, "--purpose", "季度考核")
	require.Zero(t, code, errs)
	require.Contains(t, out, "rows in")
	f, err := excelize.OpenFile(file)
	require.NoError(t, err)
	require.Equal(t, []string{"区", "街道乡镇", "社工", "图表", "区明细", "街道乡镇明细", "社工明细", "指标说明"}, f.GetSheetList())
	list, err := s.Exports(t.Context(), "", 0, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "季度考核", list[0].Purpose)
}
