package roster_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/internal/roster"
)

// officeFile is a list as an office makes it: an instruction sheet before it, a title over
// merged cells, groups of headings, columns that nobody reads, mixed days and phones, totals
// and signatures below. Of its rows every hundredth is wrong.
func officeFile(t testing.TB, rows int) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetName("Sheet1", "填表说明"))
	for i, text := range []string{"填表说明", "一、姓名、身份证号按身份证填写。", "二、决定书文号按决定书填写，送达日期为送达本人之日。"} {
		require.NoError(t, f.SetCellStr("填表说明", fmt.Sprintf("A%d", i+1), text))
	}
	const sheet = "2026年名册"
	_, err := f.NewSheet(sheet)
	require.NoError(t, err)
	set := func(row int, cells ...any) {
		require.NoError(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", row), &cells))
	}
	set(1, "东城区社区戒毒（康复）人员花名册")
	require.NoError(t, f.MergeCell(sheet, "A1", "R1"))
	set(2, "填报单位：东城区禁毒办", nil, nil, nil, "填报日期：2026年11月30日")
	set(4, "序号", "姓  名", "性别", "身份证号码", "决定书文号", "措施类型", "期限", "决定日期", "送达日期", "送达\n方式", "风险等级*", "联系方式", "户籍地", "现住址", "执行街道", "家属", nil, "备注")
	set(5, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, "姓名", "联系电话")
	require.NoError(t, f.MergeCell(sheet, "P4", "Q4"))
	for _, col := range "ABCDEFGHIJKLMNOR" {
		require.NoError(t, f.MergeCell(sheet, string(col)+"4", string(col)+"5"))
	}
	style, err := f.NewStyle(&excelize.Style{NumFmt: 31})
	require.NoError(t, err)
	for n := range rows {
		row := 6 + n
		served := time.Date(2026, 3, 1+n%28, 0, 0, 0, 0, time.UTC)
		day := []any{served.Format("2006/1/2"), served.Format("2006.1.2"), served.Format("2006年1月2日"), served.Format("20060102"), served, served.Format("2006-01-02")}[n%6]
		phone := []any{fmt.Sprintf("120 %04d %04d", n/10000, n%10000), fmt.Sprintf("+86-120-%04d-%04d", n/10000, n%10000), 12000000000 + n, fmt.Sprintf("１２０%08d", n), "010-6512 3456"}[n%5]
		risk := any([]string{"高", "中", "低风险"}[n%3])
		if n%100 == 50 {
			risk = "紫"
		}
		set(row, n+1, "甲　某", "男", identityNumber(n), fmt.Sprintf("京公戒字〔2026〕%06d号", n+1), "社区戒毒", []any{"3年", 36, "36个月"}[n%3], "2026年3月1日", day, "直接送达", risk, phone,
			[]string{"东华门街道", "河北省石家庄市长安区"}[n%2], "东城区东华门街道某胡同1号", "东华门街道", "甲某某", "121 0000 0000", nil)
		if _, serial := day.(time.Time); serial {
			require.NoError(t, f.SetCellStyle(sheet, fmt.Sprintf("I%d", row), fmt.Sprintf("I%d", row), style))
		}
	}
	set(7+rows, "合计", nil, nil, nil, fmt.Sprintf("%d人", rows))
	set(9+rows, "填表人：王某", nil, nil, "审核人：李某", nil, nil, "填表日期：2026年11月30日")
	set(10+rows, "注：本表一式两份，由街道和区禁毒办各存一份。")
	return f
}

