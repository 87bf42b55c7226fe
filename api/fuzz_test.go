package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzed sends any bytes and requires an answer that blames whoever sent them.
func fuzzed(t *testing.T, b *bench, path, kind, key string, body []byte) {
	req := httptest.NewRequest("POST", path, strings.NewReader(string(body)))
	req.Header.Set("Authorization", "Bearer head")
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Idempotency-Key", key)
	a := b.send(req)
	require.Less(t, a.StatusCode, 500, a.text)
	require.True(t, json.Valid([]byte(a.text)), a.text)
	if a.StatusCode >= 400 {
		require.NotEmpty(t, a.json["code"], a.text)
		require.NotEmpty(t, a.json["detail"], a.text)
	}
}

func seeds(f *testing.F, bodies ...any) {
	for _, v := range bodies {
		raw, err := json.Marshal(v)
		require.NoError(f, err)
		f.Add(raw, "application/json", "k")
	}
	for _, s := range []string{
		``, `{}`, `[]`, `null`, `{"a":`, "\xff", "\ufeff{}", `{"name":"\u0000"}`, `{"name":{"a":[[[[]]]]}}`, `{"note":"\ud800"}`,
		`{"term_months":1e400}`, `{"occurred_at":"-0001-01-01T00:00:00Z"}`, `{"occurred_at":"0000-01-01"}`, `{"served_on":"9999-12-31"}`,
	} {
		f.Add([]byte(s), "application/json", "k")
		f.Add([]byte(s), "text/plain; charset", "")
	}
}

func FuzzOpenCase(f *testing.F) {
	seeds(f, order(1), order(2, "carried", map[string]any{"reported_on": "2026-10-13", "agreement_on": "2026-10-14", "tests": 1, "contacts": 2}),
		order(3, "policy", map[string]any{"id": "beijing", "version": "2026.1"}, "printed_end", "2029-10-11", "credit_days", 3))
	b := setup(f)
	f.Fuzz(func(t *testing.T, body []byte, kind, key string) { fuzzed(t, b, "/v1/cases", kind, key, body) })
}

func FuzzRecordContact(f *testing.F) {
	seeds(f, map[string]any{"channel": "phone", "outcome": "met"},
		map[string]any{"channel": "home_visit", "outcome": "declined", "occurred_at": "2026-10-14T10:00:00+08:00", "note": "a\nb"})
	b := setup(f)
	id := b.opened(1)
	f.Fuzz(func(t *testing.T, body []byte, kind, key string) {
		fuzzed(t, b, "/v1/cases/"+id+"/record-contact", kind, key, body)
	})
}
