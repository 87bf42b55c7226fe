package api_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/forms"
	"guitu/rehab"
)

// visited is a case in execution at which a visit was recorded, with the sequence of the visit.
func (b *bench) visited() (id string, seq int64) {
	b.t.Helper()
	id = b.opened(1)
	for _, step := range []string{"report-in", "sign-agreement"} {
		require.Equal(b.t, 200, b.call("head", "POST", "/v1/cases/"+id+"/"+step, bodies[step]).StatusCode)
	}
	a := b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{}`)
	require.Equal(b.t, 200, a.StatusCode, a.text)
	for _, e := range b.events[id] {
		if d, ok := e.Data.(rehab.ContactRecorded); ok && d.Outcome == rehab.Met {
			seq = e.Seq
		}
	}
	require.NotZero(b.t, seq)
	return id, seq
}

const visitAnswers = `{"channel":"home_visit","outcome":"met","state":"low","next":"sooner","sign":["none"],"needs":["work"],"content":"谈了近况。\n约定下周再来。"}`

func visit(seq int64, answers string) map[string]any {
	return map[string]any{"form": "visit_record", "version": 1, "record": seq, "answers": json.RawMessage(answers)}
}

func TestAFormIsFiledOnceAndReadByItsWorker(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.visited()
	path := "/v1/cases/" + id + "/forms"
	a := b.call("worker", "POST", path, visit(seq, visitAnswers), "Idempotency-Key", "k-1")
	require.Equal(t, 200, a.StatusCode, a.text)
	did := b.did
	again := b.call("worker", "POST", path, visit(seq, visitAnswers), "Idempotency-Key", "k-1")
	require.Equal(t, true, again.json["duplicate"], again.text)
	require.Equal(t, did, b.did, "it acts once")
	b.call("worker", "POST", path, visit(seq, strings.Replace(visitAnswers, "low", "calm", 1)), "Idempotency-Key", "k-1").problem(t, 409, "conflict", "Idempotency-Key")

	list := b.call("worker", "GET", path, nil)
	require.Len(t, list.json["forms"], 1, list.text)
	row := list.json["forms"].([]any)[0].(map[string]any)
	require.EqualValues(t, seq, row["record"])
	one := b.call("worker", "GET", path+"/"+fmtSeq(row["seq"]), nil)
	require.Contains(t, one.text, `约定下周再来`)
	require.Contains(t, one.text, "赵某", "the head as it was: the name of the client")
	page := b.call("head", "GET", path+"/"+fmtSeq(row["seq"])+"/page", nil, "Accept-Language", "zh-CN")
	require.Contains(t, page.text, "情绪低落")
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "style-src 'sha256-")

	for _, e := range b.events[id] {
		raw, err := json.Marshal(e.Data)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "sooner", "no answer stands in the ledger")
	}
}

func fmtSeq(v any) string { raw, _ := json.Marshal(v); return string(raw) }

func TestWrongAnswersAreNamedInBothLanguages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.visited()
	path := "/v1/cases/" + id + "/forms"
	did := b.did
	b.call("worker", "POST", path, visit(seq, `{"channel":"home_visit","outcome":"met","next":"sooner","sign":["none"],"needs":["work"]}`)).problem(t, 422, "invalid", "answers.state")
	a := b.call("worker", "POST", path, visit(seq, `{"channel":"fly","outcome":"met","next":"sooner"}`), "Accept-Language", "zh-CN")
	a.problem(t, 422, "invalid", "answers.channel")
	require.Contains(t, a.json["detail"], "应为以下之一")
	require.Greater(t, len(a.json["errors"].([]any)), 2, "each field is named: %s", a.text)
	b.call("worker", "POST", path, map[string]any{"form": "dance", "version": 1, "answers": map[string]any{}}).problem(t, 404, "not_found", "form")
	b.call("worker", "POST", path, map[string]any{"form": "satisfaction", "version": 1, "answers": map[string]any{"respect": 5}}).problem(t, 422, "refused", "form")
	b.call("worker", "POST", path, visit(10_000, visitAnswers)).problem(t, 404, "not_found", "record")
	b.call("worker", "POST", path, map[string]any{"form": "visit_record", "version": 1, "obligation": "test-99", "answers": json.RawMessage(visitAnswers)}).problem(t, 404, "not_found", "obligation")
	require.Equal(t, did, b.did, "the engine was asked")
	require.Empty(t, b.forms.saved)
}

func TestWhoMayReadAForm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.visited()
	path := "/v1/cases/" + id + "/forms"
	talk := map[string]any{"form": "talk_record", "version": 1, "answers": json.RawMessage(
		`{"outcome":"met","state":"low","topic":["general"],"next":"sooner","craving":9,"use_said":"used","content":"secret words"}`)}
	a := b.call("worker", "POST", path, talk)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, true, a.json["sooner_contact"], a.text)
	seq := fmtSeq(b.call("worker", "GET", path, nil).json["forms"].([]any)[0].(map[string]any)["seq"])

	for _, who := range []string{"worker", "head"} {
		require.Contains(t, b.call(who, "GET", path+"/"+seq, nil).text, "use_said", who)
	}
	for _, who := range []string{"district", "city"} {
		coded := b.call(who, "GET", path+"/"+seq, nil)
		require.Contains(t, coded.text, `"state":"low"`, who)
		require.Contains(t, coded.text, `"value":9`, "the score")
		require.NotContains(t, coded.text, "secret words")
		require.NotContains(t, coded.text, "use_said")
		reasoned := b.call(who, "GET", path+"/"+seq, nil, "Read-Reason", "complaint 12")
		require.Contains(t, reasoned.text, "secret words", who)
		require.NotContains(t, reasoned.text, "use_said", "what is private stays with the station")
		b.call(who, "GET", path+"/"+seq+"/page", nil).problem(t, 403, "forbidden", "")
		b.call(who, "POST", path, talk).problem(t, 403, "forbidden", "")
	}
	b.call("admin", "GET", path+"/"+seq, nil).problem(t, 403, "forbidden", "")
	require.NotContains(t, b.call("admin", "GET", path, nil).text, `"value":9`)
	for _, who := range []string{"colleague", "other-head", "other-office"} {
		b.call(who, "GET", path+"/"+seq, nil).problem(t, 404, "not_found", "")
	}
	b.call("integration", "GET", path, nil).problem(t, 403, "forbidden", "")
	logged := b.reads.operations()
	require.Contains(t, logged, "get-case-form")
	require.Contains(t, logged, "list-case-forms")
}

func TestAnswersArePutRightByANewVersion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.visited()
	path := "/v1/cases/" + id + "/forms"
	require.Equal(t, 200, b.call("worker", "POST", path, visit(seq, visitAnswers)).StatusCode)
	first := b.call("worker", "GET", path, nil).json["forms"].([]any)[0].(map[string]any)["seq"]
	right := visit(seq, strings.Replace(visitAnswers, "low", "calm", 1))
	right["replaces"] = first
	b.call("worker", "POST", path, right).problem(t, 422, "invalid", "reason")
	right["reason"] = "misheard"
	require.Equal(t, 200, b.call("worker", "POST", path, right).StatusCode)
	b.call("worker", "POST", path, right).problem(t, 409, "conflict", "replaces")
	b.call("worker", "GET", path+"/"+fmtSeq(first), nil).problem(t, 403, "forbidden", "")
	require.Contains(t, b.call("head", "GET", path+"/"+fmtSeq(first), nil).text, `"state":"low"`)
	rows := b.call("head", "GET", path, nil).json["forms"].([]any)
	require.Len(t, rows, 2)
	require.Equal(t, rows[1].(map[string]any)["seq"], rows[0].(map[string]any)["replaced_by"])
}

func TestDangerComesFirstAndAClassIsProposedAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.visited()
	path := "/v1/cases/" + id + "/forms"
	a := b.call("worker", "POST", path, visit(seq, strings.Replace(visitAnswers, `["none"]`, `["self_harm_talk"]`, 1)))
	require.Equal(t, true, a.json["crisis"], a.text)
	require.Contains(t, fmtSeq(a.json["instructions"]), "120")

	screening := map[string]any{"kind": "several", "degree": "severe", "conduct": "few", "times": "three", "clean": "less", "family": "rejecting", "work": "none"}
	for _, h := range []string{"refusal", "violation", "relapse", "lost", "self_harm", "psychotic", "overdose", "custody_unfit", "maintenance_broken"} {
		screening["hard_"+h] = "no"
	}
	before := b.cases[id].Risk
	a = b.call("worker", "POST", path, map[string]any{"form": "risk_screening", "version": 1, "answers": screening})
	require.Equal(t, "high", dig(a.json, "proposed_risk", "risk"), a.text)
	require.Equal(t, before, b.cases[id].Risk, "a person decides")
	trend := b.call("district", "GET", path, nil).json["trends"].([]any)
	require.Equal(t, "risk_screening", dig(trend[0], "form"))
	require.EqualValues(t, 18, dig(dig(trend[0], "points").([]any)[0], "value"))
}

func TestAMissingFormIsListedAndTheDutyIsDoneAllTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.doneToo = true
	id, seq := b.visited()
	contact := func() map[string]any {
		for _, o := range b.call("worker", "GET", "/v1/cases/"+id, nil).json["obligations"].([]any) {
			if strings.HasPrefix(dig(o, "id").(string), "contact") && dig(o, "status") == "met" {
				return o.(map[string]any)
			}
		}
		return nil
	}
	require.NotNil(t, contact())
	require.Equal(t, []any{"talk_record|phone_record|visit_record"}, contact()["forms_missing"])
	require.NotEmpty(t, b.call("worker", "GET", "/v1/cases/"+id+"/forms", nil).json["missing"])
	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+id+"/forms", visit(seq, visitAnswers)).StatusCode)
	require.Nil(t, contact()["forms_missing"])
	require.Equal(t, "met", contact()["status"])
}

func TestAFormComesBesideACommandOfABatch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.visited()
	item := map[string]any{
		"id": "phone-1", "case_id": id, "type": "record-contact", "occurred_at": now.Format("2006-01-02T15:04:05Z07:00"),
		"body": map[string]any{"channel": "phone", "outcome": "met"},
		"form": map[string]any{"form": "phone_record", "version": 1, "answers": map[string]any{"outcome": "met", "who": "client", "state": "calm", "next": "as_planned", "content": "a\nb"}},
	}
	send := func() map[string]any {
		a := b.call("worker", "POST", "/v1/commands", map[string]any{"items": []any{item}})
		require.Equal(t, 200, a.StatusCode, a.text)
		return a.json["items"].([]any)[0].(map[string]any)
	}
	require.EqualValues(t, 200, dig(send(), "form", "status"))
	require.EqualValues(t, 200, dig(send(), "form", "status"))
	rows := b.call("worker", "GET", "/v1/cases/"+id+"/forms", nil).json["forms"].([]any)
	require.Len(t, rows, 1, "sent twice, filed once")
	require.NotNil(t, dig(rows[0], "record"), "bound to what the command recorded")

	item["id"], item["form"].(map[string]any)["answers"] = "phone-2", map[string]any{"outcome": "met"}
	item["body"] = map[string]any{"channel": "video", "outcome": "met"}
	got := send()
	require.EqualValues(t, 200, got["status"], "the call happened, whatever the form says")
	require.EqualValues(t, 422, dig(got, "form", "status"))
	require.Equal(t, "items[0].form.answers.who", dig(got, "form", "problem", "field"))
	b.call("worker", "POST", "/v1/commands", map[string]any{"items": []any{map[string]any{"id": "x", "case_id": id, "type": "record-form", "occurred_at": "2026-10-20", "body": map[string]any{}}}})
}

func TestARefusedFormLeavesNoAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, seq := b.visited()
	b.fail["Do"] = &rehab.Error{Code: rehab.Refused, Message: "the record is sealed"}
	b.call("worker", "POST", "/v1/cases/"+id+"/forms", visit(seq, visitAnswers)).problem(t, 422, "refused", "")
	require.Empty(t, b.forms.saved)
}

func TestFiguresHideTheFew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.forms.cells = []forms.Cell{
		{Field: "state", Code: "calm", People: 12}, {Field: "state", Code: "low", People: 4}, {Field: "state", Code: "hopeful", People: 7},
		{Field: "score.craving", People: 4, Mean: 9}, {Field: "score.motivation", People: 5, Mean: 6.5},
	}
	a := b.call("district", "GET", "/v1/forms/visit_record/figures", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	var people []any
	for _, c := range a.json["cells"].([]any) {
		people = append(people, dig(c, "people"))
	}
	require.Equal(t, []any{"12", "<5", "*", "<5", "5"}, people, "with one hidden cell the next smallest is hidden too: the sum would tell")
	require.NotContains(t, a.text, `"mean":9`)
	require.Contains(t, a.text, `"mean":6.5`)
	require.Equal(t, 200, b.call("integration", "GET", "/v1/forms/visit_record/figures", nil).StatusCode, "counts are all that integrators get")
	b.call("worker", "GET", "/v1/forms/visit_record/figures", nil).problem(t, 403, "forbidden", "")
	b.call("district", "GET", "/v1/forms/visit_record/figures?place=110102", nil).problem(t, 403, "forbidden", "place")
}

func TestAnOfficeReleasesAFormOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := ownForm(t)
	b.call("district", "POST", "/v1/forms/preview", map[string]any{"definition": strings.Replace(own, `"en": "Note"`, `"en": ""`, 1)}).problem(t, 422, "invalid", "title.en")
	a := b.call("head", "POST", "/v1/forms/preview", map[string]any{"definition": own, "answers": map[string]any{"mood": "good"}})
	require.Equal(t, 200, a.StatusCode, a.text)
	b.call("head", "POST", "/v1/forms/preview", map[string]any{"definition": own, "answers": map[string]any{"mood": "bad"}}).problem(t, 422, "invalid", "answers.mood")
	b.call("head", "POST", "/v1/forms", map[string]any{"definition": own}).problem(t, 403, "forbidden", "")
	require.Equal(t, 200, b.call("district", "POST", "/v1/forms", map[string]any{"definition": own}).StatusCode)
	b.call("district", "POST", "/v1/forms", map[string]any{"definition": strings.Replace(own, "好", "很好", 1)}).problem(t, 409, "conflict", "version")
	require.Contains(t, b.call("worker", "GET", "/v1/forms", nil).text, "our_note")
	zh := b.call("worker", "GET", "/v1/forms/our_note", nil, "Accept-Language", "zh-CN")
	require.Equal(t, "心情", dig(zh.json, "labels", "mood"), zh.text)
	id, _ := b.visited()
	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+id+"/forms", map[string]any{"form": "our_note", "version": 1, "answers": map[string]any{"mood": "good"}}).StatusCode)
	opened := b.call("worker", "GET", "/v1/cases/"+id+"/blank-forms/our_note", nil)
	require.NotEmpty(t, opened.json["head"], opened.text)
}

func ownForm(t testing.TB) string {
	t.Helper()
	return `{"form": "our_note", "version": 1, "title": {"zh": "本所记录", "en": "Note"}, "groups": [{"name": "a", "fields": ["mood"]}],
	"schema": {"type": "object", "additionalProperties": false, "properties": {"mood": {"enum": ["good"]}}}, "statistics": ["mood"],
	"labels": {"zh": {"group.a": "一", "mood": "心情", "mood.good": "好"}, "en": {"group.a": "A", "mood": "Mood", "mood.good": "Good"}},
	"source": {"mark": "design", "cite": "the office"}}`
}

// upload sends a file as it is.
func (b *bench) upload(who, id, query string, body []byte, headers ...string) answer {
	b.t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/v1/cases/"+id+"/attachments?"+query, bytes.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+who)
	req.Header.Set("Content-Type", "application/octet-stream")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return b.send(req)
}

func scanned(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, jpeg.Encode(&buf, image.NewGray(image.Rect(0, 0, 400, 300)), nil))
	return buf.Bytes()
}

func TestAScanIsKeptShownAndWithdrawn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.visited()
	a := b.upload("worker", id, "kind=signed_paper&record=1", scanned(t), "Idempotency-Key", "k-1")
	require.Equal(t, 201, a.StatusCode, a.text)
	path := "/v1/cases/" + id + "/attachments/" + a.json["id"].(string)
	require.Equal(t, 200, b.upload("worker", id, "kind=signed_paper&record=1", scanned(t), "Idempotency-Key", "k-1").StatusCode, "sent again")
	b.upload("worker", id, "kind=signed_paper&record=1", []byte("%PDF-1.7 other"), "Idempotency-Key", "k-1").problem(t, 409, "conflict", "Idempotency-Key")

	got := b.call("head", "GET", path, nil)
	require.Equal(t, "image/jpeg", got.Header.Get("Content-Type"))
	require.Contains(t, got.Header.Get("Content-Disposition"), "attachment")
	require.Contains(t, got.Header.Get("Content-Security-Policy"), "sandbox")
	_, err := jpeg.Decode(strings.NewReader(got.text))
	require.NoError(t, err)
	thumb, err := jpeg.DecodeConfig(strings.NewReader(b.call("worker", "GET", path+"/thumbnail", nil).text))
	require.NoError(t, err)
	require.Equal(t, 320, thumb.Width)
	require.Contains(t, b.reads.operations(), "get-attachment")
	require.Contains(t, b.reads.operations(), "get-attachment-thumbnail")

	b.call("district", "GET", path, nil).problem(t, 403, "forbidden", "")
	require.Equal(t, 200, b.call("district", "GET", path, nil, "Read-Reason", "complaint 12").StatusCode)
	b.call("admin", "GET", path, nil, "Read-Reason", "x").problem(t, 403, "forbidden", "")
	b.call("colleague", "GET", path, nil).problem(t, 404, "not_found", "")
	b.upload("district", id, "kind=photo", scanned(t)).problem(t, 403, "forbidden", "")

	b.call("worker", "POST", path+"/withdraw", `{"reason":" "}`).problem(t, 422, "invalid", "reason")
	require.Equal(t, 200, b.call("worker", "POST", path+"/withdraw", `{"reason":"wrong client"}`).StatusCode)
	b.call("worker", "GET", path, nil).problem(t, 403, "forbidden", "")
	require.Equal(t, 200, b.call("head", "GET", path, nil).StatusCode)
	require.Contains(t, b.call("worker", "GET", "/v1/cases/"+id+"/attachments", nil).text, "wrong client")
}

func TestAFileThatIsNoScanIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.visited()
	b.upload("worker", id, "kind=photo", []byte("<html><script>")).problem(t, 422, "invalid", "body")
	a := b.upload("worker", id, "kind=photo", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "Accept-Language", "zh-CN")
	a.problem(t, 422, "invalid", "body")
	require.Contains(t, a.json["detail"], "JPEG")
	b.upload("worker", id, "kind=photo", append([]byte("%PDF-1.7"), make([]byte, 10<<20)...)).problem(t, 422, "invalid", "body")
	b.upload("worker", id, "kind=poem", scanned(t)).problem(t, 422, "invalid", "kind")
	b.upload("worker", id, "kind=photo&record=9999", scanned(t)).problem(t, 404, "not_found", "record")
	b.upload("worker", id, "kind=photo&paper=agreement", scanned(t)).problem(t, 422, "invalid", "paper")
	require.Empty(t, b.forms.files)
}

// formAnswers holds the answers about forms and attachments against the document.
func (b *bench) formAnswers(d *document, id string) {
	path := "/v1/cases/{id}/forms"
	for _, who := range []string{"worker", "head", "city"} {
		d.check("GET", "/v1/forms", b.call(who, "GET", "/v1/forms", nil))
		d.check("GET", "/v1/forms/{form}", b.call(who, "GET", "/v1/forms/phq9", nil))
		d.check("GET", "/v1/forms/{form}", b.call(who, "GET", "/v1/forms/dance", nil))
		d.check("GET", "/v1/forms/{form}/figures", b.call(who, "GET", "/v1/forms/phq9/figures", nil))
		d.check("POST", "/v1/forms/preview", b.call(who, "POST", "/v1/forms/preview", map[string]any{"definition": ownForm(b.t)}))
		d.check("POST", "/v1/forms", b.call(who, "POST", "/v1/forms", map[string]any{"definition": ownForm(b.t)}))
		for _, answers := range []string{`{"outcome":"no_answer","next":"sooner"}`, `{}`} {
			d.check("POST", path, b.call(who, "POST", "/v1/cases/"+id+"/forms", map[string]any{"form": "phone_record", "version": 1, "answers": json.RawMessage(answers)}))
		}
		d.check("GET", path, b.call(who, "GET", "/v1/cases/"+id+"/forms", nil))
		d.check("GET", "/v1/cases/{id}/blank-forms/{form}", b.call(who, "GET", "/v1/cases/"+id+"/blank-forms/phq9", nil))
	}
	seq := fmtSeq(b.call("head", "GET", "/v1/cases/"+id+"/forms", nil).json["forms"].([]any)[0].(map[string]any)["seq"])
	for _, who := range []string{"head", "city", "admin"} {
		d.check("GET", path+"/{seq}", b.call(who, "GET", "/v1/cases/"+id+"/forms/"+seq, nil))
	}
	d.check("GET", path+"/{seq}/page", b.call("city", "GET", "/v1/cases/"+id+"/forms/"+seq+"/page", nil))
	require.Equal(b.t, 200, b.call("head", "GET", "/v1/cases/"+id+"/forms/"+seq+"/page", nil).StatusCode)
	files := "/v1/cases/{id}/attachments"
	kept := b.upload("head", id, "kind=photo", scanned(b.t), "Idempotency-Key", "k-file")
	d.check("POST", files, kept)
	d.check("POST", files, b.upload("head", id, "kind=photo", scanned(b.t), "Idempotency-Key", "k-file"))
	d.check("POST", files, b.upload("head", id, "kind=photo", []byte("x")))
	d.check("GET", files, b.call("head", "GET", "/v1/cases/"+id+"/attachments", nil))
	one := "/v1/cases/" + id + "/attachments/" + kept.json["id"].(string)
	require.Equal(b.t, 200, b.call("head", "GET", one, nil).StatusCode)
	d.seen["get-attachment 200"], d.seen["get-attachment-thumbnail 200"], d.seen["print-case-form 200"] = true, true, true // pictures and pages are no JSON
	d.check("POST", files+"/{attachment}/withdraw", b.call("head", "POST", one+"/withdraw", `{"reason":"x"}`))
}
