package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/words"
)

// requestFields are the names of all that somebody sends, from the document of the API.
func requestFields(t *testing.T) map[string]string {
	t.Helper()
	var doc struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]json.RawMessage }
	}
	require.NoError(t, json.Unmarshal([]byte(setup(t).call("", http.MethodGet, "/openapi.json", nil).text), &doc))
	out, seen := make(map[string]string), make(map[string]bool)
	var walk func(where string, raw json.RawMessage)
	walk = func(where string, raw json.RawMessage) {
		var schema map[string]json.RawMessage
		if json.Unmarshal(raw, &schema) != nil {
			return
		}
		var ref string
		if json.Unmarshal(schema["$ref"], &ref) == nil && !seen[ref] {
			seen[ref] = true
			walk(where, doc.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]])
		}
		var properties map[string]json.RawMessage
		_ = json.Unmarshal(schema["properties"], &properties)
		for name, property := range properties {
			out[name] = where
			walk(where, property)
		}
		walk(where, schema["items"])
	}
	for path, operations := range doc.Paths {
		for method, raw := range operations {
			var op struct {
				Parameters  []struct{ Name string }
				RequestBody struct {
					Content map[string]struct{ Schema json.RawMessage }
				}
			}
			if json.Unmarshal(raw, &op) != nil {
				continue
			}
			where := method + " " + path
			for _, p := range op.Parameters {
				out[p.Name] = where
			}
			for _, body := range op.RequestBody.Content {
				walk(where, body.Schema)
			}
		}
	}
	require.Greater(t, len(out), 150, "the fields were not found")
	return out
}

func TestEveryFieldThatSomebodySendsHasALabel(t *testing.T) {
	t.Parallel()
	sent := requestFields(t)
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if words.ZH.Field(name) == name {
			t.Errorf("%q of %s has no label: words/fields.go", name, sent[name])
		}
	}
	for _, name := range words.Fields() {
		if sent[name] == "" {
			t.Errorf("nobody sends %q: it needs no label", name)
		}
	}
}
