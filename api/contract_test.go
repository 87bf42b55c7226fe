package api_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"guitu/bulk"
	"guitu/inbox"
	"guitu/rehab"
)

// document is the OpenAPI document as it is served.
type document struct {
	t       *testing.T
	root    map[string]any
	schemas *jsonschema.Compiler
	seen    map[string]bool // "operation status" that an answer was checked for
	first   map[string]exchange
}

const documentURL = "https://guitu.example/openapi.json"

func (b *bench) document(t *testing.T) *document {
	t.Helper()
	a := b.call("", "GET", "/openapi.json", nil)
	require.Equal(t, 200, a.StatusCode)
	require.Equal(t, "3.1.0", a.json["openapi"])
	exact, err := jsonschema.UnmarshalJSON(strings.NewReader(a.text))
	require.NoError(t, err)
	schemas := jsonschema.NewCompiler() // OpenAPI 3.1 speaks JSON Schema 2020-12
	schemas.AssertFormat()
	require.NoError(t, schemas.AddResource(documentURL, exact))
	return &document{t: t, root: a.json, schemas: schemas, seen: map[string]bool{}, first: map[string]exchange{}}
}

func dig(v any, path ...string) any {
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

// check requires the answer to be as the document says for the operation.
func (d *document) check(method, path string, a answer) {
	d.t.Helper()
	op := dig(d.root, "paths", path, strings.ToLower(method))
	require.NotNil(d.t, op, method+" "+path+" is not documented")
	status := fmt.Sprint(a.StatusCode)
	response := dig(op, "responses", status)
	require.NotNil(d.t, response, method+" "+path+" does not document "+status+": "+a.text)
	if a.text == "" && dig(response, "content") == nil {
		d.remember(dig(op, "operationId").(string), "", a)
		return
	}
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	require.NotNil(d.t, dig(response, "content", kind, "schema"), method+" "+path+" "+status+" does not document "+kind)
	schema, err := d.schemas.Compile(documentURL + pointer("paths", path, strings.ToLower(method), "responses", status, "content", kind, "schema"))
	require.NoError(d.t, err)
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(a.text))
	require.NoError(d.t, err)
	require.NoError(d.t, schema.Validate(body), method+" "+path+" "+status+"\n"+a.text)
	d.seen[dig(op, "operationId").(string)+" "+status] = true
	d.remember(dig(op, "operationId").(string), kind, a)
}

// pointer is the fragment of a URL that leads through the document (RFC 6901).
func pointer(path ...string) string {
	out := "#"
	for _, p := range path {
		out += "/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(p))
	}
	return out
}

