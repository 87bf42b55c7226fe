package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPaperIsShownInFullToWorkerAndHeadOfTheCaseAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.must(200, "head", "POST", "/v1/cases/"+id+"/report-in", `{}`)
	list := b.must(200, "city", "GET", "/v1/cases/"+id+"/documents", nil).json["documents"].([]any)
	first := list[0].(map[string]any)
	require.Equal(t, "order_notice", first["kind"])
	require.Equal(t, "case_file", list[len(list)-1].(map[string]any)["kind"])
	path := first["path"].(string)

	a := b.must(200, "head", "GET", path, nil)
	require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"))
	require.Contains(t, a.Header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-")
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	require.Contains(t, a.text, "决定书送达登记表")
	require.Equal(t, a.text, b.must(200, "head", "GET", path, nil).text, "the same again")

	for _, who := range []string{"district", "city", "admin"} {
		b.call(who, "GET", path, nil).problem(t, 403, "forbidden", "")
	}
	b.call("other-head", "GET", path, nil).problem(t, 404, "not_found", "")
	b.call("integration", "GET", path, nil).problem(t, 403, "forbidden", "")
	b.call("head", "GET", "/v1/cases/"+id+"/documents/9999/agreement", nil).problem(t, 404, "not_found", "")
	b.call("head", "GET", "/v1/cases/"+id+"/documents/1/agreement", nil).problem(t, 404, "not_found", "")
	b.call("head", "GET", "/v1/cases/"+id+"/documents/0/agreement", nil).problem(t, 422, "invalid", "seq")
}
