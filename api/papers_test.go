package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/office"
)

// draftOf is the path of the draft of the kind.
func (b *bench) draftOf(id, kind string) string {
	b.t.Helper()
	for _, x := range b.must(200, "head", "GET", "/v1/cases/"+id+"/documents", nil).json["documents"].([]any) {
		if row := x.(map[string]any); row["kind"] == kind && row["draft"] == true {
			return row["path"].(string)
		}
	}
	require.Fail(b.t, "no draft of "+kind)
	return ""
}

func TestAPaperIsWrittenNumberedSignedAndThenRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.must(200, "head", "POST", "/v1/cases/"+id+"/report-in", `{"note":"SECRETNOTE"}`)
	draft := b.draftOf(id, "agreement")
	b.must(200, "worker", "POST", draft+"/words", `{"words":"双方约定每周三见面。"}`)
	page := b.must(200, "worker", "GET", draft, nil).text
	for _, words := range []string{"草稿", "双方约定每周三见面。", "东城区东华门街道办事处", "（二）检测。", "每月1次"} {
		require.Contains(t, page, words)
	}
	b.call("worker", "POST", draft+"/number", `{}`).problem(t, 403, "forbidden", "")
	b.call("district", "POST", draft+"/number", `{}`).problem(t, 403, "forbidden", "")
	b.call("other-head", "POST", draft+"/number", `{}`).problem(t, 404, "not_found", "")
	b.call("head", "POST", draft+"/number", `{"number":"1"}`).problem(t, 422, "invalid", "number")
	p := b.must(200, "head", "POST", draft+"/number", `{}`)
	require.Equal(t, "东城东华门社戒协〔2026〕1号", p.json["number"])
	require.Equal(t, "v2", p.json["version"])
	require.Equal(t, p.json["number"], b.must(200, "head", "POST", draft+"/number", `{}`).json["number"], "once per paper")
	b.call("worker", "POST", draft+"/words", `{"words":"LATER"}`).problem(t, 409, "conflict", "")
	signed := b.must(200, "head", "GET", draft, nil).text
	require.NotContains(t, signed, "草稿")
	require.Contains(t, signed, "东城东华门社戒协〔2026〕1号")

	b.must(200, "head", "POST", "/v1/cases/"+id+"/change-risk", `{"risk":"high"}`)
	require.Equal(t, signed, b.must(200, "head", "GET", draft, nil).text, "what was numbered does not change")
	b.must(200, "head", "POST", "/v1/cases/"+id+"/sign-agreement", `{"note":"SECRETNOTE"}`)
	list := b.must(200, "head", "GET", "/v1/cases/"+id+"/documents", nil)
	var last map[string]any
	for _, x := range list.json["documents"].([]any) {
		if row := x.(map[string]any); row["kind"] == "agreement" {
			last = row
		}
	}
	require.Equal(t, "东城东华门社戒协〔2026〕1号", last["number"], "the number goes from the draft to the paper")
	require.Nil(t, last["draft"])
	final := b.must(200, "head", "GET", last["path"].(string), nil).text
	for _, words := range []string{"补打", "东城东华门社戒协〔2026〕1号", "每2周不少于1次", "双方约定每周三见面。"} {
		require.Contains(t, final, words, "it says what was signed")
	}
	require.NotContains(t, final, "SECRETNOTE")
	require.NotContains(t, b.log.String(), "双方约定")
	require.NotContains(t, b.log.String(), "赵某")
}