func identityNumber(n int) string {
	digits := "110199" + time.Date(1970, 1, 1+n, 0, 0, 0, 0, time.UTC).Format("20060102") + "001"
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

func TestAFileAsAnOfficeMakesItReadsAndItsWrongRowsComeBackMarked(t *testing.T) {
	t.Parallel()
	list := readBook(t, officeFile(t, 300))
	require.Len(t, list.Rows, 300)
	var refused []roster.Refused
	for i, r := range list.Rows {
		require.Equal(t, 6+i, r.Number)
		if i%100 == 50 {
			require.Equal(t, []string{`risk: "紫" is not one of high, medium, low`}, told(r.Problems))
			refused = append(refused, roster.Refused{Row: r, Problems: r.Problems})
			continue
		}
		require.Empty(t, told(r.Problems), i)
		require.Equal(t, time.Date(2026, 3, 1+i%28, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), r.Request["served_on"], i)
		require.Equal(t, "甲某", r.Request["name"])
		require.Equal(t, "110101001", r.Request["residence_street"])
		require.Equal(t, "12100000000", r.Request["family_phone"])
		require.Equal(t, "甲某某", r.Request["family_contact"])
		require.Equal(t, []any{"01065123456", fmt.Sprintf("120%08d", i)}[min(1, (4-i%5))], r.Request["phone"])
	}
	var notes []string
	for _, n := range list.Notes {
		notes = append(notes, n.In(roster.Chinese))
	}
	require.Equal(t, []string{
		"未读取的列：备注", "第307行不是名册内容，未读取：合计 300人", "第309行不是名册内容，未读取：填表人:王某 审核人:李某 填表日期:2026年11月30日",
		"第310行不是名册内容，未读取：注:本表一式两份,由街道和区禁毒办各存一份。", "未读取的工作表：填表说明",
	}, notes)

	var back bytes.Buffer
	require.NoError(t, list.WriteRefused(&back, refused, roster.Chinese))
	f, err := excelize.OpenReader(bytes.NewReader(back.Bytes()))
	require.NoError(t, err)
	rows, err := f.GetRows("2026年名册")
	require.NoError(t, err)
	require.Len(t, rows, 4)
	require.Equal(t, []string{"原因", "原行号"}, rows[0][len(rows[0])-2:])
	require.Equal(t, []string{"风险等级：“紫”不在可填范围：高、中、低", "56"}, rows[1][len(rows[1])-2:])
	wrong, err := f.GetCellStyle("2026年名册", "K2")
	require.NoError(t, err)
	right, err := f.GetCellStyle("2026年名册", "J2")
	require.NoError(t, err)
	require.NotEqual(t, wrong, right, "the wrong cell is marked")
	comments, err := f.GetComments("2026年名册")
	require.NoError(t, err)
	require.Len(t, comments, 3)
	require.Equal(t, "K2", comments[0].Cell)

	for row := range 3 { // put right, it can be imported as it is
		require.NoError(t, f.SetCellStr("2026年名册", fmt.Sprintf("K%d", row+2), "高"))
	}
	again := readBook(t, f)
	require.Len(t, again.Rows, 3)
	for _, r := range again.Rows {
		require.Empty(t, told(r.Problems))
	}
	require.Equal(t, list.Rows[50].Request["served_on"], again.Rows[0].Request["served_on"])
}

func TestEverySheetWithAListIsReadAndOneThatShowsAnExampleIsNot(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	head := strings.Split(header, ",")
	for i, sheet := range []string{"社区戒毒", "社区康复", "填写示例"} {
		_, err := f.NewSheet(sheet)
		require.NoError(t, err)
		cells := strings.Split(with("order_no", fmt.Sprintf("A-%d", i)), ",")
		cells[0] = strings.Trim(cells[0], `"`)
		require.NoError(t, f.SetSheetRow(sheet, "A3", &head))
		require.NoError(t, f.SetSheetRow(sheet, "A5", &cells))
	}
	list := readBook(t, f)
	require.Len(t, list.Rows, 2)
	require.Equal(t, "社区戒毒!5", list.RowName(list.Rows[0]))
	require.Equal(t, "社区康复!5", list.RowName(list.Rows[1]))
	require.Equal(t, "sheets that were not read: 填写示例", list.Notes[0].In(roster.English))
}

func TestACellMergedOverRowsIsReadInEachOfThem(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	head := strings.Split(header, ",")
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &head))
	for n := range 3 {
		cells := strings.Split(good, ",")
		cells[0] = fmt.Sprintf("A-%d", n)
		if n > 0 {
			cells[10] = ""
		}
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n+2), &cells))
	}
	require.NoError(t, f.MergeCell("Sheet1", "K2", "K4"))
	for _, r := range readBook(t, f).Rows {
		require.Empty(t, told(r.Problems))
		require.Equal(t, "110101001", r.Request["execution_street"])
	}
}

