package e2e_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// marked are words that stand for what is told of a client, of staff and by staff.
type marked struct{ words []string }

func (m *marked) word() string {
	w := "标记" + rand.Text()[:16]
	m.words = append(m.words, w)
	return w
}

// in are those of the words that stand in the text, as they are or in hexadecimal.
func (m *marked) in(raw []byte) (out []string) {
	for _, w := range m.words {
		if bytes.Contains(raw, []byte(w)) || bytes.Contains(raw, []byte(hex.EncodeToString([]byte(w)))) {
			out = append(out, w)
		}
	}
	return out
}

// TestNothingThatWasToldStandsInClear: after a life with names, numbers, addresses and notes
// that occur nowhere else, none of them is in a table of any database (the product's, Temporal's
// histories and its visibility), in a file of the server, its write-ahead log and its log
// included, in the log of the program, or in its metrics.
func TestNothingThatWasToldStandsInClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := &marked{}
	w.markedLife(t, m)
	served, err := w.send(t.Context(), http.MethodGet, "/metrics", "", "", nil)
	require.NoError(t, err)
	require.Contains(t, string(served.body), "guitu_http_requests_total")
	require.Empty(t, m.in(served.body), "in the metrics")

	db := w.database(t)
	databases := query(t, db, pgx.RowTo[string], `SELECT datname FROM pg_database WHERE datallowconn AND datname NOT LIKE 'template%'`)
	require.GreaterOrEqual(t, len(databases), 3, "the product's, Temporal's, and its visibility: %v", databases)
	require.Empty(t, w.inTables(t, m, databases), "in a table")
	control := m.word()
	_, err = db.Exec(t.Context(), `CREATE TABLE told (words text, raw bytea)`)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `INSERT INTO told VALUES ('', $1)`, []byte(control))
	require.NoError(t, err)
	require.Equal(t, []string{control}, w.inTables(t, m, databases), "the search finds what stands in clear")

	w.stop(t) // everything is on disk
	found := make(map[string][]string)
	files := 0
	require.NoError(t, filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		files++
		for _, word := range m.in(raw) {
			found[word] = append(found[word], path)
		}
		return err
	}))
	require.Greater(t, files, 1000, "the files of the server, its logs, and the program's log")
	require.NotEmpty(t, found[control])
	delete(found, control)
	require.Empty(t, found, "in a file")
}

// markedLife tells something marked in every way in which something can be told.
func (w *world) markedLife(t *testing.T, m *marked) {
	t.Helper()
	res := w.post(t, "", "/v1/workers", "", object{"id": "w-9", "name": m.word(), "post": "full_time", "place": "11", "from": "2020-01-01"})
	require.Contains(t, []int{http.StatusOK, http.StatusCreated}, res.status, "%s", res)
	order := newOrder(0, today().AddDays(-3), "w-9")
	order["order_no"], order["name"], order["phone"] = m.word(), m.word(), "13748215937"
	order["household_address"], order["family_contact"] = m.word(), m.word()
	m.words = append(m.words, order["phone"].(string), order["id_number"].(string))
	path := w.open(t, order)
	for _, step := range []struct {
		name string
		body object
	}{
		{"report-in", object{}},
		{"sign-agreement", object{}},
		{"record-contact", object{"channel": "home_visit", "outcome": "met"}},
		{"raise-crisis", object{"kind": "overdose"}},
		{"report-leave", object{"from": today().AddDays(3).String(), "to": today().AddDays(5).String()}},
	} {
		step.body["note"] = m.word()
		w.do(t, "", path+"/"+step.name, "", step.body)
	}
	w.do(t, "", path+"/update-client", "", object{"residence_address": m.word(), "note": m.word()})
	res = w.post(t, "", "/v1/supervisions", "", object{"case_id": strings.TrimPrefix(path, "/v1/cases/"), "topic": "crisis", "help": "internal", "note": m.word()})
	require.Equal(t, http.StatusCreated, res.status, "%s", res)
	for _, read := range []string{path, path + "/timeline", path + "/documents", "/v1/clients?q=" + url.QueryEscape(order["name"].(string))} {
		_, err := w.send(t.Context(), http.MethodGet, read, "", "", nil)
		require.NoError(t, err)
	}
	await(t, time.Minute, "the read log is written", func() bool {
		return one[int64](t, w.database(t), `SELECT count(*) FROM audit`) > 2
	})
}

// inTables are the words that stand in a row of a table of one of the databases.
func (w *world) inTables(t *testing.T, m *marked, databases []string) (out []string) {
	t.Helper()
	for _, name := range databases {
		dsn, err := url.Parse(w.dsn)
		require.NoError(t, err)
		dsn.Path = "/" + name
		conn, err := pgx.Connect(t.Context(), dsn.String())
		require.NoError(t, err)
		tables := query(t, conn, pgx.RowTo[string], `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
		for _, table := range tables {
			var rows bytes.Buffer
			_, err := conn.PgConn().CopyTo(t.Context(), &rows, "COPY "+pgx.Identifier{table}.Sanitize()+" TO STDOUT")
			require.NoError(t, err, table)
			out = append(out, m.in(rows.Bytes())...)
		}
		require.NoError(t, conn.Close(t.Context()))
	}
	return out
}
