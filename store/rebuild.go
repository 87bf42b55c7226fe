package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

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
			return s.rebuildWorkers(ctx)
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
		c := &rehab.Case{ID: caseID}
		c.Fold(events)
		b := &pgx.Batch{}
		b.Queue(`DELETE FROM cases WHERE case_id = $1`, caseID)
		b.Queue(upsertCase, caseArgs(c.Summary(), stored[len(stored)-1].hash)...)
		projectLife(b, caseID, events)
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
		more, err := compareObligations(ctx, tx, c)
		if err != nil {
			return err
		}
		diffs = append(diffs, more...)
		for _, compare := range []func(context.Context, querier, *rehab.Case) ([]string, error){compareEscalations, compareLeaves, compareReferrals, compareTransfers} {
			if more, err = compare(ctx, tx, c); err != nil {
				return err
			}
			diffs = append(diffs, more...)
		}
		return nil
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

func compareObligations(ctx context.Context, q querier, c *rehab.Case) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT `+obligationColumns+` FROM obligations o JOIN cases c USING (case_id)
WHERE o.case_id = $1 AND o.status IN ('open', 'missed', 'confirmed')`, c.ID)
	list, err := collect(rows, err, "list obligations", scanObligation)
	if err != nil {
		return nil, err
	}
	found := make(map[rehab.ObligationID]rehab.Obligation)
	for _, o := range list {
		found[o.ID] = o.Obligation
	}
	var diffs []string
	for _, want := range c.Obligations {
		got, ok := found[want.ID]
		if !ok {
			diffs = append(diffs, fmt.Sprintf("%s has no row", want.ID))
			continue
		}
		delete(found, want.ID)
		want.Counted, want.From, want.Fixed, want.Plain = false, 0, false, 0 // aids of the fold, not kept in the table
		more, err := differ(want.ID.String(), got, want)
		if err != nil {
			return nil, err
		}
		diffs = append(diffs, more...)
	}
	for id, o := range found {
		// A confirmed miss leaves the case once it takes no evidence any more; its row stays.
		if o.Status != rehab.Confirmed {
			diffs = append(diffs, fmt.Sprintf("%s has a row that is %s", id, o.Status))
		}
	}
	return diffs, nil
}

func compareEscalations(ctx context.Context, q querier, c *rehab.Case) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT `+escalationColumns+` FROM escalations e JOIN cases c USING (case_id) WHERE e.case_id = $1 AND e.closed_at IS NULL ORDER BY e.id`, c.ID)
	list, err := collect(rows, err, "list escalations", scanEscalation)
	if err != nil {
		return nil, err
	}
	got := make([]rehab.Escalation, 0, len(list))
	for _, e := range list {
		got = append(got, e.Escalation)
	}
	want := append([]rehab.Escalation{}, c.Escalations...)
	inOrder(want, func(e rehab.Escalation) int64 { return e.ID })
	return differ("the open escalations", got, want)
}

// inOrder sorts a part of the fold as its rows are: it lies in the order of the life, which
// is not that of the ledger once a life was lived again.
func inOrder[T any](list []T, id func(T) int64) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
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
