package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// reported opens a case of which a report was sent to the police, and answers with the sequence of it.
func (b *bench) reported(n int) (id string, seq int64) {
	b.t.Helper()
	id = b.opened(n)
	path := "/v1/cases/" + id + "/"
	b.must(200, "worker", "POST", path+"report-in", `{"occurred_at":"2026-10-12"}`)
	b.must(200, "worker", "POST", path+"sign-agreement", `{"occurred_at":"2026-10-12"}`)
	b.must(200, "worker", "POST", path+"record-test", `{"method":"urine","result":"positive_provisional","staff":["w-1","p-1"],"collector_sex":"female","occurred_at":"2026-10-13"}`)
	b.must(200, "head", "POST", path+"resolve-test", fmt.Sprintf(`{"test":%d,"confirmed":true}`, b.cases[id].Pending[0].Test))
	b.must(200, "head", "POST", path+"confirm-police-report", `{"obligation":"police_report-1"}`)
	b.must(200, "worker", "POST", path+"send-police-report", `{"obligation":"police_report-1"}`)
	for _, e := range b.events[id] {
		if e.Data.EventType() == "police_report_sent" {
			seq = e.Seq
		}
	}
	require.NotZero(b.t, seq)
	return id, seq
}

func TestThePoliceReadWhatIsAddressedToThemAndGiveItsReceipt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.reported(1)
	other := b.opened(2)
	list := b.must(200, "police", "GET", "/v1/police-reports?waiting=true", nil)
	require.Len(t, list.json["reports"], 1)
	require.Equal(t, id, dig(list.json["reports"].([]any)[0], "case_id"))
	require.NotContains(t, list.text, other)
	require.NotContains(t, list.text, "赵", "the list has no name")
	path := fmt.Sprintf("/v1/police-reports/%s/%d", id, seq)
	paper := b.must(200, "police", "GET", path, nil)
	require.Equal(t, "text/html; charset=utf-8", paper.Header.Get("Content-Type"))
	require.Contains(t, paper.text, "关于报告有关情况的函")
	read := b.reads.list[len(b.reads.list)-1]
	require.Equal(t, "get-police-report", read.Operation)
	require.Equal(t, id, read.Subject)

	require.Empty(t, b.must(200, "other-police", "GET", "/v1/police-reports", nil).json["reports"])
	b.call("other-police", "GET", path, nil).problem(t, 404, "not_found", "")
	b.call("other-police", "POST", path+"/receipt", `{}`).problem(t, 404, "not_found", "")
	b.call("police", "GET", fmt.Sprintf("/v1/police-reports/%s/%d", id, seq-1), nil).problem(t, 404, "not_found", "")
	b.call("police", "GET", "/v1/police-reports/"+other+"/1", nil).problem(t, 404, "not_found", "")

	receipt := b.must(200, "police", "POST", path+"/receipt", `{"note":"京公戒回〔2026〕7号"}`, "Idempotency-Key", "receipt-7")
	require.NotContains(t, receipt.text, "w-1", "the answer says nothing of the case")
	require.Equal(t, true, b.must(200, "police", "POST", path+"/receipt", `{"note":"京公戒回〔2026〕7号"}`, "Idempotency-Key", "receipt-7").json["duplicate"])
	require.Empty(t, b.must(200, "police", "GET", "/v1/police-reports?waiting=true", nil).json["reports"])
	require.Len(t, b.must(200, "police", "GET", "/v1/police-reports", nil).json["reports"], 1)
	events := b.events[id]
	require.True(t, slices.ContainsFunc(events, func(e rehab.Event) bool {
		return e.Data.EventType() == "receipt_recorded" && e.Actor == actors["police"]
	}))
}

// What the police and other systems open is written down here by hand, a second time; what
// partners do stands with the registers.
func TestThePoliceAndOtherSystemsOpenNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.reported(1)
	own := []string{
		"get-me", "get-codes", "sign-in", "list-ways", "get-session", "end-session", "list-sessions", "end-other-session", "change-password", "begin-totp", "confirm-totp", "begin-passkey",
		"register-passkey", "list-passkeys", "remove-passkey", "begin-passkey-sign-in", "sign-in-by-passkey", "open-document",
	}
	for who, may := range map[string][]string{
		"police":      {"list-police-reports", "get-police-report", "receive-police-report"},
		"integration": {},
	} {
		shut := 0
		for path, item := range b.document(t).root["paths"].(map[string]any) {
			for method, op := range item.(map[string]any) {
				name := dig(op, "operationId").(string)
				if !strings.HasPrefix(path, "/v1") || slices.Contains(own, name) || slices.Contains(may, name) || who == "integration" && (method != "get" || slices.Contains(systemsRead, name)) {
					continue
				}
				full := strings.NewReplacer("{id}", id, "{seq}", fmt.Sprint(seq), "{kind}", "police_report", "{code}", street, "{version}", "1").Replace(path)
				a := b.call(who, strings.ToUpper(method), full, map[bool]any{true: `{}`, false: nil}[method == "post"])
				if who == "police" {
					require.Equal(t, 403, a.StatusCode, "%s %s %s: %s", who, method, path, a.text)
				}
				require.GreaterOrEqual(t, a.StatusCode, 400, "%s %s %s: %s", who, method, path, a.text)
				require.NotContains(t, a.text, "赵", "%s %s", who, path)
				shut++
			}
		}
		require.Greater(t, shut, 30, who)
	}
}

// systemsRead are the reads of another system: the organisation and the rules, its own commands,
// and what became of them; no case.
var systemsRead = []string{"get-command", "list-places", "get-place", "get-place-history", "list-policies", "get-policy", "list-calendars", "list-indicators", "list-webhook-events", "list-forms", "get-form"}

// policeAnswers are those of the operations of the police, for the document.
func (b *bench) policeAnswers(d *document) {
	id, seq := b.reported(90)
	path := fmt.Sprintf("/v1/police-reports/%s/%d", id, seq)
	d.check("GET", "/v1/police-reports", b.call("police", "GET", "/v1/police-reports", nil))
	d.check("POST", "/v1/police-reports/{id}/{seq}/receipt", b.call("police", "POST", path+"/receipt", `{"note":"京公戒回〔2026〕7号"}`))
}