func TestTheTemplateReadsAsAListAndHoldsEveryColumn(t *testing.T) {
	t.Parallel()
	for _, lang := range []roster.Lang{roster.Chinese, roster.English} {
		var empty bytes.Buffer
		require.NoError(t, roster.WriteTemplate(&empty, lang))
		f, err := excelize.OpenReader(&empty)
		require.NoError(t, err)
		sheet := f.GetSheetList()[0]
		head, err := f.GetRows(sheet)
		require.NoError(t, err)
		cells := strings.Split(good, ",")
		row := map[string]string{}
		for i, code := range strings.Split(header, ",") {
			row[code] = cells[i]
		}
		guide, err := f.GetRows(f.GetSheetList()[1])
		require.NoError(t, err)
		require.Len(t, guide, len(head[0])+1)
		for i := range head[0] {
			cell, err := excelize.CoordinatesToCellName(i+1, 2)
			require.NoError(t, err)
			require.NoError(t, f.SetCellStr(sheet, cell, row[guide[i+1][1]]))
		}
		list := readBook(t, f)
		require.Len(t, list.Rows, 1)
		require.Empty(t, told(list.Rows[0].Problems))
		require.NotContains(t, list.Tables[0].Codes, "")
	}
	require.NoError(t, roster.WriteWorkersTemplate(&bytes.Buffer{}, roster.Chinese))
}

func TestWorkersReadWithNamesOfPlacesAndPosts(t *testing.T) {
	t.Parallel()
	list, err := roster.ReadWorkers("x.csv", strings.NewReader("社工编号,姓名,岗位,所在街道,到岗日期,职业资格,个案上限\nw-1,王某,专职,东城区,2026/1/1,社会工作师,30\nw-1,李某,督导,东华门,2026.1.1,,\n"),
		roster.Options{Lang: roster.English, Places: city(t)})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"id": "w-1", "name": "王某", "post": "full_time", "place": "110101", "from": "2026-01-01", "qualification": "social_worker", "limit": 30}, list.Rows[0].Request)
	require.Equal(t, []string{"id: stands in row 2 already"}, told(list.Rows[1].Problems))
}

