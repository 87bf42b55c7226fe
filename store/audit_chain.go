package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
)

const auditBucket = exportBucket + 1

// auditLink is where a chain stands.
type auditLink struct {
	writer string
	n      int64
	mac    []byte
}

// auditRow is an entry as it is kept.
type auditRow struct {
	link   auditLink
	at     time.Time
	actor  string
	cases  []string
	reason []byte
}

func (s *Store) auditRow(prev auditLink, r board.Read) (auditRow, error) {
	row := auditRow{link: auditLink{writer: prev.writer, n: prev.n + 1}, at: r.At.UTC().Truncate(time.Microsecond), cases: r.Cases}
	if row.cases == nil {
		row.cases = []string{}
	}
	var err error
	if row.actor, err = encodeActor(r.Actor); err != nil {
		return row, err
	}
	if r.Reason != "" {
		if row.reason, err = s.hide([]byte(r.Reason), []byte("audit")); err != nil {
			return row, fmt.Errorf("encrypt a reason: %w", err)
		}
	}
	row.link.mac = s.keys.signRead(prev.mac, row, r)
	return row, nil
}

func (k *Keys) signRead(prev []byte, row auditRow, r board.Read) []byte {
	fields := [][]byte{
		prev, []byte(row.link.writer), binary.BigEndian.AppendUint64(nil, uint64(row.link.n)), strconv.AppendInt(nil, row.at.UnixMicro(), 10),
		[]byte(row.actor), []byte(r.Operation), []byte(r.Subject), row.reason, []byte(r.Address), []byte(r.RequestID),
	}
	for _, id := range row.cases {
		fields = append(fields, []byte(id))
	}
	return k.sign("read", fields...)
}

// signEnd is what the end of a chain adds to the sum of all.
func (k *Keys) signEnd(l auditLink) []byte {
	return k.sign("read end", []byte(l.writer), binary.BigEndian.AppendUint64(nil, uint64(l.n)), l.mac)
}

const auditColumns = `position, writer, n, at, actor, operation, subject, cases, reason, address, request_id, mac`

func scanAudit(row pgx.CollectableRow) (r board.Read, kept auditRow, err error) {
	if err = row.Scan(&r.Position, &kept.link.writer, &kept.link.n, &kept.at, &kept.actor, &r.Operation, &r.Subject, &kept.cases, &kept.reason, &r.Address, &r.RequestID, &kept.link.mac); err != nil {
		return r, kept, err
	}
	r.At, r.Cases = kept.at.UTC(), kept.cases
	r.Actor, err = decodeActor(kept.actor)
	return r, kept, err
}

// Reads lists entries of the read log, the latest first.
func (s *Store) Reads(ctx context.Context, f board.ReadFilter) ([]board.Read, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+auditColumns+` FROM audit WHERE place LIKE $1 AND ($2 = '' OR subject = $2 OR cases @> ARRAY[$2]) AND ($3 = '' OR actor_id = $3)
AND ($4::bigint = 0 OR position < $4) ORDER BY position DESC LIMIT $5`, prefix(f.Place), f.CaseID, f.Actor, f.Before, limit(f.Limit))
	var reasons [][]byte
	list, err := collect(rows, err, "read the read log", func(row pgx.CollectableRow) (board.Read, error) {
		r, kept, err := scanAudit(row)
		reasons = append(reasons, kept.reason)
		return r, err
	})
	for i := range list {
		if reasons[i] == nil {
			continue
		}
		plain, err := s.reveal(ctx, reasons[i], []byte("audit"))
		if err != nil {
			return nil, fmt.Errorf("decrypt a reason: %w", err)
		}
		list[i].Reason = string(plain)
	}
	return list, err
}

// VerifyAudit lists where the read log was changed, and what is gone from it. It reads one
// snapshot.
func (s *Store) VerifyAudit(ctx context.Context) ([]board.Broken, error) {
	var out []board.Broken
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		want := sums{}
		var err error
		if out, err = s.checkAudit(ctx, tx, want); err != nil {
			return err
		}
		missing, err := checkSums(ctx, tx, want, `b = 257`)
		out = append(out, missing...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look at the read log: %w", unavailable(err))
	}
	return out, nil
}

func (s *Store) checkAudit(ctx context.Context, q querier, want sums) ([]board.Broken, error) {
	rows, err := q.Query(ctx, `SELECT `+auditColumns+` FROM audit ORDER BY writer, n`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []board.Broken
	var last auditLink
	t := &total{}
	want[auditBucket] = t
	end := func() {
		if last.n > 0 {
			xor(t.sum[:], s.keys.signEnd(last))
		}
	}
	for rows.Next() {
		r, kept, err := scanAudit(rows)
		if err != nil {
			return nil, err
		}
		if kept.link.writer != last.writer {
			end()
			last = auditLink{writer: kept.link.writer}
		}
		detail := ""
		switch {
		case kept.link.n != last.n+1:
			detail = fmt.Sprintf("entries %d to %d of it are gone", last.n+1, kept.link.n-1)
		case !bytes.Equal(kept.link.mac, s.keys.signRead(last.mac, kept, r)):
			detail = fmt.Sprintf("entry %d was changed or put in", kept.link.n)
		}
		if detail != "" {
			out = append(out, board.Broken{Subject: "read log " + kept.link.writer, Invariant: "the read log is whole", Detail: detail})
		}
		t.n++
		last = kept.link
	}
	end()
	return out, rows.Err()
}
