package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"guitu/rehab"
)

// Record writes a decision in one transaction of two round trips: the first locks the
// head of the case and looks for the command, the second writes all and commits. It may
// be called again with the same request: the command id makes it act once.
func (s *Store) Record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error) {
	for i, e := range r.Events {
		if e.Seq != r.Expected+int64(i)+1 {
			return rehab.RecordResult{}, &rehab.Error{Code: rehab.Internal, Message: fmt.Sprintf("event %d of the record has sequence %d", i, e.Seq)}
		}
	}
	res, err := s.record(ctx, r)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "23505",
		rehab.CodeOf(unavailable(err)) == rehab.Unavailable && ctx.Err() == nil:
		// Somebody else opened the case at the same moment, or the connection was lost.
		// Whatever became of the first try, the second finds it.
		res, err = s.record(ctx, r)
	}
	if err != nil {
		return rehab.RecordResult{}, fmt.Errorf("record case %s: %w", r.CaseID, unavailable(err))
	}
	return res, nil
}

const lockHead = `SELECT c.seq, c.hash, h.case_id IS NOT NULL FROM cases c LEFT JOIN case_heads h USING (case_id) WHERE c.case_id = $1 FOR UPDATE OF c`

const findCommand = `SELECT last_seq, digest FROM commands WHERE case_id = $1 AND command_id = $2`

func (s *Store) record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return rehab.RecordResult{}, err
	}
	defer conn.Release()
	h, err := begin(ctx, conn.Conn(), r)
	if err != nil {
		rollback(ctx, conn.Conn())
		return rehab.RecordResult{}, err
	}
	if res, stop := h.judge(r); stop {
		res.Events, err = tail(ctx, conn.Conn(), r.CaseID, r.Expected)
		rollback(ctx, conn.Conn())
		return res, err
	}
	if no, err := misplaced(ctx, conn.Conn(), r); no != nil || err != nil {
		rollback(ctx, conn.Conn())
		return rehab.RecordResult{Outcome: rehab.RefusedByHistory, Seq: h.seq, Refusal: no}, err
	}
	if r.Rows == nil {
		err = rowsOfLife(ctx, conn.Conn(), &r)
	}
	if err == nil {
		err = s.write(ctx, conn.Conn(), r, h)
	}
	if err != nil {
		rollback(ctx, conn.Conn())
		return rehab.RecordResult{}, err
	}
	seq := r.Expected + int64(len(r.Events))
	res := rehab.RecordResult{Outcome: rehab.Recorded, Seq: seq, Events: r.Events}
	if r.Command != "" {
		res.CommandSeq = seq
	}
	return res, nil
}

// rollback ends a transaction that did not commit, whatever state it is in. A
// connection that does not answer is closed by the pool.
func rollback(ctx context.Context, c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if _, err := c.Exec(ctx, "ROLLBACK"); err != nil {
		_ = c.Close(ctx)
	}
}

// head is what the first round trip learns.
type head struct {
	exists     bool
	seq        int64
	hash       []byte
	signed     bool // the head is among those signed
	known      bool // the command is in the ledger
	commandSeq int64
	digest     string
}

func begin(ctx context.Context, c *pgx.Conn, r rehab.Record) (head, error) {
	var h head
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	b.Queue("SET LOCAL plan_cache_mode = auto") // rows by their keys: planned once, unlike lists and figures
	b.Queue(lockHead, r.CaseID).QueryRow(func(row pgx.Row) error {
		err := row.Scan(&h.seq, &h.hash, &h.signed)
		h.exists = err == nil
		return absent(err)
	})
	if r.Command != "" {
		b.Queue(findCommand, r.CaseID, r.Command).QueryRow(func(row pgx.Row) error {
			err := row.Scan(&h.commandSeq, &h.digest)
			h.known = err == nil
			return absent(err)
		})
	}
	return h, c.SendBatch(ctx, b).Close()
}

