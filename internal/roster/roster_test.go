package roster_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"guitu/internal/roster"
	"guitu/rehab"
)

const header = "order_no,measure,term_months,decided_on,served_on,service_method,name,sex,id_number,household_street,execution_street,risk"

// good is a row without fault, in the columns of header.
const good = "京公戒字〔2026〕1号,treatment,36,2026-01-01,2026-01-02,direct,甲某,男,110199198501010039,110101001,110101001,low"

var english = roster.Options{Lang: roster.English}

// city is the list of places.
func city(t testing.TB) roster.Places {
	t.Helper()
	f, err := os.Open("../../store/places.csv")
	require.NoError(t, err)
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	places := roster.Places{{Code: "11", Name: "北京市"}}
	for i, row := range table[1:] {
		if i == 0 || row[0] != table[i][0] {
			places = append(places, roster.Place{Code: rehab.PlaceCode(row[0]), Name: row[1]})
		}
		places = append(places, roster.Place{Code: rehab.PlaceCode(row[2]), Name: row[3]})
	}
	return places
}

func readFile(t testing.TB, name string) *roster.File {
	t.Helper()
	f, err := os.Open("../../testdata/" + name)
	require.NoError(t, err)
	defer f.Close()
	list, err := roster.Read(name, f, roster.Options{Lang: roster.English, Places: city(t)})
	require.NoError(t, err)
	return list
}

func readText(t testing.TB, text string) *roster.File {
	t.Helper()
	list, err := roster.Read("x.csv", strings.NewReader(text), roster.Options{Lang: roster.English, Places: city(t)})
	require.NoError(t, err, text)
	return list
}

// with is the good row with other cells, by column.
func with(changes ...string) string {
	columns, cells := strings.Split(header, ","), strings.Split(good, ",")
	for i := 0; i < len(changes); i += 2 {
		for at, c := range columns {
			if c == changes[i] {
				cells[at] = `"` + strings.ReplaceAll(changes[i+1], `"`, `""`) + `"`
			}
		}
	}
	return strings.Join(cells, ",")
}

func told(problems []roster.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Column+": "+p.In(roster.English))
	}
	return out
}

func TestTheDemoRosterHasNothingToComplainAbout(t *testing.T) {
	t.Parallel()
	list := readFile(t, "roster.csv")
	require.Len(t, list.Rows, 300)
	for _, r := range list.Rows {
		require.Empty(t, r.Problems)
		require.Empty(t, r.Warnings)
	}
	require.Empty(t, list.Notes)
	require.Equal(t, 2, list.Rows[0].Number)
	require.Equal(t, "2026-09-07", list.Rows[0].Request["served_on"])
}

func TestTheRowsOfOfficesAreCalledByTheirNumberAndTakenWithTheirSurplus(t *testing.T) {
	t.Parallel()
	list := readFile(t, "rosters/blank-line.csv")
	require.Equal(t, []int{2, 5}, []int{list.Rows[0].Number, list.Rows[1].Number})
	require.Empty(t, list.Rows[0].Problems)
	require.Equal(t, []string{`risk: "purple" is not one of high, medium, low`}, told(list.Rows[1].Problems))
	for _, name := range []string{"empty-columns-in-the-heading.csv", "empty-columns-in-the-rows.csv", "days-without-zeros.csv", "blank-line-corrected.csv"} {
		list := readFile(t, "rosters/"+name)
		for _, r := range list.Rows {
			require.Empty(t, r.Problems, name)
			require.Empty(t, r.Warnings, name)
		}
		require.Empty(t, list.Notes, name)
	}
	days := readFile(t, "rosters/days-without-zeros.csv").Rows[0].Request
	require.Equal(t, []any{"2026-11-02", "2026-11-09"}, []any{days["decided_on"], days["served_on"]})
	multi := readText(t, "\n\n"+header+"\n"+with("name", "a\nb")+"\n\n"+with("risk", "no")+"\n")
	require.Equal(t, []int{4, 6}, []int{multi.Rows[0].Number, multi.Rows[1].Number}, "a cell with a line break is one row")
}