func TestASpoiltNumberMakesThePaperADraftAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.must(200, "head", "POST", "/v1/cases/"+id+"/report-in", `{}`)
	draft := b.draftOf(id, "agreement")
	number := b.must(200, "head", "POST", draft+"/number", `{}`).json["number"].(string)
	body := fmt.Sprintf(`{"number":%q,"reason":"misprint"}`, number)
	b.call("worker", "POST", draft+"/spoil", body).problem(t, 403, "forbidden", "")
	b.call("head", "POST", draft+"/spoil", `{"number":"x","reason":"misprint"}`).problem(t, 404, "not_found", "number")
	b.must(200, "head", "POST", draft+"/spoil", body)
	require.Contains(t, b.must(200, "head", "GET", draft, nil).text, "草稿")
	require.Equal(t, "东城东华门社戒协〔2026〕2号", b.must(200, "head", "POST", draft+"/number", `{}`).json["number"])
	numbers := b.must(200, "head", "GET", "/v1/cases/"+id+"/documents", nil).json["numbers"].([]any)
	require.Len(t, numbers, 2)
	require.Equal(t, string(office.SpoiltMisprint), numbers[0].(map[string]any)["spoilt_why"])
	b.must(200, "head", "POST", "/v1/cases/"+id+"/sign-agreement", `{}`)
	var signed string
	for _, x := range b.must(200, "head", "GET", "/v1/cases/"+id+"/documents", nil).json["documents"].([]any) {
		if row := x.(map[string]any); row["kind"] == "agreement" {
			signed = row["path"].(string)
		}
	}
	b.call("head", "POST", signed+"/spoil", `{"number":"东城东华门社戒协〔2026〕2号","reason":"misprint"}`).problem(t, 422, "refused", "")
	b.call("head", "POST", "/v1/cases/"+id+"/documents/1/case_file/number", `{}`).problem(t, 404, "not_found", "")
	cover := b.must(200, "head", "GET", "/v1/cases/"+id+"/documents", nil).json["documents"].([]any)
	last := cover[len(cover)-1].(map[string]any)["path"].(string)
	b.call("head", "POST", last+"/number", `{}`).problem(t, 422, "refused", "kind")
}

// linked is an API whose links end by a clock of their own.
func linked(t *testing.T, changes ...func(*api.Deps)) (b *bench, wall *atomic.Int64) {
	b, wall = setup(t), &atomic.Int64{}
	wall.Store(time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC).Unix())
	handler, err := api.New(b.deps(append(changes, func(d *api.Deps) {
		d.Wall, d.LinkKey = func() time.Time { return time.Unix(wall.Load(), 0) }, []byte("a key of the installation, 32 byt")
	})...))
	require.NoError(t, err)
	b.handler = handler
	return b, wall
}

func TestALinkOpensOnePaperInABrowserUntilItExpires(t *testing.T) {
	t.Parallel()
	b, wall := linked(t)
	id := b.opened(1)
	paper := "/v1/cases/" + id + "/documents/1/order_notice"
	for who, status := range map[string]int{"district": 403, "city": 403, "other-head": 404, "integration": 403} {
		require.Equal(t, status, b.call(who, "POST", paper+"/link", `{}`).StatusCode, who)
	}
	b.call("head", "POST", paper+"/link", `{"minutes":31}`).problem(t, 422, "invalid", "minutes")
	b.call("head", "POST", paper+"/link", `{"format":"pdf"}`).problem(t, 422, "refused", "format")
	b.call("head", "POST", "/v1/cases/"+id+"/documents/1/agreement/link", `{}`).problem(t, 404, "not_found", "")
	link := b.must(200, "head", "POST", paper+"/link", `{"minutes":3}`)
	require.Equal(t, "2026-10-20T04:03:00Z", link.json["expires_at"])
	path := link.json["path"].(string)
	require.NotContains(t, path, "赵")

	open := b.must(200, "", "GET", path, nil)
	require.Equal(t, b.must(200, "head", "GET", paper, nil).text, open.text, "no token is needed")
	require.Equal(t, "no-store", open.Header.Get("Cache-Control"))
	require.Equal(t, "no-referrer", open.Header.Get("Referrer-Policy"))
	require.Contains(t, open.Header.Get("Content-Security-Policy"), "default-src 'none'")
	require.NotContains(t, b.log.String(), strings.TrimPrefix(path, "/v1/papers/"))

	body, sum, _ := strings.Cut(strings.TrimPrefix(path, "/v1/papers/"), ".")
	for _, forged := range []string{body + "." + sum[1:] + "A", body + "A." + sum, body, "." + sum, "x.y", "%2e"} {
		require.Equal(t, http.StatusNotFound, b.call("", "GET", "/v1/papers/"+forged, nil).StatusCode, forged)
	}
	wall.Add(180)
	b.call("", "GET", path, nil).problem(t, 404, "not_found", "")
}

