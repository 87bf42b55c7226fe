package doors

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// Leaks names what the answer says of clients whom the actor may not read so: at all, who they
// are, or what was written about them. What the request said itself is no leak. It looks where the
// cases stand now.
func (h *House) Leaks(ctx context.Context, r Request, got string) (out []string, err error) {
	a, sent := Actors[r.Token], r.Path+r.Body
	for _, key := range h.keys() {
		c := h.Cases[key]
		said := func(word string) bool { return strings.Contains(got, word) && !strings.Contains(sent, word) }
		if !strings.Contains(got, c.First) && !strings.Contains(got, c.Who[1]) && !strings.Contains(got, c.Who[2]) && !strings.Contains(got, c.Who[3]) {
			continue
		}
		row, err := h.store.Case(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		as, err := h.standsFor(ctx, a, row.Worker)
		if err != nil {
			return nil, err
		}
		for _, word := range forbidden(as, c, row, h.waitsAt(ctx, a, c), h.glass[a.ID+" "+c.ID]) {
			if said(word) && !(word == c.Who[0] && mayDecide(a, row) && slices.Contains(changes, r.Operation)) {
				out = append(out, fmt.Sprintf("%q of the case %s (%s, %s)", word, key, row.Place, row.Worker))
			}
		}
	}
	return out, nil
}

// changes show a change of a name that waits in full, the old one too, to who may confirm it.
var changes = []string{"get-client-history", "update-client", "update-client-of-order", "confirm-client-change", "decline-client-change"}

// mayDecide reports whether the actor may confirm a change of the client: an office above the station.
func mayDecide(a rehab.Actor, row rehab.Summary) bool {
	return (a.Role == rehab.DistrictOffice || a.Role == rehab.CityOffice) && reads(a, row.Place, row.Worker)
}

// forbidden are the words of the case that an answer to the actor may not have.
func forbidden(a rehab.Actor, c *Case, row rehab.Summary, waits, glass bool) []string {
	all := append([]string{c.First, c.Waiting, c.Text}, c.Who...)
	switch {
	case c.addressed(a) && row.Phase != rehab.Sealed: // the report, under the name that holds by now
		return []string{c.Text}
	case row.Phase == rehab.Sealed || !reads(a, row.Place, row.Worker) && !waits:
		return all
	case readsInFull(a, row.Place, row.Worker):
		return nil
	case glass, a.Role == rehab.DistrictOffice, a.Role == rehab.CityOffice: // the name that waits is theirs to confirm
		if glass {
			return nil
		}
		return c.Who
	case a.Role == rehab.WorkerRole: // a case of the street that nobody has
		return append([]string{c.Waiting}, c.Who...)
	}
	return all[1:]
}

// standsFor is the actor as the worker whom it stands in for.
func (h *House) standsFor(ctx context.Context, a rehab.Actor, worker string) (rehab.Actor, error) {
	if a.Role != rehab.WorkerRole || worker == "" || worker == a.ID {
		return a, nil
	}
	also, err := h.store.StandsInFor(ctx, a.ID, rehab.DateOf(h.service.Now()))
	for _, id := range also {
		if id == worker {
			a.ID = id
		}
	}
	return a, err
}

// waitsAt reports whether a transfer of the case waits at the actor's door, which shows the client masked.
func (h *House) waitsAt(ctx context.Context, a rehab.Actor, c *Case) bool {
	if a.Role == rehab.WorkerRole || !reads(a, a.Place, "") {
		return false
	}
	return h.offered(ctx, a, c.ID)
}

// offered reports whether there is, or was, a transfer of the case to the actor's area.
func (h *House) offered(ctx context.Context, a rehab.Actor, caseID string) bool {
	list, err := h.store.Transfers(ctx, board.TransferFilter{CaseID: caseID, Limit: 200})
	return err == nil && a.Place != "" && slices.ContainsFunc(list, func(t board.TransferRow) bool { return t.To != "" && strings.HasPrefix(t.To, a.Place) })
}

// Saw remembers what an answer allows: a look at an identity.
func (h *House) Saw(r Request, got Reply) {
	if r.Operation != "break-glass" || got.Status/100 != 2 {
		return
	}
	for _, c := range h.Cases {
		if strings.Contains(r.Body, c.ID) {
			h.glass[Actors[r.Token].ID+" "+c.ID] = true
		}
	}
}

// Trespasses are the events and the changes of clients whose actor had no business with the case
// where it stood: read from the ledger, whatever was answered.
func (h *House) Trespasses(ctx context.Context) (out []string, err error) {
	for _, key := range h.keys() {
		c := h.Cases[key]
		history, err := h.store.History(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		stood := []rehab.Case{}
		fold := &rehab.Case{ID: c.ID}
		var revised rehab.Event // the last time the case was lived again, and up to where that goes
		var last int64
		for _, e := range history.Events {
			if d, ok := e.Data.(rehab.LifeRevised); ok {
				revised, last = e, d.Last
			}
			before := *fold.Clone()
			fold.Apply(e)
			if before.Place == "" {
				before = *fold.Clone() // the order opens it where it stands then
			}
			stood = append(stood, before)
			retold := e.Seq <= last && e.Command != revised.Command // the word of long ago, which came out otherwise
			receipt := slices.Contains([]string{"receipt_recorded", "obligation_met"}, e.Data.EventType()) && c.addressed(e.Actor)
			if e.Actor.ID != "" && e.Actor.Role != rehab.SystemRole && !receipt && !retold && !h.business(ctx, e.Actor, stood) {
				out = append(out, fmt.Sprintf("case %s: event %d %s by %s %s of %s, at %s of %s", key, e.Seq, e.Data.EventType(), e.Actor.Role, e.Actor.ID, e.Actor.Place, before.Place, before.Worker))
			}
		}
		more, err := h.touched(ctx, key, append(stood, *fold))
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// business reports whether the actor reaches the case as it stands, or answers a transfer of it. A worker may
// also write down what happened while the case was the worker's own.
func (h *House) business(ctx context.Context, a rehab.Actor, stood []rehab.Case) bool {
	last := stood[len(stood)-1]
	as, err := h.standsFor(ctx, a, last.Worker)
	if err == nil && reaches(as, last.Place, last.Worker) {
		return true
	}
	if a.Role != rehab.WorkerRole && h.offered(ctx, a, last.ID) {
		return true
	}
	for i := range stood {
		if a.Role == rehab.WorkerRole && stood[i].Worker == a.ID {
			return true
		}
	}
	return false
}

// touched looks at who wrote beside the ledger: changes of the client, attachments and snoozes.
func (h *House) touched(ctx context.Context, key string, stood []rehab.Case) (out []string, err error) {
	rows, err := h.owner.Query(ctx, `SELECT 'change of the client', actor FROM client_changes WHERE case_id = $1
UNION ALL SELECT 'attachment', actor FROM attachments WHERE case_id = $1`, h.Cases[key].ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var what, actor string
		if err := rows.Scan(&what, &actor); err != nil {
			return nil, err
		}
		a, ok := actorOf(actor)
		reached := false
		for i := range stood {
			reached = reached || ok && reaches(a, stood[i].Place, stood[i].Worker)
		}
		if !reached {
			out = append(out, fmt.Sprintf("case %s: a %s by %s", key, what, actor))
		}
	}
	return out, rows.Err()
}

// actorOf finds who is meant by "role place id", or by JSON.
func actorOf(text string) (rehab.Actor, bool) {
	for _, a := range Actors {
		if strings.HasSuffix(text, " "+a.ID) || strings.Contains(text, `"`+a.ID+`"`) {
			return a, true
		}
	}
	return rehab.Actor{}, false
}

// Faults is a log that keeps the errors, to say what was behind a status.
type Faults struct {
	mu   sync.Mutex
	last string
}

// Write takes a line.
func (f *Faults) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if bytes.Contains(p, []byte(`"ERROR"`)) && !bytes.Contains(p, []byte(`temporal cannot be reached`)) {
		f.last = string(p)
	}
	return len(p), nil
}

// Last is the last error.
func (f *Faults) Last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// Try sends the request, and says what is wrong with the answer, or nothing.
func (h *House) Try(ctx context.Context, r Request) (Reply, []string) {
	limit := 20 * time.Second
	if strings.HasPrefix(r.Path, "/v1/events") {
		limit = 20 * time.Millisecond // it goes on until somebody leaves
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	got := h.Send(within, r)
	var wrong []string
	if got.Status >= http.StatusInternalServerError && !h.expected(r, got) {
		wrong = append(wrong, fmt.Sprintf("status %d: %s\n%s", got.Status, got.Body, h.Log.Last()))
	}
	h.Saw(r, got)
	leaks, err := h.Leaks(ctx, r, got.Body)
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	for _, l := range leaks {
		wrong = append(wrong, "says "+l)
	}
	return got, wrong
}

// expected: there are no workflows here and no pages, and who follows the stream leaves after a moment.
func (h *House) expected(r Request, got Reply) bool {
	return got.Status == http.StatusServiceUnavailable &&
		(strings.HasPrefix(r.Path, "/readyz") || strings.HasPrefix(r.Path, "/v1/events") || strings.HasPrefix(got.Header.Get("Content-Type"), "text/html"))
}
