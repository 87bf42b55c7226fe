package api_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/rehab"
)

func rows(a answer, part string) (out []string) {
	for _, r := range a.json[part].([]any) {
		m := r.(map[string]any)
		id, _ := m["id"].(string)
		out = append(out, m["case_id"].(string)+id)
	}
	return out
}

func TestOneThingIsPutOffWithAReasonAndComesBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1) // served on 12 October: report-in is due on the 27th
	put := func(who, until string) answer {
		return b.call(who, "POST", "/v1/inbox/snooze", map[string]any{"case_id": id, "obligation": "report_in-1", "until": until, "note": "comes on Friday"})
	}
	put("worker", "2026-10-20").problem(t, 422, "invalid", "until")
	put("worker", "2026-10-28").problem(t, 422, "refused", "until")
	put("other-head", "2026-10-22").problem(t, 404, "not_found", "")
	put("integration", "2026-10-22").problem(t, 403, "forbidden", "")
	for body, field := range map[string]string{
		`{"case_id":"` + id + `","until":"2026-10-22","note":"x"}`:                                              "obligation",
		`{"case_id":"` + id + `","obligation":"report_in-1","escalation":1,"until":"2026-10-22","note":"x"}`:    "obligation",
		`{"case_id":"` + id + `","obligation":"report_in-1","until":"2026-10-22"}`:                              "note",
		`{"case_id":"` + id + `","obligation":"report_in-1","until":"2026-10-22","note":"  "}`:                  "note",
		`{"case_id":"` + id + `","obligation":"report_in-1","until":"2026-10-22","note":"x","for":"everybody"}`: "for",
		`{"case_id":"` + id + `","obligation":"report_in-1","note":"x"}`:                                        "until",
		`{"case_id":"` + id + `","obligation":"report in","until":"2026-10-22","note":"x"}`:                     "obligation",
		`{"case_id":"` + id + `","obligation":"report_in-1","until":"2026-10-22","note":""}`:                    "note",
	} {
		b.call("worker", "POST", "/v1/inbox/snooze", body).problem(t, 422, "invalid", field)
	}
	b.call("worker", "POST", "/v1/inbox/snooze", `{"case_id":"`+id+`","escalation":99,"until":"2026-10-22","note":"x"}`).problem(t, 404, "not_found", "escalation")
	b.call("worker", "POST", "/v1/inbox/snooze", `{"case_id":"`+id+`","obligation":"test-99","until":"2026-10-22","note":"x"}`).problem(t, 404, "not_found", "obligation")

	require.Equal(t, []string{id + "report_in-1"}, rows(b.call("worker", "GET", "/v1/inbox", nil), "due"))
	require.Equal(t, 200, put("worker", "2026-10-22").StatusCode)
	mine := b.call("worker", "GET", "/v1/inbox", nil)
	require.Empty(t, mine.json["due"])
	hidden := mine.json["snoozed"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"comes on Friday", "2026-10-22", "2026-10-27"}, []any{hidden["note"], hidden["until"], hidden["due"]})
	require.NotEmpty(t, b.call("head", "GET", "/v1/inbox", nil).json["due"], "it is put off for nobody else")
	back := map[string]any{"case_id": id, "obligation": "report_in-1"}
	require.Equal(t, true, b.call("worker", "POST", "/v1/inbox/unsnooze", back).json["was_snoozed"])
	require.Equal(t, false, b.call("worker", "POST", "/v1/inbox/unsnooze", back).json["was_snoozed"])
	require.NotEmpty(t, b.call("worker", "GET", "/v1/inbox", nil).json["due"])
	require.NotContains(t, b.log.String(), "Friday")

	require.Equal(t, 200, put("worker", "2026-10-27").StatusCode)
	b.pass(now.AddDate(0, 0, 8))
	mine = b.call("worker", "GET", "/v1/inbox", nil)
	require.Equal(t, []string{id + "report_in-1"}, rows(mine, "overdue"))
	require.Empty(t, mine.json["snoozed"], "the miss wakes it")
	put("worker", "2026-10-29").problem(t, 422, "refused", "obligation")
}

func TestASnoozeActsOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	put := func(who, until, key string) answer {
		return b.call(who, "POST", "/v1/inbox/snooze", `{"case_id":"`+id+`","obligation":"report_in-1","until":"`+until+`","note":"comes on Friday"}`, "Idempotency-Key", key)
	}
	back := func(key string) answer {
		return b.call("worker", "POST", "/v1/inbox/unsnooze", `{"case_id":"`+id+`","obligation":"report_in-1"}`, "Idempotency-Key", key)
	}
	first := put("worker", "2026-10-22", "k-1")
	require.Equal(t, 200, first.StatusCode, first.text)
	require.Equal(t, "k-1", first.Header.Get("Idempotency-Key"))
	require.Equal(t, true, back("k-2").json["was_snoozed"])

	b.pass(now.AddDate(0, 0, 8)) // what was put off is missed now, and would be refused
	again := put("worker", "2026-10-22", "k-1")
	require.Equal(t, 200, again.StatusCode, again.text)
	require.Equal(t, true, again.json["duplicate"])
	delete(again.json, "duplicate")
	require.Equal(t, first.json, again.json)
	require.Empty(t, b.call("worker", "GET", "/v1/inbox", nil).json["snoozed"], "it was brought back since")
	require.Equal(t, []any{true, true}, []any{back("k-2").json["was_snoozed"], back("k-2").json["duplicate"]})
	put("worker", "2026-10-23", "k-1").problem(t, 409, "conflict", "Idempotency-Key")
	back("k-1").problem(t, 409, "conflict", "Idempotency-Key")
	put("head", "2026-10-22", "k-1").problem(t, 422, "refused", "obligation") // the key of another is free
	put("worker", "2026-10-22", "k 1").problem(t, 422, "invalid", "Idempotency-Key")

	made := b.call("worker", "POST", "/v1/inbox/unsnooze", `{"case_id":"`+id+`","obligation":"report_in-1"}`)
	require.NotEmpty(t, made.Header.Get("Idempotency-Key"))
	require.Equal(t, made.Header.Get("Idempotency-Key"), made.json["command_id"])
}

func TestEscalationsArePagedByTheirKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 3 {
		b.opened(n + 1)
	}
	b.pass(now.AddDate(0, 0, 8))
	all := b.call("city", "GET", "/v1/escalations", nil)
	require.Len(t, all.json["escalations"], 3)
	require.NotContains(t, all.json, "next")
	var got []any
	for path := "/v1/escalations?limit=1"; ; {
		page := b.call("city", "GET", path, nil)
		got = append(got, page.json["escalations"].([]any)...)
		next, more := page.json["next"].(string)
		if !more {
			break
		}
		path = "/v1/escalations?limit=1&after=" + next
	}
	require.Equal(t, all.json["escalations"], got)
	for _, after := range []string{"x", "eyJDYXNlSUQiOiJcdTAwMDAifQ"} {
		b.call("city", "GET", "/v1/escalations?after="+after, nil).problem(t, 422, "invalid", "after")
	}
}

