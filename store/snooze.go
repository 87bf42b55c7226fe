package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/office"
	"guitu/rehab"
)

// snoozeKey is what a snooze names: kind and number of an obligation, or an escalation.
func snoozeKey(z office.Snooze) (kind string, n int64) {
	if z.Escalation != 0 {
		return "", z.Escalation
	}
	return string(z.Obligation.Kind), int64(z.Obligation.N)
}

func snoozeText(actor, kind string, n int64) string {
	return fmt.Sprintf("snooze/%s/%s-%d", actor, kind, n)
}

// Snooze puts one thing off for the actor; z.Seq is the sequence of the case at which it
// was looked at. The same thing again is put off anew.
func (s *Store) Snooze(ctx context.Context, actor string, z office.Snooze) error {
	kind, n := snoozeKey(z)
	key, err := s.caseKey(ctx, z.CaseID, true)
	if err != nil {
		return err
	}
	sealed, err := key.Encrypt([]byte(z.Note), []byte(z.CaseID+"/"+snoozeText(actor, kind, n)))
	if err != nil {
		return fmt.Errorf("encrypt a reason: %w", err)
	}
	if _, err := s.pool.Exec(ctx, `DELETE FROM snoozes WHERE actor = $1 AND until <= $2`, actor, day(rehab.DateOf(z.Since))); err != nil {
		return fmt.Errorf("drop ended snoozes: %w", unavailable(err))
	}
	_, err = s.pool.Exec(ctx, `INSERT INTO snoozes (actor, case_id, kind, n, until, since, seq, ciphertext) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (actor, case_id, kind, n) DO UPDATE SET until = excluded.until, since = excluded.since, seq = excluded.seq, ciphertext = excluded.ciphertext`,
		actor, z.CaseID, kind, n, day(z.Until), z.Since, z.Seq, sealed)
	if err != nil {
		return fmt.Errorf("snooze: %w", unavailable(err))
	}
	return nil
}

// Unsnooze brings a thing back; false when it was not put off.
func (s *Store) Unsnooze(ctx context.Context, actor string, z office.Snooze) (bool, error) {
	kind, n := snoozeKey(z)
	tag, err := s.pool.Exec(ctx, `DELETE FROM snoozes WHERE actor = $1 AND case_id = $2 AND kind = $3 AND n = $4`, actor, z.CaseID, kind, n)
	if err != nil {
		return false, fmt.Errorf("unsnooze: %w", unavailable(err))
	}
	return tag.RowsAffected() > 0, nil
}

const selectSnoozed = `SELECT s.case_id, s.kind, s.n, s.until, s.since, s.ciphertext, o.due, c.place, c.worker
FROM snoozes s JOIN cases c USING (case_id) LEFT JOIN obligations o ON o.case_id = s.case_id AND o.kind = s.kind AND o.n = s.n
  LEFT JOIN escalations e ON e.case_id = s.case_id AND s.kind = '' AND e.id = s.n
WHERE s.actor = $2 AND (s.until, s.case_id, s.kind, s.n) > ($4, $5, $6, $7)
  AND (o.status = 'open' AND o.due > $3 OR e.closed_at IS NULL AND e.promise IS NULL AND e.id IS NOT NULL) AND` + asleep + ` AND `

// Snoozed lists what the actor has put off and what is still hidden, the first to come back first.
func (s *Store) Snoozed(ctx context.Context, f office.InboxFilter) ([]office.Snoozed, error) {
	where, who := scope(f)
	rows, err := s.pool.Query(ctx, selectSnoozed+where+` ORDER BY s.until, s.case_id, s.kind, s.n LIMIT $8`,
		who, f.Actor, day(f.Today), from(f.After.Day), f.After.CaseID, string(f.After.Kind), f.After.N, limit(f.Limit))
	var sealed [][]byte
	list, err := collect(rows, err, "list snoozed", func(row pgx.CollectableRow) (office.Snoozed, error) {
		var z office.Snoozed
		var kind string
		var n int64
		var until, due pgtype.Date
		var text []byte
		err := row.Scan(&z.CaseID, &kind, &n, &until, &z.Since, &text, &due, &z.Place, &z.Worker)
		z.Until, z.Due, z.Since = dateOf(until), dateOf(due), z.Since.UTC()
		if kind == "" {
			z.Escalation = n
		} else {
			z.Obligation = rehab.ObligationID{Kind: rehab.Kind(kind), N: int(n)}
		}
		sealed = append(sealed, text)
		return z, err
	})
	for i := range list {
		kind, n := snoozeKey(list[i].Snooze)
		plain, err := s.unseal(ctx, list[i].CaseID, snoozeText(f.Actor, kind, n), sealed[i])
		if errors.Is(err, errNoKey) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list[i].Note = string(plain)
	}
	return list, err
}
