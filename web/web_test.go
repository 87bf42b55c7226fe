package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// build is what Vite leaves, made small.
func build(t *testing.T) fstest.MapFS {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte("console()"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return fstest.MapFS{
		"index.html":         {Data: []byte("the console")},
		"m.html":             {Data: []byte("the phone")},
		"docs.html":          {Data: []byte("the contract")},
		"m/sw.js":            {Data: []byte("the phone's worker")},
		"assets/main.js":     {Data: []byte("console()")},
		"assets/main.js.gz":  {Data: packed.Bytes()},
		"assets/notes.draft": {Data: []byte("no kind that is served")},
		".keep":              {},
	}
}

func get(t *testing.T, files fstest.MapFS, method, address string, header http.Header) *http.Response {
	t.Helper()
	h, err := over(files, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "the API was asked for "+r.URL.Path)
	}))
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), method, address, nil)
	r.Header = header
	if header == nil {
		r.Header = http.Header{}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(raw)
}

func TestAnAddressOfAPageIsThePageAndAnyOtherIsTheAPI(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"/": "the console", "/c": "the console", "/c/cases/c-1": "the console", "/m": "the phone", "/m/day": "the phone", "/docs": "the contract",
		"/m/sw.js": "the phone's worker", "/assets/main.js": "console()",
	} {
		r := get(t, build(t), http.MethodGet, address, nil)
		require.Equal(t, http.StatusOK, r.StatusCode, address)
		require.Equal(t, want, text(t, r), address)
		require.Equal(t, policy, r.Header.Get("Content-Security-Policy"), address)
	}
	for _, address := range []string{"/v1/cases", "/v1", "/openapi.json", "/metrics", "/cases", "/assets/notes.draft", "/assets/gone.js", "/.keep", "/index.html/.."} {
		r := get(t, build(t), http.MethodGet, address, nil)
		require.Equal(t, http.StatusTeapot, r.StatusCode, address)
		require.Empty(t, r.Header.Get("Content-Security-Policy"), address)
	}
	require.Equal(t, http.StatusTeapot, get(t, build(t), http.MethodPost, "/c/cases", nil).StatusCode)
}

func TestFilesWithADigestInTheirNameAreKeptAndPagesAreAskedForAgain(t *testing.T) {
	t.Parallel()
	require.Equal(t, forever, get(t, build(t), http.MethodGet, "/assets/main.js", nil).Header.Get("Cache-Control"))
	page := get(t, build(t), http.MethodGet, "/c/now", nil)
	require.Equal(t, "no-cache", page.Header.Get("Cache-Control"))
	require.NotEmpty(t, page.Header.Get("Etag"))
	same := get(t, build(t), http.MethodGet, "/c/now", http.Header{"If-None-Match": {page.Header.Get("Etag")}})
	require.Equal(t, http.StatusNotModified, same.StatusCode)
}

func TestAPackedFileGoesToWhoeverTakesIt(t *testing.T) {
	t.Parallel()
	r := get(t, build(t), http.MethodGet, "/assets/main.js", http.Header{"Accept-Encoding": {"gzip, deflate"}})
	require.Equal(t, "gzip", r.Header.Get("Content-Encoding"))
	require.Equal(t, "text/javascript; charset=utf-8", r.Header.Get("Content-Type"))
	z, err := gzip.NewReader(r.Body)
	require.NoError(t, err)
	raw, err := io.ReadAll(z)
	require.NoError(t, err)
	require.Equal(t, "console()", string(raw))
	require.Equal(t, "console()", text(t, get(t, build(t), http.MethodGet, "/assets/main.js", nil)))
}

func TestWithoutABuildThePageSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"/", "/c/now", "/m", "/docs"} {
		r := get(t, fstest.MapFS{".keep": {}}, http.MethodGet, address, nil)
		require.Equal(t, http.StatusServiceUnavailable, r.StatusCode, address)
		body := text(t, r)
		require.Contains(t, body, "make build")
		require.Contains(t, body, "Node")
	}
	require.Equal(t, http.StatusTeapot, get(t, fstest.MapFS{}, http.MethodGet, "/v1/me", nil).StatusCode)
}

func TestThePolicyOfThePagesNamesNoHostAndRunsNoText(t *testing.T) {
	t.Parallel()
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "://")
	for part := range strings.SplitSeq(policy, ";") {
		for _, from := range strings.Fields(part)[1:] {
			require.Contains(t, []string{"'self'", "'none'", "data:", "blob:"}, from)
		}
	}
}
