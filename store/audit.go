package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

const (
	auditBuffer = 4096                  // entries that wait at most
	auditBatch  = 512                   // entries of one statement
	auditEvery  = 50 * time.Millisecond // how long an entry waits at most
	auditRetry  = 500 * time.Millisecond
	auditLast   = 10 * time.Second // how long a shutdown waits for the database
)

// Audit writes the read log of one process. Entries wait in a bounded buffer and are written
// together. While the buffer is full, or the database does not take them, nothing more is
// taken: who asks has to refuse the read.
type Audit struct {
	store   *Store
	log     *slog.Logger
	in      chan board.Read
	failing atomic.Bool
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once

	link auditLink // of the last entry written; of the goroutine alone
}

// errNoAudit refuses a read that cannot be logged.
var errNoAudit = &rehab.Error{Code: rehab.Unavailable, Message: "the read log does not take entries: nothing is shown that cannot be logged"}

// NewAudit starts the writer. Close flushes and ends it.
func (s *Store) NewAudit(ctx context.Context, log *slog.Logger) *Audit {
	a := &Audit{store: s, log: log, in: make(chan board.Read, auditBuffer), stop: make(chan struct{}), done: make(chan struct{}), link: auditLink{writer: randomID()}}
	go a.run(context.WithoutCancel(ctx))
	return a
}

// randomID says nothing and is given to nobody else.
func randomID() string { return strings.ToLower(rand.Text()[:16]) }

// Note takes an entry, or answers Unavailable: then the read is refused.
func (a *Audit) Note(r board.Read) error {
	select {
	case <-a.stop:
		return errNoAudit
	default:
	}
	if a.failing.Load() {
		return errNoAudit
	}
	select {
	case a.in <- r:
		return nil
	default:
		return errNoAudit
	}
}

// Close writes what waits. It is called when no request is under way any more.
func (a *Audit) Close() {
	a.once.Do(func() { close(a.stop) })
	<-a.done
}

func (a *Audit) run(ctx context.Context) {
	defer close(a.done)
	tick := time.NewTicker(auditEvery)
	defer tick.Stop()
	batch := make([]board.Read, 0, auditBatch)
	for {
		stopped := false
		select {
		case <-a.stop:
			stopped = true
		case <-tick.C:
		case r := <-a.in:
			if batch = append(batch, r); len(batch) < auditBatch {
				continue
			}
		}
		for {
			batch = a.drain(batch)
			if len(batch) == 0 {
				break
			}
			if !a.flush(ctx, batch) {
				a.log.ErrorContext(ctx, "the read log lost entries at shutdown", "entries", len(batch)+len(a.in))
				return
			}
			batch = batch[:0]
		}
		if stopped {
			return
		}
	}
}

func (a *Audit) drain(batch []board.Read) []board.Read {
	for len(batch) < auditBatch {
		select {
		case r := <-a.in:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// flush writes the batch, however often it takes. False: the process ends and the database
// has not come back.
func (a *Audit) flush(ctx context.Context, batch []board.Read) bool {
	var ended time.Time
	for again := false; ; again = true {
		err := a.write(ctx, batch, again)
		if err == nil {
			if a.failing.Swap(false) {
				a.log.WarnContext(ctx, "the read log takes entries again")
			}
			return true
		}
		if !a.failing.Swap(true) {
			a.log.ErrorContext(ctx, "the read log takes no entries: reads are refused", "error", err.Error())
		}
		select {
		case <-a.stop:
			if ended.IsZero() {
				ended = time.Now().Add(auditLast)
			}
			if time.Now().After(ended) {
				return false
			}
		default:
		}
		time.Sleep(auditRetry)
	}
}

const insertAudit = `INSERT INTO audit (writer, n, at, actor, place, actor_id, operation, subject, cases, reason, address, request_id, mac)
SELECT $1, n, at, actor, place, actor_id, operation, subject, string_to_array(cases, ' '), reason, address, request_id, mac
FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bytea[], $11::text[], $12::text[], $13::bytea[])
  AS u (n, at, actor, place, actor_id, operation, subject, cases, reason, address, request_id, mac)`

// auditColumn are entries as columns.
type auditColumn struct {
	n                                           []int64
	at                                          []time.Time
	actor, place, id, operation, subject, cases []string
	address, request                            []string
	reason, mac                                 [][]byte
}

func (c *auditColumn) add(row auditRow, r board.Read) {
	c.n, c.at, c.actor = append(c.n, row.link.n), append(c.at, row.at), append(c.actor, row.actor)
	c.place, c.id, c.operation = append(c.place, r.Actor.Place), append(c.id, r.Actor.ID), append(c.operation, r.Operation)
	c.subject, c.cases, c.reason = append(c.subject, r.Subject), append(c.cases, strings.Join(row.cases, " ")), append(c.reason, row.reason)
	c.address, c.request, c.mac = append(c.address, r.Address), append(c.request, r.RequestID), append(c.mac, row.link.mac)
}

// write puts the batch on the end of the chain, in one transaction with the sum. again: the
// try before may have been committed.
func (a *Audit) write(ctx context.Context, batch []board.Read, again bool) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	last, b := a.link, &pgx.Batch{}
	var c auditColumn
	for _, r := range batch {
		row, err := a.store.auditRow(last, r)
		if err != nil {
			return err
		}
		last = row.link
		c.add(row, r)
	}
	if again {
		var n int64
		if err := a.store.pool.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM audit WHERE writer = $1`, last.writer).Scan(&n); err != nil {
			return err
		}
		if n >= last.n {
			return a.adopt(ctx, n)
		}
	}
	change := a.store.keys.signEnd(last)
	if a.link.n > 0 {
		xor(change, a.store.keys.signEnd(a.link))
	}
	b.Queue(insertAudit, last.writer, c.n, c.at, c.actor, c.place, c.id, c.operation, c.subject, c.cases, c.reason, c.address, c.request, c.mac)
	b.Queue(addToSum, auditBucket, len(batch), bits(change))
	if err := a.store.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("write the read log: %w", unavailable(err))
	}
	a.link = last
	return nil
}

// noteNow writes one entry and comes back once it is there.
func (s *Store) noteNow(ctx context.Context, r board.Read) error {
	a := &Audit{store: s, link: auditLink{writer: randomID()}}
	return a.write(ctx, []board.Read{r}, false)
}

// adopt goes on from what a try wrote whose answer was lost.
func (a *Audit) adopt(ctx context.Context, n int64) error {
	a.link.n = n
	return a.store.pool.QueryRow(ctx, `SELECT mac FROM audit WHERE writer = $1 AND n = $2`, a.link.writer, n).Scan(&a.link.mac)
}