// farFile is a spreadsheet of a few kilobytes each row of which has a cell in the last column there is.
func farFile(t testing.TB, rows int, cell string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	part := func(name, text string) {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(text))
		require.NoError(t, err)
	}
	var s strings.Builder
	s.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">`)
	for i, h := range strings.Split(header, ",") {
		fmt.Fprintf(&s, `<c r="%c1" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, h)
	}
	s.WriteString("</row>")
	for n := range rows {
		fmt.Fprintf(&s, `<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>A-%[1]d</t></is></c><c r="XFD%[1]d" t="inlineStr">%[2]s</c></row>`, n+2, cell)
	}
	s.WriteString(`</sheetData></worksheet>`)
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`)
	part("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`)
	part("xl/worksheets/sheet1.xml", s.String())
	require.NoError(t, z.Close())
	return buf.Bytes()
}

// TestASmallFileTakesLittleMemory is not parallel: it reads the memory of the process.
func TestASmallFileTakesLittleMemory(t *testing.T) { //nolint:paralleltest // measures the process
	const said = "<is><t>x</t></is>"
	for rows, cell := range map[int]string{900: said, 5000: ""} {
		raw := farFile(t, rows, cell)
		require.Less(t, len(raw), 64<<10)
		most := peak(t, func() {
			list, err := roster.Read("far.xlsx", bytes.NewReader(raw), english)
			require.NoError(t, err)
			require.Len(t, list.Rows, rows)
			require.Equal(t, cell != "", list.Rows[0].Warned("row"), "what stands without a heading is told")
		})
		t.Logf("%d bytes took %d MB", len(raw), most>>20)
		require.Less(t, most, uint64(64<<20))
	}
	most := peak(t, func() {
		_, err := roster.Read("far.xlsx", bytes.NewReader(farFile(t, 5000, said)), english)
		require.ErrorContains(t, err, "cells lie far to the right")
	})
	most = max(most, peak(t, func() {
		_, err := roster.Read("bomb.xlsx", bytes.NewReader(farFile(t, 1, strings.Repeat("<v/>", 2<<20))), english)
		require.ErrorContains(t, err, "repeats itself as no list does")
	}))
	t.Logf("a file that is refused for it took %d MB", most>>20)
	require.Less(t, most, uint64(64<<20))
}

// peak is how much the live heap grew while f ran.
func peak(t *testing.T, f func()) uint64 {
	t.Helper()
	runtime.GC()
	heap := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	before, most := heap(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				most = max(most, heap())
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	return most - min(before, most)
}

func TestEveryWordStandsInBothLanguages(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%[a-z]`)
	for key, w := range roster.Catalogue() {
		require.NotEmpty(t, w[0], key)
		require.NotEmpty(t, w[1], key)
		require.Equal(t, verbs.FindAllString(strings.ReplaceAll(w[0], "%s", "%q"), -1), verbs.FindAllString(strings.ReplaceAll(w[1], "%s", "%q"), -1), "%s says another number of things", key)
		require.Regexp(t, `\p{Han}|^[：；]$|^等$|%`, w[0], key)
		require.NotRegexp(t, `\p{Han}`, w[1], key)
	}
	said := regexp.MustCompile(`(?:say|fail|add|warn|Say)\((?:lang, |r\.options\.Lang, |[a-z]+\.code, |im\.lang, |"[a-z_]+", )?"([a-z_.]*[a-z_])"`)
	for _, dir := range []string{".", "../../cmd/guitu"} {
		files, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file.Name(), "_test.go") || !strings.HasSuffix(file.Name(), ".go") || dir != "." && !strings.HasPrefix(file.Name(), "import") {
				continue
			}
			source, err := os.ReadFile(dir + "/" + file.Name())
			require.NoError(t, err)
			for _, m := range said.FindAllStringSubmatch(string(source), -1) {
				if m[1] != "id_number" { // its keys are put together
					require.Contains(t, roster.Catalogue(), m[1], "%s says it", file.Name())
				}
			}
		}
	}
}

func TestThePageListsTheColumnsAsTheyAre(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/roster.md")
	require.NoError(t, err)
	_, table, ok := strings.Cut(string(page), "<!-- columns -->\n")
	require.True(t, ok)
	table, _, _ = strings.Cut(table, "<!-- end of columns -->")
	if os.Getenv("UPDATE_PAGE") != "" {
		require.NoError(t, os.WriteFile("../../docs/roster.md", []byte(strings.Replace(string(page), "<!-- columns -->\n"+table, "<!-- columns -->\n"+roster.Page(), 1)), 0o600))
		return
	}
	require.Equal(t, roster.Page(), table, "run this test with UPDATE_PAGE=1")
}

func BenchmarkRead(b *testing.B) {
	var buf bytes.Buffer
	require.NoError(b, officeFile(b, 10_000).Write(&buf))
	places := city(b)
	for b.Loop() {
		list, err := roster.Read("x.xlsx", bytes.NewReader(buf.Bytes()), roster.Options{Places: places})
		require.NoError(b, err)
		require.Len(b, list.Rows, 10_000)
	}
	b.ReportMetric(float64(10_000*b.N)/b.Elapsed().Seconds(), "rows/s")
}