func TestWhatASpreadsheetDidToAValueIsToldByName(t *testing.T) {
	t.Parallel()
	list := readFile(t, "rosters/name-is-a-failed-lookup.xlsx")
	require.Equal(t, []string{"name: is the error #N/A of the spreadsheet: a formula found nothing"}, told(list.Rows[0].Problems))
	list = readFile(t, "rosters/id-number-rounded-by-a-spreadsheet.csv")
	require.Equal(t, []string{"id_number: ends in 000: was it rounded by the spreadsheet? Compare it with the document"}, told(list.Rows[0].Warnings))
	require.Equal(t, []string{"sex: the 17th digit of the identity number says female, and the row says male"}, told(list.Rows[0].Problems))
	for _, row := range []struct{ column, cell, want string }{
		{"id_number", "110199198501010000", "id_number: was rounded by the spreadsheet: 15 digits and zeros; type it again into a cell for text"},
		{"id_number", "1.10199E+17", "id_number: 1.10199E+17 is in scientific notation and digits are lost: make it a cell for text and type it again"},
		{"id_number", "#REF!", "id_number: is the error #REF! of the spreadsheet: a formula found nothing"},
		{"served_on", "########", "served_on: is the error ######## of the spreadsheet: a formula found nothing"},
		{"sex", "女", "sex: the 17th digit of the identity number says male, and the row says female"},
		{"name", "0", `name: "0" is not a name`},
		{"name", "a\nb", "name: holds a line break or another control character"},
		{"name", "张\ufffd", "name: holds characters that a broken encoding left behind (U+FFFD)"},
		{"served_on", "2025-12-31", "served_on: the order was served on 2025-12-31, before it was decided on 2026-01-01"},
		{"id_number", "E12345678", "id_number: is not the number of a resident card: say what kind of document it is"},
	} {
		list := readText(t, header+"\n"+with(row.column, row.cell)+"\n")
		require.Equal(t, []string{row.want}, told(list.Rows[0].Problems))
	}
}

func TestOneOrderWrittenOtherwiseIsOneOrder(t *testing.T) {
	t.Parallel()
	list := readFile(t, "rosters/one-order-written-four-ways.csv")
	require.Len(t, list.Rows, 4)
	require.Empty(t, list.Rows[0].Problems)
	for i, r := range list.Rows[1:] {
		require.Equal(t, "京公戒字〔2026〕980001号", r.OrderNo())
		require.Equal(t, []string{"order_no: is the number of row 2, written otherwise (京公戒字〔2026〕980001号)"}, told(r.Problems), i)
	}
	require.Equal(t, []string{"order_no: held invisible characters; they were taken out"}, told(list.Rows[1].Warnings))
	require.Equal(t, []string{"order_no: is written otherwise; taken as 京公戒字〔2026〕980001号"}, told(list.Rows[2].Warnings))
	require.Equal(t, []string{"order_no: stands in row 2 already: one order opens one case"}, told(readText(t, header+"\n"+good+"\n"+good+"\n").Rows[1].Problems))
}

func TestAWrongHeaderIsAnErrorOfTheFile(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ text, want string }{
		"x.csv":  {"姓名,性别,身份证号\n甲,男,1\n", `the column "served_on" is missing`},
		"y.csv":  {"甲,男,1\n", "no row with headings was found: it holds order_no, measure, term_months, decided_on and so on"},
		"z.csv":  {header + ",风险\n" + good + "\n", `the column "风险" stands twice (columns 12 and 13)`},
		"n.csv":  {header + "\n", "there is nothing below the headings"},
		"e.csv":  {"", "the file is empty"},
		"x.pdf":  {"%PDF", "x.pdf: a list is an .xlsx or a .csv file"},
		"x.xlsx": {"no zip", "not a spreadsheet"},
		"x.xls":  {"\xd0\xcf\x11\xe0", "old .xls"},
		"h.xls":  {"<html>", "a web page"},
		"b.csv":  {header + "\n\xff\xff\n", "neither UTF-8 nor GB18030 text"},
		"q.csv":  {header + "\n\"a\"b,c\n", "line 2 is not CSV"},
	} {
		_, err := roster.Read(name, strings.NewReader(row.text), english)
		require.ErrorContains(t, err, row.want, name)
	}
	_, err := roster.Read("x.csv", strings.NewReader("姓名,性别,身份证号\n甲,男,1\n"), roster.Options{})
	require.ErrorContains(t, err, "缺少“决定书文号”列")
}

func TestTextOfEveryEncodingAndSeparatorReads(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(header + "\n" + good + "\n")
	require.NoError(t, err)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(header+"\n"+good+"\n", ",", "\t"))
	require.NoError(t, err)
	for _, text := range []string{gb, utf16, "\ufeff" + header + "\r\n" + good + "\r\n", strings.ReplaceAll(header+"\n"+good, ",", ";"), header + "\r" + good} {
		list := readText(t, text)
		require.Len(t, list.Rows, 1)
		require.Empty(t, list.Rows[0].Problems)
		require.Equal(t, "甲某", list.Rows[0].Request["name"])
	}
	require.Equal(t, "read as GB18030 text", readText(t, gb).Notes[0].In(roster.English))
}

