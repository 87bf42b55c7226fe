package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// must sends a request and requires the status.
func (b *bench) must(status int, who, method, path string, body any, headers ...string) answer {
	b.t.Helper()
	a := b.call(who, method, path, body, headers...)
	require.Equal(b.t, status, a.StatusCode, method+" "+path+" "+a.text)
	return a
}

func programme(place, organisation string) string {
	return fmt.Sprintf(`{"place":%q,"organisation":%q,"data":{"title":"培新计划","from":"2026-09-01","to":"2026-12-31",
"phases":[{"title":"基础","from":"2026-09-01","to":"2026-10-31"},{"title":"实务","from":"2026-11-01","to":"2026-12-31"}]}}`, place, organisation)
}

const (
	sessionBody = `{"phase":1,"subject":"动机式访谈","trainers":["t-1"],"form":"in_person","on":"2026-10-10","minutes":180,
"invited":[{"worker":"w-1","place":"110101001"},{"worker":"w-2"}]}`
	lecture = `{"place":"110101001","data":{"activity":"lecture","audience":"students","title":"禁毒进校园","on":"2026-10-15","reached":340,"by":["w-1"]}}`
)

func (b *bench) id(who, path string, body any) string {
	b.t.Helper()
	return b.must(201, who, "POST", path, body).json["id"].(string)
}

// registerAnswers checks every operation on records against the document.
func (b *bench) registerAnswers(d *document) {
	post := func(who, path, full, body string) string {
		a := b.call(who, "POST", full, body)
		d.check("POST", path, a)
		for _, wrong := range []string{`{`, `{"foo":1}`} {
			d.check("POST", path, b.call(who, "POST", full, wrong))
		}
		d.check("POST", path, b.call("system", "POST", full, body))
		d.check("POST", path, b.call("", "POST", full, body))
		b.fail["Registers"] = fmt.Errorf("broken")
		d.check("POST", path, b.call(who, "POST", full, body))
		delete(b.fail, "Registers")
		id, _ := a.json["id"].(string)
		return id
	}
	v := post("head", "/v1/supervisions", "/v1/supervisions", `{"topic":"crisis","help":"peer","supervisees":["w-1"]}`)
	other := b.id("head", "/v1/supervisions", `{"topic":"crisis","help":"peer","supervisees":["w-1"]}`)
	p := post("city", "/v1/trainings", "/v1/trainings", programme("11", "org-1"))
	s := post("city", "/v1/trainings/{id}/sessions", "/v1/trainings/"+p+"/sessions", sessionBody)
	l := post("head", "/v1/publicity", "/v1/publicity", lecture)
	data := func(path string) string {
		raw, err := json.Marshal(map[string]any{"data": b.must(200, "city", "GET", path, nil).json["data"], "reason": "x"})
		require.NoError(b.t, err)
		return string(raw)
	}
	for _, step := range []struct{ path, id, name, body string }{
		{"/v1/supervisions", v, "plan", `{"supervisor":"x-1","form":"online","planned_on":"2027-01-20"}`}, {"/v1/supervisions", v, "hold", `{"held_on":"2027-01-20","minutes":90}`},
		{"/v1/supervisions", v, "close", `{"outcome":"no_change"}`}, {"/v1/supervisions", other, "cancel", `{"reason":"x"}`},
		{"/v1/training-sessions", s, "attendance", `{"entries":[{"worker":"w-1","presence":"attended"}]}`},
		{"/v1/supervisions", v, "correct", ""}, {"/v1/trainings", p, "correct", ""}, {"/v1/training-sessions", s, "correct", ""}, {"/v1/publicity", l, "correct", ""},
	} {
		if step.body == "" {
			step.body = data(step.path + "/" + step.id)
		}
		post("city", step.path+"/{id}/"+step.name, step.path+"/"+step.id+"/"+step.name, step.body)
	}
	for path, id := range map[string]string{"/v1/supervisions": v, "/v1/trainings": p, "/v1/training-sessions": s, "/v1/publicity": l} {
		for _, who := range []string{"city", "head", "worker", "partner", "integration", ""} {
			d.check("GET", path, b.call(who, "GET", path, nil))
			d.check("GET", path+"/{id}", b.call(who, "GET", path+"/"+id, nil))
			d.check("GET", path+"/{id}/history", b.call(who, "GET", path+"/"+id+"/history", nil))
		}
		d.check("GET", path, b.call("city", "GET", path+"?limit=0", nil))
		post("city", path+"/{id}/withdraw", path+"/"+id+"/withdraw", `{"reason":"x"}`)
	}
}

