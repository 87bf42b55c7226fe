package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
)

// signedTable is a table each row of which is signed beside it, so that one that was changed,
// put in or taken away is found, whoever did it.
type signedTable struct {
	bucket int    // of the sum of its signatures
	name   string // what a finding calls one row
	table  string
	key    string // SQL of what a row is known by
	state  string // SQL of all that is signed of it, as text
}

// The tables that only grow, and those that say who gets in.
var (
	officeFacts = signedTable{
		259, "office fact", "office_facts", `position::text`,
		`jsonb_build_array(position, subject, valid_from, recorded_at, actor, command, digest, data::text)::text`,
	}
	registerRecords = signedTable{
		260, "record of the registers", "practice_records", `id || '/' || version`,
		`jsonb_build_array(id, version, kind, place, organisation, programme, case_id, withdrawn, day, workers, data, reason, actor, recorded_at, command, digest)::text`,
	}
	formDefinitions = signedTable{
		261, "form", "form_definitions", `form || '/' || version`,
		`jsonb_build_array(form, version, digest, definition::text, actor, at)::text`,
	}
	exportsTaken = signedTable{
		262, "export", "exports", `position::text`,
		`jsonb_build_array(position, at, actor, kind, place, filter, purpose, rows, digest, encode(mac, 'hex'))::text`,
	}
	accountsMade = signedTable{
		263, "account", "accounts", `id`,
		`jsonb_build_array(id, role, place, organisation, encode(name, 'hex'), password, must_change, password_until, encode(totp, 'hex'), totp_confirmed, disabled, created_at, encode(mac, 'hex'))::text`,
	}
	tokensMade = signedTable{
		264, "token", "tokens", `id`,
		`jsonb_build_array(id, encode(hash, 'hex'), actor, role, place, organisation, label, made_by, created_at, expires_at, revoked_at, encode(mac, 'hex'))::text`,
	}
	looksTaken = signedTable{
		265, "look at an identity", "break_glass", `id`,
		`jsonb_build_array(id, case_id, actor_id, actor, place, encode(reason, 'hex'), at, until, due, reviewed_at, reviewer, finding, encode(note, 'hex'), encode(mac, 'hex'))::text`,
	}
)

// signedTables are all of them.
var signedTables = []signedTable{officeFacts, registerRecords, formDefinitions, exportsTaken, accountsMade, tokensMade, looksTaken}

// notBegun is the count of a bucket whose rows from before this release nobody has signed yet.
const notBegun = -2

// rowState is a row as it stands; the zero one is none.
type rowState struct{ key, state string }

// returning ends a statement that writes one row, so that its new state is known.
func (t signedTable) returning() string { return ` RETURNING ` + t.key + `, ` + t.state }

// row reads the state of one row, and keeps others from changing it; the zero state where there is none.
func (t signedTable) row(ctx context.Context, tx pgx.Tx, where string, args ...any) (r rowState, err error) {
	err = tx.QueryRow(ctx, `SELECT `+t.key+`, `+t.state+` FROM `+t.table+` WHERE `+where+` FOR UPDATE`, args...).Scan(&r.key, &r.state)
	return r, absent(err)
}

func (k *Keys) signRow(kind string, t signedTable, r rowState) []byte {
	return k.sign(kind, []byte(t.table), []byte(r.key), []byte(r.state))
}

const upsertRowHead = `INSERT INTO row_heads (bucket, key, mac) VALUES ($1, $2, $3) ON CONFLICT (bucket, key) DO UPDATE SET mac = excluded.mac`

