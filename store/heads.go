package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
)

// The sums of the signatures of what must not vanish.
const (
	caseBuckets  = 256
	exportBucket = caseBuckets
)

const (
	upsertHead = `INSERT INTO case_heads (case_id, seq, mac) VALUES ($1, $2, $3) ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, mac = excluded.mac`
	addToSum   = `UPDATE ledger_sums SET n = n + $2, sum = sum # $3 WHERE bucket = $1`
)

// sign is a keyed hash of the fields, each with its length before it.
func (k *Keys) sign(kind string, fields ...[]byte) []byte {
	h := k.mac(k.blind("ledger", ""))
	var n [8]byte
	for _, f := range append([][]byte{[]byte(kind)}, fields...) {
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		h.Write(n[:])
		h.Write(f)
	}
	return h.Sum(nil)
}

func (k *Keys) signHead(kind, caseID string, seq int64, hash []byte) []byte {
	return k.sign(kind, []byte(caseID), binary.BigEndian.AppendUint64(nil, uint64(seq)), hash)
}

func bucketOf(caseID string) int { return int(sha256.Sum256([]byte(caseID))[0]) }

// queueHead signs the new head of a case, and puts it in the place of the one before in the
// sum of its bucket. The row of the sum is locked until the transaction ends, after that of
// the case: always in this order.
func (k *Keys) queueHead(b *pgx.Batch, caseID string, seq int64, hash []byte, was head) {
	b.Queue(upsertHead, caseID, seq, k.signHead("head", caseID, seq, hash))
	change, more := k.signHead("sum", caseID, seq, hash), 1
	if was.signed {
		xor(change, k.signHead("sum", caseID, was.seq, was.hash))
		more = 0
	}
	b.Queue(addToSum, bucketOf(caseID), more, bits(change))
}

func xor(into, with []byte) {
	for i := range into {
		into[i] ^= with[i]
	}
}

func bits(b []byte) pgtype.Bits { return pgtype.Bits{Bytes: b, Len: int32(len(b) * 8), Valid: true} }

// selectHeads are the ends of all ledgers beside what was signed of each.
const selectHeads = `SELECT coalesce(e.case_id, h.case_id), coalesce(e.seq, 0), e.hash, coalesce(h.seq, 0), h.mac
FROM (SELECT DISTINCT ON (case_id) case_id, seq, hash FROM case_events ORDER BY case_id, seq DESC) e FULL JOIN case_heads h USING (case_id)`

// sums are what the sums have to be.
type sums map[int]*total

type total struct {
	n   int64
	sum [sha256.Size]byte
}

func (s sums) add(bucket int, mac []byte) {
	if s[bucket] == nil {
		s[bucket] = &total{}
	}
	s[bucket].n++
	xor(s[bucket].sum[:], mac)
}

// SignedHeads lists the cases whose ledger does not end with what was signed, and the buckets
// from which cases or exports are gone. It reads one snapshot.
func (s *Store) SignedHeads(ctx context.Context) ([]board.Broken, error) {
	var out []board.Broken
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		want := sums{}
		found, err := s.checkHeads(ctx, tx, want)
		if err != nil {
			return err
		}
		exports, err := s.checkExports(ctx, tx, want)
		if err != nil {
			return err
		}
		gone, err := s.checkDestroyed(ctx, tx, want)
		if err != nil {
			return err
		}
		missing, err := checkSums(ctx, tx, want, `b < 257 OR b = 258`)
		out = append(append(append(found, exports...), gone...), missing...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look at the signed heads: %w", unavailable(err))
	}
	return out, nil
}

const signedHeads = "the ledger ends with what was signed"

func (s *Store) checkHeads(ctx context.Context, q querier, want sums) ([]board.Broken, error) {
	rows, err := q.Query(ctx, selectHeads)
	if err != nil {
		return nil, err
	}
	var out []board.Broken
	var caseID string
	var seq, signed int64
	var hash, mac []byte
	_, err = pgx.ForEachRow(rows, []any{&caseID, &seq, &hash, &signed, &mac}, func() error {
		if mac != nil && seq > 0 {
			want.add(bucketOf(caseID), s.keys.signHead("sum", caseID, seq, hash))
		}
		var detail string
		switch {
		case seq == 0:
			detail = fmt.Sprintf("all its events are gone, %d were signed", signed)
		case mac == nil:
			detail = "its head was never signed; guitu rebuild signs it, once, after an upgrade from before heads were signed"
		case seq < signed:
			detail = fmt.Sprintf("events after %d are gone, %d were signed", seq, signed)
		case seq > signed || !bytes.Equal(mac, s.keys.signHead("head", caseID, seq, hash)):
			detail = fmt.Sprintf("event %d or one before it is not the one that was signed", seq)
		default:
			return nil
		}
		out = append(out, board.Broken{Subject: caseID, Invariant: signedHeads, Detail: detail})
		return nil
	})
	return out, err
}

// checkSums holds the sums of the buckets, all of which are there, against those computed.
func checkSums(ctx context.Context, q querier, want sums, which string) ([]board.Broken, error) {
	rows, err := q.Query(ctx, `SELECT b, coalesce(n, -1), coalesce(sum, repeat('0', 256)::bit(256)) FROM generate_series(0, 265) AS every (b) LEFT JOIN ledger_sums ON bucket = b WHERE `+which+` ORDER BY b`)
	if err != nil {
		return nil, err
	}
	var out []board.Broken
	var bucket int
	var n int64
	var sum pgtype.Bits
	_, err = pgx.ForEachRow(rows, []any{&bucket, &n, &sum}, func() error {
		t := want[bucket]
		if t == nil {
			t = &total{}
		}
		if t.n == n && bytes.Equal(t.sum[:], sum.Bytes) {
			return nil
		}
		out = append(out, board.Broken{Subject: nameOfBucket(bucket), Invariant: "nothing that was signed is gone", Detail: fmt.Sprintf("%d were signed, %d are there, or some are not what was signed", n, t.n)})
		return nil
	})
	return out, err
}

// signOldHead signs the head of a case from before heads were signed, while it is locked.
func (s *Store) signOldHead(ctx context.Context, tx pgx.Tx, caseID string, seq int64, hash []byte) error {
	var signed bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM case_heads WHERE case_id = $1)`, caseID).Scan(&signed); err != nil || signed {
		return err
	}
	b := &pgx.Batch{}
	s.keys.queueHead(b, caseID, seq, hash, head{})
	return tx.SendBatch(ctx, b).Close()
}