func TestWhatAnOfficeHasToSettleWaitsForIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, free := b.opened(1, "carried", map[string]any{"reported_on": "2026-10-13", "agreement_on": "2026-10-14"}), b.opened(2, "worker", nil)
	a := b.call("worker", "POST", "/v1/cases/"+id+"/report-leave", `{"from":"2026-10-25","to":"2026-10-28","note":"x"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	a = b.call("worker", "POST", "/v1/cases/"+id+"/record-test", `{"method":"urine","result":"positive_provisional","staff":["w-1","w-2"],"collector_sex":"male"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	head := b.call("head", "GET", "/v1/inbox", nil)
	require.Equal(t, []string{id}, rows(head, "leaves"))
	got := map[string]string{}
	for _, r := range head.json["settle"].([]any) {
		m := r.(map[string]any)
		got[m["case_id"].(string)+" "+m["id"].(string)] = m["command"].(string)
	}
	require.Equal(t, "assign-worker", got[free+" assign_worker-1"])
	require.Equal(t, "resolve-test", got[id+" test_result-1"])
	for _, who := range []string{"worker", "district", "other-head"} {
		a := b.call(who, "GET", "/v1/inbox", nil)
		require.Empty(t, a.json["settle"], who)
		require.Empty(t, a.json["leaves"], who)
	}
	toDistrict := func(e rehab.Escalation) bool { return e.Role == rehab.DistrictOffice }
	for day := 8; day < 20 && !slices.ContainsFunc(b.cases[free].Escalations, toDistrict); day++ {
		b.pass(now.AddDate(0, 0, day)) // the report-in of the second is missed, and the climb goes on
	}
	for _, who := range []string{"head", "district"} {
		settle := b.call(who, "GET", "/v1/inbox?part=settle", nil)
		require.Contains(t, rows(settle, "settle"), free+"report_in-1", who)
		require.Contains(t, settle.text, `"command":"confirm-miss"`)
	}
}

func TestTheDraftOfAReportWaitsToBeConfirmed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.pass(now.AddDate(0, 0, 8))
	settle := func() map[string]string {
		got := map[string]string{}
		for _, r := range b.call("head", "GET", "/v1/inbox?part=settle", nil).json["settle"].([]any) {
			got[r.(map[string]any)["id"].(string)] = r.(map[string]any)["command"].(string)
		}
		return got
	}
	require.Equal(t, "confirm-miss", settle()["report_in-1"])
	a := b.call("head", "POST", "/v1/cases/"+id+"/confirm-miss", `{"obligation":"report_in-1"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "confirm-police-report", settle()["police_report-1"])
	b.pass(now.AddDate(0, 0, 11))
	require.Equal(t, "confirm-police-report", settle()["police_report-1"], "it is late, and a draft still")
	a = b.call("head", "POST", "/v1/cases/"+id+"/confirm-police-report", `{"obligation":"police_report-1"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "confirm-miss", settle()["police_report-1"])
}

func TestEveryDecisionInTheInboxHasACommandOfTheOffices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	worker := b.call("worker", "GET", "/v1/me", nil).text
	admin := b.call("admin", "GET", "/v1/me", nil).text
	for _, command := range api.Settling() {
		require.Contains(t, admin, `"`+command+`"`)
		require.NotContains(t, worker, `"`+command+`"`)
	}
}

func TestAPartOfTheInboxIsPagedAndRemindsInTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var want []string
	for i := range 5 {
		want = append(want, b.opened(i)+"report_in-1")
	}
	var got []string
	for next := ""; ; {
		a := b.call("head", "GET", "/v1/inbox?part=due&limit=2&after="+next, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		require.Empty(t, a.json["notices"], "other parts are left out")
		got = append(got, rows(a, "due")...)
		more, _ := a.json["next"].(map[string]any)
		if next, _ = more["due"].(string); next == "" {
			break
		}
	}
	require.ElementsMatch(t, want, got)
	require.Len(t, got, 5)
	due := b.call("head", "GET", "/v1/inbox", nil).json["due"].([]any)[0].(map[string]any)
	require.Equal(t, "2026-10-24", due["remind_on"], "three days before")

	moving := b.opened(9, "served_on", "2026-10-08", "decided_on", "2026-10-01", "carried", map[string]any{"reported_on": "2026-10-09", "agreement_on": "2026-10-10"})
	require.NotContains(t, rows(b.call("head", "GET", "/v1/inbox?days=0", nil), "due"), moving+"test-1", "neither due nor to be reminded of")
	b.call("head", "GET", "/v1/inbox?after=abc", nil).problem(t, 422, "invalid", "after")
	b.call("head", "GET", "/v1/inbox?part=due&after=abc", nil).problem(t, 422, "invalid", "after")
	b.call("head", "GET", "/v1/inbox?part=secret", nil).problem(t, 422, "invalid", "part")
}
