package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/bulk"
	"guitu/once"
	"guitu/rehab"
)

// SaveBulk keeps an operation with all its cases before the first of them is touched. The
// same operation again changes nothing; other content under its id is a Conflict.
func (s *Store) SaveBulk(ctx context.Context, f bulk.Operation, digest string, changes []bulk.Change) error {
	rows, err := bulkRows(changes)
	if err != nil {
		return err
	}
	by, err := json.Marshal(f.By)
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `INSERT INTO fleets (id, kind, place, actor, digest, created_at, state) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT DO NOTHING`,
			f.ID, f.Kind, f.Place, string(by), digest, f.CreatedAt, bulk.Running)
		if err != nil || tag.RowsAffected() == 1 {
			if err == nil {
				_, err = tx.Exec(ctx, `INSERT INTO fleet_items (fleet_id, n, case_id, type, body, undo, outcome)
SELECT $1, n, case_id, type, body, undo, 'pending' FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS u(case_id, type, body, undo, n)`,
					f.ID, rows.cases, rows.types, rows.bodies, rows.undos)
			}
			return err
		}
		_, err = acted(ctx, tx, once.Request{Key: f.ID, Digest: digest}, `SELECT digest FROM fleets WHERE id = $1`, f.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("save fleet: %w", unavailable(err))
	}
	return nil
}

type bulkColumns struct{ cases, types, bodies, undos []string }

func bulkRows(changes []bulk.Change) (bulkColumns, error) {
	var rows bulkColumns
	for _, c := range changes {
		body, err := json.Marshal(c.Body)
		if err != nil {
			return rows, err
		}
		undo := []byte{}
		if c.Undo != nil {
			if undo, err = json.Marshal(c.Undo); err != nil {
				return rows, err
			}
		}
		rows.cases, rows.types = append(rows.cases, c.CaseID), append(rows.types, c.Body.CommandType())
		rows.bodies, rows.undos = append(rows.bodies, string(body)), append(rows.undos, string(undo))
	}
	return rows, nil
}

const selectBulk = `SELECT f.id, f.kind, f.place, f.actor, f.created_at, f.state, f.undo_until, f.reserved, f.undone_by,
  (SELECT coalesce(json_object_agg(outcome, n), '{}') FROM (SELECT outcome, count(*) AS n FROM fleet_items i WHERE i.fleet_id = f.id GROUP BY outcome) o)
FROM fleets f `

func scanBulk(row pgx.CollectableRow) (bulk.Operation, error) {
	var f bulk.Operation
	var by, outcomes []byte
	var undo pgtype.Timestamptz
	var undoneBy string
	if err := row.Scan(&f.ID, &f.Kind, &f.Place, &by, &f.CreatedAt, &f.State, &undo, &f.Reserved, &undoneBy, &outcomes); err != nil {
		return f, err
	}
	f.CreatedAt, f.UndoUntil = f.CreatedAt.UTC(), timeOf(undo)
	err := errors.Join(json.Unmarshal(by, &f.By), json.Unmarshal(outcomes, &f.Outcomes))
	if undoneBy != "" {
		err = errors.Join(err, json.Unmarshal([]byte(undoneBy), &f.UndoneBy))
	}
	for _, n := range f.Outcomes {
		f.Total += n
	}
	return f, err
}

