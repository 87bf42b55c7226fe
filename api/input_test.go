package api_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// untouched requires that a request left nothing behind.
func (b *bench) untouched(did int) {
	b.t.Helper()
	require.Equal(b.t, did, b.did, "the engine was asked")
	require.Empty(b.t, b.identities)
	require.Empty(b.t, b.texts)
}

func TestAnOrderThatIsWrongIsRefusedByFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 65)
	for _, row := range []struct {
		name, field string
		changes     []any
	}{
		{"no order number", "order_no", []any{"order_no", nil}},
		{"an empty order number", "order_no", []any{"order_no", ""}},
		{"an order number of spaces", "order_no", []any{"order_no", "   "}},
		{"an order number that is too long", "order_no", []any{"order_no", long}},
		{"an unknown measure", "measure", []any{"measure", "punishment"}},
		{"a term over three years", "term_months", []any{"measure", "rehabilitation", "term_months", 48}},
		{"a term of treatment under three years", "term_months", []any{"term_months", 24}},
		{"a term in words", "term_months", []any{"term_months", "36"}},
		{"a broken term", "term_months", []any{"term_months", 35.5}},
		{"no date of service", "served_on", []any{"served_on", nil}},
		{"an empty date of service", "served_on", []any{"served_on", ""}},
		{"served before decided", "served_on", []any{"decided_on", "2026-10-13"}},
		{"an impossible date", "decided_on", []any{"decided_on", "2026-13-01"}},
		{"a date with a time", "served_on", []any{"served_on", "2026-10-12T00:00:00Z"}},
		{"decided before there was a law", "decided_on", []any{"decided_on", "2008-05-31"}},
		{"served tomorrow", "served_on", []any{"served_on", "2026-10-21"}},
		{"an unknown method of service", "service_method", []any{"service_method", "pigeon"}},
		{"no name", "name", []any{"name", nil}},
		{"a name that is too long", "name", []any{"name", long}},
		{"a name with a line in it", "name", []any{"name", "甲某907\n"}},
		{"a name with NUL", "name", []any{"name", "a\u0000b"}},
		{"a name with DEL", "name", []any{"name", "a\u007fb"}},
		{"a name that reads backwards", "name", []any{"name", "a\u202eb"}},
		{"a name between spaces", "name", []any{"name", " 赵 "}},
		{"an unknown sex", "sex", []any{"sex", "m"}},
		{"a wrong check digit", "id_number", []any{"id_number", "110199198001010000"}},
		{"a wrong date of birth", "id_number", []any{"id_number", "11019919870230001X"}},
		{"an id number of 15 digits", "id_number", []any{"id_number", "110199870210001"}},
		{"an id number with a letter", "id_number", []any{"id_number", "1101991987O2100014"}},
		{"an id number in wide digits", "id_number", []any{"id_number", "１10199198702100014"}},
		{"a phone of letters", "phone", []any{"phone", "call me"}},
		{"a phone that is too short", "phone", []any{"phone", "1234"}},
		{"a phone that is too long", "phone", []any{"phone", strings.Repeat("1", 21)}},
		{"a family phone with a dash", "family_phone", []any{"family_phone", "010-1234567"}},
		{"a street that is none", "household_street", []any{"household_street", "999999999"}},
		{"a district as the street", "residence_street", []any{"execution_street", "110101", "residence_street", "110101"}},
		{"a street where the client does not live", "execution_street", []any{"execution_street", "110101002"}},
		{"no street to execute", "execution_street", []any{"execution_street", nil}},
		{"a purple risk", "risk", []any{"risk", "purple"}},
		{"maybe in therapy", "maintenance_therapy", []any{"maintenance_therapy", "maybe"}},
		{"a worker by name", "worker", []any{"worker", "张三"}},
		{"a printed end before service", "printed_end", []any{"printed_end", "2026-10-01"}},
		{"a printed end far beyond any term", "printed_end", []any{"printed_end", "2099-10-12"}},
		{"credit for too long", "credit_days", []any{"credit_days", 1099}},
		{"credit below nothing", "credit_days", []any{"credit_days", -1}},
		{"a policy that is not there", "policy", []any{"policy", map[string]any{"id": "beijing", "version": "1.0"}}},
		{"half a policy", "policy.version", []any{"policy", map[string]any{"id": "beijing"}}},
		{"reported in before service", "carried.reported_on", []any{"carried", map[string]any{"reported_on": "2026-10-01"}}},
		{"reported in tomorrow", "carried.reported_on", []any{"carried", map[string]any{"reported_on": "2026-10-21"}}},
		{"carried without report-in", "carried.reported_on", []any{"carried", map[string]any{"tests": 2}}},
		{"carried tests below nothing", "carried.tests", []any{"carried", map[string]any{"reported_on": "2026-10-13", "tests": -1}}},
		{"a field that does not exist", "nickname", []any{"nickname", "x"}},
		{"a field in other letters", "Name", []any{"Name", "x"}},
		{"an unknown field further in", "carried.mood", []any{"carried", map[string]any{"reported_on": "2026-10-13", "mood": 1}}},
		{"a list for a name", "name", []any{"name", []string{"a"}}},
		{"an object for a date", "served_on", []any{"served_on", map[string]any{"y": 2026}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.call("city", "POST", "/v1/cases", order(1, row.changes...)).problem(t, 422, "invalid", row.field)
			b.untouched(0)
		})
	}
}

func TestEveryMistakeInAnOrderIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("city", "POST", "/v1/cases", order(1, "id_number", "110199198001010000", "execution_street", otherStreet, "served_on", "2026-10-21"))
	var fields []string
	for _, e := range a.json["errors"].([]any) {
		fields = append(fields, fmt.Sprint(e.(map[string]any)["field"]))
	}
	require.Equal(t, []string{"served_on", "id_number", "execution_street"}, fields)
}

func TestIdentityNumbersOfTheRosterAreRight(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"110199198702100014", "110199196601250030", "11010519491231002X", "11010519491231002x"} {
		b := setup(t)
		a := b.call("city", "POST", "/v1/cases", order(1, "id_number", id))
		require.Equal(t, 201, a.StatusCode, a.text)
		require.Equal(t, strings.ToUpper(id), b.identities[a.json["case_id"].(string)].IDNumber)
	}
}

func TestABodyThatIsNotOneHonestDocumentIsRefused(t *testing.T) {
	t.Parallel()
	deep := func(n int) string {
		return `{"channel":` + strings.Repeat(`[`, n) + strings.Repeat(`]`, n) + `}`
	}
	for _, row := range []struct {
		name, body, kind string
		status           int
		field            string
	}{
		{"not JSON", `channel=phone`, "", 400, "body"},
		{"half a document", `{"channel":"phone"`, "", 400, "body"},
		{"two documents", `{"channel":"phone","outcome":"met"}{}`, "", 400, "body"},
		{"a trailing comma", `{"channel":"phone",}`, "", 400, "body"},
		{"invalid UTF-8", "{\"channel\":\"\xff\xfe\"}", "", 400, "body"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "", 400, "body"},
		{"a byte order mark", "\ufeff{}", "", 400, "body"},
		{"half a surrogate pair", `{"channel":"phone","outcome":"met","note":"\ud800"}`, "", 422, "note"},
		{"NUL in a note", `{"channel":"phone","outcome":"met","note":"a\u0000b"}`, "", 422, "note"},
		{"a bell in a note", `{"channel":"phone","outcome":"met","note":"a\u0007b"}`, "", 422, "note"},
		{"a key twice", `{"channel":"phone","outcome":"met","channel":"sms"}`, "", 422, "channel"},
		{"a key in two spellings", `{"channel":"phone","outcome":"met","Channel":"sms"}`, "", 422, "Channel"},
		{"a strange key", "{\"cha\u202ennel\":\"phone\"}", "", 422, "cha?nnel"},
		{"deep nesting", deep(15), "", 422, "channel"},
		{"deeper nesting", deep(1000), "", 422, "body"},
		{"nesting beyond every stack", deep(100000), "", 400, "body"},
		{"a list", `[]`, "", 422, "body"},
		{"a string", `"phone"`, "", 422, "body"},
		{"null", `null`, "", 422, "body"},
		{"a number for a channel", `{"channel":1,"outcome":"met"}`, "", 422, "channel"},
		{"null for a channel", `{"channel":null,"outcome":"met"}`, "", 422, "channel"},
		{"a huge number", `{"channel":1e999,"outcome":"met"}`, "", 422, "channel"},
		{"plain text", `{"channel":"phone","outcome":"met"}`, "text/plain", 415, "Content-Type"},
		{"a form", `channel=phone`, "application/x-www-form-urlencoded", 415, "Content-Type"},
		{"parts", `--x--`, "multipart/form-data; boundary=x", 415, "Content-Type"},
		{"no type at all", `{"channel":"phone","outcome":"met"}`, ";;;", 415, "Content-Type"},
		{"a strange type", `{}`, "a;b+c", 415, "Content-Type"},
		{"a note that is too long", `{"channel":"phone","outcome":"met","note":"` + strings.Repeat("长", 2001) + `"}`, "", 422, "note"},
		{"a note of spaces", `{"channel":"phone","outcome":"met","note":"  "}`, "", 422, "note"},
		{"more than a mebibyte", `{"note":"` + strings.Repeat("a", 1<<20) + `"}`, "", 413, "body"},
		{"no instant", `{"channel":"phone","outcome":"met","occurred_at":"yesterday"}`, "", 422, "occurred_at"},
		{"an instant without a zone", `{"channel":"phone","outcome":"met","occurred_at":"2026-10-20T10:00:00"}`, "", 422, "occurred_at"},
		{"an impossible day", `{"channel":"phone","outcome":"met","occurred_at":"2026-02-30"}`, "", 422, "occurred_at"},
		{"the future", `{"channel":"phone","outcome":"met","occurred_at":"2026-10-20T13:00:00+08:00"}`, "", 422, "occurred_at"},
		{"year ten thousand", `{"channel":"phone","outcome":"met","occurred_at":"9999-12-31T00:00:00Z"}`, "", 422, "occurred_at"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.opened(1)
			before := b.events[id]
			headers := []string{}
			if row.kind != "" {
				headers = []string{"Content-Type", row.kind}
			}
			b.call("worker", "POST", "/v1/cases/"+id+"/record-contact", row.body, headers...).problem(t, row.status, "invalid", row.field)
			require.Len(t, b.events[id], len(before))
			require.Empty(t, b.texts)
		})
	}
}

