package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

func TestReadinessNamesThePartThatIsDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, 200, b.call("", "GET", "/readyz", nil).StatusCode)
	b.fail["database"] = errors.New("password=hunter2 refused")
	a := b.call("", "GET", "/readyz", nil)
	a.problem(t, 503, "unavailable", "")
	require.Contains(t, a.json["detail"], "database")
	require.NotContains(t, a.json["detail"], "engine")
	require.NotContains(t, a.text, "hunter2")
	b.fail["engine"] = errors.New("down")
	require.Contains(t, b.call("", "GET", "/readyz", nil).json["detail"], "database and engine")
	require.Equal(t, 200, b.call("", "GET", "/healthz", nil).StatusCode)
}

func TestMetricsShowRoutesAndCountsAndNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.call("head", "GET", "/v1/cases/"+id, nil)
	b.call("head", "BREW", "/v1/cases/"+id, nil)
	m := b.call("", "GET", "/metrics", nil)
	require.Equal(t, 200, m.StatusCode)
	for _, line := range []string{
		`guitu_http_requests_total{method="POST",route="/v1/cases",status="201"} 1`,
		`guitu_http_requests_total{method="GET",route="/v1/cases/:id",status="200"} 1`,
		`guitu_http_requests_total{method="OTHER",route="none",status="405"} 1`,
		`guitu_http_in_flight 1`, `guitu_sse_clients 0`, `guitu_http_request_seconds_bucket`, `guitu_cases{`, `go_goroutines`,
	} {
		require.Contains(t, m.text, line)
	}
	require.NotContains(t, m.text, id)
	for range 5 {
		b.call("", "GET", "/metrics", nil)
	}
	require.Equal(t, 1, b.counted, "a scrape right after another asks the database again")

	c := setup(t)
	c.fail["Counts"] = errors.New("down")
	m = c.call("", "GET", "/metrics", nil)
	require.Equal(t, 200, m.StatusCode)
	require.NotContains(t, m.text, "guitu_cases{")
	require.Contains(t, m.text, "guitu_sse_clients")
}

func TestEveryAnswerCarriesItsIdAndSafeHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/v1/me", "/nope", "/openapi.json", "/metrics", "/v1/cases/x"} {
		a := b.call("head", "GET", path, nil)
		require.NotEmpty(t, a.Header.Get("X-Request-ID"))
		require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"))
		require.NotEmpty(t, a.Header.Get("Content-Security-Policy"))
		require.Equal(t, "DENY", a.Header.Get("X-Frame-Options"))
	}
	require.Equal(t, "trace-7", b.call("head", "GET", "/v1/me", nil, "X-Request-ID", "trace-7").Header.Get("X-Request-ID"))
	require.NotEqual(t, "a b", b.call("head", "GET", "/v1/me", nil, "X-Request-ID", "a b").Header.Get("X-Request-ID"))
	require.Contains(t, b.log.String(), `"route":"/v1/me","status":200`)
	for _, accept := range []string{"text/html", "application/cbor", "*/*;q=0", "\x01"} {
		a := b.call("head", "GET", "/v1/me", nil, "Accept", accept)
		require.Equal(t, "application/json", a.Header.Get("Content-Type"))
	}
}

func TestTheLogHoldsNoQueryAndNoBody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("head", "GET", "/v1/cases?after=110199198702100014", nil)
	b.call("head", "POST", "/v1/cases", order(1, "name", "钱某秘密"))
	require.NotContains(t, b.log.String(), "110199198702100014")
	require.NotContains(t, b.log.String(), "钱某秘密")
}

func TestAPanicIsAnInternalErrorAndItsRequestStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log := &bytes.Buffer{}
	handler, err := api.New(b.deps(func(d *api.Deps) {
		d.Engine, d.Log = panicking{}, slog.New(slog.NewJSONHandler(log, nil))
	}))
	require.NoError(t, err)
	id := b.opened(1)
	b.handler = handler
	b.call("head", "POST", "/v1/cases/"+id+"/visit-completed", `{"note":"a secret"}`).problem(t, 500, "internal", "")
	require.Contains(t, log.String(), "panic")
	require.NotContains(t, log.String(), "secret")
	require.Equal(t, 200, b.call("head", "GET", "/v1/me", nil).StatusCode)
}

type panicking struct{}

func (panicking) Do(context.Context, string, rehab.Command) (board.Receipt, error) {
	panic("a secret in the panic")
}

// A read deadline that falls into a slow answer would cancel it, and poison the connection
// for the requests behind it.
func TestNoAnswerIsCutShortByATimeLimitOnTheBody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for path, body := range map[string]any{"/v1/cases": order(2), "/v1/cases/" + id + "/report-in": "{}", "/v1/commands": `{"commands": []}`} {
		raw, err := json.Marshal(body)
		require.NoError(t, err)
		req := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(raw))
		req.Header.Set("Authorization", "Bearer city")
		w := &deadlines{ResponseWriter: httptest.NewRecorder()}
		b.handler.ServeHTTP(w, req)
		for _, at := range w.set {
			require.Zero(t, at, "%s is read until %s", path, at)
		}
	}
}

// deadlines notes each read deadline that is set.
type deadlines struct {
	http.ResponseWriter
	set []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return nil
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := api.New(b.deps(func(d *api.Deps) { d.Tokens = nil }))
	require.ErrorContains(t, err, "Tokens")
}

func TestAKeyedDigestTellsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.DigestKey = []byte("a key") }))
	require.NoError(t, err)
	plain := b.digests()
	b.handler = handler
	b.call("city", "POST", "/v1/cases", order(1, "worker", "w-1")).problem(t, http.StatusConflict, "conflict", "order_no")
	for _, d := range plain {
		require.Len(t, d, 64)
		require.Empty(t, strings.Trim(d, "0123456789abcdef"))
	}
}

func (w *world) digests() (all []string) {
	for _, r := range w.receipts {
		all = append(all, r.digest)
	}
	return all
}
