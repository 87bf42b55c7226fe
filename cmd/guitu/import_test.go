package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func TestAListOfWorkersIsImportedRowByRowAndTwiceRegistersNobodyTwice(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	known := map[string]map[string]any{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var body map[string]any
		if r.URL.Path == "/v1/places" {
			_, _ = w.Write([]byte(`{"places":[{"code":"11","name":"北京市"},{"code":"110101","name":"东城区"},{"code":"110101001","name":"东华门街道"}]}`))
			return
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/v1/workers" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		id, _ := body["id"].(string)
		switch {
		case body["place"] == "110199":
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = w.Write([]byte(`{"detail":"place: is not the code of a place","field":"place"}`))
		case known[id] != nil:
			w.WriteHeader(http.StatusOK)
		default:
			known[id] = body
			w.WriteHeader(http.StatusCreated)
		}
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "staff.csv")
	require.NoError(t, os.WriteFile(file, []byte("id,name,post,place,from,limit\n"+
		"w-1,王某一,full_time,110101001,2026-01-01,20\nw-2,王某二,part_time,110101001,2026/01/01,\n"+
		"w-2,王某三,full_time,110101001,2026-01-01,\nw-4,王某四,king,110101001,2026-01-01,many\nw-5,王某五,full_time,110199,2026-01-01,\n"), 0o600))
	run := func() (int, string) {
		code, out, errs := call(t, "workers", "import", file, "--lang", "en", "--refused", "-", "--remote.server", server.URL, "--remote.token", "gt_x")
		t.Log(errs)
		return code, out
	}
	code, out := run()
	require.Equal(t, 1, code)
	const refused = "row 4, id: stands in row 3 already\nrow 5, post: \"king\" is not one of full_time, part_time, station_head, supervisor\n" +
		"row 5, limit: \"many\" is not a whole number\nrow 6, place: there is no place \"110199\"\n"
	require.Equal(t, "2 registered, 0 known already, 3 refused\n"+refused, out)
	require.Equal(t, map[string]any{"id": "w-1", "name": "王某一", "post": "full_time", "place": "110101001", "from": "2026-01-01", "limit": 20.0}, known["w-1"])
	require.Equal(t, "2026-01-01", known["w-2"]["from"])
	_, out = run()
	require.Equal(t, "0 registered, 2 known already, 3 refused\n"+refused, out)
}

// TestARowWhoseAnswerWasLostCountsAsOpened: a busy API opens the case and says that it did not
// answer in time; asked again, it knows it.
func TestARowWhoseAnswerWasLostCountsAsOpened(t *testing.T) {
	t.Parallel()
	known := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/v1/places":
			_, _ = w.Write([]byte(`{"places":[{"code":"110101","name":"东城区"},{"code":"110101001","name":"东华门街道"}]}`))
		case known:
			w.WriteHeader(http.StatusOK)
		default:
			known = true
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "staff.csv")
	require.NoError(t, os.WriteFile(file, []byte("id,name,post,place,from\nw-1,王某一,full_time,110101001,2026-01-01\n"), 0o600))
	run := func() string {
		_, out, errs := call(t, "workers", "import", file, "--lang", "en", "--remote.server", server.URL, "--remote.token", "gt_x")
		t.Log(errs)
		return out
	}
	require.Equal(t, "1 registered, 0 known already, 0 refused\n", run())
	require.Equal(t, "0 registered, 1 known already, 0 refused\n", run())
}