func TestASupervisionOfAStalledCaseFromRequestToClosing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.opened(1)
	ask := fmt.Sprintf(`{"case_id":%q,"topic":"stalled_engagement","help":"external","note":"nobody opens the door"}`, c)
	a := b.must(201, "worker", "POST", "/v1/supervisions", ask, "Idempotency-Key", "s-1")
	id := a.json["id"].(string)
	require.Equal(t, "/v1/supervisions/"+id, a.Header.Get("Location"))
	require.Equal(t, street, a.json["place"])
	require.Equal(t, []any{"w-1"}, dig(a.json, "data", "supervisees"))
	again := b.must(200, "worker", "POST", "/v1/supervisions", ask, "Idempotency-Key", "s-1")
	require.Equal(t, id, again.json["id"])
	require.Equal(t, true, again.json["duplicate"])
	b.call("worker", "POST", "/v1/supervisions", `{"topic":"crisis","help":"peer"}`, "Idempotency-Key", "s-1").problem(t, 409, "conflict", "Idempotency-Key")

	path := "/v1/supervisions/" + id
	b.call("worker", "POST", path+"/plan", `{"supervisor":"x-1","form":"online","planned_on":"2026-10-20"}`).problem(t, 403, "forbidden", "")
	b.call("head", "POST", path+"/hold", `{"held_on":"2026-10-20","minutes":90}`).problem(t, 422, "refused", "")
	b.must(200, "head", "POST", path+"/plan", `{"supervisor":"x-1","form":"online","planned_on":"2026-10-20"}`, "Idempotency-Key", "p")
	require.Equal(t, true, b.must(200, "head", "POST", path+"/plan", `{"supervisor":"x-1","form":"online","planned_on":"2026-10-20"}`, "Idempotency-Key", "p").json["duplicate"])
	b.call("head", "POST", path+"/hold", `{"held_on":"2026-10-21","minutes":90}`).problem(t, 422, "invalid", "held_on")
	b.must(200, "head", "POST", path+"/hold", `{"held_on":"2026-10-20","minutes":90}`)
	a = b.must(200, "head", "POST", path+"/close", `{"outcome":"plan_agreed","note":"a joint visit with the family"}`)
	require.EqualValues(t, 4, a.json["version"])
	require.Equal(t, "closed", dig(a.json, "data", "status"))
	b.call("head", "POST", path+"/cancel", `{"reason":"x"}`).problem(t, 422, "refused", "")

	history := b.must(200, "worker", "GET", path+"/history", nil).json["records"].([]any)
	require.Len(t, history, 4)
	require.Equal(t, "nobody opens the door", dig(history[0], "note"))
	require.NotContains(t, b.must(200, "admin", "GET", path+"/history", nil).text, "door", "who only keeps the system running reads no texts")
	require.NotContains(t, b.log.String(), "door")
}

