package e2e_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// heard is what a reader of /v1/events has heard: "change TYPE" and "notice TYPE to ROLE"
// by case.
type heard struct {
	mu    sync.Mutex
	lines map[string][]string
}

func (h *heard) has(caseID, line string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.lines[caseID] {
		if l == line {
			return true
		}
	}
	return false
}

// listen follows the live events until the test ends. It returns when the stream is open.
func (w *world) listen(t *testing.T, token string) *heard {
	t.Helper()
	server, own, _ := w.at()
	if token == "" {
		token = own
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server+"/v1/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := (&http.Client{}).Do(req) //nolint:bodyclose // without a time limit: it stays open, until the test ends
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, res.Header.Get("Content-Type"), "text/event-stream")
	h := &heard{lines: make(map[string][]string)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.read(bufio.NewScanner(res.Body))
	}()
	t.Cleanup(func() {
		_ = res.Body.Close()
		<-done
	})
	return h
}

func (h *heard) read(lines *bufio.Scanner) {
	name := ""
	for lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = n
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var said struct {
			CaseID string `json:"case_id"`
			Type   string `json:"type"`
			Role   string `json:"role"`
		}
		if json.Unmarshal([]byte(data), &said) != nil {
			continue
		}
		line := name + " " + said.Type
		if said.Role != "" {
			line += " to " + said.Role
		}
		h.mu.Lock()
		h.lines[said.CaseID] = append(h.lines[said.CaseID], line)
		h.mu.Unlock()
	}
}
