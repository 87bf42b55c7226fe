package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

const (
	eventsPath = "/v1/events"
	writeWait  = 10 * time.Second // a client that takes longer to read an event is gone
	streamLife = time.Hour        // after it the client comes back
)

func (s *server) eventRoutes() {
	schemas := s.api.OpenAPI().Components.Schemas
	schemas.Schema(reflect.TypeFor[board.Change](), true, "")
	schemas.Schema(reflect.TypeFor[board.NoticeRow](), true, "")
	operation(s, huma.Operation{
		OperationID: "stream-events", Method: http.MethodGet, Path: eventsPath, Tags: []string{"inbox"},
		Summary: "Follow changes and notices in scope as server-sent events",
		Description: "Events are named change (a Change) and notice (a NoticeRow). The id of an event says how far the stream is, in a form of its own; " +
			"a client that comes back with it in Last-Event-ID misses nothing. Without it the stream begins now.",
		Responses: map[string]*huma.Response{"200": {
			Description: "A stream that ends when the client or the server leaves.",
			Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, s.events)
}

type eventsInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"79" pattern:"^(([0-9]{1,18}-)?[0-9]{1,18}\\.([0-9]{1,18}-)?[0-9]{1,18})?$" patternDescription:"the id of an event of this stream"`
}

func (s *server) events(ctx context.Context, a rehab.Actor, in *eventsInput) (*huma.StreamResponse, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	also, err := s.work.StandInActors(ctx, a)
	if err != nil {
		return nil, err
	}
	done, err := s.limits.take(a, "stream", streamLimit)
	if err != nil {
		return nil, err
	}
	l, live, err := s.hub.join(ctx, a, also...)
	if err != nil {
		done()
		return nil, err
	}
	from, err := s.resume(ctx, in.LastEventID, live)
	if err != nil {
		s.hub.leave(l)
		done()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer done()
		defer s.hub.leave(l)
		c := humagin.Unwrap(hc)
		h := c.Writer.Header()
		h.Set("Content-Type", "text/event-stream; charset=utf-8")
		h.Set("X-Accel-Buffering", "no")
		c.Status(http.StatusOK)
		st := &stream{w: c.Writer, rc: http.NewResponseController(c.Writer), at: from}
		err := s.follow(ctx, a, st, l, live)
		if err != nil && ctx.Err() == nil && !isGone(err) {
			s.Log.WarnContext(ctx, "live stream ended", "request_id", requestID(ctx), "code", string(rehab.CodeOf(err)))
		}
	}}, nil
}

// resume is where a client goes on that comes back with the id of an event. One that saw
// what the database does not know, since an older state of it was put back, begins now.
func (s *server) resume(ctx context.Context, id string, live cursor) (cursor, error) {
	if id == "" {
		return live, nil
	}
	from, err := s.parseCursor(ctx, id)
	if err != nil || from.change.Compare(live.change) <= 0 && from.notice.Compare(live.notice) <= 0 {
		return from, err
	}
	head, err := s.Board.Head(ctx) // another process may have told it more than this one has
	if from.change.Compare(head) > 0 {
		from.change = live.change
	}
	if from.notice.Compare(head) > 0 {
		from.notice = live.notice
	}
	return from, err
}

// follow brings the client up to where it joined and then passes on what comes.
func (s *server) follow(ctx context.Context, a rehab.Actor, st *stream, l *listener, live cursor) error {
	if err := st.comment("welcome"); err != nil {
		return err
	}
	if err := s.catchUp(ctx, a, st, live); err != nil {
		return err
	}
	beat := time.NewTicker(s.Heartbeat)
	defer beat.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-s.revocation.next():
			if !s.still(ctx, a) {
				return nil
			}
		case <-stopping(ctx):
			return nil
		case <-end.C:
			return nil
		case <-beat.C:
			if !s.still(ctx, a) {
				return nil // the token ended, or means another now: the stream ends with it
			}
			err = st.comment("beat")
		case it, ok := <-l.items:
			if !ok {
				return nil // it lagged behind; it comes back and resumes
			}
			if it.after(st.at) {
				err = st.send(it)
			}
		}
		if err != nil {
			return err
		}
	}
}

// catchUp reads from the database what the client missed before it joined.
func (s *server) catchUp(ctx context.Context, a rehab.Actor, st *stream, live cursor) error {
	for more := true; more && st.at.change.Compare(live.change) < 0; {
		changes, err := s.Board.Changes(ctx, st.at.change, hubPage)
		if err != nil {
			return err
		}
		more = len(changes) == hubPage
		for i := range changes {
			if changes[i].Cursor().Compare(live.change) > 0 {
				more = false
				break
			}
			st.at.change = changes[i].Cursor()
			if err := st.sendTo(a, item{at: st.at, change: &changes[i]}); err != nil {
				return err
			}
		}
	}
	for more := true; more && st.at.notice.Compare(live.notice) < 0; {
		notices, err := s.Board.Notices(ctx, st.at.notice, hubPage)
		if err != nil {
			return err
		}
		more = len(notices) == hubPage
		for i := range notices {
			if notices[i].Cursor().Compare(live.notice) > 0 {
				more = false
				break
			}
			st.at.notice = notices[i].Cursor()
			if err := st.sendTo(a, item{at: st.at, notice: &notices[i]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// stream writes events to one client. at is how far the client has come.
type stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
	at cursor
}

func (st *stream) sendTo(a rehab.Actor, it item) error {
	if !it.visible(a) {
		return nil
	}
	return st.send(it)
}

// send writes one event. Its id is how far the client is then in both streams.
func (st *stream) send(it item) error {
	name, data := "change", any(it.change)
	if it.notice != nil {
		name, data = "notice", it.notice
		st.at.notice = it.at.notice
	} else {
		st.at.change = it.at.change
	}
	body, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return st.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", st.at, name, body))
}

// comment keeps the connection open and tells the client how far it is.
func (st *stream) comment(text string) error {
	return st.write(fmt.Sprintf(": %s\nid: %s\n\n", text, st.at))
}

func (st *stream) write(text string) error {
	if err := st.rc.SetWriteDeadline(time.Now().Add(writeWait)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := st.w.Write([]byte(text)); err != nil {
		return err
	}
	return st.rc.Flush()
}

// String is the id of an event: for changes and for notices, transaction and position.
func (c cursor) String() string {
	return fmt.Sprintf("%d-%d.%d-%d", c.change.Tx, c.change.Position, c.notice.Tx, c.notice.Position)
}

// parseCursor reads what String wrote; the schema of the header has checked the form. Ids
// that were given before had the positions alone.
func (s *server) parseCursor(ctx context.Context, id string) (cursor, error) {
	change, notice, _ := strings.Cut(id, ".")
	c := cursor{parseHalf(change), parseHalf(notice)}
	if strings.Count(id, "-") == 2 {
		return c, nil
	}
	var err error
	c.change, c.notice, err = s.Board.CursorsOf(ctx, c.change.Position, c.notice.Position)
	return c, err
}

func parseHalf(s string) (c board.Cursor) {
	tx, position, both := strings.Cut(s, "-")
	if !both {
		tx, position = "", s
	}
	c.Tx, _ = strconv.ParseInt(tx, 10, 64)
	c.Position, _ = strconv.ParseInt(position, 10, 64)
	return c
}