// BulkOperation of the id, with its progress; NotFound when there is none.
func (s *Store) BulkOperation(ctx context.Context, id string) (bulk.Operation, error) {
	rows, err := s.pool.Query(ctx, selectBulk+`WHERE f.id = $1`, id)
	list, err := collect(rows, err, "read fleet", scanBulk)
	if err == nil && len(list) == 0 {
		return bulk.Operation{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such fleet"}
	}
	if err != nil {
		return bulk.Operation{}, err
	}
	return list[0], nil
}

// BulkOperations lists those that reach over the place or a part of it, the latest first.
func (s *Store) BulkOperations(ctx context.Context, place string, n int) ([]bulk.Operation, error) {
	rows, err := s.pool.Query(ctx, selectBulk+`WHERE f.place LIKE $1 ORDER BY f.created_at DESC, f.id LIMIT $2`, prefix(place), limit(n))
	return collect(rows, err, "list fleets", scanBulk)
}

const itemColumns = `SELECT fleet_id, n, case_id, type, body, undo, outcome, code, message FROM fleet_items WHERE fleet_id = $1 `

// BulkItems lists the cases of an operation after the n-th, with the outcome where one is named.
func (s *Store) BulkItems(ctx context.Context, id string, outcome bulk.Outcome, after, n int) ([]bulk.Item, error) {
	rows, err := s.pool.Query(ctx, itemColumns+`AND ($2 = '' OR outcome = $2) AND n > $3 ORDER BY n LIMIT $4`, id, outcome, after, limit(n))
	return collect(rows, err, "list the cases of a fleet", pgx.RowToStructByPos[bulk.Item])
}

// BulkChunk lists the cases from the first to before the last whose turn it is: those
// with one of the outcomes.
func (s *Store) BulkChunk(ctx context.Context, id string, first, last int, turn bulk.Outcome) ([]bulk.Item, error) {
	rows, err := s.pool.Query(ctx, itemColumns+`AND n >= $2 AND n < $3 AND outcome = $4 ORDER BY n`, id, first, last, turn)
	return collect(rows, err, "read a part of a fleet", pgx.RowToStructByPos[bulk.Item])
}

// SaveOutcome notes what became of one case. An outcome that stands is not changed back
// by a second try.
func (s *Store) SaveOutcome(ctx context.Context, item bulk.Item, was bulk.Outcome) error {
	_, err := s.pool.Exec(ctx, `UPDATE fleet_items SET outcome = $3, code = $4, message = $5 WHERE fleet_id = $1 AND n = $2 AND outcome = $6`,
		item.OperationID, item.N, item.Outcome, item.Code, item.Message, was)
	if err != nil {
		return fmt.Errorf("save what became of a case: %w", unavailable(err))
	}
	return nil
}

// SaveBulkState notes where the operation stands; until is the end of the undo window. A
// cancelled operation leaves the cases alone whose turn has not come.
func (s *Store) SaveBulkState(ctx context.Context, id string, state bulk.State, until time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if state == bulk.Cancelled {
			if _, err := tx.Exec(ctx, `UPDATE fleet_items SET outcome = 'left' WHERE fleet_id = $1 AND outcome = 'pending'`, id); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE fleets SET state = $2, undo_until = coalesce($3, undo_until) WHERE id = $1`, id, state, instant(until))
		return err
	})
	if err != nil {
		return fmt.Errorf("save where a fleet stands: %w", unavailable(err))
	}
	return nil
}

// SaveUndo notes who takes the operation back; the first one stays.
func (s *Store) SaveUndo(ctx context.Context, id string, by rehab.Actor) error {
	raw, err := json.Marshal(by)
	if err != nil {
		return err
	}
	if _, err := s.pool.Exec(ctx, `UPDATE fleets SET undone_by = $2 WHERE id = $1 AND undone_by = ''`, id, string(raw)); err != nil {
		return fmt.Errorf("save who takes a fleet back: %w", unavailable(err))
	}
	return nil
}

// LiveCases lists the live cases of the place and all below it, paged by the last id seen;
// with ids, those of them alone.
func (s *Store) LiveCases(ctx context.Context, place string, ids []string, after string, n int) ([]rehab.Summary, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+caseColumns+` FROM cases
WHERE place LIKE $1 AND `+live+` AND ($2::text[] IS NULL OR case_id = ANY($2)) AND case_id > $3 ORDER BY case_id LIMIT $4`, prefix(place), ids, after, limit(n))
	return collect(rows, err, "list live cases", scanCase)
}

// UnfinishedBulk are those that have to go on when Temporal was lost.
func (s *Store) UnfinishedBulk(ctx context.Context) ([]bulk.Operation, error) {
	rows, err := s.pool.Query(ctx, selectBulk+`WHERE f.state IN ('running', 'undoable', 'undoing') ORDER BY f.created_at, f.id`)
	return collect(rows, err, "list unfinished fleets", scanBulk)
}