func TestHoldingTheSupervisionOfAStalledCaseMeetsWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.opened(1, "decided_on", "2026-04-30", "served_on", "2026-05-04")
	b.must(200, "head", "POST", "/v1/cases/"+c+"/report-in", `{"occurred_at":"2026-05-06"}`)
	b.must(200, "head", "POST", "/v1/cases/"+c+"/sign-agreement", `{"occurred_at":"2026-05-07"}`)
	b.must(200, "worker", "POST", "/v1/cases/"+c+"/record-contact", `{"channel":"phone","outcome":"no_answer"}`)
	waits := func() bool { return contains(b.must(200, "head", "GET", "/v1/cases/"+c, nil).text, `"supervision-1"`) }
	require.True(t, waits(), "months without contact stall an engagement")
	id := b.id("head", "/v1/supervisions", fmt.Sprintf(`{"case_id":%q,"topic":"stalled_engagement","help":"external"}`, c))
	path := "/v1/supervisions/" + id
	b.must(200, "head", "POST", path+"/plan", `{"supervisor":"x-1","form":"online","planned_on":"2026-10-20"}`)
	b.call("head", "POST", path+"/hold", `{"held_on":"2026-10-20","minutes":90,"step":"sms-and-more"}`).problem(t, 422, "invalid", "step")
	taken := rehab.Reserved("supervision", id, "held")
	b.call("worker", "POST", "/v1/cases/"+c+"/record-contact", `{"channel":"phone","outcome":"no_answer"}`, "Idempotency-Key", taken).problem(t, 422, "invalid", "Idempotency-Key")
	batch := fmt.Sprintf(`{"items":[{"id":%q,"case_id":%q,"type":"record-contact","occurred_at":"2026-10-20","body":{"channel":"phone","outcome":"no_answer"}}]}`, taken, c)
	require.EqualValues(t, 1, b.must(200, "worker", "POST", "/v1/commands", batch).json["refused"])
	b.pending = true // the engine took it, and the answer was lost
	b.must(200, "head", "POST", path+"/hold", `{"held_on":"2026-10-20","minutes":90,"step":"joint_visit"}`, "Idempotency-Key", "h")
	b.pending = false
	require.True(t, waits())

	other := b.id("head", "/v1/supervisions", fmt.Sprintf(`{"case_id":%q,"topic":"stalled_engagement","help":"peer"}`, c))
	b.must(200, "head", "POST", "/v1/supervisions/"+other+"/plan", `{"supervisor":"x-1","form":"online","planned_on":"2026-10-20"}`)
	for i, key := range []string{other + ":held", other + "/1", other + "-held"} { // a worker who knows the record takes what ids it may have
		b.must(200, "worker", "POST", "/v1/cases/"+c+"/record-contact", fmt.Sprintf(`{"channel":"phone","outcome":"no_answer","note":"n-%d"}`, i), "Idempotency-Key", key)
	}
	b.fail["Registers"] = fmt.Errorf("broken")
	require.Equal(t, 500, b.call("head", "POST", "/v1/supervisions/"+other+"/hold", `{"held_on":"2026-10-20","minutes":90}`, "Idempotency-Key", "k").StatusCode)
	delete(b.fail, "Registers")
	b.must(200, "head", "POST", "/v1/supervisions/"+other+"/hold", `{"held_on":"2026-10-20","minutes":90}`, "Idempotency-Key", "k")
	require.False(t, waits())
	did := b.did
	require.Equal(t, true, b.must(200, "head", "POST", "/v1/supervisions/"+other+"/hold", `{"held_on":"2026-10-20","minutes":90}`, "Idempotency-Key", "k").json["duplicate"])
	require.Equal(t, did, b.did)

	third := b.id("head", "/v1/supervisions", fmt.Sprintf(`{"case_id":%q,"topic":"case_review","help":"peer"}`, c))
	b.must(200, "head", "POST", "/v1/supervisions/"+third+"/plan", `{"supervisor":"x-1","form":"online","planned_on":"2026-10-20"}`)
	b.call("head", "POST", "/v1/supervisions/"+third+"/hold", `{"held_on":"2026-10-20","minutes":90,"step":"phone"}`).problem(t, 422, "refused", "occurred_at")
	b.must(200, "head", "POST", "/v1/supervisions/"+third+"/hold", `{"held_on":"2026-10-20","minutes":90}`)
}

func TestWhoSeesAndAsksForWhichSupervision(t *testing.T) {
	t.Parallel()
	b := setup(t)
	theirs := b.opened(2, "worker", "w-2")
	b.call("worker", "POST", "/v1/supervisions", fmt.Sprintf(`{"case_id":%q,"topic":"crisis","help":"peer"}`, theirs)).problem(t, 404, "not_found", "")
	b.call("worker", "POST", "/v1/supervisions", `{"topic":"crisis","help":"peer","supervisees":["w-2"]}`).problem(t, 403, "forbidden", "supervisees")
	b.call("head", "POST", "/v1/supervisions", `{"place":"110102003","topic":"crisis","help":"peer","supervisees":["w-9"]}`).problem(t, 403, "forbidden", "place")
	b.call("head", "POST", "/v1/supervisions", `{"topic":"crisis","help":"peer"}`).problem(t, 422, "invalid", "supervisees")
	b.call("head", "POST", "/v1/supervisions", `{"topic":"crisis","help":"peer","supervisees":["w-1"],"note":"of whom?"}`).problem(t, 422, "invalid", "note")
	b.call("district", "POST", "/v1/supervisions", `{"place":"110101099","topic":"crisis","help":"peer","supervisees":["w-1"]}`).problem(t, 422, "invalid", "place")
	b.call("integration", "POST", "/v1/supervisions", `{"topic":"crisis","help":"peer"}`).problem(t, 403, "forbidden", "")
	id := b.id("worker", "/v1/supervisions", `{"topic":"strain","help":"peer"}`)
	for who, sees := range map[string]bool{"worker": true, "colleague": false, "head": true, "other-head": false, "district": true, "other-office": false, "city": true, "admin": true} {
		if sees {
			b.must(200, who, "GET", "/v1/supervisions/"+id, nil)
		} else {
			b.call(who, "GET", "/v1/supervisions/"+id, nil).problem(t, 404, "not_found", "")
			b.call(who, "POST", "/v1/supervisions/"+id+"/withdraw", `{"reason":"x"}`).problem(t, 404, "not_found", "")
		}
		require.Len(t, b.must(200, who, "GET", "/v1/supervisions", nil).json["records"], map[bool]int{true: 1, false: 0}[sees], who)
	}
	require.Empty(t, b.must(200, "head", "GET", "/v1/supervisions?status=held", nil).json["records"])
	b.call("head", "GET", "/v1/supervisions?place=110102", nil).problem(t, 403, "forbidden", "place")
	b.call("head", "GET", "/v1/supervisions?from=2026-13-01", nil).problem(t, 422, "invalid", "from")
	b.call("head", "GET", "/v1/supervisions/tp-1", nil).problem(t, 404, "not_found", "")
}