func TestAWarningOfTheAPIStandsInTheReportOfTheRow(t *testing.T) {
	t.Parallel()
	warnings := map[string]string{"b": `"id_number: this person has an open case already: c-1"`, "c": `"w-1 now has 31 open cases, the limit is 30"`}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		no, _ := body["order_no"].(string)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"case_id":"c-` + no + `","warnings":[` + warnings[no] + `]}`))
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "roster.csv")
	rows := "order_no,measure,term_months,decided_on,served_on,service_method,name,sex,id_number,household_street,execution_street,risk\n"
	for _, no := range []string{"a", "b", "c"} {
		rows += no + ",treatment,36,2026-09-14,2026-09-16,direct,甲某,female,110199198501010020,110101001,110101001,low\n"
	}
	require.NoError(t, os.WriteFile(file, []byte(rows), 0o600))
	code, out, _ := call(t, "import", file, "--lang", "en", "--remote.server", server.URL, "--remote.token", "gt_x")
	require.Equal(t, 0, code, "a warning keeps nothing out")
	require.Equal(t, "3 opened, 0 known already, 0 refused\n"+
		"row 3 was taken; look at id_number: this person has an open case already: c-1\n"+
		"row 4 was taken; look at row: w-1 now has 31 open cases, the limit is 30\n", out)
}

// office is an API of which the tests know what it was sent.
type officeAPI struct {
	*httptest.Server
	mu    sync.Mutex
	taken map[string]string // order number to name
	dry   int
}

func newOfficeAPI(t *testing.T) *officeAPI {
	t.Helper()
	o := &officeAPI{taken: map[string]string{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/places":
			_, _ = w.Write([]byte(`{"places":[{"code":"11","name":"北京市"},{"code":"110101","name":"东城区"},{"code":"110101001","name":"东华门街道"}]}`))
			return
		case "/openapi.json":
			_, _ = w.Write([]byte(`{"paths":{"/v1/cases":{"post":{"parameters":[{"name":"dry_run"}]}}}}`))
			return
		}
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		no, name := body["order_no"].(string), body["name"].(string) //nolint:forcetypeassert // the import sends both
		o.mu.Lock()
		defer o.mu.Unlock()
		dry := r.URL.Query().Get("dry_run") == "true"
		old, known := o.taken[no]
		switch {
		case known && old != name:
			w.WriteHeader(http.StatusConflict)
			_, _ = w.Write([]byte(`{"detail":"order_no: this order number was used before for another order","field":"order_no"}`))
		case known:
			_, _ = w.Write([]byte(`{"duplicate":true}`))
		case dry:
			o.dry++
			_, _ = w.Write([]byte(`{"dry_run":{}}`))
		default:
			o.taken[no] = name
			w.WriteHeader(http.StatusCreated)
		}
	}))
	t.Cleanup(o.Close)
	return o
}

const officeRows = "东城区社区戒毒人员花名册,,,\n\n决定书文号,措施,期限,决定日期,送达日期,送达方式,姓名,性别,身份证号,户籍地,执行街道,风险等级,电话\n" +
	"京公戒字〔2026〕1号,社区戒毒,3年,2026/9/14,2026年9月16日,直接送达,甲某,男,110199198501010039,东华门街道,东华门,高,+86 120 0000 0000\n" +
	"京公戒字〔2026〕2号,社区戒毒,3年,2026/9/14,#N/A,直接送达,乙某,男,110199198501010055,东华门街道,东华门,中,\n" +
	"京公戒字〔2026〕3号,社区戒毒,3年,2026/9/14,2026年9月16日,直接送达,丙某,男,110199198501010071,东华门街道,东华门,紫,\n" +
	"京公戒字〔2026〕4号,社区戒毒,3年,2026/9/14,2026年9月16日,直接送达,丁某,男,110199198501010098,东华门街道,东华门,红,\n" +
	"合计,4人\n"

func TestACheckShowsTheReportOfTheImportAndChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOfficeAPI(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "花名册.csv")
	require.NoError(t, os.WriteFile(file, []byte(officeRows), 0o600))
	run := func(args ...string) (int, string) {
		code, out, errs := call(t, append([]string{"import", file, "--remote.server", o.URL, "--remote.token", "gt_x"}, args...)...)
		require.Empty(t, errs)
		return code, out
	}
	const faults = "第8行不是名册内容，未读取：合计 4人\n退回原因汇总：\n  风险等级：…不在可填范围：… 2行（6, 7）\n" +
		"第5行，送达日期：是表格的错误值 #N/A，公式没有得到结果\n第6行，风险等级：“紫”不在可填范围：高、中、低\n第7行，风险等级：“红”不在可填范围：高、中、低\n"
	code, out := run("--check")
	require.Equal(t, 1, code)
	require.Equal(t, "核对：1条可以立案，0条此前已有，3条将退回；没有写入任何内容\n"+faults+"退回的行已写入 "+filepath.Join(dir, "花名册-退回.xlsx")+"，改好后可以直接导入\n", out)
	require.Empty(t, o.taken)
	require.Equal(t, 1, o.dry)

	_, out = run()
	require.Equal(t, "1条已立案，0条此前已有，3条退回\n"+faults+"退回的行已写入 "+filepath.Join(dir, "花名册-退回-2.xlsx")+"，改好后可以直接导入\n", out)
	require.Equal(t, map[string]string{"京公戒字〔2026〕1号": "甲某"}, o.taken)
	info, err := os.Stat(filepath.Join(dir, "花名册-退回.xlsx"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it holds names and identity numbers")

	_, out = run("--lang", "en", "--refused", "-")
	require.Contains(t, out, "0 opened, 1 known already, 3 refused\nrow 8 is no part of the list and was not read: 合计 4人\nfaults per column:\n  risk: … is not one of …: 2 rows (6, 7)\n")
	back, err := excelize.OpenFile(filepath.Join(dir, "花名册-退回.xlsx"))
	require.NoError(t, err)
	rows, err := back.GetRows(back.GetSheetList()[0])
	require.NoError(t, err)
	require.Len(t, rows, 4)
	require.Equal(t, []string{"送达日期：是表格的错误值 #N/A，公式没有得到结果", "5"}, rows[1][13:])
}

func TestACheckIsNotSentToAnAPIThatWouldTakeIt(t *testing.T) {
	t.Parallel()
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			sent++
		}
		_, _ = w.Write([]byte(`{"paths":{"/v1/cases":{"post":{}}}}`))
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "x.csv")
	require.NoError(t, os.WriteFile(file, []byte(officeRows), 0o600))
	code, _, errs := call(t, "import", "--check", file, "--lang", "en", "--remote.server", server.URL, "--remote.token", "gt_x")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "cannot check without recording; nothing was sent")
	require.Zero(t, sent)
}

// TestTheImportFollowsNoRedirectToAnotherHost: names and identity numbers go to the server
// that was configured, or nowhere.
func TestTheImportFollowsNoRedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	reached := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	t.Cleanup(other.Close)
	for _, path := range []string{"/v1/places", "/v1/cases"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path {
				http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
				return
			}
			_, _ = w.Write([]byte(`{"places":[{"code":"110101001","name":"东华门街道"}]}`))
		}))
		t.Cleanup(server.Close)
		file := filepath.Join(t.TempDir(), "x.csv")
		require.NoError(t, os.WriteFile(file, []byte(officeRows), 0o600))
		code, out, errs := call(t, "import", file, "--lang", "en", "--remote.server", server.URL, "--remote.token", "gt_x")
		require.Equal(t, 1, code)
		require.Empty(t, out)
		require.Contains(t, errs, "the server sends the request on to another host, "+other.URL+"; that was not followed")
	}
	require.Zero(t, reached)
}

func TestATemplateIsWrittenOnceAndNeverOverAFile(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{{"import"}, {"workers", "import"}} {
		file := filepath.Join(t.TempDir(), "花名册.xlsx")
		code, out, errs := call(t, append(command, "--template", file)...)
		require.Zero(t, code, errs)
		require.Equal(t, "模板已写入 "+file+"\n", out)
		code, _, _ = call(t, append(command, "--template", file)...)
		require.Equal(t, 1, code)
	}
	code, _, errs := call(t, "import")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "import needs a FILE, or --template")
}

// TestAnOrderThatComesAgainWithAnotherPhoneIsPutRight: the API says that the number is
// known; the row goes to the correction, and to no second case.
func TestAnOrderThatComesAgainWithAnotherPhoneIsPutRight(t *testing.T) {
	t.Parallel()
	var paths []string
	answers := map[string]string{"a": `{"changes":[{"state":"acted","fields":["phone"]},{"state":"waiting","fields":["name"]}]}`, "b": `{"changes":[]}`}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		no, _ := body["order_no"].(string)
		switch r.URL.Path {
		case "/v1/cases":
			w.WriteHeader(http.StatusConflict)
			_, _ = w.Write([]byte(`{"detail":"order_no: this order number was used before for another order","field":"order_no"}`))
		case "/v1/cases/update-client":
			paths = append(paths, r.URL.RequestURI())
			if answers[no] == "" {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = w.Write([]byte(answers[no]))
		}
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "roster.csv")
	rows := "order_no,measure,term_months,decided_on,served_on,service_method,name,sex,id_number,household_street,execution_street,risk\n"
	for _, no := range []string{"a", "b", "c"} {
		rows += no + ",treatment,36,2026-09-14,2026-09-16,direct,甲某,female,110199198501010020,110101001,110101001,low\n"
	}
	require.NoError(t, os.WriteFile(file, []byte(rows), 0o600))
	code, out, errs := call(t, "import", file, "--lang", "en", "--parallel", "1", "--refused", "-", "--remote.server", server.URL, "--remote.token", "gt_x")
	require.Equal(t, 1, code, errs)
	require.Contains(t, out, "0 opened, 2 known already, 1 refused\n")
	require.Contains(t, out, "row 2 was taken; look at phone: was put right\n")
	require.Contains(t, out, "row 2 was taken; look at name: waits for another person to confirm it\n")
	require.Contains(t, out, "row 4, order_no: this order number was used before for another order\n")
	require.Len(t, paths, 3)
}
