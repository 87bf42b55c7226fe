package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// event is one server-sent event.
type event struct {
	id, name string
	data     map[string]any
}

// follower reads a live stream.
type follower struct {
	t      *testing.T
	body   io.ReadCloser
	lines  *bufio.Scanner
	status int
	kind   string
	lastID string
}

// serve runs the handler behind a real server until the test ends.
func (b *bench) serve(t *testing.T) string {
	t.Helper()
	srv := httptest.NewServer(b.handler)
	t.Cleanup(srv.Close)
	return srv.URL
}

var noKeepAlive = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func follow(t *testing.T, ctx context.Context, url, who, last string) *follower {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", url+"/v1/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+who)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := noKeepAlive.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	f := &follower{t: t, body: res.Body, lines: bufio.NewScanner(res.Body), status: res.StatusCode, kind: res.Header.Get("Content-Type")}
	if f.status == 200 {
		f.beat() // the welcome: from here on nothing is missed
	}
	return f
}

// block reads to the next empty line; false at the end of the stream.
func (f *follower) block() (e event, ok bool) {
	for f.lines.Scan() {
		line := f.lines.Text()
		switch {
		case line == "":
			if e.id != "" {
				f.lastID = e.id
			}
			return e, true
		case strings.HasPrefix(line, "id: "):
			e.id = line[4:]
		case strings.HasPrefix(line, "event: "):
			e.name = line[7:]
		case strings.HasPrefix(line, "data: "):
			require.NoError(f.t, json.Unmarshal([]byte(line[6:]), &e.data))
		}
	}
	return e, false
}

func (f *follower) beat() {
	f.t.Helper()
	_, ok := f.block()
	require.True(f.t, ok)
}

// next is the next event that is not a heartbeat.
func (f *follower) next() event {
	f.t.Helper()
	for {
		e, ok := f.block()
		require.True(f.t, ok, "the stream ended")
		if e.name != "" {
			return e
		}
	}
}

// ended waits for the end of the stream.
func (f *follower) ended() {
	for {
		if _, ok := f.block(); !ok {
			return
		}
	}
}

func TestTheStreamCarriesChangesAndNoticesInScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url := b.serve(t)
	head, other := follow(t, t.Context(), url, "head", ""), follow(t, t.Context(), url, "other-head", "")
	require.Equal(t, "text/event-stream; charset=utf-8", head.kind)
	id := b.opened(1)
	far := b.opened(2, "execution_street", otherStreet, "residence_street", otherStreet)
	for _, want := range []string{"case_opened", "obligation_opened"} {
		e := head.next()
		require.Equal(t, "change", e.name)
		require.Equal(t, id, e.data["case_id"])
		require.Equal(t, want, e.data["type"])
		require.Equal(t, far, other.next().data["case_id"])
	}
	worker := follow(t, t.Context(), url, "worker", "")
	b.pass(now.AddDate(0, 0, 8)) // the report-in of the first client is missed
	for {
		if e := worker.next(); e.name == "notice" {
			require.Equal(t, "escalation_opened", e.data["type"])
			require.Equal(t, id, e.data["case_id"])
			return
		}
	}
}

func TestAClientResumesWhereItLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url := b.serve(t)
	ctx, leave := context.WithCancel(t.Context())
	first := follow(t, ctx, url, "worker", "")
	id := b.opened(1)
	seen := first.next()
	require.Equal(t, "case_opened", seen.data["type"])
	leave()
	first.ended()

	missed := b.opened(3)
	b.opened(4, "worker", "w-2")
	b.pass(now.AddDate(0, 0, 8))
	second := follow(t, t.Context(), url, "worker", seen.id)
	var got []string
	var last event
	for range 4 {
		last = second.next()
		got = append(got, last.data["case_id"].(string)+" "+last.data["type"].(string))
	}
	require.Equal(t, []string{id + " obligation_opened", missed + " case_opened", missed + " obligation_opened"}, got[:3])
	for last.name != "notice" {
		last = second.next()
	}
	require.Equal(t, "worker", last.data["role"])

	third := follow(t, t.Context(), url, "worker", second.lastID)
	require.Equal(t, 200, b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{}`).StatusCode)
	for {
		e := third.next()
		require.NotEqual(t, "case_opened", e.data["type"], "what was seen comes again")
		if e.data["type"] == "contact_recorded" {
			return
		}
	}
}

func TestAClientWithAnIdOfBeforeOrOfNoKnownFutureGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url := b.serve(t)
	for n := range 3 {
		b.opened(n + 1)
	}
	b.mu.Lock()
	third := b.changes[len(b.changes)-2]
	b.mu.Unlock()
	require.Equal(t, "case_opened", third.Type)
	before := follow(t, t.Context(), url, "city", fmt.Sprintf("%d.0", third.Position-1)) // from before there were transactions in it
	require.Equal(t, third.CaseID, before.next().data["case_id"])

	lost := follow(t, t.Context(), url, "city", "900000-7.900000-7") // of a state that is gone
	fourth := b.opened(4)
	require.Equal(t, fourth, lost.next().data["case_id"])
	require.NotContains(t, lost.lastID, "900000")
}

func TestOnePollerServesAllClientsAndStopsWithTheLast(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url := b.serve(t)
	ctx, leave := context.WithCancel(t.Context())
	var all []*follower
	for range 20 {
		all = append(all, follow(t, ctx, url, "city", ""))
	}
	b.opened(1)
	for _, f := range all {
		require.Equal(t, "case_opened", f.next().data["type"])
	}
	require.Contains(t, b.call("", "GET", "/metrics", nil).text, "guitu_sse_clients 20")
	leave()
	for _, f := range all {
		f.ended()
	}
	require.Eventually(t, func() bool { return contains(b.call("", "GET", "/metrics", nil).text, "guitu_sse_clients 0") }, 5*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { // the poller is gone when two looks in a row find the same number
		before := b.polled()
		<-time.After(20 * time.Millisecond)
		return before == b.polled()
	}, 5*time.Second, time.Millisecond)
}

func (w *world) polled() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.polls
}

func TestAClientThatDoesNotReadIsLetGoAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url := b.serve(t)
	slow, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	defer func() { _ = slow.Close() }()
	require.NoError(t, slow.(*net.TCPConn).SetReadBuffer(4096))
	_, err = slow.Write([]byte("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer city\r\n\r\n"))
	require.NoError(t, err)
	quick := follow(t, t.Context(), url, "city", "")
	require.Eventually(t, func() bool { return contains(b.call("", "GET", "/metrics", nil).text, "guitu_sse_clients 2") }, 5*time.Second, time.Millisecond)

	var got atomic.Int64
	go func() {
		for {
			e, ok := quick.block()
			if !ok {
				return
			}
			if e.name != "" {
				got.Add(1)
			}
		}
	}()
	sent := int64(0)
	require.Eventually(t, func() bool { // until the slow one is let go, the quick one gets everything
		b.addChanges(100)
		sent += 100
		for got.Load() < sent {
			runtime.Gosched()
		}
		return contains(b.call("", "GET", "/metrics", nil).text, "guitu_sse_clients 1")
	}, 60*time.Second, time.Microsecond)
}

func (w *world) addChanges(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range n {
		w.tx++
		w.changes = append(w.changes, board.Change{Tx: w.tx, Position: int64(len(w.changes) + 1), CaseID: "c-x", Type: "contact_recorded", Place: street, At: now})
	}
}

func TestShutdownEndsTheStreamsFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := api.NewServer(listener.Addr().String(), b.handler)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(listener) }()
	f := follow(t, t.Context(), "http://"+listener.Addr().String(), "city", "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, srv.Shutdown(ctx))
	f.ended()
	require.ErrorIs(t, <-served, http.ErrServerClosed)
	require.NotZero(t, srv.ReadHeaderTimeout)
	require.NotZero(t, srv.ReadTimeout)
	require.NotZero(t, srv.WriteTimeout)
	require.NotZero(t, srv.IdleTimeout)
	require.NotZero(t, srv.MaxHeaderBytes)
}

func TestAStreamOutlivesTheWriteTimeoutOfTheServer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := api.NewServer("", b.handler)
	srv.WriteTimeout = 30 * time.Millisecond
	served := make(chan error, 1)
	go func() { served <- srv.Serve(listener) }()
	f := follow(t, t.Context(), "http://"+listener.Addr().String(), "city", "")
	for range 5 { // heartbeats of 20 ms
		f.beat()
	}
	require.NoError(t, srv.Shutdown(t.Context()))
	f.ended()
	require.ErrorIs(t, <-served, http.ErrServerClosed)
}

func TestAStreamThatCannotBeginSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, last := range []string{"7", "a.b", "-1.0", "1.2.3", "1-2-3.4", "1-.2-3", strings.Repeat("9", 30) + ".1"} {
		b.call("city", "GET", "/v1/events", nil, "Last-Event-ID", last).problem(t, 422, "invalid", "Last-Event-ID")
	}
	b.fail["CursorsOf"] = &rehab.Error{Code: rehab.Unavailable, Message: "the database does not answer"}
	b.call("city", "GET", "/v1/events", nil, "Last-Event-ID", "1.2").problem(t, 503, "unavailable", "")
	b.fail["Head"] = b.fail["CursorsOf"]
	b.call("city", "GET", "/v1/events", nil).problem(t, 503, "unavailable", "")
	require.Contains(t, b.call("", "GET", "/metrics", nil).text, "guitu_sse_clients 0")
}

func TestTheStreamSurvivesADatabaseThatFailsForAWhile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := follow(t, t.Context(), b.serve(t), "city", "")
	b.mu.Lock()
	b.fail["Changes"] = &rehab.Error{Code: rehab.Unavailable, Message: "down"}
	at := b.polls
	b.mu.Unlock()
	require.Eventually(t, func() bool { return b.polled() > at+3 }, 5*time.Second, time.Millisecond)
	b.mu.Lock()
	delete(b.fail, "Changes")
	b.mu.Unlock()
	b.opened(1)
	require.Equal(t, "case_opened", f.next().data["type"])
}
