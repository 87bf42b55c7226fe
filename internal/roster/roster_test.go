package roster_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

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
