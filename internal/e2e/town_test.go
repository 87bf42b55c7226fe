package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// town is callers who give commands all at once, and what they were told.
type town struct {
	w       *world
	ctx     context.Context
	ending  chan struct{}
	callers sync.WaitGroup

	mu           sync.Mutex
	orders       int
	cases        map[string]bool // paths
	acknowledged map[command]note
	retried      int
	acted        int // of those that were tried again: before the answer got lost
	pending      int
	complaint    string // the first answer that should not have been
	unanswered   string // why a caller had to try again, the last time
	misses       int    // how often one had to
}

// command is one command of a case.
type command struct{ caseID, id string }

// note is what a caller keeps of an acknowledgement.
type note struct {
	event  string // the type of event the command brings
	status int
	seq    int64 // 0 when it was left with the engine
}

// startTown sets the callers to work.
func startTown(t *testing.T, w *world) *town {
	t.Helper()
	town := &town{w: w, ctx: t.Context(), ending: make(chan struct{}), cases: make(map[string]bool), acknowledged: make(map[command]note)}
	for range callers {
		town.callers.Go(func() {
			for !town.isEnding() && town.life() {
			}
		})
	}
	return town
}

// finish lets each caller end the life it is at.
func (town *town) finish(t *testing.T) {
	t.Helper()
	close(town.ending)
	done := make(chan struct{})
	go func() {
		town.callers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		town.mu.Lock()
		defer town.mu.Unlock()
		require.FailNow(t, "the callers do not come to an end", "the last answer: %s", town.unanswered)
	}
	require.Empty(t, town.complaint)
}

func (town *town) isEnding() bool {
	select {
	case <-town.ending:
		return true
	default:
		return town.failed()
	}
}

func (town *town) count() int {
	town.mu.Lock()
	defer town.mu.Unlock()
	return len(town.acknowledged)
}

// wasMissed reports whether anybody had to send a command again.
func (town *town) wasMissed() bool {
	town.mu.Lock()
	defer town.mu.Unlock()
	return town.misses > 0
}

func (town *town) failed() bool {
	town.mu.Lock()
	defer town.mu.Unlock()
	return town.complaint != ""
}

// life opens a case and gives it commands. False when an answer was wrong.
func (town *town) life() bool {
	town.mu.Lock()
	n := town.orders
	town.orders++
	town.mu.Unlock()
	path, ok := town.give("/v1/cases", "", "case_opened", newOrder(n, today().AddDays(-3), "w-1"))
	if !ok {
		return false
	}
	town.mu.Lock()
	town.cases[path] = true
	town.mu.Unlock()
	steps := []struct {
		name, event string
		body        object
	}{
		{"report-in", "reported_in", object{}},
		{"sign-agreement", "agreement_signed", object{"note": "two copies"}},
		{"record-contact", "contact_recorded", object{"channel": "phone", "outcome": "no_answer"}},
		{"record-contact", "contact_recorded", object{"channel": "talk", "outcome": "met", "note": "looking for work"}},
		{"record-contact", "contact_recorded", object{"channel": "home_visit", "outcome": "met"}},
	}
	for i, s := range steps {
		if _, ok := town.give(path+"/"+s.name, fmt.Sprintf("order-%d-%d", n, i), s.event, s.body); !ok {
			return false
		}
	}
	// The answer to the last one got lost, say: it is sent again.
	_, ok = town.give(path+"/record-contact", fmt.Sprintf("order-%d-%d", n, len(steps)-1), "contact_recorded", steps[len(steps)-1].body)
	return ok
}

// give sends a command until it is acknowledged, over all deaths of the server, and notes
// it. It answers with the path of the case.
func (town *town) give(path, key, event string, body object) (casePath string, ok bool) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", town.complain("%v", err)
	}
	for attempt := 0; ; attempt++ {
		_, _, moved := town.w.at()
		res, err := town.w.send(town.ctx, http.MethodPost, path, "", key, raw)
		switch {
		case err != nil || res.status == http.StatusServiceUnavailable:
			town.missed(path, res, err)
			if !town.wait(moved) {
				return "", false
			}
			continue
		case res.status >= http.StatusMultipleChoices:
			return "", town.complain("%s with the key %q, attempt %d: %s", path, key, attempt+1, res)
		}
		var r receipt
		if err := json.Unmarshal(res.body, &r); err != nil {
			return "", town.complain("%s: %v", res, err)
		}
		return town.acknowledge(r, res.status, attempt, event)
	}
}

// wait is until the server has moved, or for a moment: it may be alive and busy.
func (town *town) wait(moved <-chan struct{}) bool {
	select {
	case <-moved:
	case <-time.After(100 * time.Millisecond):
	case <-town.ctx.Done():
		return false
	}
	return true
}

// missed notes why a command is sent again.
func (town *town) missed(path string, res reply, err error) {
	town.mu.Lock()
	defer town.mu.Unlock()
	town.misses++
	town.unanswered = fmt.Sprintf("%s: %v", path, err)
	if err == nil {
		town.unanswered = fmt.Sprintf("%s: %s", path, res)
	}
}

// acknowledge notes what was acknowledged. What was left with the engine has to show in
// the timeline before the caller goes on, without being sent again.
func (town *town) acknowledge(r receipt, status, attempts int, event string) (casePath string, ok bool) {
	path, key := "/v1/cases/"+r.CaseID, command{r.CaseID, r.CommandID}
	town.mu.Lock()
	before, again := town.acknowledged[key]
	if !again || !r.Pending {
		town.acknowledged[key] = note{event, status, r.Seq}
	}
	if attempts > 0 {
		town.retried++
		if r.Duplicate && !again {
			town.acted++
		}
	}
	if r.Pending {
		town.pending++
	}
	town.mu.Unlock()
	switch {
	case r.Pending != (status == http.StatusAccepted):
		return "", town.complain("%v: %d with pending %t", key, status, r.Pending)
	case again && !r.Pending && (!r.Duplicate || before.seq != 0 && before.seq != r.Seq):
		return "", town.complain("%v was acknowledged at %d, then at %d (duplicate %t)", key, before.seq, r.Seq, r.Duplicate)
	case r.Pending:
		return path, town.shows(path, key)
	}
	return path, true
}

// shows waits until a command that was left with the engine is in the ledger.
func (town *town) shows(path string, key command) bool {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		_, _, moved := town.w.at()
		res, err := town.w.send(town.ctx, http.MethodGet, path+"/timeline?limit=200", "", "", nil)
		var page struct{ Entries []entry }
		if err == nil && res.status == http.StatusOK && json.Unmarshal(res.body, &page) == nil {
			for _, e := range page.Entries {
				if e.Command == key.id {
					return true
				}
			}
		}
		if !town.wait(moved) {
			return false
		}
	}
	return town.complain("%v was left with the engine and does not act", key)
}

func (town *town) complain(format string, args ...any) bool {
	town.mu.Lock()
	defer town.mu.Unlock()
	if town.complaint == "" {
		town.complaint = fmt.Sprintf(format, args...)
	}
	return false
}
