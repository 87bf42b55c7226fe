package doors

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// spoil breaks a request in one of the ways in which requests are broken.
func (d *Draw) spoil(r *Request) {
	switch d.IntN(10) {
	case 0, 1, 2, 3:
		var v any
		if json.Unmarshal([]byte(r.Body), &v) == nil {
			raw, _ := json.Marshal(d.spoilt(v))
			r.Body = string(raw)
		}
	case 4: // broken off
		r.Body = r.Body[:d.IntN(len(r.Body)+1)]
	case 5: // other bytes
		b := []byte(r.Body)
		for i := range b {
			if d.IntN(20) == 0 {
				b[i] = byte(d.IntN(256))
			}
		}
		r.Body = string(b)
	case 6:
		r.Body = pick(d, []string{"", "{}", "[]", "null", "7", `"x"`, `{"a":1,"a":2}`, "\xff\xfe", strings.Repeat("[", 5000), `{"note":"\ud800"}`, `{"x":1e400}`})
	case 7:
		r.Path = d.spoiltPath(r.Path)
	case 8:
		r.Headers = append(r.Headers, pick(d, []string{"Content-Type", "Idempotency-Key", "Accept-Language", "Read-Reason", "Last-Event-ID", "Accept", "Authorization", "Cookie", "X-Request-ID", "Origin", "X-Forwarded-For", "If-None-Match"}),
			strings.Map(printable, pick(d, append([]string{"text/csv", "application/json; charset=utf-16", "zh", "en", "1.1", "k-1", "guitu:x", "Basic x", "__Host-guitu=x", "https://evil.example"}, texts...))))
	case 9:
		r.Method = pick(d, []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"})
	}
}

var wrong = []any{nil, true, 0, -1, 1e308, "", "x", "\u0000", []any{}, map[string]any{}, []any{[]any{[]any{}}}, map[string]any{"a": map[string]any{"b": nil}}}

// spoilt puts something wrong into one place of the value, takes something out, or adds something.
func (d *Draw) spoilt(v any) any {
	switch x := v.(type) {
	case map[string]any:
		if len(x) == 0 || d.IntN(6) == 0 {
			x[pick(d, []string{"x", "", "$schema", "__proto__", "dry_run", "case_id", "actor", "role"})] = pick(d, wrong)
			return x
		}
		k := pick(d, slices.Sorted(maps.Keys(x)))
		if d.IntN(6) == 0 {
			delete(x, k)
			return x
		}
		x[k] = d.spoilt(x[k])
		return x
	case []any:
		if len(x) == 0 || d.IntN(4) == 0 {
			return append(x, pick(d, wrong))
		}
		i := d.IntN(len(x))
		x[i] = d.spoilt(x[i])
		return x
	}
	if d.IntN(2) == 0 {
		return pick(d, wrong)
	}
	return pick(d, texts)
}

// spoiltPath changes a part of the path or the query.
func (d *Draw) spoiltPath(path string) string {
	parts := strings.Split(path, "/")
	odd := pick(d, []string{"%00", "%2e%2e", "%FF", "..", "", strings.Repeat("a", 3000), "%E7%94%B2", "c-none", "a%20b", "%2F", "?x=1&x=2", "?limit=-1", "?after=%00", "?place=%25", "?limit=99999999999999999999"})
	if i := d.IntN(len(parts) + 1); i > 0 && i < len(parts) {
		parts[i] = odd
		return strings.Join(parts, "/")
	}
	return path + odd
}
