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

// statesLast is how long a state is kept that the ledger does not hold.
const statesLast = 30 * 24 * time.Hour

// KeepCommandState keeps what became of a command that is not in the ledger; the last one of
// a command wins. Old ones of the actor go.
func (s *Store) KeepCommandState(ctx context.Context, actor, key string, c board.CommandState) error {
	var refusal []byte
	if c.Refusal != nil {
		plain, err := json.Marshal(c.Refusal)
		if err != nil {
			return err
		}
		if refusal, err = s.hide(plain, stateAD(actor, key, c.CaseID)); err != nil {
			return fmt.Errorf("encrypt a refusal: %w", err)
		}
	}
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM command_states WHERE actor = $1 AND at < $2`, actor, c.At.Add(-statesLast))
	b.Queue(`INSERT INTO command_states (actor, command_id, case_id, type, state, seq, sealed, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (actor, command_id, case_id) DO UPDATE SET type = excluded.type, state = excluded.state, seq = excluded.seq, refusal = NULL, sealed = excluded.sealed, at = excluded.at`,
		actor, key, c.CaseID, c.Type, c.State, c.Seq, refusal, c.At)
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("keep the state of a command: %w", unavailable(err))
	}
	return nil
}

// stateAD binds a refusal to its command: it may say again what somebody wrote.
func stateAD(actor, key, caseID string) []byte {
	return []byte("command/" + actor + "/" + key + "/" + caseID)
}

// selectRecorded finds the first event of each command of the id. Of a sealed case nothing is said.
const selectRecorded = `SELECT DISTINCT ON (c.case_id) c.case_id, c.last_seq, coalesce(c.asked->>'type', ''), e.type, e.recorded_at, e.actor, e.data::text
FROM commands c JOIN cases k ON k.case_id = c.case_id AND k.phase <> 'sealed' JOIN case_events e ON e.case_id = c.case_id AND e.command = c.command_id
WHERE c.command_id = $1 ORDER BY c.case_id, e.seq LIMIT 100`

// CommandStates are what became of the actor's own commands of the key: one for each case that
// it was used for, from the ledger where that has it.
func (s *Store) CommandStates(ctx context.Context, actor, key string) ([]board.CommandState, error) {
	rows, err := s.pool.Query(ctx, selectRecorded, key)
	list, err := collect(rows, err, "find a command", func(row pgx.CollectableRow) (board.CommandState, error) {
		c := board.CommandState{State: board.CommandRecorded}
		var event, by, data string
		if err := row.Scan(&c.CaseID, &c.Seq, &c.Type, &event, &c.At, &by, &data); err != nil {
			return c, err
		}
		c.At = c.At.UTC()
		who, err := decodeActor(by)
		if err != nil || who.ID != actor {
			return board.CommandState{}, err // another's, which is dropped below
		}
		if event == (rehab.CommandRefused{}).EventType() {
			var d rehab.CommandRefused
			if err := json.Unmarshal([]byte(data), &d); err != nil {
				return c, err
			}
			c.State, c.Type, c.Refusal = board.CommandRefused, d.Command, &d.Error
		}
		return c, nil
	})
	if err != nil {
		return nil, err
	}
	var out []board.CommandState
	in := make(map[string]bool)
	for _, c := range list {
		if c.CaseID != "" {
			out, in[c.CaseID] = append(out, c), true
		}
	}
	kept, err := s.keptStates(ctx, actor, key)
	for _, c := range kept {
		if !in[c.CaseID] {
			out = append(out, c)
		}
	}
	return out, err
}

func (s *Store) keptStates(ctx context.Context, actor, key string) ([]board.CommandState, error) {
	rows, err := s.pool.Query(ctx, `SELECT s.case_id, s.type, s.state, s.seq, s.refusal, s.sealed, s.at FROM command_states s
WHERE s.actor = $1 AND s.command_id = $2 AND NOT EXISTS (SELECT FROM cases c WHERE c.case_id = s.case_id AND c.phase = 'sealed') ORDER BY s.case_id LIMIT 100`, actor, key)
	var refusals, sealed [][]byte // those of before were in clear
	list, err := collect(rows, err, "find the state of a command", func(row pgx.CollectableRow) (c board.CommandState, err error) {
		var plain, hidden []byte
		err = row.Scan(&c.CaseID, &c.Type, &c.State, &c.Seq, &plain, &hidden, &c.At)
		refusals, sealed = append(refusals, plain), append(sealed, hidden)
		return c, err
	})
	for i := range list {
		if sealed[i] != nil {
			if refusals[i], err = s.reveal(ctx, sealed[i], stateAD(actor, key, list[i].CaseID)); err != nil {
				return nil, fmt.Errorf("decrypt a refusal: %w", err)
			}
		}
		if refusals[i] == nil {
			continue
		}
		list[i].Refusal = new(rehab.Error)
		if err := json.Unmarshal(refusals[i], list[i].Refusal); err != nil {
			return nil, err
		}
	}
	return list, err
}
