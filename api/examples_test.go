package api_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

// exchange is a request and its answer, as examples.json has them.
type exchange struct {
	Request json.RawMessage `json:"request,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
}

// remember keeps the first success of an operation as its example.
func (d *document) remember(operation, kind string, a answer) {
	kept, known := d.first[operation]
	if _, command := bodies[operation]; command && operation != "visit-completed" && operation != "record-contact" {
		return // it brings its own, and answers as they all do
	}
	if a.StatusCode > 299 || known && kept.Answer != nil || kind != "" && kind != "application/json" {
		return
	}
	var x exchange
	if kind != "" {
		x.Answer = shortened(d.t, a.text)
	}
	if a.sent != "" {
		x.Request = shortened(d.t, a.sent)
	}
	d.first[operation] = x
}

// record writes the examples of the document anew, where that is asked for.
func (d *document) record() {
	if os.Getenv("GUITU_TEST_RECORD") == "" {
		return
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	require.NoError(d.t, encoder.Encode(d.first))
	require.NoError(d.t, os.WriteFile("examples.json", out.Bytes(), 0o600))
}

// shortened is a document whose lists have two entries at most: an example, not a copy.
func shortened(t testing.TB, text string) json.RawMessage {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	require.NoError(t, decoder.Decode(&v), text)
	var cut func(any) any
	cut = func(v any) any {
		switch v := v.(type) {
		case []any:
			v = v[:min(len(v), 2)]
			for i := range v {
				v[i] = cut(v[i])
			}
			return v
		case map[string]any:
			for k := range v {
				v[k] = cut(v[k])
			}
		}
		return v
	}
	raw, err := json.Marshal(cut(v))
	require.NoError(t, err)
	return raw
}

func TestEveryOperationHasASummaryATagAnExampleAndItsErrors(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.document(t)
	if file := os.Getenv("GUITU_TEST_OPENAPI"); file != "" { // for "make lint-api"
		require.NoError(t, os.WriteFile(file, []byte(b.call("", "GET", "/openapi.json", nil).text), 0o600))
	}
	tags := map[string]bool{}
	for _, tag := range d.root["tags"].([]any) {
		require.NotEmpty(t, dig(tag, "description"))
		tags[dig(tag, "name").(string)] = false
	}
	operations := 0
	for path, item := range d.root["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			operations++
			id := dig(op, "operationId").(string)
			require.NotEmpty(t, dig(op, "summary"), id)
			require.Len(t, dig(op, "tags"), 1, id)
			tag := dig(op, "tags").([]any)[0].(string)
			require.Contains(t, tags, tag, "%s: the tag is in no list", id)
			tags[tag] = true
			refused := false
			for status := range dig(op, "responses").(map[string]any) {
				refused = refused || strings.HasPrefix(status, "4")
			}
			require.True(t, refused, "%s documents no 4xx", id)
			d.hasExample(id, "paths", path, method)
		}
	}
	require.Greater(t, operations, 180)
	for tag, used := range tags {
		require.True(t, used || tag == "webhooks", "no operation has the tag %s", tag)
	}
	for name, item := range d.root["webhooks"].(map[string]any) {
		d.valid("webhooks", name, "post", "requestBody", "content", "application/json")
		require.Equal(t, "webhooks", dig(item, "post", "tags").([]any)[0])
	}
}

// hasExample requires an example of the body and of each success in JSON, as its schema says.
func (d *document) hasExample(id string, op ...string) {
	d.t.Helper()
	if dig(d.root, append(op, "requestBody", "content", "application/json")...) != nil {
		d.valid(append(op, "requestBody", "content", "application/json")...)
	}
	for status := range dig(d.root, append(op, "responses")...).(map[string]any) {
		if body := append(append([]string{}, op...), "responses", status, "content", "application/json"); strings.HasPrefix(status, "2") && dig(d.root, body...) != nil {
			d.valid(body...)
		}
	}
}

// valid requires the example of a media type to be there, and as its schema says.
func (d *document) valid(body ...string) {
	d.t.Helper()
	example := dig(d.root, append(append([]string{}, body...), "example")...)
	if example == nil {
		d.t.Errorf("%v has no example: run TestAnswersAreAsDocumented with GUITU_TEST_RECORD=1", body)
		return
	}
	schema, err := d.schemas.Compile(documentURL + pointer(append(append([]string{}, body...), "schema")...))
	require.NoError(d.t, err)
	raw, err := json.Marshal(example)
	require.NoError(d.t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(d.t, err)
	require.NoError(d.t, schema.Validate(value), "%v", body)
}
