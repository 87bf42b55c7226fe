package api

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

const (
	hubPage    = 500 // rows per query of the poller and of a client that catches up
	buffered   = 256 // items a client may lag behind before it is let go
	maxClients = 2000
)

// cursor is how far a reader has come in the two streams that the live events are made of.
type cursor struct{ change, notice board.Cursor }

// item is one live event: a change or a notice.
type item struct {
	at     cursor
	change *board.Change
	notice *board.NoticeRow
}

// hub has one poller for all clients. It runs while somebody listens.
type hub struct {
	board Board
	every time.Duration
	log   *slog.Logger
	gauge prometheus.Gauge

	mu      sync.Mutex
	clients map[*listener]struct{}
	at      cursor // of the running poller: everything up to here was published
	stop    context.CancelFunc
	done    chan struct{}
}

// listener is one client. items is closed when it lagged behind too far.
type listener struct {
	actor rehab.Actor
	also  []rehab.Actor // workers whom the actor stands in for, as of when the stream began
	items chan item
}

func newHub(board Board, every time.Duration, log *slog.Logger, gauge prometheus.Gauge) *hub {
	return &hub{board: board, every: every, log: log, gauge: gauge, clients: make(map[*listener]struct{})}
}

// listening is how many clients there are.
func (h *hub) listening() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.clients)
}

// join starts to listen. What the poller publishes after the cursor arrives in items;
// what lies before it is the caller's to read.
func (h *hub) join(ctx context.Context, a rehab.Actor, also ...rehab.Actor) (*listener, cursor, error) {
	head, err := h.head(ctx)
	if err != nil {
		return nil, cursor{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.clients) >= maxClients {
		return nil, cursor{}, &rehab.Error{Code: rehab.Unavailable, Message: "too many live streams are open"}
	}
	if h.stop == nil {
		h.at = head
		poll, stop := context.WithCancel(context.WithoutCancel(ctx)) // it outlives the client that started it
		h.stop, h.done = stop, make(chan struct{})
		go h.poll(poll, head, h.done)
	}
	l := &listener{actor: a, also: also, items: make(chan item, buffered)}
	h.clients[l] = struct{}{}
	h.gauge.Set(float64(len(h.clients)))
	return l, h.at, nil
}

// leave stops listening. The last one to leave stops the poller and waits for it.
func (h *hub) leave(l *listener) {
	h.mu.Lock()
	delete(h.clients, l)
	h.gauge.Set(float64(len(h.clients)))
	var done chan struct{}
	if len(h.clients) == 0 && h.stop != nil {
		h.stop()
		h.stop, done = nil, h.done
	}
	h.mu.Unlock()
	if done != nil {
		<-done
	}
}

// head is where the streams are now. A hub that runs knows without asking.
func (h *hub) head(ctx context.Context) (cursor, error) {
	h.mu.Lock()
	at, running := h.at, h.stop != nil
	h.mu.Unlock()
	if running {
		return at, nil
	}
	head, err := h.board.Head(ctx)
	return cursor{head, head}, err
}

func (h *hub) poll(ctx context.Context, at cursor, done chan<- struct{}) {
	defer close(done)
	tick := time.NewTicker(h.every)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		next, err := h.news(ctx, at)
		at = next
		if err != nil && !failing && ctx.Err() == nil {
			h.log.WarnContext(ctx, "live events wait for the database", "code", string(rehab.CodeOf(err)))
		}
		failing = err != nil
	}
}

// news publishes what came after the cursor and answers how far it got.
func (h *hub) news(ctx context.Context, at cursor) (cursor, error) {
	for {
		changes, err := h.board.Changes(ctx, at.change, hubPage)
		if err != nil {
			return at, err
		}
		items := make([]item, len(changes))
		for i := range changes {
			at.change = changes[i].Cursor()
			items[i] = item{at: at, change: &changes[i]}
		}
		h.publish(ctx, at, items)
		if len(changes) < hubPage {
			break
		}
	}
	for {
		notices, err := h.board.Notices(ctx, at.notice, hubPage)
		if err != nil {
			return at, err
		}
		items := make([]item, len(notices))
		for i := range notices {
			at.notice = notices[i].Cursor()
			items[i] = item{at: at, notice: &notices[i]}
		}
		h.publish(ctx, at, items)
		if len(notices) < hubPage {
			return at, nil
		}
	}
}

// publish hands the items to all who may see them. A client whose buffer is full is let
// go: it comes back with the id of the last event it saw and misses nothing.
func (h *hub) publish(ctx context.Context, at cursor, items []item) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ctx.Err() != nil {
		return // stopped: the cursor is another poller's by now
	}
	h.at = at
	for l := range h.clients {
		for _, it := range items {
			if !l.hears(it) {
				continue
			}
			select {
			case l.items <- it:
				continue
			default:
			}
			close(l.items)
			delete(h.clients, l)
			break
		}
	}
	h.gauge.Set(float64(len(h.clients)))
}

// after reports whether the item comes after what the reader has seen.
func (it item) after(c cursor) bool {
	if it.change != nil {
		return it.at.change.Compare(c.change) > 0
	}
	return it.at.notice.Compare(c.notice) > 0
}

// hears reports whether the item is for the listener, or for somebody it stands in for.
func (l *listener) hears(it item) bool {
	return it.visible(l.actor) || slices.ContainsFunc(l.also, it.visible)
}

// visible reports whether the actor may hear of it.
func (it item) visible(a rehab.Actor) bool {
	if it.change != nil {
		return casework.Sees(a, it.change.Place, it.change.Worker)
	}
	return isFor(a, it.notice.Notice)
}

// isFor reports whether the notice is to the actor: its role at its place, and for a
// worker's notice that worker. An admin hears those of the own area.
func isFor(a rehab.Actor, n rehab.Notice) bool {
	switch {
	case a.Role == rehab.Admin:
		return casework.Covers(a, n.Place)
	case a.Role != n.Role:
		return false
	case a.Role == rehab.WorkerRole:
		return n.Worker == a.ID
	}
	prefix, ok := casework.Area(a)
	return ok && n.Place == prefix
}