func TestDaysReadInEveryFormWithTheYearFirst(t *testing.T) {
	t.Parallel()
	for _, day := range []string{
		"2026-03-05", "2026-3-5", "2026/3/5", "2026/03/05", "2026.3.5", "2026.03.05", "2026年3月5日", "2026年03月05日", "2026 年 3 月 5 日", "2026年3月5号", "20260305", "20260305.0",
		"2026-03-05 00:00:00", "2026-03-05T00:00:00", "2026-03-05T00:00:00+08:00", "2026-03-04T16:00:00Z", "2026/3/5 9:30", "2026/3/5 上午 9:30", "２０２６－０３－０５", "２０２６年３月５日",
		"2026—3—5", "2026、3、5", "2026\\3\\5", "2026 3 5", "二〇二六年三月五日", "二○二六年三月五日", "2026年3月5日星期四", "2026-03-05（周四）", "2026年3月5", "\u200b2026-03-05 ",
	} {
		row := readText(t, header+"\n"+with("served_on", day)+"\n").Rows[0]
		require.Empty(t, told(row.Problems), day)
		require.Equal(t, "2026-03-05", row.Request["served_on"], day)
	}
	for day, want := range map[string]string{
		"3/5/2026": "does not begin with the year", "05-03-2026": "does not begin with the year", "26.3.5": "four digits", "2026-02-30": "not a date of the calendar", "2026-13-01": "not a date of the calendar",
		"soon": "not a date such as", "2026": "not a date such as", "2026-03": "not a date such as", "2026年3月": "not a date such as", "46086": "not a date such as", "2026-03-05至2026-04-05": "not a date such as",
	} {
		row := readText(t, header+"\n"+with("served_on", day)+"\n").Rows[0]
		require.Len(t, row.Problems, 1, day)
		require.Contains(t, told(row.Problems)[0], want, day)
	}
}

func TestWordsAndPlacesReadAsOfficesWriteThem(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		column, cell string
		want         any
	}{
		{"measure", "社区戒毒", "treatment"}, {"measure", "社区康复", "rehabilitation"}, {"measure", "社区戒毒（3年）", "treatment"}, {"risk", "高", "high"}, {"risk", "中风险", "medium"},
		{"service_method", "直接送达", "direct"}, {"service_method", "留置送达", "witness"}, {"service_method", "代收", "substituted"}, {"service_method", "公告", "public_notice"},
		{"term_months", "3年", 36}, {"term_months", "三年", 36}, {"term_months", "36个月", 36}, {"term_months", "叁年", nil}, {"term_months", "48", nil}, {"term_months", "２年６个月", 30},
		{"name", "张　三", "张三"}, {"name", "John Smith", "John Smith"}, {"name", "买买提·艾力", "买买提·艾力"}, {"name", "甲\u200b某", "甲某"},
		{"execution_street", "东华门街道", "110101001"}, {"execution_street", "东华门", "110101001"}, {"execution_street", "东华门街道办事处", "110101001"}, {"execution_street", "北京市东城区东华门街道", "110101001"},
		{"execution_street", "110101001000", "110101001"}, {"execution_street", "１１０１０１００１", "110101001"}, {"execution_street", "八里庄街道", nil}, {"execution_street", "东城区", nil}, {"execution_street", "月球街道", nil},
		{"execution_street", "河北省石家庄市", nil}, {"id_number", "'11019919850101 0039", "110199198501010039"}, {"id_number", `="110199198501010039"`, "110199198501010039"},
	} {
		r := readText(t, header+"\n"+with(row.column, row.cell)+"\n").Rows[0]
		require.Equal(t, row.want, r.Request[row.column], "%s %s %v", row.column, row.cell, told(r.Problems))
	}
	two := readText(t, header+"\n"+with("execution_street", "八里庄街道")+"\n").Rows[0]
	require.Contains(t, told(two.Problems)[0], "朝阳区八里庄街道, 海淀区八里庄街道")
	one := readText(t, header+"\n"+with("execution_street", "海淀区八里庄", "household_street", "海淀区八里庄街道")+"\n").Rows[0]
	require.Empty(t, told(one.Problems))
	years := readText(t, strings.Replace(header, "term_months", "期限（年）", 1)+"\n"+with("term_months", "3")+"\n").Rows[0]
	require.Equal(t, 36, years.Request["term_months"])
	years = readText(t, strings.Replace(header, "term_months", "期限", 1)+"\n"+with("term_months", "3")+"\n").Rows[0]
	require.Equal(t, []string{`term_months: "3" may be years or months: write 3 years or 36 months`}, told(years.Problems))
}

