package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/rehab"
)

// Rebuild computes the read models of every case again from its ledger, one case a
// transaction, while the system runs, and then the periods of the workers. done is called
// after each case.
func (s *Store) Rebuild(ctx context.Context, done func(caseID string)) error {
	after := ""
	for {
		ids, err := s.CaseIDs(ctx, after, maxRows)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.rebuildCase(ctx, id); err != nil {
				return fmt.Errorf("rebuild case %s: %w", id, unavailable(err))
			}
			done(id)
		}
		if len(ids) < maxRows {
			return errors.Join(s.rebuildWorkers(ctx), s.rebuildAbsences(ctx), s.signOldRows(ctx))
		}
		after = ids[len(ids)-1]
	}
}

func (s *Store) rebuildCase(ctx context.Context, caseID string) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// The head is locked, so that no record comes between; a lost head is made anew.
		if _, err := tx.Exec(ctx, lockHead, caseID); err != nil {
			return err
		}
		stored, err := readEvents(ctx, tx, caseID, 0, all)
		if err != nil || len(stored) == 0 {
			return err
		}
		events := make([]rehab.Event, len(stored))
		for i, e := range stored {
			events[i] = e.Event
		}
		if err := s.signOldHead(ctx, tx, caseID, int64(len(stored)), stored[len(stored)-1].hash); err != nil {
			return err
		}
		c := &rehab.Case{ID: caseID}
		c.Fold(events)
		b := &pgx.Batch{}
		b.Queue(`DELETE FROM cases WHERE case_id = $1`, caseID)
		b.Queue(insertCase, caseArgs(c.Summary(), stored[len(stored)-1].hash)...)
		writeRows(b, caseID, rehab.LifeRows(events))
		writeWaiting(b, caseID)
		return tx.SendBatch(ctx, b).Close()
	})
}

// CompareReadModel lists where the rows of a case differ from the fold of its ledger.
func (s *Store) CompareReadModel(ctx context.Context, caseID string) ([]string, error) {
	var diffs []string
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		events, err := tail(ctx, tx, caseID, 0)
		if err != nil {
			return err
		}
		c := &rehab.Case{ID: caseID}
		c.Fold(events)
		if diffs, err = compareCase(ctx, tx, c); err != nil {
			return err
		}
		lived := &rehab.Case{ID: caseID}
		lived.Fold(rehab.Life(events))
		lived.Seq, lived.Revised, lived.Unsettled = c.Seq, c.Revised, c.Unsettled
		whole, err := differ("what holds of the ledger", lived, c)
		if err != nil {
			return err
		}
		diffs = append(diffs, whole...)
		more, err := compareRows(ctx, tx, caseID, rehab.LifeRows(events))
		if err != nil {
			return err
		}
		late, err := compareWaiting(ctx, tx, caseID)
		diffs = append(append(diffs, more...), late...)
		return err
	})
	return diffs, unavailable(err)
}

func compareCase(ctx context.Context, q querier, c *rehab.Case) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT `+caseColumns+` FROM cases WHERE case_id = $1`, c.ID)
	list, err := collect(rows, err, "read case", scanCase)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return []string{"the case has no row"}, nil
	}
	return differ("the row of the case", list[0], c.Summary())
}

func differ(what string, got, want any) ([]string, error) {
	g, err := json.Marshal(got)
	if err != nil {
		return nil, err
	}
	w, err := json.Marshal(want)
	if err != nil {
		return nil, err
	}
	if string(g) == string(w) {
		return nil, nil
	}
	return []string{fmt.Sprintf("%s: the row says %s, the ledger %s", what, g, w)}, nil
}