func TestEachCommandIsCheckedByItsOwnRules(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ command, body, field string }{
		{"record-test", `{"method":"sweat","result":"negative"}`, "method"},
		{"record-test", `{"method":"urine"}`, "result"},
		{"record-test", `{"method":"urine","result":"negative","staff":["王某","w-2"],"collector_sex":"female"}`, "staff"},
		{"record-test", `{"method":"urine","result":"negative","staff":["w-1","w-2"],"collector_sex":"x"}`, "collector_sex"},
		{"resolve-test", `{"test":0,"confirmed":true}`, "test"},
		{"resolve-test", `{"test":1.5,"confirmed":true}`, "test"},
		{"resolve-test", `{"test":99999999999999999999,"confirmed":true}`, "test"},
		{"confirm-miss", `{"obligation":"test"}`, "obligation"},
		{"confirm-miss", `{"obligation":"test-0"}`, "obligation"},
		{"confirm-miss", `{"obligation":"contact-1","evasion":true}`, "evasion"},
		{"dismiss-miss", `{"obligation":"contact-1"}`, "note"},
		{"dismiss-miss", `{"obligation":"contact-1","note":""}`, "note"},
		{"dismiss-miss", `{"obligation":"contact-1","note":" \n"}`, "note"},
		{"justify-miss", `{"obligation":"contact-1","reason":"custody"}`, "note"},
		{"justify-miss", `{"obligation":"contact-1","reason":"tired","note":"x"}`, "reason"},
		{"acknowledge-escalation", `{"escalation":1,"promise":"2026-10-22"}`, "note"},
		{"acknowledge-escalation", `{"escalation":1,"promise":"soon","note":"x"}`, "promise"},
		{"change-risk", `{}`, "risk"},
		{"assign-worker", `{"worker":""}`, "worker"},
		{"assign-worker", `{"worker":"张三"}`, "worker"},
		{"record-leaving", `{"from":"2026-10-19","to":"2026-10-18"}`, "to"},
		{"send-police-report", `{}`, "obligation"},
		{"report-in", `{"on":"2026-10-19"}`, "on"},
		{"visit-completed", `{"outcome":"maybe"}`, "outcome"},
	} {
		t.Run(row.command+" "+row.field, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.opened(1)
			b.call("head", "POST", "/v1/cases/"+id+"/"+row.command, row.body).problem(t, 422, "invalid", row.field)
			require.Empty(t, b.texts)
			require.Equal(t, 1, b.did)
		})
	}
}

