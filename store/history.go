package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

// encodeAsked gives what a command asked as it is kept: NULL for one that could not be read.
func encodeAsked(a *rehab.Asked) (*string, error) {
	if a == nil {
		return nil, nil
	}
	b, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode command: %w", err)
	}
	text := string(b)
	return &text, nil
}

// History is all that the ledger has of a case. It has no events where there is no such case.
func (s *Store) History(ctx context.Context, caseID string) (rehab.History, error) {
	list, err := s.histories(ctx, []string{caseID}, time.Time{})
	if err != nil {
		return rehab.History{}, fmt.Errorf("read the history of case %s: %w", caseID, unavailable(err))
	}
	return list[0], nil
}

// PlaceHistories are the histories of the cases that are in the place now, whatever their
// phase but void and sealed, in the order of their ids after the one given. With recordedBefore they hold the
// events recorded before it, and no commands.
func (s *Store) PlaceHistories(ctx context.Context, place, after string, n int, recordedBefore time.Time) ([]rehab.History, error) {
	ids, err := s.ids(ctx, `SELECT case_id FROM cases WHERE place LIKE $1 AND case_id > $2 AND `+readable+` ORDER BY case_id LIMIT $3`, prefix(place), after, n)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	list, err := s.histories(ctx, ids, recordedBefore)
	if err != nil {
		return nil, fmt.Errorf("read the histories of place %s: %w", place, unavailable(err))
	}
	return list, nil
}

const selectHistories = `SELECT case_id, seq, type, recorded_at, occurred_at, actor, command, data::text FROM case_events
WHERE case_id = ANY($1) AND ($2::timestamptz IS NULL OR recorded_at < $2) ORDER BY case_id, seq`

const selectAsked = `SELECT case_id, command_id, asked::text FROM commands WHERE case_id = ANY($1) AND asked IS NOT NULL`

// histories reads events before commands, so that every event finds its command.
func (s *Store) histories(ctx context.Context, ids []string, recordedBefore time.Time) ([]rehab.History, error) {
	out := make([]rehab.History, len(ids))
	at := make(map[string]*rehab.History, len(ids))
	for i, id := range ids {
		out[i] = rehab.History{CaseID: id, Commands: make(map[string]rehab.CommandBody)}
		at[id] = &out[i]
	}
	rows, err := s.pool.Query(ctx, selectHistories, ids, instant(recordedBefore))
	if err != nil {
		return nil, err
	}
	var id, typ, actor, data string
	var e rehab.Event
	_, err = pgx.ForEachRow(rows, []any{&id, &e.Seq, &typ, &e.RecordedAt, &e.OccurredAt, &actor, &e.Command, &data}, func() error {
		next := e
		var err error
		if next.Actor, err = decodeActor(actor); err != nil {
			return err
		}
		next.RecordedAt, next.OccurredAt = next.RecordedAt.UTC(), next.OccurredAt.UTC()
		next.Data, err = rehab.DecodeEventData(typ, []byte(data))
		at[id].Events = append(at[id].Events, next)
		return err
	})
	if err != nil || !recordedBefore.IsZero() {
		return out, err
	}
	if rows, err = s.pool.Query(ctx, selectAsked, ids); err != nil {
		return nil, err
	}
	var command, asked string
	_, err = pgx.ForEachRow(rows, []any{&id, &command, &asked}, func() error {
		var a rehab.Asked
		if err := json.Unmarshal([]byte(asked), &a); err != nil {
			return fmt.Errorf("read command %s of case %s: %w", command, id, err)
		}
		at[id].Commands[command] = a.Body
		return nil
	})
	return out, err
}

// TakenBack are the events of the case that a revision took back, by their sequences.
func (s *Store) TakenBack(ctx context.Context, caseID string) (map[int64]board.Struck, error) {
	rows, err := s.pool.Query(ctx, `SELECT seq, data::text FROM case_events WHERE case_id = $1 AND type = 'life_revised' ORDER BY seq`, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the revisions of case %s: %w", caseID, unavailable(err))
	}
	out := make(map[int64]board.Struck)
	var seq int64
	var data string
	_, err = pgx.ForEachRow(rows, []any{&seq, &data}, func() error {
		var d rehab.LifeRevised
		if err := json.Unmarshal([]byte(data), &d); err != nil {
			return err
		}
		for _, x := range d.Taken {
			out[x.Seq] = board.Struck{By: seq, Instead: x.Instead}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the revisions of case %s: %w", caseID, unavailable(err))
	}
	return out, nil
}
