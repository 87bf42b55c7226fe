package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// badRequest is a request that has to be refused, and how.
type badRequest struct {
	name                    string
	method, path            string // POST by default
	token, key, contentType string
	body                    string
	status                  int
	field                   string // named by the answer; "" where the fault is not in a field
	citation                string // contained in that of the answer
}

// TestBadInputIsNamedAndChangesNothing sends what no honest client sends, and what people
// get wrong. Each is refused by field and rule, and the database stays as it is.
func TestBadInputIsNamedAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.database(t)
	order := newOrder(0, today().AddDays(-10), "w-1") // at 110101001
	path := w.open(t, order)
	w.do(t, "", path+"/report-in", "in", object{"occurred_at": today().AddDays(-5).String()})
	w.do(t, "", path+"/record-contact", "used", object{"channel": "phone", "outcome": "no_answer", "note": "first"})
	tokens := map[string]string{
		"stranger":      w.tokenFor(t, "head-9", "station_head", "110105012"),
		"worker":        w.tokenFor(t, "w-1", "worker", "110101001"),
		"other worker":  w.tokenFor(t, "w-2", "worker", "110101001"),
		"integration":   w.tokenFor(t, "system-1", "integration", ""),
		"not one of us": "gt_" + strings.Repeat("x", 40),
	}
	before := w.contents(t, db)
	require.NotEmpty(t, before)
	bad := append(badOrders(t, order), badBodies(order)...)
	bad = append(bad, badCommands(path)...)
	for _, b := range append(bad, badReads(path)...) {
		w.refuses(t, b, tokens)
	}
	require.Equal(t, before, w.contents(t, db), "something that was refused left a trace")
	w.verify(t)
}

// refuses sends the request and looks at the answer. Nothing the caller can send is a
// fault of the server.
func (w *world) refuses(t *testing.T, b badRequest, tokens map[string]string) {
	t.Helper()
	server, token, _ := w.at()
	if b.token != "" {
		token = tokens[b.token]
	}
	if b.method == "" {
		b.method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), b.method, server+b.path, strings.NewReader(b.body))
	require.NoError(t, err, b.name)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", "en")
	if b.contentType != "" {
		req.Header.Set("Content-Type", b.contentType)
	}
	if b.key != "" {
		req.Header.Set("Idempotency-Key", b.key)
	}
	res, err := w.http.Do(req)
	require.NoError(t, err, b.name)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err, b.name)
	require.Equal(t, b.status, res.StatusCode, "%s: %s", b.name, raw)
	require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"), "%s: %s", b.name, raw)
	var p problem
	require.NoError(t, json.Unmarshal(raw, &p), "%s: %s", b.name, raw)
	require.Equal(t, b.status, p.Status, b.name)
	require.NotEmpty(t, p.Code, b.name)
	require.NotEmpty(t, p.Detail, b.name)
	require.Equal(t, b.field, p.Field, "%s: %s", b.name, raw)
	require.Contains(t, p.Citation, b.citation, "%s: %s", b.name, raw)
}

