package doors_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/internal/doors"
)

// TestAnInquiryOpensASealedCaseToItsTwoHoldersAndByNoOtherDoor reads everything about the case as
// everybody, while its key is here.
func TestAnInquiryOpensASealedCaseToItsTwoHoldersAndByNoOtherDoor(t *testing.T) {
	t.Parallel()
	h := house(t)
	c := h.Cases["sealed"]
	ctx := t.Context()
	ask := func(token, method, path string, body map[string]any) (answer struct{ ID string }) {
		raw, err := json.Marshal(body)
		require.NoError(t, err)
		got := h.Ask(ctx, token, method, path, string(raw))
		require.Equal(t, 2, got.Status/100, got.Body)
		require.NoError(t, json.Unmarshal([]byte(got.Body), &answer))
		return answer
	}
	q := ask("district", http.MethodPost, "/v1/inquiries", map[string]any{
		"case_id": c.ID, "organ": "某区公安分局", "document": "查字〔2026〕1号", "ground": "办案", "shows": []string{"identity", "record", "papers"}, "private_key": h.Private["district"],
	})
	path := "/v1/inquiries/" + q.ID
	require.Equal(t, http.StatusNotFound, h.Ask(ctx, "district", http.MethodGet, path+"/record", "").Status, "one holder opens nothing")
	ask("city", http.MethodPost, path+"/open", map[string]any{"private_key": h.Private["city"]})
	for _, token := range doors.Tokens() {
		got := h.Ask(ctx, token, http.MethodGet, path+"/record", "")
		if token == "city" || token == "district" {
			require.Equal(t, http.StatusOK, got.Status, got.Body)
			for _, word := range append([]string{c.Text}, c.Who...) {
				require.Contains(t, got.Body, word, token)
			}
			continue
		}
		require.Contains(t, []int{401, 403, 404}, got.Status, token)
		require.NotContains(t, got.Body, c.First, token)
	}
	requests := 0
	for _, op := range h.Contract.Operations {
		if op.Method != http.MethodGet || op.ID == "stream-events" || op.ID == "show-inquiry" {
			continue
		}
		for _, token := range doors.Tokens() {
			for _, v := range h.Vary(op, token) {
				if v.Kind != "" && v.Key != "sealed" {
					continue
				}
				_, wrong := h.Try(ctx, v.Request)
				require.Empty(t, wrong, "%s as %s: %s", op.ID, token, v.Path)
				requests++
			}
		}
	}
	require.Greater(t, requests, 1000)
	ask("city", http.MethodPost, path+"/end", nil)
	ended := h.Ask(ctx, "city", http.MethodGet, path+"/record", "")
	require.Equal(t, http.StatusNotFound, ended.Status)
	require.NotContains(t, ended.Body, c.First)
}
