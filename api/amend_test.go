package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

// violated is a case with a threshold of DRR art.20 crossed by tests that a colleague wrote
// down; the sequences are those of the tests.
func (b *bench) violated(n int) (id string, tests []int64) {
	b.t.Helper()
	id = b.opened(n)
	path := "/v1/cases/" + id + "/"
	require.Equal(b.t, 200, b.call("worker", "POST", path+"report-in", `{"occurred_at":"2026-10-13"}`).StatusCode)
	require.Equal(b.t, 200, b.call("worker", "POST", path+"sign-agreement", `{"occurred_at":"2026-10-13"}`).StatusCode)
	for day := 14; day < 17; day++ {
		a := b.call("worker", "POST", path+"record-test",
			fmt.Sprintf(`{"method":"urine","result":"refused","staff":["w-1","w-2"],"occurred_at":"2026-10-%d","note":"would not"}`, day))
		require.Equal(b.t, 200, a.StatusCode, a.text)
	}
	for _, e := range b.events[id] {
		if _, ok := e.Data.(rehab.TestRecorded); ok {
			tests = append(tests, e.Seq)
		}
	}
	for _, test := range tests {
		a := b.call("head", "POST", path+"decide-refusal", fmt.Sprintf(`{"test":%d,"confirmed":true}`, test))
		require.Equal(b.t, 200, a.StatusCode, a.text)
	}
	return id, tests
}

func noted(item map[string]any) map[string]any {
	item["note"] = "x"
	return item
}