// contents is how far the ledger has come and how many rows each table has.
func (w *world) contents(t *testing.T, db *pgx.Conn) map[string]int64 {
	t.Helper()
	out := map[string]int64{"position": w.position(t, db)}
	tables := query(t, db, pgx.RowTo[string], `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	for _, name := range tables {
		if name == "command_states" { // says what became of a command, of one that was refused too
			continue
		}
		out[name] = one[int64](t, db, "SELECT count(*) FROM "+pgx.Identifier{name}.Sanitize())
	}
	return out
}

// badOrders are orders with one thing wrong each.
func badOrders(t *testing.T, known object) []badRequest {
	t.Helper()
	good := newOrder(4, today().AddDays(-10), "w-1") // at the same street
	with := func(name, field, citation string, changes object) badRequest {
		body := maps.Clone(good)
		for key, value := range changes {
			if body[key] = value; value == nil {
				delete(body, key)
			}
		}
		raw, err := json.Marshal(body)
		require.NoError(t, err)
		return badRequest{name: name, path: "/v1/cases", body: string(raw), status: http.StatusUnprocessableEntity, field: field, citation: citation}
	}
	tomorrow, old := today().AddDays(1).String(), "2008-05-01"
	number := []byte(good["id_number"].(string)) //nolint:forcetypeassert // newOrder made it
	number[9] = '0' + (number[9]-'0'+1)%10       // one digit mistyped
	taken := maps.Clone(good)
	taken["order_no"] = known["order_no"]
	raw, err := json.Marshal(taken)
	require.NoError(t, err)
	abroad := with("a street of another area", "execution_street", "", nil)
	abroad.token, abroad.status = "stranger", http.StatusForbidden
	opener := with("a worker opens no case", "", "", nil)
	opener.token, opener.status = "worker", http.StatusForbidden
	return []badRequest{
		with("a number as text", "term_months", "", object{"term_months": "36"}),
		with("a broken number", "term_months", "", object{"term_months": 36.5}),
		with("a name as a number", "name", "", object{"name": 7}),
		with("a list for a day", "served_on", "", object{"served_on": []string{"2026-01-01"}}),
		with("a day that is none", "served_on", "", object{"served_on": "2026-02-30"}),
		with("a day left out", "served_on", "", object{"served_on": nil}),
		with("a field that is not known", "colour", "", object{"colour": "green"}),
		with("a field in capitals", "Name", "", object{"Name": "x"}),
		with("served in the future", "served_on", "", object{"served_on": tomorrow}),
		with("served before it was decided", "served_on", "DRR art.13", object{"served_on": today().AddDays(-20).String()}),
		with("decided before the law", "decided_on", "NCL art.71", object{"decided_on": old, "served_on": old}),
		with("a term too short", "term_months", "DRR art.14", object{"term_months": 24}),
		with("a term too long", "term_months", "DRR art.14", object{"measure": "rehabilitation", "term_months": 37}),
		with("a measure that is none", "measure", "", object{"measure": "isolation"}),
		with("a mistyped identity number", "id_number", "", object{"id_number": string(number)}),
		with("a long name", "name", "", object{"name": strings.Repeat("某", 65)}),
		with("a name with a line break", "name", "", object{"name": "某\n"}),
		with("a name with a zero", "name", "", object{"name": "某\x00"}),
		with("a name that turns the reading order", "name", "", object{"name": "某\u202e"}),
		with("a blank name", "name", "", object{"name": "   "}),
		with("a phone of letters", "phone", "", object{"phone": "one-two-three"}),
		with("a worker by name", "worker", "", object{"worker": "王 某"}),
		with("a street that is none", "household_street", "", object{"household_street": "999999999", "execution_street": "999999999"}),
		with("a street of nobody's", "execution_street", "NCL art.33", object{"execution_street": "110105012"}),
		with("reported in before service", "carried.reported_on", "DRR art.14", object{"carried": object{"reported_on": today().AddDays(-11).String()}}),
		with("carried from the future", "carried.reported_on", "", object{"carried": object{"reported_on": tomorrow}}),
		with("a policy that is none", "policy", "", object{"policy": "moon@1"}),
		{name: "an order number that is taken", path: "/v1/cases", body: string(raw), status: http.StatusConflict, field: "order_no"},
		abroad, opener,
	}
}

// badBodies are not what an HTTP client should send at all.
func badBodies(order object) []badRequest {
	huge := fmt.Sprintf(`{"order_no": "%s", "name": "%s"}`, order["order_no"], bytes.Repeat([]byte("x"), 2<<20))
	bodies := []badRequest{
		{name: "not JSON", body: `{"order_no": `, status: http.StatusBadRequest, field: "body"},
		{name: "two documents", body: `{} {}`, status: http.StatusBadRequest, field: "body"},
		{name: "not UTF-8", body: "{\"name\": \"\xff\xfe\"}", status: http.StatusBadRequest, field: "body"},
		{name: "a list", body: `[]`, status: http.StatusUnprocessableEntity, field: "body"},
		{name: "null", body: `null`, status: http.StatusUnprocessableEntity, field: "body"},
		{name: "a name twice", body: `{"name": "a", "name": "b"}`, status: http.StatusUnprocessableEntity, field: "name"},
		{name: "too deep", body: strings.Repeat("[", 5000) + strings.Repeat("]", 5000), status: http.StatusUnprocessableEntity, field: "body"},
		{name: "too large", body: huge, status: http.StatusRequestEntityTooLarge, field: "body"},
		{name: "a form", body: "name=x", contentType: "application/x-www-form-urlencoded", status: http.StatusUnsupportedMediaType, field: "Content-Type"},
		{name: "a token nobody was given", body: `{}`, token: "not one of us", status: http.StatusUnauthorized},
	}
	for i := range bodies {
		bodies[i].path = "/v1/cases"
	}
	return bodies
}

// badCommands go to a case that is there: reported in five days ago.
func badCommands(path string) []badRequest {
	const wrong = http.StatusUnprocessableEntity
	future := today().AddDays(2).String()
	contact := `{"channel": "phone", "outcome": "no_answer"}`
	commands := []badRequest{
		{name: "from the future", path: "/record-contact", body: `{"channel": "talk", "outcome": "met", "occurred_at": "` + future + `"}`, status: wrong, field: "occurred_at"},
		{name: "before the order", path: "/record-contact", body: `{"channel": "talk", "outcome": "met", "occurred_at": "` + today().AddDays(-11).String() + `"}`,
			status: wrong, field: "occurred_at", citation: "DRR art.14"},
		{name: "no instant", path: "/record-contact", body: `{"channel": "talk", "outcome": "met", "occurred_at": "yesterday"}`, status: wrong, field: "occurred_at"},
		{name: "a channel that is none", path: "/record-contact", body: `{"channel": "pigeon", "outcome": "met"}`, status: wrong, field: "channel"},
		{name: "no channel", path: "/record-contact", body: `{"outcome": "met"}`, status: wrong, field: "channel"},
		{name: "a channel as a number", path: "/record-contact", body: `{"channel": 1, "outcome": "met"}`, status: wrong, field: "channel"},
		{name: "an unknown field", path: "/record-contact", body: `{"channel": "talk", "outcome": "met", "mood": "good"}`, status: wrong, field: "mood"},
		{name: "a long note", path: "/report-in", body: `{"note": "` + strings.Repeat("长", 2001) + `"}`, status: wrong, field: "note"},
		{name: "a note with an escape", path: "/report-in", body: `{"note": "red \u001b[31m"}`, status: wrong, field: "note"},
		{name: "a blank note", path: "/record-contact", body: `{"channel": "talk", "outcome": "met", "note": "  "}`, status: wrong, field: "note"},
		{name: "reported in again", path: "/report-in", key: "in-again", body: `{"note": "again"}`, status: wrong, citation: "DRR art.14"},
		{name: "signed before report-in", path: "/sign-agreement", body: `{"occurred_at": "` + today().AddDays(-6).String() + `"}`, status: wrong, field: "occurred_at", citation: "DRR art.14, 16"},
		{name: "released early", path: "/release", body: `{}`, status: wrong, citation: "DRR art.14"},
		{name: "a miss of nothing", path: "/confirm-miss", body: `{"obligation": "contact-99"}`, status: http.StatusNotFound, field: "obligation"},
		{name: "an obligation that is none", path: "/confirm-miss", body: `{"obligation": "contact"}`, status: wrong, field: "obligation"},
		{name: "dismissed without a word", path: "/dismiss-miss", body: `{"obligation": "contact-1"}`, status: wrong, field: "note"},
		{name: "an escalation of nothing", path: "/acknowledge-escalation", body: `{"escalation": 999, "promise": "` + future + `", "note": "soon"}`, status: http.StatusNotFound, field: "escalation"},
		{name: "left before leaving", path: "/record-leaving", body: `{"from": "` + today().AddDays(-1).String() + `", "to": "` + today().AddDays(-2).String() + `"}`, status: wrong, field: "to"},
		{name: "a worker by name", path: "/assign-worker", body: `{"worker": "王某 某"}`, status: wrong, field: "worker"},
		{name: "a key with spaces", path: "/record-contact", key: "a b", body: contact, status: wrong, field: "Idempotency-Key"},
		{name: "a long key", path: "/record-contact", key: strings.Repeat("k", 129), body: contact, status: wrong, field: "Idempotency-Key"},
		{name: "a used key, another body", path: "/record-contact", key: "used", body: `{"channel": "phone", "outcome": "met"}`, status: http.StatusConflict, field: "Idempotency-Key"},
		{name: "a used key, another note", path: "/record-contact", key: "used", body: `{"channel": "phone", "outcome": "no_answer", "note": "second"}`, status: http.StatusConflict, field: "Idempotency-Key"},
		{name: "a used key, another command", path: "/record-test", key: "used", body: `{"method": "urine", "result": "negative"}`, status: http.StatusConflict, field: "Idempotency-Key"},
		{name: "a used key, another person", path: "/record-contact", key: "used", token: "worker", body: `{"channel": "phone", "outcome": "no_answer", "note": "first"}`, status: http.StatusConflict, field: "Idempotency-Key"},
		{name: "another street's head", path: "/record-contact", token: "stranger", body: contact, status: http.StatusNotFound},
		{name: "another worker", path: "/record-contact", token: "other worker", body: contact, status: http.StatusNotFound},
		{name: "a worker confirms nothing", path: "/confirm-miss", token: "worker", body: `{"obligation": "contact-1"}`, status: http.StatusForbidden},
		{name: "a token nobody was given", path: "/record-contact", token: "not one of us", body: contact, status: http.StatusUnauthorized},
		{name: "too large", path: "/record-contact", body: `{"note": "` + strings.Repeat("x", 2<<20) + `"}`, status: http.StatusRequestEntityTooLarge, field: "body"},
		{name: "a command that is none", path: "/forget", body: `{}`, status: http.StatusNotFound},
	}
	for i := range commands {
		commands[i].path = path + commands[i].path
	}
	return append(commands, badRequest{name: "a case that is none", path: "/v1/cases/c-none/report-in", body: `{}`, status: http.StatusNotFound})
}

// badReads are questions that cannot be answered.
func badReads(path string) []badRequest {
	reads := []badRequest{
		{name: "no rows", path: "/v1/cases?limit=0", status: http.StatusUnprocessableEntity, field: "limit"},
		{name: "a limit of letters", path: "/v1/cases?limit=many", status: http.StatusUnprocessableEntity, field: "limit"},
		{name: "a limit twice", path: "/v1/cases?limit=1&limit=2", status: http.StatusUnprocessableEntity, field: "limit"},
		{name: "a place of letters", path: "/v1/cases?place=11%25", status: http.StatusUnprocessableEntity, field: "place"},
		{name: "a control character", path: "/v1/cases?worker=w%00", status: http.StatusUnprocessableEntity, field: "worker"},
		{name: "as of tomorrow", path: path + "?as_of=" + today().AddDays(1).String(), status: http.StatusUnprocessableEntity, field: "as_of"},
		{name: "as of before it was here", path: path + "?as_of=2020-01-01", status: http.StatusNotFound, field: "as_of"},
		{name: "a foreign case", path: path, token: "stranger", status: http.StatusNotFound},
		{name: "a foreign place", path: "/v1/cases?place=110101001", token: "stranger", status: http.StatusForbidden, field: "place"},
		{name: "a system that only gives commands", path: "/v1/cases", token: "integration", status: http.StatusForbidden},
		{name: "a case by a strange id", path: "/v1/cases/%00%27%20OR%201=1", status: http.StatusNotFound},
		{name: "a page that is none", path: "/v1/nothing", status: http.StatusNotFound},
	}
	for i := range reads {
		reads[i].method = http.MethodGet
	}
	return append(reads, badRequest{name: "a method that is none", method: http.MethodDelete, path: path, status: http.StatusMethodNotAllowed})
}
