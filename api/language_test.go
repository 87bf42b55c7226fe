package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/words"
)

// english is what no Chinese sentence holds: two words of it side by side. Codes, ids and
// names of fields are single words.
var english = regexp.MustCompile(`[A-Za-z]+ [a-z]+`)

// requireChinese holds the Chinese of a problem to have nothing English left in it.
func requireChinese(t testing.TB, said string) {
	for _, quoted := range []string{"GB 11643"} {
		said = strings.ReplaceAll(said, quoted, "")
	}
	said = regexp.MustCompile(`“[^”]*”`).ReplaceAllString(said, "") // what the caller sent
	if english.MatchString(said) || !strings.ContainsFunc(said, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		t.Errorf("this is no Chinese: %s", said) // and no FailNow: a test may send from a goroutine
	}
}

// fakesSay are the messages that the fakes of the tests make up.
var fakesSay = []string{
	"a test needs 1 people", "another fleet", "another simulation runs", "another subscription", "busy", "clash", "closed", "down", "m", "no", "no fleet",
	"other content", "reported in already", "secret", "taken", "the engine is down", "the paper has its number",
}

// inChinese looks at a problem that some test met in English.
func inChinese(t testing.TB, problem map[string]any) {
	if _, fuzz := t.(*testing.F); fuzz {
		return // inside of its target it is not to be touched
	}
	t.Helper()
	field, _ := problem["field"].(string)
	detail, _ := problem["detail"].(string)
	detail = strings.TrimPrefix(detail, field+": ")
	for _, fake := range fakesSay {
		if detail == fake || strings.HasPrefix(detail, fake+" - ") {
			return
		}
	}
	if problem["code"] == "internal" {
		return
	}
	requireChinese(t, words.ZH.Text(detail))
	if cite, ok := problem["citation"].(string); ok {
		requireChinese(t, words.ZH.Cite(cite))
	}
	errs, _ := problem["errors"].([]any)
	for _, e := range errs {
		requireChinese(t, words.ZH.Text(e.(map[string]any)["detail"].(string)))
	}
}

func TestErrorsAreInTheLanguageThatIsAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for accept, want := range map[string]struct{ language, title, detail string }{
		"":                         {"en", "Not Found", "there is no such case"},
		"zh-CN":                    {"zh-CN", "未找到", "未找到该个案"},
		"zh-Hans-CN,zh;q=0.9":      {"zh-CN", "未找到", "未找到该个案"},
		"en-GB, zh;q=0.5":          {"en", "Not Found", "there is no such case"},
		"fr, zh;q=0.3, en;q=0.2":   {"zh-CN", "未找到", "未找到该个案"},
		"fr":                       {"en", "Not Found", "there is no such case"},
		"zh;q=0, en;q=0.1":         {"en", "Not Found", "there is no such case"},
		"en;q=nonsense, zh; q=0.4": {"zh-CN", "未找到", "未找到该个案"},
	} {
		a := b.call("head", http.MethodGet, "/v1/cases/none", nil, "Accept-Language", accept)
		require.Equal(t, http.StatusNotFound, a.StatusCode)
		require.Equal(t, want.language, a.Header.Get("Content-Language"), accept)
		require.Equal(t, "Accept-Language", a.Header.Get("Vary"))
		require.Equal(t, []any{want.title, want.detail, "not_found"}, []any{a.json["title"], a.json["detail"], a.json["code"]}, accept)
	}
}

func TestTheServerHasALanguageOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.Language = words.ZH }))
	require.NoError(t, err)
	b.handler = handler
	for _, row := range []struct{ method, path, token, detail string }{
		{http.MethodGet, "/v1/nothing", "head", "没有这个地址"},
		{http.MethodPut, "/v1/cases", "head", "该地址不支持PUT方法"},
		{http.MethodGet, "/v1/cases", "", "请先登录，或在请求头Authorization中带登录令牌"},
		{http.MethodGet, "/v1/cases", "nobody's", "登录已失效，请重新登录"},
		{http.MethodGet, "/v1/cases?limit=0", "head", "每页条数不能小于1"},
		{http.MethodGet, "/v1/cases?limit=x", "head", "每页条数应为整数"},
	} {
		a := b.call(row.token, row.method, row.path, nil)
		require.Equal(t, "zh-CN", a.Header.Get("Content-Language"), a.text)
		require.Equal(t, row.detail, a.json["detail"])
	}
}

func TestARefusalInChineseNamesTheArticle(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("head", http.MethodPost, "/v1/cases/"+id+"/sign-agreement", `{}`, "Accept-Language", "zh-CN")
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Equal(t, "不符合规定，未予登记", a.json["title"])
	requireChinese(t, a.json["detail"].(string))
	require.Regexp(t, "^《戒毒条例》第.*条", a.json["citation"])
}