func TestAnswersAreAsDocumented(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.document(t)
	ref := b.rules.Refs()[0]

	d.check("POST", "/v1/cases", b.call("head", "POST", "/v1/cases", order(1, "worker", "w-1")))
	again := b.call("head", "POST", "/v1/cases", order(1, "worker", "w-1"))
	d.check("POST", "/v1/cases", again)
	d.check("POST", "/v1/cases", b.call("head", "POST", "/v1/cases", order(1, "name", "another")))
	d.check("POST", "/v1/cases", b.call("head", "POST", "/v1/cases", order(1, "sex", "x", "risk", "y")))
	d.check("POST", "/v1/cases", b.call("worker", "POST", "/v1/cases", order(1)))
	id := again.json["case_id"].(string)

	for _, step := range []string{"report-in", "sign-agreement", "record-contact", "visit-completed", "record-assessment", "record-leaving", "change-risk", "assign-worker"} {
		d.check("POST", "/v1/cases/{id}/"+step, b.call("head", "POST", "/v1/cases/"+id+"/"+step, bodies[step]))
	}
	d.check("POST", "/v1/cases/{id}/record-test", b.call("head", "POST", "/v1/cases/"+id+"/record-test", strings.Replace(bodies["record-test"], "negative", "positive_provisional", 1)))
	b.pass(now.AddDate(0, 3, 0))
	held := b.call("head", "POST", "/v1/cases", order(3)).json["case_id"].(string) // whose clock may be stopped
	for command, body := range bodies {
		path := "/v1/cases/{id}/" + command
		full := strings.Replace(path, "{id}", id, 1)
		if slices.Contains([]string{"suspend", "review-suspension", "resume", "confirm-term", "terminate"}, command) {
			full = strings.Replace(path, "{id}", held, 1)
		}
		d.check("POST", path, b.call("head", "POST", full, body))
		d.check("POST", path, b.call("head", "POST", full, `{`))
		d.check("POST", path, b.call("head", "POST", full, `{"foo":1}`))
		d.check("POST", path, b.call("head", "POST", full, body, "Content-Type", "text/csv"))
		d.check("POST", path, b.call("head", "POST", full, `"`+strings.Repeat("a", 1<<20)+`"`))
		d.check("POST", path, b.call("other-head", "POST", full, body))
		d.check("POST", path, b.call("system", "POST", full, body))
		d.check("POST", path, b.call("", "POST", full, body))
	}
	for _, items := range []any{[]any{item("k-1", id, "record-contact", "2026-10-14", map[string]any{"channel": "phone", "outcome": "met"}), item("k-2", id, "fly", "x", nil)}, []any{}, 7} {
		d.check("POST", "/v1/commands", b.call("head", "POST", "/v1/commands", map[string]any{"items": items}))
	}
	offices := map[string]string{
		"/v1/places/{code}/rename": `{"from":"2027-01-20","name":"x"}`, "/v1/places/{code}/close": `{"from":"2027-04-01"}`, "/v1/places/{code}/reopen": `{"from":"2027-04-01"}`,
		"/v1/places/{code}/merge": `{"from":"2027-03-15","into":"110101002"}`, "/v1/places/{code}/set-station": `{"from":"2027-01-20","head":"h-1"}`,
		"/v1/places/{code}/set-leading-group": `{"from":"2027-01-20","lead":"h-1"}`,
		"/v1/workers":                         `{"id":"w-5","name":"x","post":"full_time","place":"110101001","from":"2027-01-20"}`,
		"/v1/workers/{id}/change":             `{"from":"2027-01-20","limit":20}`, "/v1/workers/{id}/move": `{"from":"2027-01-21","place":"110101002"}`,
		"/v1/workers/{id}/absences": `{"from":"2027-01-25","to":"2027-01-26"}`,
		"/v1/workers/{id}/leave":    `{"last_day":"2027-04-01"}`, "/v1/caseload/suggest": `{"leaving":"w-1"}`,
	}
	shelved := b.call("head", "POST", "/v1/cases", order(4, "decided_on", "2027-01-10", "served_on", "2027-01-15")).json["case_id"].(string)
	offices["/v1/inbox/snooze"] = `{"case_id":"` + shelved + `","obligation":"report_in-1","until":"2027-01-22","note":"x"}`
	offices["/v1/inbox/unsnooze"] = `{"case_id":"` + shelved + `","obligation":"report_in-1"}`
	for _, path := range slices.Sorted(maps.Keys(offices)) {
		full := strings.NewReplacer("{code}", street, "{id}", "w-5").Replace(path)
		for _, body := range []string{offices[path], `{`, `{"foo":1}`} {
			for _, who := range []string{"district", "head", ""} {
				d.check("POST", path, b.call(who, "POST", full, body))
			}
		}
	}
	for _, body := range []any{`{}`, `{"months":0}`, `{"made_up":{"streets":1,"cases":2,"workers":3},"change":{"workers":-1}}`} {
		d.check("POST", "/v1/policies/preview", b.call("district", "POST", "/v1/policies/preview", `{"to":"national@2026.1"}`))
		d.check("POST", "/v1/simulations", b.call("district", "POST", "/v1/simulations", body))
	}
	b.simulationAnswers(d)
	_, transfer, _ := b.forwarded(5)
	reads := map[string][]string{
		"/v1/transfers": {"/v1/transfers", "/v1/transfers?direction=up"}, "/v1/transfers/{id}": {"/v1/transfers/" + transfer, "/v1/transfers/c-none-t1"},
		"/v1/places/{code}": {"/v1/places/" + street, "/v1/places/9"}, "/v1/workers": {"/v1/workers", "/v1/workers?limit=0"},
		"/v1/workers/{id}/absences": {"/v1/workers/w-5/absences", "/v1/workers/w-none/absences"},
		"/v1/workers/{id}":          {"/v1/workers/w-5", "/v1/workers/w-none"}, "/v1/caseload": {"/v1/caseload", "/v1/caseload?place=110102"},
		"/v1/cases": {"/v1/cases", "/v1/cases?overdue=true", "/v1/cases?phase=lost"}, "/v1/me": {"/v1/me"}, "/v1/codes": {"/v1/codes"}, "/v1/places": {"/v1/places"},
		"/v1/cases/{id}":           {"/v1/cases/" + id, "/v1/cases/" + id + "?as_of=2026-10-20", "/v1/cases/" + id + "?as_of=2026-10-20&known=now", "/v1/cases/c-none"},
		"/v1/cases/{id}/why":       {"/v1/cases/" + id + "/why", "/v1/cases/" + id + "/why?as_of=2026-10-20&known=now", "/v1/cases/c-none/why"},
		"/v1/cases/{id}/windows":   {"/v1/cases/" + id + "/windows?until=2027-03-31", "/v1/cases/" + id + "/windows?until=2031-01-01", "/v1/cases/c-none/windows"},
		"/v1/cases/{id}/documents": {"/v1/cases/" + id + "/documents", "/v1/cases/" + id + "/documents?as_of=2026-10-20", "/v1/cases/c-none/documents"},
		"/v1/policies":             {"/v1/policies", "/v1/policies?place=110102"}, "/v1/calendars": {"/v1/calendars", "/v1/calendars?x=y"},
		"/v1/notices/{position}":  {fmt.Sprintf("/v1/notices/%d", b.noticeOf(id)), "/v1/notices/999999", "/v1/notices/0"},
		"/v1/cases/{id}/timeline": {"/v1/cases/" + id + "/timeline?limit=200", "/v1/cases/c-none/timeline"},
		"/v1/now":                 {"/v1/now", "/v1/now?step=later"},
		"/v1/calendar":            {"/v1/calendar", "/v1/calendar?from=2027-01-20&to=2027-12-31"},
		"/v1/inbox":               {"/v1/inbox", "/v1/inbox?days=-1"}, "/v1/escalations": {"/v1/escalations", "/v1/escalations?x=y"},
		"/v1/day":                     {"/v1/day"},
		"/v1/policies/{id}/{version}": {"/v1/policies/" + ref.ID + "/" + ref.Version, "/v1/policies/a/b"},
		"/v1/cases/{id}/help":         {"/v1/cases/" + id + "/help", "/v1/cases/" + id + "/help?as_of=2026-10-20", "/v1/cases/c-none/help"},
		"/v1/referrals":               {"/v1/referrals", "/v1/referrals?state=lost"},
		"/v1/coverage":                {"/v1/coverage", "/v1/coverage?place=110102"},
		"/v1/coverage/runs":           {"/v1/coverage/runs", "/v1/coverage/runs?place=110102"},
		"/v1/coverage/on/{day}":       {"/v1/coverage/on/2026-01-31", "/v1/coverage/on/2026-01-31?place=110102", "/v1/coverage/on/2099-01-01"},
		"/v1/engine":                  {"/v1/engine", "/v1/engine?place=110102"},
		"/v1/board":                   {"/v1/board?known=now", "/v1/board?known=never", "/v1/board?place=110102"},
		"/v1/board/rows":              {"/v1/board/rows", "/v1/board/rows?since=1-1", "/v1/board/rows?since=x"},
		"/v1/views":                   {"/v1/views", "/v1/views?x=y"},
		"/healthz":                    {"/healthz"}, "/readyz": {"/readyz"},
	}
	b.list = inbox.NowList{Items: everyLine(id), Counts: map[inbox.Step]int{inbox.TodayStep: 1}, Coverage: &inbox.NowCoverage{Open: 1, Since: now}}
	for path, calls := range reads {
		for _, c := range calls {
			for _, who := range []string{"head", "worker", "city", "integration", ""} {
				d.check("GET", path, b.call(who, "GET", c, nil))
			}
		}
	}
	for range 2 { // the second while the first is under way
		d.check("POST", "/v1/engine/verify", b.call("head", "POST", "/v1/engine/verify", `{}`))
	}
	d.check("POST", "/v1/engine/verify", b.call("worker", "POST", "/v1/engine/verify", `{}`))
	d.check("GET", "/v1/engine", b.call("head", "GET", "/v1/engine", nil))
	d.check("POST", "/v1/fleets", b.call("city", "POST", "/v1/fleets", `{"kind":"apply-calendar","dry_run":true,"try":2}`))
	fleet := b.call("city", "POST", "/v1/fleets", `{"kind":"apply-calendar"}`).json["id"].(string)
	for _, body := range []string{`{"kind":"apply-calendar"}`, `{"kind":"fly"}`, `{`, `{"foo":1}`} {
		d.check("POST", "/v1/fleets", b.call("city", "POST", "/v1/fleets", body))
	}
	for _, action := range []string{"undo", "pause", "continue", "cancel"} {
		b.bulk[fleet].State = map[string]bulk.State{"undo": bulk.Undoable}[action]
		if action != "undo" {
			b.bulk[fleet].State = bulk.Running
		}
		d.check("POST", "/v1/fleets/{id}/"+action, b.call("city", "POST", "/v1/fleets/"+fleet+"/"+action, nil))
		d.check("POST", "/v1/fleets/{id}/"+action, b.call("head", "POST", "/v1/fleets/"+fleet+"/"+action, nil))
	}
	reads["/v1/fleets"], reads["/v1/fleets/{id}"] = []string{"/v1/fleets", "/v1/fleets?x=y"}, []string{"/v1/fleets/" + fleet, "/v1/fleets/none"}
	reads["/v1/fleets/{id}/items"] = []string{"/v1/fleets/" + fleet + "/items", "/v1/fleets/" + fleet + "/items?after=-1"}
	for path, calls := range reads {
		if strings.HasPrefix(path, "/v1/fleets") {
			for _, c := range calls {
				d.check("GET", path, b.call("city", "GET", c, nil))
			}
		}
	}
	require.NotEmpty(t, b.call("head", "GET", "/v1/inbox", nil).json["overdue"])
	require.NotEmpty(t, b.call("city", "GET", "/v1/escalations", nil).json["escalations"])
	d.check("GET", "/v1/audit", b.call("admin", "GET", "/v1/audit", nil))
	b.registerAnswers(d)
	b.evaluationAnswers(d)
	b.subscriptionAnswers(d)
	b.paperAnswers(d)
	b.clientAnswers(d)
	b.integratorAnswers(d)
	b.accountAnswers(d)
	b.glassAnswers(d, id)
	b.policeAnswers(d)
	b.archiveAnswers(d)
	d.check("POST", "/codec/decode", b.call("city", "POST", "/codec/decode", payloads(`{}`)))
	b.formAnswers(d, id)
	b.boardAnswers(d, id)
	b.failures(d, id, reads)
	d.complete()
	d.record()
}