// sign puts the signature of a row that was written in the place of that of before. A process
// without the secrets signs nothing: guitu verify names what it wrote.
func (s *Store) sign(ctx context.Context, tx pgx.Tx, t signedTable, was, now rowState) error {
	if s.keys == nil {
		return nil
	}
	var counted bool // a row that was written without the secrets is not, until it is written again
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM row_heads WHERE bucket = $1 AND key = $2)`, t.bucket, was.key).Scan(&counted); err != nil {
		return err
	}
	change, more := s.keys.signRow("row sum", t, now), 1
	if counted {
		xor(change, s.keys.signRow("row sum", t, was))
		more = 0
	}
	b := &pgx.Batch{}
	b.Queue(upsertRowHead, t.bucket, now.key, s.keys.signRow("row", t, now))
	b.Queue(addToSum+` AND n >= 0`, t.bucket, more, bits(change))
	return tx.SendBatch(ctx, b).Close()
}

// written runs a statement that writes one row, and signs what it left.
func (s *Store) written(ctx context.Context, tx pgx.Tx, t signedTable, was rowState, sql string, args ...any) error {
	var now rowState
	if err := tx.QueryRow(ctx, sql+t.returning(), args...).Scan(&now.key, &now.state); err != nil {
		return err
	}
	return s.sign(ctx, tx, t, was, now)
}

// signOldRows signs the rows of before this release, once for each table.
func (s *Store) signOldRows(ctx context.Context) error {
	for _, t := range signedTables {
		err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return s.beginSum(ctx, tx, t) })
		if err != nil {
			return fmt.Errorf("sign the rows of %s: %w", t.table, unavailable(err))
		}
	}
	return nil
}

// beginSum counts the rows that are there under the lock of the sum: a row that is being written
// waits for it, and counts itself.
func (s *Store) beginSum(ctx context.Context, tx pgx.Tx, t signedTable) error {
	var n int64
	err := tx.QueryRow(ctx, `SELECT n FROM ledger_sums WHERE bucket = $1 FOR UPDATE`, t.bucket).Scan(&n)
	if err != nil || n != notBegun {
		return absent(err)
	}
	rows, err := tx.Query(ctx, `SELECT `+t.key+`, `+t.state+` FROM `+t.table)
	list, err := collect(rows, err, "read "+t.table, func(row pgx.CollectableRow) (r rowState, err error) {
		return r, row.Scan(&r.key, &r.state)
	})
	if err != nil {
		return err
	}
	sum, b := &total{}, &pgx.Batch{}
	for _, r := range list {
		sum.n++
		xor(sum.sum[:], s.keys.signRow("row sum", t, r))
		b.Queue(upsertRowHead, t.bucket, r.key, s.keys.signRow("row", t, r))
	}
	b.Queue(`UPDATE ledger_sums SET n = $2, sum = $3 WHERE bucket = $1`, t.bucket, sum.n, bits(sum.sum[:]))
	return tx.SendBatch(ctx, b).Close()
}

// SignedRows lists the rows that are not what was signed, and the tables from which some are
// gone. It reads one snapshot.
func (s *Store) SignedRows(ctx context.Context) ([]board.Broken, error) {
	var out []board.Broken
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, t := range signedTables {
			found, err := s.checkRows(ctx, tx, t)
			if err != nil {
				return err
			}
			out = append(out, found...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the signed rows: %w", unavailable(err))
	}
	return out, nil
}

const signedRow = "a row is what was signed"

func (s *Store) checkRows(ctx context.Context, q querier, t signedTable) ([]board.Broken, error) {
	var n int64
	err := q.QueryRow(ctx, `SELECT n FROM ledger_sums WHERE bucket = $1`, t.bucket).Scan(&n)
	if err == nil && n == notBegun {
		return []board.Broken{{Subject: t.table, Invariant: signedRow,
			Detail: fmt.Sprintf("the rows of %s were never signed; guitu rebuild signs them, once, after an upgrade from before rows were signed", t.table)}}, nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	want := sums{t.bucket: &total{}}
	rows, err := q.Query(ctx, `SELECT coalesce(r.key, h.key), r.state, h.mac FROM (SELECT `+t.key+` AS key, `+t.state+` AS state FROM `+t.table+`) r
FULL JOIN (SELECT key, mac FROM row_heads WHERE bucket = $1) h USING (key) ORDER BY 1`, t.bucket)
	if err != nil {
		return nil, err
	}
	var out []board.Broken
	var key string
	var state pgtype.Text
	var mac []byte
	_, err = pgx.ForEachRow(rows, []any{&key, &state, &mac}, func() error {
		r := rowState{key, state.String}
		if state.Valid && mac != nil {
			want.add(t.bucket, s.keys.signRow("row sum", t, r))
		}
		var detail string
		switch {
		case !state.Valid:
			detail = "it is gone"
		case mac == nil:
			detail = "nobody signed it: it was put in past the engine, or made without the secrets"
		case !bytes.Equal(mac, s.keys.signRow("row", t, r)):
			detail = "it was changed or put in"
		default:
			return nil
		}
		out = append(out, board.Broken{Subject: t.name + " " + key, Invariant: signedRow, Detail: detail})
		return nil
	})
	if err != nil {
		return nil, err
	}
	missing, err := checkSums(ctx, q, want, `b = `+strconv.Itoa(t.bucket))
	return append(out, missing...), err
}

// nameOfBucket is what a finding calls what is summed there.
func nameOfBucket(bucket int) string {
	switch bucket {
	case exportBucket:
		return "exports"
	case auditBucket:
		return "read log"
	case destructionBucket:
		return "destroyed cases"
	}
	for _, t := range signedTables {
		if t.bucket == bucket {
			return t.table
		}
	}
	return "cases of bucket " + strconv.Itoa(bucket)
}