func TestAPaperIsPrintedWhereThereIsABrowser(t *testing.T) {
	t.Parallel()
	b, _ := linked(t, func(d *api.Deps) { d.Printer = fakePrinter{} })
	id := b.opened(1)
	paper := "/v1/cases/" + id + "/documents/1/order_notice"
	a := b.must(200, "head", "GET", paper+"?format=pdf", nil)
	require.Equal(t, "application/pdf", a.Header.Get("Content-Type"))
	require.Equal(t, "%PDF-<", a.text)
	link := b.must(200, "head", "POST", paper+"/link", `{"format":"pdf"}`).json["path"].(string)
	require.Equal(t, "application/pdf", b.must(200, "", "GET", link, nil).Header.Get("Content-Type"))
	require.Contains(t, b.must(200, "head", "GET", paper+"?copy=true", nil).text, "文书标识")
	require.NotContains(t, b.must(200, "head", "GET", paper, nil).text, "文书标识")

	none := setup(t)
	none.call("head", "GET", "/v1/cases/"+none.opened(1)+"/documents/1/order_notice?format=pdf", nil).problem(t, 422, "refused", "format")
}

// paperAnswers checks what the operations on papers say.
func (b *bench) paperAnswers(d *document) {
	id := b.call("head", "POST", "/v1/cases", order(8, "decided_on", "2027-01-10", "served_on", "2027-01-15")).json["case_id"].(string)
	const path = "/v1/cases/{id}/documents/{seq}/{kind}"
	paper := "/v1/cases/" + id + "/documents/1/order_notice"
	number, _ := b.call("head", "POST", paper+"/number", `{}`).json["number"].(string)
	b.call("head", "POST", paper+"/spoil", fmt.Sprintf(`{"number":%q,"reason":"other"}`, number))
	number, _ = b.call("head", "POST", paper+"/number", `{}`).json["number"].(string)
	for _, x := range []struct{ what, body string }{
		{"/number", `{}`}, {"/spoil", fmt.Sprintf(`{"number":%q,"reason":"other"}`, number)}, {"/words", `{"words":"x"}`}, {"/link", `{}`},
	} {
		for _, body := range []string{x.body, `{`, `{"foo":1}`} {
			for _, who := range []string{"head", "city", ""} {
				d.check("POST", path+x.what, b.call(who, "POST", paper+x.what, body))
			}
		}
	}
	d.check("GET", "/v1/papers/{token}", b.call("", "GET", "/v1/papers/x.y", nil))
}

func TestAWithdrawnPaperGetsNoNumberAndNoWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	first := b.call("head", "POST", "/v1/cases/"+id+"/void-case", `{"note":"opened twice"}`)
	require.Less(t, first.StatusCode, 300, first.text)
	amendment := b.must(200, "district", "GET", "/v1/cases/"+id, nil).json["amendments"].([]any)[0].(map[string]any)["id"]
	b.must(200, "district", "POST", "/v1/cases/"+id+"/confirm-amendment", fmt.Sprintf(`{"amendment":%v}`, amendment))
	paper := "/v1/cases/" + id + "/documents/1/order_notice"
	require.Contains(t, b.must(200, "head", "GET", paper, nil).text, "已撤销")
	b.call("head", "POST", paper+"/number", `{}`).problem(t, 422, "refused", "")
	b.call("head", "POST", paper+"/words", `{"words":"x"}`).problem(t, 422, "refused", "")
}
