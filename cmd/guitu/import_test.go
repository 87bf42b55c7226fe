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
)

func TestAListOfWorkersIsImportedRowByRowAndTwiceRegistersNobodyTwice(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	known := map[string]map[string]any{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/v1/workers" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		id, _ := body["id"].(string)
		switch {
		case body["place"] == "999999999":
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
		"w-2,王某三,full_time,110101001,2026-01-01,\nw-4,王某四,king,110101001,2026-01-01,many\nw-5,王某五,full_time,999999999,2026-01-01,\n"), 0o600))
	run := func() (int, string) {
		code, out, _ := call(t, "workers", "import", file, "--remote.server", server.URL, "--remote.token", "gt_x")
		return code, out
	}
	code, out := run()
	require.Equal(t, 1, code)
	const refused = "row 4, id: the id stands in row 3 already\nrow 5, limit: \"many\" is not a whole number\n" +
		"row 5, post: \"king\" is not one of full_time, part_time, station_head, supervisor\nrow 6, place: is not the code of a place\n"
	require.Equal(t, "2 registered, 0 known already, 3 refused\n"+refused, out)
	require.Equal(t, map[string]any{"id": "w-1", "name": "王某一", "post": "full_time", "place": "110101001", "from": "2026-01-01", "limit": 20.0}, known["w-1"])
	require.Equal(t, "2026-01-01", known["w-2"]["from"])
	_, out = run()
	require.Equal(t, "0 registered, 2 known already, 3 refused\n"+refused, out)
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
		rows += no + ",treatment,36,2026-09-14,2026-09-16,direct,甲某,female,110199198702100014,110101001,110101001,low\n"
	}
	require.NoError(t, os.WriteFile(file, []byte(rows), 0o600))
	code, out, _ := call(t, "import", file, "--remote.server", server.URL, "--remote.token", "gt_x")
	require.Equal(t, 0, code, "a warning keeps nothing out")
	require.Equal(t, "3 opened, 0 known already, 0 refused\n"+
		"row 3 was taken; look at id_number: this person has an open case already: c-1\n"+
		"row 4 was taken; look at row: w-1 now has 31 open cases, the limit is 30\n", out)
}
