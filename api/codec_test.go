package api_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/api"
)

const uiOrigin = "http://127.0.0.1:8233"

// rot is a codec that anybody can undo: what it wrote is marked.
func rot(payloads []api.CodecPayload) ([]api.CodecPayload, error) {
	out := make([]api.CodecPayload, len(payloads))
	for i, p := range payloads {
		if out[i] = p; string(p.Metadata["encoding"]) == "sealed" {
			out[i] = api.CodecPayload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(strings.ToLower(string(p.Data)))}
		}
	}
	return out, nil
}

// payloads is a body as Temporal's UI sends it.
func payloads(texts ...string) string {
	type payload struct {
		Metadata map[string]string `json:"metadata"`
		Data     string            `json:"data"`
		Other    []string          `json:"externalPayloads"`
	}
	var list []payload
	for _, text := range texts {
		list = append(list, payload{map[string]string{"encoding": base64.StdEncoding.EncodeToString([]byte("sealed"))}, base64.StdEncoding.EncodeToString([]byte(strings.ToUpper(text))), nil})
	}
	raw, _ := json.Marshal(map[string]any{"payloads": list})
	return string(raw)
}

func (a answer) decoded(t *testing.T) (out []string) {
	t.Helper()
	require.Equal(t, 200, a.StatusCode, a.text)
	var body api.CodecPayloads
	require.NoError(t, json.Unmarshal([]byte(a.text), &body))
	for _, p := range body.Payloads {
		out = append(out, string(p.Data))
	}
	return out
}

func TestTheUIOfTheEngineReadsPayloadsBehindTheSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, shut := b.opened(1), b.opened(2)
	b.seal(shut)
	a := b.call("city", "POST", "/codec/decode", payloads(`{"case":"`+id+`"}`, `{"case":"`+shut+`"}`, `{}`), "X-Namespace", "guitu")
	require.Equal(t, []string{`{"case":"` + id + `"}`, strings.ToUpper(`{"case":"` + shut + `"}`), `{}`}, a.decoded(t), "in their order, and nothing of a sealed case")
	require.Empty(t, a.Header.Get("Access-Control-Allow-Origin"), "no other page reads it")
	last := b.reads.list[len(b.reads.list)-1]
	require.Equal(t, "decode-payloads", last.Operation)
	require.Equal(t, []string{id}, last.Cases, "what was shown")
	for _, who := range []string{"worker", "head", "district", "admin", "integration", "partner", "police", "settings", "security", "auditor"} {
		b.call(who, "POST", "/codec/decode", payloads(`{}`)).problem(t, 403, "forbidden", "")
	}
	b.call("", "POST", "/codec/decode", payloads(`{}`)).problem(t, 401, "unauthenticated", "")
}

func TestNoOtherSiteReadsPayloadsWithTheCookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.UIOrigin = uiOrigin }))
	require.NoError(t, err)
	b.handler = handler
	b.employ(actors["city"])
	_, c := b.signIn("c-1")
	require.NotNil(t, c)
	cookie := c.Name + "=" + c.Value
	for origin, want := range map[string]int{uiOrigin: 200, "http://evil.example.cn": 403, "http://127.0.0.1:8234": 403} {
		a := b.call("", "POST", "/codec/decode", payloads(`{}`), "Cookie", cookie, "Origin", origin, "Sec-Fetch-Site", "same-site")
		require.Equal(t, want, a.StatusCode, "%s: %s", origin, a.text)
		pre := b.call("", http.MethodOptions, "/codec/decode", nil, "Origin", origin, "Access-Control-Request-Method", "POST")
		require.Equal(t, map[int]int{200: 204, 403: 403}[want], pre.StatusCode, origin)
		require.Equal(t, map[int]string{200: uiOrigin}[want], pre.Header.Get("Access-Control-Allow-Origin"), origin)
	}
	a := b.call("", "PUT", "/v1/session/password", `{"password":"x","new_password":"y"}`, "Cookie", cookie, "Origin", uiOrigin, "Sec-Fetch-Site", "same-site")
	a.problem(t, 403, "forbidden", "")
}