func TestTrainingIsPlannedAttendedAndCorrectedWithAReason(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("district", "POST", "/v1/trainings", programme("11", "")).problem(t, 403, "forbidden", "place")
	p := b.id("city", "/v1/trainings", programme("11", ""))
	b.call("head", "POST", "/v1/trainings/"+p+"/sessions", sessionBody).problem(t, 403, "forbidden", "place")
	own := strings.Replace(sessionBody, `{"phase"`, `{"place":"110101001","phase"`, 1)
	s := b.id("head", "/v1/trainings/"+p+"/sessions", own)
	b.call("city", "POST", "/v1/trainings/"+p+"/sessions", strings.Replace(sessionBody, "2026-10-10", "2026-11-10", 1)).problem(t, 422, "invalid", "on")
	b.call("city", "POST", "/v1/trainings/"+p+"/sessions", strings.Replace(sessionBody, `"w-2"`, `"w-1"`, 1)).problem(t, 422, "invalid", "invited[1]")

	path := "/v1/training-sessions/" + s
	b.must(200, "head", "POST", path+"/attendance", `{"entries":[{"worker":"w-1","presence":"attended"},{"worker":"w-2","presence":"absent"}]}`)
	b.call("head", "POST", path+"/attendance", `{"entries":[{"worker":"w-2","presence":"attended","minutes":60}]}`).problem(t, 422, "invalid", "reason")
	a := b.must(200, "head", "POST", path+"/attendance", `{"entries":[{"worker":"w-2","presence":"attended","minutes":60}],"reason":"came an hour before the end"}`)
	require.EqualValues(t, 3, a.json["version"])
	require.Equal(t, "came an hour before the end", a.json["reason"])

	mine := b.must(200, "worker", "GET", path, nil)
	require.Len(t, dig(mine.json, "data", "attendance"), 1, "a worker reads the own attendance alone")
	require.Len(t, b.must(200, "worker", "GET", "/v1/training-sessions?programme="+p, nil).json["records"], 1)
	require.Len(t, b.must(200, "worker", "GET", "/v1/trainings", nil).json["records"], 1, "training of the city is for everyone below")
	b.call("elsewhere", "GET", path, nil).problem(t, 404, "not_found", "")

	shorter := strings.NewReplacer(`"place":"11","organisation":"",`, "", `"to":"2026-10-31"`, `"to":"2026-10-09"`, `}]}}`, `}]},"reason":"x"}`).Replace(programme("11", ""))
	b.call("city", "POST", "/v1/trainings/"+p+"/correct", shorter).problem(t, 422, "refused", "data.phases")
	b.must(200, "head", "POST", path+"/withdraw", `{"reason":"entered twice"}`)
	b.must(200, "city", "POST", "/v1/trainings/"+p+"/correct", shorter)
	b.call("head", "POST", path+"/attendance", `{"entries":[{"worker":"w-1","presence":"absent"}],"reason":"x"}`).problem(t, 422, "refused", "")
}