func TestABodyMayBeLeftOutWhereNothingIsNeeded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("worker", "POST", "/v1/cases/"+b.opened(1)+"/report-in", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
}

func TestANoteMayHaveLines(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", map[string]any{"note": "first\nsecond\tthird"})
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, map[string]string{"note": "first\nsecond\tthird"}, b.texts[id+"/"+a.json["command_id"].(string)])
}

func TestStrangePathsAreMissingAndStrangeQueriesInvalid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for _, path := range []string{
		"/v1/cases/%00", "/v1/cases/..%2f..%2fetc", "/v1/cases/%ff%fe", "/v1/cases/" + strings.Repeat("a", 3000), "/v1/cases/a%0ab/why",
		"/v1/cases/'%20or%201=1/timeline", "/v1/cases/%E7%94%B2", "/v1/cases/" + id + "%20", "/v1/cases/", "/v1//cases", "/V1/cases",
		"/v1/policies/%00/%00", "/v1/policies/beijing/../../x",
	} {
		b.call("head", "GET", path, nil).problem(t, 404, "not_found", "")
	}
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=201": "limit", "limit=x": "limit", "limit=": "", "limit=99999999999999999999": "limit", "color=red": "color",
		"phase=lost": "phase", "overdue=perhaps": "overdue", "place=%00": "place", "place=abc": "place", "worker=%07": "worker", "after=%ff": "after", "after=" + strings.Repeat("a", 129): "after",
		"Limit=3": "Limit", "limit=1&limit=2": "limit", "%zz": "query", "a;b": "query",
	} {
		a := b.call("head", "GET", "/v1/cases?"+query, nil)
		if field == "" {
			require.Equal(t, 200, a.StatusCode, a.text)
			continue
		}
		a.problem(t, 422, "invalid", field)
	}
	for _, path := range []string{
		"/v1/subscriptions", "/v1/workers", "/v1/caseload", "/v1/transfers", "/v1/referrals", "/v1/supervisions", "/v1/trainings", "/v1/publicity",
	} {
		for _, after := range []string{"%00", "%ff", "%07"} {
			b.call("city", "GET", path+"?after="+after, nil).problem(t, 422, "invalid", "after")
		}
	}
	b.call("head", "GET", "/v1/cases/"+id+"?as_of=2026-13-40", nil).problem(t, 422, "invalid", "as_of")
	b.call("head", "GET", "/v1/cases/"+id+"?as_of=2027-01-01", nil).problem(t, 422, "invalid", "as_of")
	b.call("head", "GET", "/v1/cases/"+id+"?as_of=2026-10-19", nil).problem(t, 404, "not_found", "as_of")
	b.call("head", "POST", "/v1/cases/"+id+"/execute", nil).problem(t, 404, "not_found", "")
	put := b.call("head", "PUT", "/v1/cases", nil)
	put.problem(t, 405, "invalid", "")
	require.Contains(t, put.Header.Get("Allow"), "POST")
}

func TestABodyThatBreaksOffIsTheCallersFault(t *testing.T) {
	t.Parallel()
	b := setup(t)
	req := httptest.NewRequest("POST", "/v1/cases", broken{})
	req.Header.Set("Authorization", "Bearer city")
	b.send(req).problem(t, 400, "invalid", "body")
	b.untouched(0)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, rehab.InvalidField("", "connection reset") }

// What the database cannot take is refused at the door: random requests found each of these
// answered with 500.
func TestWhatNoDatabaseTakesIsRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{
		"/v1/forms/a%00b", "/v1/cases/c%1bd", "/v1/fleets/x/items?after=2147483648", "/v1/cases?worker=a%00b", "/v1/cases/c-1/forms/visit_record/open?version=9999999",
	} {
		a := b.call("head", "GET", path, nil)
		require.GreaterOrEqual(t, a.StatusCode, 400, path)
		require.Less(t, a.StatusCode, 500, path)
	}
	require.Equal(t, "worker", b.call("head", "GET", "/v1/cases?worker=a%00b", nil).json["field"])
}
