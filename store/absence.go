package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"guitu/office"
	"guitu/rehab"
)

// AbsenceHistory lists every change of the absences of a worker, in the order of recording.
func (s *Store) AbsenceHistory(ctx context.Context, worker string) ([]office.AbsenceFact, error) {
	return absencesOf(ctx, s.pool, worker)
}

// ChangeAbsence adds a change to the absences of a worker. Elsewhere: the stand-in may be of
// another station. Open is how many open cases the worker has.
func (s *Store) ChangeAbsence(ctx context.Context, cmd office.Command, worker string, f office.AbsenceFact, elsewhere bool) (office.Changed, error) {
	open := 0
	check := func(tx pgx.Tx) error {
		w, err := workerOf(ctx, tx, worker)
		if err != nil {
			return err
		}
		history, err := absencesOf(ctx, tx, worker)
		if err != nil {
			return err
		}
		standIn, err := workerOf(ctx, tx, f.StandIn)
		if err != nil {
			return err
		}
		theirs, err := absencesOf(ctx, tx, f.StandIn)
		if err != nil {
			return err
		}
		if err := office.CheckAbsence(w, history, f, standIn, office.Absences(theirs), elsewhere, rehab.DateOf(cmd.At)); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT count(*) FROM cases WHERE worker = $1 AND `+underWay, worker).Scan(&open)
	}
	out, err := s.change(ctx, cmd, absentSubject+worker, f.From, f, check, func(tx pgx.Tx) error { return foldAbsences(ctx, tx, worker) })
	out.Open = open
	return out, err
}

// StandsInFor lists the workers whom this one stands in for on the day.
func (s *Store) StandsInFor(ctx context.Context, worker string, on rehab.Date) ([]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT worker FROM worker_absences WHERE stand_in = $1 AND stand_in <> '' AND $2 BETWEEN from_day AND to_day ORDER BY worker`, worker, day(on))
	return collect(rows, err, "list whom a worker stands in for", pgx.RowTo[string])
}

func absencesOf(ctx context.Context, q querier, worker string) ([]office.AbsenceFact, error) {
	out := []office.AbsenceFact{}
	err := facts(ctx, q, exactly(absentSubject+worker), func(_ string, r office.Record, data []byte) error {
		f := office.AbsenceFact{}
		if err := json.Unmarshal(data, &f); err != nil {
			return err
		}
		f.Record = r
		out = append(out, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the absences of a worker: %w", unavailable(err))
	}
	return out, nil
}

// foldAbsences writes the absences of the worker anew.
func foldAbsences(ctx context.Context, tx pgx.Tx, worker string) error {
	history, err := absencesOf(ctx, tx, worker)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM worker_absences WHERE worker = $1`, worker)
	for _, a := range office.Absences(history) {
		b.Queue(`INSERT INTO worker_absences (worker, from_day, to_day, stand_in) VALUES ($1, $2, $3, $4)`, worker, day(a.From), day(a.To), a.StandIn)
	}
	return tx.SendBatch(ctx, b).Close()
}

// rebuildAbsences writes the absences of all workers anew, under the lock of the histories.
func (s *Store) rebuildAbsences(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockFacts); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT DISTINCT subject FROM office_facts WHERE subject LIKE $1`, absentSubject+"%")
		subjects, err := collect(rows, err, "list absences", pgx.RowTo[string])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM worker_absences`); err != nil {
			return err
		}
		for _, subject := range subjects {
			if err := foldAbsences(ctx, tx, strings.TrimPrefix(subject, absentSubject)); err != nil {
				return err
			}
		}
		return nil
	})
}