func TestADryRunShowsWhatAWithdrawnTestWouldUndo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, tests := b.violated(1)
	require.NotEmpty(t, b.cases[id].Counters.Violations)
	events, texts, did := len(b.events[id]), len(b.texts), b.did

	a := b.call("head", "POST", "/v1/cases/"+id+"/withdraw-record?dry_run=true", map[string]any{"record": tests[2], "note": "it was another client"})
	require.Equal(t, 200, a.StatusCode, a.text)
	var got struct {
		Receipt board.Receipt   `json:"receipt"`
		DryRun  rehab.Rehearsal `json:"dry_run"`
	}
	var loose struct {
		DryRun struct {
			TakenBack []struct {
				Seq  int64  `json:"seq"`
				Type string `json:"type"`
			} `json:"taken_back"`
			Added []struct {
				Type string `json:"type"`
			} `json:"added"`
		} `json:"dry_run"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.text), &got))
	require.NoError(t, json.Unmarshal([]byte(a.text), &loose))
	require.True(t, got.DryRun.TwoPeople, "it counts under DRR art.20")
	require.Equal(t, 3, got.DryRun.Before.Counters.TestBreaches)
	require.Equal(t, 2, got.DryRun.After.Counters.TestBreaches)
	require.NotEmpty(t, got.DryRun.Before.Counters.Violations)
	require.Empty(t, got.DryRun.After.Counters.Violations)
	types := map[string]int64{}
	for _, x := range loose.DryRun.TakenBack {
		types[x.Type] = x.Seq
	}
	require.Equal(t, tests[2], types["test_recorded"])
	require.Contains(t, types, "violation_reached")
	require.Contains(t, fmt.Sprint(loose.DryRun.Added), "record_withdrawn")

	require.Len(t, b.events[id], events, "nothing is recorded")
	require.Len(t, b.texts, texts, "no note is kept")
	require.Equal(t, did, b.did, "the engine was not asked")
	b.call("integration", "POST", "/v1/cases/"+id+"/withdraw-record?dry_run=true", map[string]any{"record": tests[2], "note": "x"}).problem(t, 403, "forbidden", "")
	b.call("other-head", "POST", "/v1/cases/"+id+"/withdraw-record?dry_run=true", map[string]any{"record": tests[2], "note": "x"}).problem(t, 404, "not_found", "")
}

func TestADryRunNamesWhoWasToldAndWhatMoves(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.pass(now.AddDate(0, 0, 8)) // the report-in was due on 27 October: it climbs
	require.NotEmpty(t, b.cases[id].Escalations)
	a := b.call("head", "POST", "/v1/cases/"+id+"/report-in?dry_run=true", `{"occurred_at":"2026-10-13"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	fell := dig(a.json, "dry_run", "fell").([]any)
	require.Len(t, fell, 1, a.text)
	require.Equal(t, []any{"worker"}, dig(fell[0], "told"))
	require.Equal(t, "awaiting_report_in", dig(a.json, "dry_run", "before", "phase"))
	require.Equal(t, "awaiting_agreement", dig(a.json, "dry_run", "after", "phase"))
	require.Equal(t, rehab.AwaitingReportIn, b.cases[id].Phase)

	require.Equal(t, 200, b.call("head", "POST", "/v1/cases/"+id+"/report-in", `{"occurred_at":"2026-10-20"}`).StatusCode)
	seq := int64(0)
	for _, e := range b.events[id] {
		if _, ok := e.Data.(rehab.ReportedIn); ok {
			seq = e.Seq
		}
	}
	a = b.call("head", "POST", "/v1/cases/"+id+"/correct-record?dry_run=true", map[string]any{"record": seq, "happened_at": "2026-10-16", "note": "the register says so"})
	require.Equal(t, 200, a.StatusCode, a.text)
	moved := dig(a.json, "dry_run", "moved").([]any)
	require.NotEmpty(t, moved, "the agreement is due earlier: "+a.text)
	require.Equal(t, "2029-10-19", dig(a.json, "dry_run", "before", "term_end"))
	require.Equal(t, "2029-10-15", dig(a.json, "dry_run", "after", "term_end"))
}

func TestWhatACorrectionSaysIsHeldAgainstItsFields(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, tests := b.violated(1)
	for _, query := range []string{"", "?dry_run=true"} {
		correct := func(body map[string]any) answer {
			body["record"], body["note"] = tests[0], "x"
			return b.call("head", "POST", "/v1/cases/"+id+"/correct-record"+query, body)
		}
		correct(map[string]any{"happened_at": "the day before"}).problem(t, 422, "invalid", "happened_at")
		correct(map[string]any{"happened_at": "2099-01-01"}).problem(t, 422, "invalid", "happened_at")
		correct(map[string]any{"fields": map[string]any{"result": "unclear"}}).problem(t, 422, "invalid", "fields.result")
		correct(map[string]any{"fields": map[string]any{"colour": "red"}}).problem(t, 422, "invalid", "fields.colour")
		correct(map[string]any{}).problem(t, 422, "invalid", "fields")
		b.call("head", "POST", "/v1/cases/"+id+"/correct-record"+query, `{"record":999,"fields":{"result":"negative"},"note":"x"}`).problem(t, 404, "not_found", "record")
	}
	a := b.call("head", "POST", "/v1/commands", map[string]any{"items": []any{
		noted(item("k-1", id, "correct-record", "2026-10-20", map[string]any{"record": tests[0], "happened_at": "soon"})),
		noted(item("k-2", id, "correct-record", "2026-10-20", map[string]any{"record": tests[0], "happened_at": "2026-10-13"})),
	}})
	require.Equal(t, "items[0].happened_at", dig(a.json["items"].([]any)[0], "problem", "field"), a.text)
	require.EqualValues(t, 200, dig(a.json["items"].([]any)[1], "status"), a.text)
}

func TestWhatTwoPeopleTakeBackIsStruckThroughInTheTimeline(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, tests := b.violated(1)
	a := b.call("worker", "POST", "/v1/cases/"+id+"/withdraw-record", map[string]any{"record": tests[2], "note": "it was another client"})
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Len(t, b.cases[id].Counters.Violations, 1, "it waits for another person")
	view := b.call("head", "GET", "/v1/cases/"+id, nil)
	proposed := dig(view.json, "amendments").([]any)
	require.Len(t, proposed, 1, view.text)
	require.Equal(t, "withdrawal", dig(proposed[0], "kind"))
	require.EqualValues(t, tests[2], dig(proposed[0], "record"))
	number := dig(proposed[0], "id")

	settle := b.call("head", "GET", "/v1/inbox?part=settle", nil)
	require.Contains(t, settle.text, `"command":"confirm-amendment"`)
	b.call("worker", "POST", "/v1/cases/"+id+"/confirm-amendment", map[string]any{"amendment": number}).problem(t, 403, "forbidden", "")
	a = b.call("head", "POST", "/v1/cases/"+id+"/confirm-amendment", map[string]any{"amendment": number})
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Empty(t, b.cases[id].Counters.Violations)

	revision := int64(0)
	struck := map[int64]map[string]any{}
	for _, e := range b.call("head", "GET", "/v1/cases/"+id+"/timeline?limit=200", nil).json["entries"].([]any) {
		x := e.(map[string]any)
		if x["type"] == "life_revised" {
			revision = int64(x["seq"].(float64))
		}
		if x["taken_back"] != nil {
			struck[int64(x["seq"].(float64))] = x
		}
	}
	require.Contains(t, struck, tests[2])
	require.EqualValues(t, revision, struck[tests[2]]["taken_back"])
	require.Nil(t, struck[tests[2]]["instead"])
	require.NotContains(t, struck, tests[1])
	require.Empty(t, dig(b.call("head", "GET", "/v1/cases/"+id, nil).json, "amendments"))
}

func TestACorrectedRecordStandsBesideWhatReplacedIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+id+"/report-in", `{"occurred_at":"2026-10-16"}`).StatusCode)
	a := b.call("head", "POST", "/v1/cases/"+id+"/correct-record", `{"record":4,"happened_at":"2026-10-14","note":"the register says so"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	found := false
	all := b.call("head", "GET", "/v1/cases/"+id+"/timeline?limit=200", nil).json["entries"].([]any)
	for _, e := range all {
		x := e.(map[string]any)
		if x["type"] == "reported_in" && x["taken_back"] != nil {
			instead := all[int(x["instead"].(float64))-1].(map[string]any)
			require.Equal(t, "reported_in", instead["type"])
			require.Equal(t, "2026-10-14", dig(instead["data"], "on"))
			found = true
		}
	}
	require.True(t, found)
}

func TestAFactThatIsKnownIsAnsweredWithTheRecordThatHasIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	visit := "/v1/cases/" + id + "/visit-completed"
	first := b.call("worker", "POST", visit, `{"occurred_at":"2026-10-20T09:00:00+08:00","note":"at home"}`)
	require.Equal(t, 200, first.StatusCode, first.text)
	texts := len(b.texts)
	again := b.call("head", "POST", visit, `{"occurred_at":"2026-10-20T11:00:00+08:00","note":"at home, both of us"}`)
	require.Equal(t, 200, again.StatusCode, again.text)
	require.Equal(t, true, dig(again.json, "known"))
	require.EqualValues(t, dig(first.json, "seq"), dig(again.json, "seq"))
	require.Len(t, b.texts, texts, "the note of what was not written is not kept")
	dry := b.call("head", "POST", visit+"?dry_run=true", `{"occurred_at":"2026-10-20T11:00:00+08:00"}`)
	require.Equal(t, true, dig(dry.json, "known"), dry.text)

	// Where nobody made a receipt of it, it is a conflict that names the record.
	b.fail["Do"] = &rehab.Error{Code: rehab.Known, Record: 7, Message: "this is in the record already"}
	b.call("head", "POST", visit, `{"note":"x"}`).problem(t, 409, "known", "")
	require.EqualValues(t, 7, b.call("head", "POST", visit, `{"note":"x"}`).json["record"])
	require.Len(t, b.texts, texts)
}

// TestABatchDemandsANoteWhereTheRouteDoes takes the bodies above for what needs a note: a
// list that is written by hand.
func TestABatchDemandsANoteWhereTheRouteDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for name, text := range bodies {
		var body map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &body))
		_, needed := body["note"]
		delete(body, "note")
		alone := b.call("city", "POST", "/v1/cases/"+id+"/"+name, body)
		batch := b.call("city", "POST", "/v1/commands", map[string]any{"items": []any{item("note-"+name, id, name, "2026-10-21", body)}})
		together := dig(batch.json["items"].([]any)[0], "problem", "field")
		require.Equal(t, needed, alone.json["field"] == "note", "%s alone: %s", name, alone.text)
		require.Equal(t, needed, together == "items[0].note", "%s in a batch: %s", name, batch.text)
	}
}

func TestWhatWasTakenBackIsNoDecisionAnyMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	path := "/v1/cases/" + id + "/"
	b.call("worker", "POST", path+"report-in", `{"occurred_at":"2026-10-13"}`)
	a := b.call("worker", "POST", path+"record-leaving", `{"from":"2026-10-14","to":"2026-10-18"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Contains(t, b.call("head", "GET", path+"why", nil).text, "leaving_recorded")
	seq := int64(0)
	for _, e := range b.events[id] {
		if _, ok := e.Data.(rehab.LeavingRecorded); ok {
			seq = e.Seq
		}
	}
	require.Equal(t, 200, b.call("worker", "POST", path+"withdraw-record", map[string]any{"record": seq, "note": "the visit was to another house"}).StatusCode)
	require.Contains(t, b.call("head", "GET", path+"why", nil).text, "leaving_recorded", "it waits for another person")
	require.Contains(t, b.call("head", "GET", path+"why", nil).text, "amendment_proposed")
	number := b.cases[id].Amendments[0].ID
	b.pass(now.AddDate(0, 0, 1))
	require.Equal(t, 200, b.call("head", "POST", path+"confirm-amendment", map[string]any{"amendment": number}).StatusCode)
	why := b.call("head", "GET", path+"why", nil).text
	require.NotContains(t, why, "leaving_recorded")
	require.Contains(t, why, "record_withdrawn")

	past := "/v1/cases/" + id + "?as_of=2026-10-20"
	require.EqualValues(t, 1, dig(b.call("head", "GET", past, nil).json, "counters", "leavings"), "what was known then")
	require.Len(t, dig(b.call("head", "GET", past, nil).json, "amendments"), 1)
	require.EqualValues(t, 0, dig(b.call("head", "GET", past+"&known=now", nil).json, "counters", "leavings"), "what is known now to have been")
}

// A correction says no more than the record could have said: what the core does not know,
// the streets, the client's age and other cases, is asked of it too, and of a rehearsal.
func TestACorrectionIsHeldAgainstWhatTheCoreDoesNotKnow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1, "worker", nil, "sex", "female") // born in 1987
	path := "/v1/cases/" + id + "/"
	give := func(who, command, body string, status int, field string) string {
		t.Helper()
		a := b.call(who, "POST", path+command, body)
		require.Equal(t, status, a.StatusCode, a.text)
		if field != "" {
			require.Contains(t, a.text, `"field":"`+field+`"`, a.text)
		}
		return a.text
	}
	seq := func(data rehab.EventData) (seq int64) {
		for _, e := range b.events[id] {
			if e.Data.EventType() == data.EventType() {
				seq = e.Seq
			}
		}
		return seq
	}
	give("worker", "report-in", `{}`, 200, "")
	give("worker", "record-circumstance?dry_run=true", `{"circumstance":"under_16","from":"2026-10-01","until":"2027-10-01"}`, 422, "until")
	give("worker", "record-circumstance", `{"circumstance":"pregnant","from":"2026-10-01"}`, 200, "")
	correct := fmt.Sprintf(`{"record":%d,"note":"x","fields":{"circumstance":"under_16","until":"2027-10-01"}}`, seq(rehab.CircumstanceRecorded{}))
	give("head", "correct-record", correct, 422, "fields.until")
	give("head", "correct-record?dry_run=true", correct, 422, "fields.until")

	give("head", "request-transfer", `{"to":"`+otherStreet+`","reason":"household"}`, 200, "")
	give("head", "correct-record", fmt.Sprintf(`{"record":%d,"note":"x","fields":{"to":"110199999"}}`, seq(rehab.TransferRequested{})), 422, "fields.to")
	give("head", "void-case", `{"note":"x","duplicate_of":"c-nope"}`, 422, "duplicate_of")
}
