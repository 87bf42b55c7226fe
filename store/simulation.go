package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

const (
	// SimulationsKept is how many simulations of an account are kept, those with a name first.
	SimulationsKept = 50

	unfinished = `state IN ('queued', 'running')`
	// standing is the state as it is: what a process left behind that is silent was stopped.
	standing = `CASE WHEN s.` + unfinished + ` AND s.beat_at < now() - interval '30 seconds' THEN 'stopped' ELSE s.state END`

	simulationColumns = `s.id, s.actor, s.place, s.ask, ` + standing + `, s.done, s.total, s.fault, s.name, s.shared, s.created_at, s.started_at, s.ended_at,
  CASE WHEN s.state = 'queued' THEN (SELECT count(*) FROM simulations a WHERE a.` + unfinished + ` AND a.beat_at >= now() - interval '30 seconds' AND a.created_at < s.created_at) ELSE 0 END`
)

// AddSimulation keeps an order, and drops what the account has too many of.
func (s *Store) AddSimulation(ctx context.Context, r board.SimulationRow) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO simulations (id, actor, place, ask, state, created_at, beat_at) VALUES ($1, $2, $3, $4, 'queued', clock_timestamp(), clock_timestamp())`,
			r.ID, r.By, r.Place, r.Order); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM simulations WHERE id IN (
  SELECT id FROM simulations s WHERE actor = $1 AND NOT `+unfinished+` ORDER BY name <> '' DESC, created_at DESC OFFSET $2)`, r.By, SimulationsKept-1)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep a simulation: %w", unavailable(err))
	}
	return nil
}

// Simulation reads one with its result; NotFound where there is none.
func (s *Store) Simulation(ctx context.Context, id string) (board.SimulationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+simulationColumns+`, s.result FROM simulations s WHERE s.id = $1`, id)
	list, err := collect(rows, err, "read a simulation", scanSimulation)
	if err == nil && len(list) == 0 {
		err = &rehab.Error{Code: rehab.NotFound, Message: "there is no such simulation"}
	}
	if err != nil {
		return board.SimulationRow{}, err
	}
	return list[0], nil
}

// Simulations lists those that somebody may see, without their results.
func (s *Store) Simulations(ctx context.Context, f board.SimulationFilter) ([]board.SimulationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+simulationColumns+`, NULL::jsonb FROM simulations s
WHERE s.place LIKE $1 AND (s.actor = $2 OR s.shared) ORDER BY s.created_at DESC, s.id LIMIT $3`, prefix(f.Place), f.By, limit(f.Limit))
	return collect(rows, err, "list simulations", scanSimulation)
}

func scanSimulation(row pgx.CollectableRow) (r board.SimulationRow, err error) {
	var started, ended pgtype.Timestamptz
	var fault, order, result []byte
	err = row.Scan(&r.ID, &r.By, &r.Place, &order, &r.State, &r.Done, &r.Total, &fault, &r.Name, &r.Shared, &r.Created, &started, &ended, &r.Ahead, &result)
	r.Order, r.Result = order, result
	r.Created, r.Started, r.Ended = r.Created.UTC(), timeOf(started), timeOf(ended)
	if err == nil && fault != nil {
		err = json.Unmarshal(fault, &r.Fault)
	}
	return r, err
}

// UnfinishedSimulations counts those of the account that wait or are played.
func (s *Store) UnfinishedSimulations(ctx context.Context, by string) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM simulations WHERE actor = $1 AND `+unfinished+` AND beat_at >= now() - interval '30 seconds'`, by).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count simulations: %w", unavailable(err))
	}
	return n, nil
}

// KeepSimulation gives it a name, and shares it or not.
func (s *Store) KeepSimulation(ctx context.Context, id, name string, shared bool) error {
	if _, err := s.pool.Exec(ctx, `UPDATE simulations SET name = $2, shared = $3 WHERE id = $1`, id, name, shared); err != nil {
		return fmt.Errorf("keep a simulation: %w", unavailable(err))
	}
	return nil
}

// StopSimulation stops one that is not finished; who plays it hears of it at the next beat.
func (s *Store) StopSimulation(ctx context.Context, id string) error {
	if _, err := s.pool.Exec(ctx, `UPDATE simulations SET state = 'stopped', ended_at = now() WHERE id = $1 AND `+unfinished, id); err != nil {
		return fmt.Errorf("stop a simulation: %w", unavailable(err))
	}
	return nil
}

// DropSimulation takes one away that is finished.
func (s *Store) DropSimulation(ctx context.Context, id string) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM simulations s WHERE id = $1 AND `+standing+` NOT IN ('queued', 'running')`, id); err != nil {
		return fmt.Errorf("drop a simulation: %w", unavailable(err))
	}
	return nil
}

// BeatSimulations says of the ids that their process is there, and of the one that is played how
// far it is. It answers those that go on: the others were stopped.
func (s *Store) BeatSimulations(ctx context.Context, ids []string, playing string, done, total int) ([]string, error) {
	rows, err := s.pool.Query(ctx, `UPDATE simulations SET beat_at = now(), state = CASE WHEN id = $2 THEN 'running' ELSE state END,
  started_at = CASE WHEN id = $2 THEN coalesce(started_at, now()) END, done = CASE WHEN id = $2 THEN $3 ELSE done END, total = CASE WHEN id = $2 THEN $4 ELSE total END
WHERE id = ANY($1) AND `+unfinished+` RETURNING id`, ids, playing, done, total)
	return collect(rows, err, "say that simulations go on", pgx.RowTo[string])
}

// EndSimulation keeps what came of it. One that was stopped meanwhile stays stopped.
func (s *Store) EndSimulation(ctx context.Context, r board.SimulationRow) error {
	var fault []byte
	if r.Fault != nil {
		var err error
		if fault, err = json.Marshal(r.Fault); err != nil {
			return err
		}
	}
	_, err := s.pool.Exec(ctx, `UPDATE simulations SET state = $2, result = $3, fault = $4, done = $5, total = $6, ended_at = now() WHERE id = $1 AND `+unfinished,
		r.ID, r.State, []byte(r.Result), fault, r.Done, r.Total)
	if err != nil {
		return fmt.Errorf("keep what came of a simulation: %w", unavailable(err))
	}
	return nil
}