// failures checks what is said when the parts behind the API fail.
func (b *bench) failures(d *document, id string, reads map[string][]string) {
	b.pending = true
	for command, body := range bodies {
		d.check("POST", "/v1/cases/{id}/"+command, b.call("city", "POST", "/v1/cases/"+id+"/"+command, body))
	}
	d.check("POST", "/v1/cases", b.call("head", "POST", "/v1/cases", order(9)))
	for _, err := range []error{&rehab.Error{Code: rehab.Unavailable, Message: "down"}, fmt.Errorf("broken")} {
		b.fail["*"] = err
		for command, body := range bodies {
			d.check("POST", "/v1/cases/{id}/"+command, b.call("head", "POST", "/v1/cases/"+id+"/"+command, body))
		}
		for path, calls := range reads {
			d.check("GET", path, b.call("head", "GET", calls[0], nil))
		}
		d.check("GET", "/v1/events", b.call("head", "GET", "/v1/events", nil))
	}
	delete(b.fail, "*")
}

// complete requires a success of every operation to have been checked.
func (d *document) complete() {
	d.t.Helper()
	for path, item := range d.root["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			id := dig(op, "operationId").(string)
			if id == "stream-events" || id == "get-document" || id == "get-police-report" || id == "open-document" || id == "export-evaluation" || dig(op, "responses", "204") != nil {
				continue // its own tests read it
			}
			ok := d.seen[id+" 200"] || d.seen[id+" 201"] || d.seen[id+" 202"]
			require.True(d.t, ok, method+" "+path+": no success was checked")
			require.NotEmpty(d.t, dig(op, "summary"), id)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(dig(d.root, "components", "schemas").(map[string]any))) {
		require.Regexp(d.t, `^[A-Z][A-Za-z]+$`, name)
	}
}