func absent(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// judge answers without writing where there is nothing to write.
func (h head) judge(r rehab.Record) (rehab.RecordResult, bool) {
	res := rehab.RecordResult{Seq: h.seq, CommandSeq: h.commandSeq}
	switch {
	case h.known && h.digest != r.Digest:
		res.Outcome = rehab.DigestMismatch
	case h.known:
		res.Outcome = rehab.Duplicate
	case len(r.Events) == 0:
		res.Outcome = rehab.NothingToWrite
	case h.seq != r.Expected:
		res.Outcome = rehab.Stale
	default:
		return res, false
	}
	return res, true
}

// rowsOfLife makes the rows of a record that came without them: one round trip more.
func rowsOfLife(ctx context.Context, c *pgx.Conn, r *rehab.Record) error {
	ledger, err := tail(ctx, c, r.CaseID, 0)
	if err == nil {
		r.Rows = rehab.LifeRows(append(ledger, r.Events...))
	}
	return err
}

const insertEvents = `INSERT INTO case_events (case_id, seq, type, recorded_at, occurred_at, actor, command, data, hash)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::json[], $9::bytea[])`

const insertCommand = `INSERT INTO commands (case_id, command_id, digest, last_seq, asked) VALUES ($1, $2, $3, $4, $5)`

// write is the second round trip.
func (s *Store) write(ctx context.Context, c *pgx.Conn, r rehab.Record, h head) error {
	rows, last, err := s.keys.encode(r.CaseID, h.hash, r.Events)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(insertEvents, r.CaseID, rows.seq, rows.typ, rows.recorded, rows.occurred, rows.actor, rows.command, rows.data, rows.hash)
	if r.Command != "" {
		asked, err := encodeAsked(r.Asked)
		if err != nil {
			return err
		}
		b.Queue(insertCommand, r.CaseID, r.Command, r.Digest, r.Expected+int64(len(r.Events)), asked)
	}
	project(b, r, last, h.exists)
	seals := queueSeal(b, r.CaseID, r.Events)
	s.keys.queueHead(b, r.CaseID, r.Expected+int64(len(r.Events)), last, h)
	if seals { // one round trip more: the key is given to its holders
		if err := c.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		if err := s.sealKey(ctx, c, r.CaseID); err != nil {
			return err
		}
		b = &pgx.Batch{}
	}
	b.Queue("COMMIT")
	return c.SendBatch(ctx, b).Close()
}

// eventRows are events as columns.
type eventRows struct {
	seq                []int64
	typ                []string
	recorded, occurred []time.Time
	actor, command     []string
	data               []string
	hash               [][]byte
}

// encode turns events into rows and continues the hash chain.
func (k *Keys) encode(caseID string, prev []byte, events []rehab.Event) (rows eventRows, last []byte, err error) {
	last = prev
	for _, e := range events {
		data, err := json.Marshal(e.Data)
		if err != nil {
			return rows, nil, fmt.Errorf("encode event %d: %w", e.Seq, err)
		}
		actor, err := encodeActor(e.Actor)
		if err != nil {
			return rows, nil, err
		}
		last = k.chain(last, caseID, e, actor, data)
		rows.seq = append(rows.seq, e.Seq)
		rows.typ = append(rows.typ, e.Data.EventType())
		rows.recorded = append(rows.recorded, e.RecordedAt)
		rows.occurred = append(rows.occurred, e.OccurredAt)
		rows.actor = append(rows.actor, actor)
		rows.command = append(rows.command, e.Command)
		rows.data = append(rows.data, string(data))
		rows.hash = append(rows.hash, last)
	}
	return rows, last, nil
}

// encodeActor writes "role place id", which every event carries. A partner, who has an
// organisation instead of a place, is written as JSON; so were all before.
func encodeActor(a rehab.Actor) (string, error) {
	switch {
	case a == rehab.System:
		return "", nil
	case a.Organisation == "" && !strings.ContainsAny(string(a.Role)+a.Place, " {"):
		return string(a.Role) + " " + a.Place + " " + a.ID, nil
	}
	b, err := json.Marshal(a)
	return string(b), err
}

func decodeActor(s string) (rehab.Actor, error) {
	if s == "" {
		return rehab.System, nil
	}
	var a rehab.Actor
	if strings.HasPrefix(s, "{") {
		err := json.Unmarshal([]byte(s), &a)
		return a, err
	}
	role, rest, _ := strings.Cut(s, " ")
	place, id, ok := strings.Cut(rest, " ")
	if !ok {
		return a, fmt.Errorf("%q is no actor", s)
	}
	return rehab.Actor{ID: id, Role: rehab.Role(role), Place: place}, nil
}

// chain is the hash of an event: over the hash before it and every field, each with its
// length before it, so that no two events have the same bytes.
func (k *Keys) chain(prev []byte, caseID string, e rehab.Event, actor string, data []byte) []byte {
	h := k.suite.NewHash()
	var n [8]byte
	field := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	number := func(v int64) {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	field(prev)
	field([]byte(caseID))
	number(e.Seq)
	field([]byte(e.Data.EventType()))
	number(e.RecordedAt.UnixMilli())
	number(e.OccurredAt.UnixMilli())
	field([]byte(actor))
	field([]byte(e.Command))
	field(data)
	return h.Sum(nil)
}
