package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

const selectEvents = `SELECT seq, type, recorded_at, occurred_at, actor, command, data::text, hash FROM case_events WHERE case_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`

// querier is a pool, a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// storedEvent is an event with what the chain needs.
type storedEvent struct {
	rehab.Event
	actor string
	data  []byte
	hash  []byte
}

func readEvents(ctx context.Context, q querier, caseID string, after int64, limit int) ([]storedEvent, error) {
	rows, err := q.Query(ctx, selectEvents, caseID, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (storedEvent, error) {
		var e storedEvent
		var typ, data string
		if err := row.Scan(&e.Seq, &typ, &e.RecordedAt, &e.OccurredAt, &e.actor, &e.Command, &data, &e.hash); err != nil {
			return e, err
		}
		e.RecordedAt, e.OccurredAt, e.data = e.RecordedAt.UTC(), e.OccurredAt.UTC(), []byte(data)
		if e.Actor, err = decodeActor(e.actor); err != nil {
			return e, err
		}
		e.Data, err = rehab.DecodeEventData(typ, e.data)
		return e, err
	})
}

// all is a limit that no case reaches.
const all = 1 << 30

func tail(ctx context.Context, q querier, caseID string, after int64) ([]rehab.Event, error) {
	stored, err := readEvents(ctx, q, caseID, after, all)
	if err != nil {
		return nil, err
	}
	var out []rehab.Event
	for _, e := range stored {
		out = append(out, e.Event)
	}
	return out, nil
}

// Load folds a case from its ledger. A case without events is the zero case with its id.
func (s *Store) Load(ctx context.Context, caseID string) (*rehab.Case, error) {
	return s.LoadUntil(ctx, caseID, time.Time{})
}

// LoadUntil folds what was recorded before the instant: the state the system knew then.
// The zero instant folds all.
func (s *Store) LoadUntil(ctx context.Context, caseID string, before time.Time) (*rehab.Case, error) {
	events, err := tail(ctx, s.pool, caseID, 0)
	if err != nil {
		return nil, fmt.Errorf("load case %s: %w", caseID, unavailable(err))
	}
	c := &rehab.Case{ID: caseID}
	for _, e := range events {
		if !before.IsZero() && !e.RecordedAt.Before(before) {
			break
		}
		c.Apply(e)
	}
	return c, nil
}

// Events of a case after the sequence, oldest first, at most limit.
func (s *Store) Events(ctx context.Context, caseID string, after int64, limit int) ([]rehab.Event, error) {
	stored, err := readEvents(ctx, s.pool, caseID, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read events of case %s: %w", caseID, unavailable(err))
	}
	out := make([]rehab.Event, len(stored))
	for i, e := range stored {
		out[i] = e.Event
	}
	return out, nil
}

// Timeline is Events with the texts that came with the commands.
func (s *Store) Timeline(ctx context.Context, caseID string, after int64, limit int) ([]board.TimelineEntry, error) {
	events, err := s.Events(ctx, caseID, after, limit)
	if err != nil {
		return nil, err
	}
	texts, err := s.texts(ctx, caseID, events)
	if err != nil {
		return nil, err
	}
	out := make([]board.TimelineEntry, len(events))
	for i, e := range events {
		out[i] = board.TimelineEntry{Event: e}
		if e.Command != "" {
			out[i].Texts = texts[e.Command]
		}
	}
	return out, nil
}

// CommandReceipt finds a command that was recorded, with the digest it had.
func (s *Store) CommandReceipt(ctx context.Context, caseID, commandID string) (board.Receipt, string, bool, error) {
	r := board.Receipt{CaseID: caseID, CommandID: commandID}
	var digest string
	err := s.pool.QueryRow(ctx, findCommand, caseID, commandID).Scan(&r.Seq, &digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return board.Receipt{}, "", false, nil
	}
	if err != nil {
		return board.Receipt{}, "", false, fmt.Errorf("find command: %w", unavailable(err))
	}
	return r, digest, true, nil
}

// VerifyChain recomputes the hashes of a case. The error names the first event that is
// missing or was changed, or says that the head does not fit.
func (s *Store) VerifyChain(ctx context.Context, caseID string) error {
	// One statement each: the head is read first, so that events written since are only more.
	var seq int64
	var hash []byte
	err := s.pool.QueryRow(ctx, `SELECT seq, hash FROM cases WHERE case_id = $1`, caseID).Scan(&seq, &hash)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read the head of case %s: %w", caseID, unavailable(err))
	}
	events, err := readEvents(ctx, s.pool, caseID, 0, all)
	if err != nil {
		return fmt.Errorf("read events of case %s: %w", caseID, unavailable(err))
	}
	var prev []byte
	for i, e := range events {
		if e.Seq != int64(i)+1 {
			return fmt.Errorf("event %d is missing", i+1)
		}
		prev = s.keys.chain(prev, caseID, e.Event, e.actor, e.data)
		if !bytes.Equal(prev, e.hash) {
			return fmt.Errorf("event %d was changed", e.Seq)
		}
		if e.Seq == seq && !bytes.Equal(e.hash, hash) {
			return fmt.Errorf("the head of the case does not fit event %d", seq)
		}
	}
	if int64(len(events)) < seq {
		return fmt.Errorf("events after %d are missing; the head stands at %d", len(events), seq)
	}
	return nil
}

// CaseIDs lists all cases in order of their ids, after the id given.
func (s *Store) CaseIDs(ctx context.Context, after string, limit int) ([]string, error) {
	return s.ids(ctx, `SELECT DISTINCT case_id FROM case_events WHERE seq = 1 AND case_id > $1 ORDER BY case_id LIMIT $2`, after, limit)
}

// LiveCaseIDs lists the cases that are not closed.
func (s *Store) LiveCaseIDs(ctx context.Context, after string, limit int) ([]string, error) {
	return s.ids(ctx, `SELECT case_id FROM cases WHERE `+live+` AND case_id > $1 ORDER BY case_id LIMIT $2`, after, limit)
}

func (s *Store) ids(ctx context.Context, sql string, args ...any) ([]string, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", unavailable(err))
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, unavailable(err)
}