func TestClientsFromElsewhereAndWithOtherDocumentsAreRead(t *testing.T) {
	t.Parallel()
	head := header + ",现住址,证件类型,联系电话"
	row := func(household, residence, kind, no, sex string) roster.Row {
		return readText(t, head+"\n"+with("household_street", household, "id_number", no, "sex", sex)+","+residence+","+kind+",010-1234 5678\n").Rows[0]
	}
	r := row("河北省石家庄市长安区建安街道", "东城区东华门街道某胡同3号", "", "110199198501010039", "男")
	require.Empty(t, told(r.Problems))
	require.Equal(t, []any{nil, "河北省石家庄市长安区建安街道", "110101001", "01012345678"}, []any{r.Request["household_street"], r.Request["household_address"], r.Request["residence_street"], r.Request["phone"]})
	r = row("外地", "东华门街道", "港澳居民来往内地通行证", "h12345678", "男")
	require.Empty(t, told(r.Problems))
	require.Equal(t, []any{"hk_macao_permit", "H12345678"}, []any{r.Request["id_kind"], r.Request["id_number"]})
	for kind, no := range map[string]string{"港澳台居民居住证": "810000199408230021", "台胞证": "12345678", "外国人永久居留身份证": "USA110087021001", "护照": "E12345678"} {
		require.Empty(t, told(row("", "东华门街道", kind, no, "女").Problems), kind)
	}
	require.Equal(t, "residence_permit", row("", "东华门街道", "", "810000199408230021", "女").Request["id_kind"])
	require.Equal(t, []string{"household_street: is missing, and so is the street of residence"}, told(row("外地", "", "", "110199198501010039", "男").Problems))
}

func TestASpreadsheetReadsLikeTheCSV(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	head := strings.Split(header+",reported_on,tests_done", ",")
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &head))
	require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"A-1", "treatment", 36, "2026-01-01", "2026/01/02", "direct", "某", "男", "110199198501010039", "110101001", "110101001", "low", "2026-01-05", 3}))
	rows := readBook(t, f).Rows
	require.Len(t, rows, 1)
	require.Empty(t, rows[0].Problems)
	require.Equal(t, "2026-01-02", rows[0].Request["served_on"])
	require.Equal(t, map[string]any{"reported_on": "2026-01-05", "tests": 3}, rows[0].Request["carried"])
}

func readBook(t testing.TB, f *excelize.File) *roster.File {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, f.Write(&buf))
	list, err := roster.Read("x.xlsx", &buf, roster.Options{Lang: roster.English, Places: city(t)})
	require.NoError(t, err)
	return list
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
		require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"A-1", "treatment", 36, day(1), day(10), "direct", "某", "男", "110199198501010039", 110101001, 110101001, "low", 13800000000}))
		require.NoError(t, f.SetSheetRow("Sheet1", "A3", &[]any{"A-2", "treatment", 36, 20260301, "soon", "direct", "某", "男", "110199198501010039", "110101001", "110101001", "low"}))
		require.NoError(t, f.SetSheetRow("Sheet1", "A4", &[]any{"A-3", "treatment", 36, 2026, day(3), "direct", "某", "男", 110199198501010039, "110101001", "110101001", "low"}))
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		require.NoError(t, err)
		require.NoError(t, f.SetCellStyle("Sheet1", "D2", "E2", style))
		rows := readBook(t, f).Rows
		require.Empty(t, told(rows[0].Problems))
		require.Equal(t, "2026-03-01", rows[0].Request["decided_on"])
		require.Equal(t, "2026-03-10", rows[0].Request["served_on"])
		require.Equal(t, "13800000000", rows[0].Request["phone"])
		require.Equal(t, "110101001", rows[0].Request["execution_street"])
		require.Len(t, rows[1].Problems, 1)
		require.Equal(t, "2026-03-01", rows[1].Request["decided_on"])
		require.True(t, strings.HasPrefix(told(rows[2].Problems)[0], `decided_on: "2026" is not a date`), told(rows[2].Problems))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + "\nA-1,treatment,36,2026-01-01,2026-01-02,direct,n,男,1,2,3,low\n")
	f.Add("\xef\xbb\xbf" + header + "\n,,,\n")
	f.Add("\"")
	f.Fuzz(func(t *testing.T, s string) {
		list, err := roster.Read("x.csv", strings.NewReader(s), roster.Options{})
		if err != nil {
			return
		}
		for _, r := range list.Rows {
			if len(r.Problems) == 0 && r.OrderNo() == "" {
				t.Fatal("a row without order number has no problem")
			}
		}
	})
}