func TestPublicityIsRecordedByTheStationAndItsWorkers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.id("worker", "/v1/publicity", lecture)
	b.call("colleague", "POST", "/v1/publicity", lecture).problem(t, 403, "forbidden", "")
	b.call("other-head", "POST", "/v1/publicity", lecture).problem(t, 403, "forbidden", "place")
	b.call("head", "POST", "/v1/publicity", strings.Replace(lecture, "2026-10-15", "2026-10-21", 1)).problem(t, 422, "invalid", "data.on")
	b.call("head", "POST", "/v1/publicity", strings.Replace(lecture, `"data"`, `"foo":1,"data"`, 1)).problem(t, 422, "invalid", "foo")
	fixed := strings.Replace(strings.Replace(lecture, `"place":"110101001",`, "", 1), `"reached":340`, `"reached":304`, 1)
	b.call("head", "POST", "/v1/publicity/"+id+"/correct", fixed).problem(t, 422, "invalid", "reason")
	a := b.must(200, "head", "POST", "/v1/publicity/"+id+"/correct", strings.TrimSuffix(fixed, "}")+`,"reason":"counted again"}`)
	require.EqualValues(t, 304, dig(a.json, "data", "reached"))
	history := b.must(200, "head", "GET", "/v1/publicity/"+id+"/history", nil).json["records"].([]any)
	require.EqualValues(t, 340, dig(history[0], "data", "reached"), "nothing is taken away")
	for i := range 3 {
		b.must(201, "head", "POST", "/v1/publicity", lecture, "Idempotency-Key", fmt.Sprint("k-", i))
	}
	page := b.must(200, "city", "GET", "/v1/publicity?limit=3", nil)
	require.Len(t, page.json["records"], 3)
	rest := b.must(200, "city", "GET", "/v1/publicity?limit=3&after="+page.json["next"].(string), nil)
	require.Len(t, rest.json["records"], 1)
	require.NotContains(t, rest.json, "next")
}

func TestAPartnerSeesItsOwnTrainingAndNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.opened(1)
	mine, theirs := b.id("city", "/v1/trainings", programme("11", "org-1")), b.id("city", "/v1/trainings", programme("11", "org-2"))
	b.id("city", "/v1/trainings", programme("11", ""))
	foreign := b.id("city", "/v1/trainings/"+theirs+"/sessions", sessionBody)
	s := b.id("partner", "/v1/trainings/"+mine+"/sessions", sessionBody)
	b.must(200, "partner", "POST", "/v1/training-sessions/"+s+"/attendance", `{"entries":[{"worker":"w-1","presence":"attended"}]}`)
	b.must(200, "partner", "GET", "/v1/trainings/"+mine+"/history", nil)
	require.Equal(t, []any{}, b.must(200, "partner", "GET", "/v1/me", nil).json["commands"])
	for path, n := range map[string]int{"/v1/trainings": 1, "/v1/training-sessions": 1, "/v1/trainings?organisation=org-2": 1} {
		list := b.must(200, "partner", "GET", path, nil)
		require.Len(t, list.json["records"], n, path)
		require.NotContains(t, list.text, "org-2")
	}
	for _, path := range []string{"/v1/trainings/" + theirs, "/v1/training-sessions/" + foreign} {
		b.call("partner", "GET", path, nil).problem(t, 404, "not_found", "")
		b.call("partner", "GET", path+"/history", nil).problem(t, 404, "not_found", "")
	}
	b.call("partner", "POST", "/v1/trainings/"+theirs+"/sessions", sessionBody).problem(t, 404, "not_found", "")
	b.call("partner", "POST", "/v1/training-sessions/"+foreign+"/withdraw", `{"reason":"x"}`).problem(t, 404, "not_found", "")
	b.call("nameless", "GET", "/v1/trainings", nil).problem(t, 403, "forbidden", "")

	open := []string{"get-me", "get-codes", "add-training-session", "list-training", "get-training", "get-training-history", "correct-training",
		"list-training-session", "get-training-session", "get-training-session-history", "attendance-training-session", "correct-training-session", "withdraw-training-session",
		"health", "get-health", "get-ready", "readiness", "liveness", "open-document",
		"sign-in", "list-ways", "get-session", "end-session", "list-sessions", "end-other-session", "change-password", "begin-totp", "confirm-totp", "begin-passkey",
		"register-passkey", "list-passkeys", "remove-passkey", "begin-passkey-sign-in", "sign-in-by-passkey"}
	shut := 0
	for path, item := range b.document(t).root["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			if strings.HasPrefix(path, "/v1") && !contains(strings.Join(open, " ")+" ", dig(op, "operationId").(string)+" ") {
				full := strings.NewReplacer("{id}", c, "{version}", "1").Replace(path)
				a := b.call("partner", strings.ToUpper(method), full, map[bool]any{true: `{}`, false: nil}[method == "post"])
				a.problem(t, 403, "forbidden", "")
				shut++
			}
		}
	}
	require.Greater(t, shut, 40)
}
