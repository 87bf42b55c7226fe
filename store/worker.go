package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/office"
	"guitu/rehab"
)

// Worker of the registry with the whole history; NotFound when the id is not known.
func (s *Store) Worker(ctx context.Context, id string) (office.Worker, error) {
	w, err := workerOf(ctx, s.pool, id)
	if err != nil {
		return w, err
	}
	if len(w.History) == 0 {
		return w, &rehab.Error{Code: rehab.NotFound, Message: "there is no such worker in the registry"}
	}
	names, err := s.names(ctx, []string{id})
	w.Name = names[id]
	return w, err
}

// Workers lists who is active on the day at the place or below it, in order of the ids,
// each with the period of the day alone.
func (s *Store) Workers(ctx context.Context, f office.WorkerFilter) ([]office.Worker, error) {
	rows, err := s.pool.Query(ctx, `SELECT worker, from_day, to_day, place, post, qualification, case_limit FROM worker_periods
WHERE place LIKE $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $2) AND worker > $3 ORDER BY worker LIMIT $4`,
		prefix(f.Place), day(f.On), f.After, limit(f.Limit))
	list, err := collect(rows, err, "list workers", func(row pgx.CollectableRow) (office.Worker, error) {
		id, p, err := scanPeriod(row)
		return office.Worker{ID: id, Periods: []office.Period{p}}, err
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, w := range list {
		ids[i] = w.ID
	}
	names, err := s.names(ctx, ids)
	for i := range list {
		list[i].Name = names[list[i].ID]
	}
	return list, err
}

func scanPeriod(row pgx.CollectableRow) (string, office.Period, error) {
	var id string
	var p office.Period
	var from, to pgtype.Date
	err := row.Scan(&id, &from, &to, &p.Place, &p.Post, &p.Qualification, &p.Limit)
	p.From, p.To = dateOf(from), dateOf(to)
	return id, p, err
}

// ChangeWorker adds a change to the history of a worker, and keeps the name where one is
// given. Open is how many open cases the worker leaves behind by it.
func (s *Store) ChangeWorker(ctx context.Context, cmd office.Command, id string, f office.WorkerFact, name string) (office.Changed, error) {
	today, open := rehab.DateOf(cmd.At), 0
	check := func(tx pgx.Tx) error {
		w, err := workerOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := checkRegistered(w, f); err != nil {
			return err
		}
		if err := office.CheckWorkerFact(w, f, today); err != nil {
			return err
		}
		if f.Place != "" {
			if err := checkStation(ctx, tx, f); err != nil {
				return err
			}
		}
		if open, err = leftBehind(ctx, tx, id, f); err != nil {
			return err
		}
		return refusal(office.CheckHandover("the worker", open, f.From, today))
	}
	then := func(tx pgx.Tx) error {
		if name != "" {
			sealed, err := s.hide([]byte(name), []byte(workerSubject+id))
			if err != nil {
				return fmt.Errorf("encrypt a name: %w", err)
			}
			if _, err := tx.Exec(ctx, `INSERT INTO worker_names (worker, ciphertext) VALUES ($1, $2) ON CONFLICT (worker) DO UPDATE SET ciphertext = excluded.ciphertext`, id, sealed); err != nil {
				return err
			}
		}
		return foldWorker(ctx, tx, id)
	}
	out, err := s.change(ctx, cmd, workerSubject+id, f.From, f, check, then)
	out.Open = open
	return out, err
}

func checkRegistered(w office.Worker, f office.WorkerFact) error {
	switch known := len(w.History) > 0; {
	case known && f.Change == office.Registered:
		return &rehab.Error{Code: rehab.Conflict, Field: "id", Message: "this id is registered already, with other data"}
	case !known && f.Change != office.Registered:
		return &rehab.Error{Code: rehab.NotFound, Message: "there is no such worker in the registry"}
	}
	return nil
}

// checkStation requires the place to be in force on the day.
func checkStation(ctx context.Context, q querier, f office.WorkerFact) error {
	p, _, err := placeOn(ctx, q, f.Place, f.From)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.NotFound:
		return rehab.InvalidField("place", "is not the code of a place")
	case err != nil:
		return err
	case p.Status != office.InForce:
		return &rehab.Error{Code: rehab.Refused, Field: "place", Message: fmt.Sprintf("%s was %s from %s on", p.Code, p.Status, p.Since)}
	}
	return nil
}

// leftBehind counts the open cases that a leaving worker has, or that a moving one has
// elsewhere than at the new place.
func leftBehind(ctx context.Context, q querier, id string, f office.WorkerFact) (n int, err error) {
	stays := "-" // no place begins so
	switch f.Change {
	case office.Left:
	case office.Moved:
		stays = prefix(f.Place)
	default:
		return 0, nil
	}
	err = q.QueryRow(ctx, `SELECT count(*) FROM cases WHERE worker = $1 AND place NOT LIKE $2 AND `+underWay, id, stays).Scan(&n)
	return n, err
}

// workerOf folds the history; a worker without one is the zero worker with the id.
func workerOf(ctx context.Context, q querier, id string) (office.Worker, error) {
	w := office.Worker{ID: id}
	err := facts(ctx, q, exactly(workerSubject+id), func(_ string, r office.Record, data []byte) error {
		f := office.WorkerFact{}
		if err := json.Unmarshal(data, &f); err != nil {
			return err
		}
		f.Record = r
		w.History = append(w.History, f)
		return nil
	})
	if err != nil {
		return w, fmt.Errorf("read the history of a worker: %w", unavailable(err))
	}
	w.Periods = office.Periods(w.History)
	return w, nil
}

// foldWorker writes the periods of the worker anew.
func foldWorker(ctx context.Context, tx pgx.Tx, id string) error {
	w, err := workerOf(ctx, tx, id)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM worker_periods WHERE worker = $1`, id)
	for _, p := range w.Periods {
		b.Queue(`INSERT INTO worker_periods (worker, from_day, to_day, place, post, qualification, case_limit) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, day(p.From), day(p.To), p.Place, p.Post, p.Qualification, p.Limit)
	}
	return tx.SendBatch(ctx, b).Close()
}

// rebuildWorkers writes the periods of all workers anew, under the lock of the histories.
func (s *Store) rebuildWorkers(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockFacts); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT DISTINCT subject FROM office_facts WHERE subject LIKE $1`, workerSubject+"%")
		subjects, err := collect(rows, err, "list workers", pgx.RowTo[string])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM worker_periods`); err != nil {
			return err
		}
		for _, subject := range subjects {
			if err := foldWorker(ctx, tx, strings.TrimPrefix(subject, workerSubject)); err != nil {
				return err
			}
		}
		return nil
	})
}

// names of the workers, decrypted.
func (s *Store) names(ctx context.Context, ids []string) (map[string]string, error) {
	out := make(map[string]string)
	rows, err := s.pool.Query(ctx, `SELECT worker, ciphertext FROM worker_names WHERE worker = ANY($1)`, ids)
	type sealedName struct {
		ID         string
		Ciphertext []byte
	}
	list, err := collect(rows, err, "read names", pgx.RowToStructByPos[sealedName])
	for _, n := range list {
		plain, err := s.reveal(ctx, n.Ciphertext, []byte(workerSubject+n.ID))
		if err != nil {
			return nil, errors.New("decrypt a name, is the master key the right one")
		}
		out[n.ID] = string(plain)
	}
	return out, err
}
