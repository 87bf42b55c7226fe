package roster_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/internal/roster"
)

const header = "order_no,measure,term_months,decided_on,served_on,service_method,name,sex,id_number,household_street,execution_street,risk"

func TestTheDemoRosterHasNothingToComplainAbout(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../../testdata/roster.csv")
	require.NoError(t, err)
	defer f.Close()
	rows, err := roster.Read("roster.csv", f)
	require.NoError(t, err)
	require.Len(t, rows, 300)
	for _, r := range rows {
		require.Empty(t, r.Problems)
	}
	require.Equal(t, 2, rows[0].Number)
	require.Equal(t, "2026-09-07", rows[0].Request["served_on"])
}

func TestEveryProblemOfARowIsNamedWithItsColumn(t *testing.T) {
	t.Parallel()
	rows, err := roster.Read("x.csv", strings.NewReader(header+"\nA-1,treatment,x,2026-13-01,,direct,\"a\nb\",男,1,2,3,low\nA-1,,36,2026-01-01,2026-01-02,direct,n,男,1,2,3,low\n"))
	require.NoError(t, err)
	require.Len(t, rows, 2)
	var got []string
	for _, p := range rows[0].Problems {
		got = append(got, p.Column)
	}
	require.Equal(t, []string{"decided_on", "name", "served_on", "term_months"}, got)
	require.Contains(t, rows[1].Problems, roster.Problem{Column: "order_no", Rule: "the order number stands in row 2 already"})
	require.Contains(t, rows[1].Problems, roster.Problem{Column: "measure", Rule: "is missing"})
}

func TestAWrongHeaderIsAnErrorOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := roster.Read("x.csv", strings.NewReader("order_no,colour\n"))
	require.ErrorContains(t, err, `there is no column "colour"`)
	require.ErrorContains(t, err, `"served_on" is missing`)
	_, err = roster.Read("x.pdf", strings.NewReader(""))
	require.ErrorContains(t, err, ".csv or an .xlsx")
	_, err = roster.Read("x.xlsx", strings.NewReader("no zip"))
	require.ErrorContains(t, err, "not a spreadsheet")
}

func TestACSVOfAnotherEncodingIsOneErrorOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := roster.Read("x.csv", strings.NewReader(header+"\nA-1,treatment,36,2026-01-01,2026-01-02,direct,\xd5\xd4,\xc4\xd0,1,2,3,low\n"))
	require.EqualError(t, err, "x.csv: not UTF-8 text: save it as CSV UTF-8, or as .xlsx")
}

func TestASpreadsheetReadsLikeTheCSV(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	head := strings.Split(header+",reported_on,tests_done", ",")
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &head))
	require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"A-1", "treatment", 36, "2026-01-01", "2026/01/02", "direct", "某", "男", "110199198001010011", "110101001", "110101001", "low", "2026-01-05", 3}))
	var buf bytes.Buffer
	require.NoError(t, f.Write(&buf))
	rows, err := roster.Read("x.xlsx", &buf)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Empty(t, rows[0].Problems)
	require.Equal(t, "2026-01-02", rows[0].Request["served_on"])
	require.Equal(t, map[string]any{"reported_on": "2026-01-05", "tests": 3}, rows[0].Request["carried"])
}

// TestADayThatWasTypedIntoASpreadsheetIsThatDay: such a cell holds a number, and shows
// 03-10-26 or 2026年3月10日, as the country of its user has it. A number with many digits is
// not shown in full either.
func TestADayThatWasTypedIntoASpreadsheetIsThatDay(t *testing.T) {
	t.Parallel()
	for _, from1904 := range []bool{false, true} {
		f := excelize.NewFile()
		require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
		head := strings.Split(header+",phone", ",")
		require.NoError(t, f.SetSheetRow("Sheet1", "A1", &head))
		day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
		require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"A-1", "treatment", 36, day(1), day(10), "direct", "某", "男", "110199198001010011", 110101001, 110101001, "low", 13800000000000}))
		require.NoError(t, f.SetSheetRow("Sheet1", "A3", &[]any{"A-2", "treatment", 36, 20260301, "soon", "direct", "某", "男", "110199198001010011", "110101001", "110101001", "low"}))
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		require.NoError(t, err)
		require.NoError(t, f.SetCellStyle("Sheet1", "D2", "E2", style))
		var buf bytes.Buffer
		require.NoError(t, f.Write(&buf))
		rows, err := roster.Read("x.xlsx", &buf)
		require.NoError(t, err)
		require.Empty(t, rows[0].Problems)
		require.Equal(t, "2026-03-01", rows[0].Request["decided_on"])
		require.Equal(t, "2026-03-10", rows[0].Request["served_on"])
		require.Equal(t, "13800000000000", rows[0].Request["phone"])
		require.Equal(t, "110101001", rows[0].Request["execution_street"])
		require.Len(t, rows[1].Problems, 2)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + "\nA-1,treatment,36,2026-01-01,2026-01-02,direct,n,男,1,2,3,low\n")
	f.Add("\xef\xbb\xbf" + header + "\n,,,\n")
	f.Add("\"")
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := roster.Read("x.csv", strings.NewReader(s))
		if err != nil {
			return
		}
		for _, r := range rows {
			if len(r.Problems) == 0 && r.OrderNo() == "" {
				t.Fatal("a row without order number has no problem")
			}
		}
	})
}
