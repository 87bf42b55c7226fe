package api_test

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/api"
)

// BenchmarkVisitReport measures what the API adds to a visit report: everything but the
// database and the engine.
func BenchmarkVisitReport(b *testing.B) {
	w := setup(b)
	handler, err := api.New(w.deps(func(d *api.Deps) { d.Engine, d.Log = accepting{}, slog.New(slog.DiscardHandler) }))
	require.NoError(b, err)
	id := w.opened(1)
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest("POST", "/v1/cases/"+id+"/record-contact", strings.NewReader(`{"channel":"home_visit","outcome":"met","occurred_at":"2026-10-20T11:00:00+08:00"}`))
		req.Header.Set("Authorization", "Bearer worker")
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "key-1")
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		if rec.Code != 200 {
			b.Fatal(rec.Body.String())
		}
	}
}
