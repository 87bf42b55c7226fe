package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/inbox"
	"guitu/once"
	"guitu/rehab"
)

// snoozeKey is what a snooze names: kind and number of an obligation, or an escalation.
func snoozeKey(z inbox.Snooze) (kind string, n int64) {
	if z.Escalation != 0 {
		return "", z.Escalation
	}
	return string(z.Obligation.Kind), int64(z.Obligation.N)
}

func snoozeText(actor, kind string, n int64) string {
	return fmt.Sprintf("snooze/%s/%s-%d", actor, kind, n)
}

// SnoozeCommand finds a command of the actor that acted before.
func (s *Store) SnoozeCommand(ctx context.Context, actor, id string) (c inbox.SnoozeCommand, found bool, err error) {
	c.ID = id
	err = s.pool.QueryRow(ctx, `SELECT digest, since, known FROM snooze_commands WHERE actor = $1 AND command = $2`, actor, id).Scan(&c.Digest, &c.Since, &c.Known)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("find a snooze: %w", unavailable(err))
	}
	c.Since = c.Since.UTC()
	return c, true, nil
}

// keepSnooze writes down what the command does: Conflict when it has acted. The command is
// forgotten on the day until.
func keepSnooze(ctx context.Context, tx pgx.Tx, actor string, c inbox.SnoozeCommand, until rehab.Date) error {
	if _, err := tx.Exec(ctx, `DELETE FROM snooze_commands WHERE actor = $1 AND until <= $2`, actor, day(rehab.DateOf(c.Since))); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO snooze_commands (actor, command, digest, since, until, known) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING`, actor, c.ID, c.Digest, c.Since, day(until), c.Known)
	if err == nil && tag.RowsAffected() == 0 {
		return once.ErrUsed
	}
	return err
}

// Snooze puts one thing off for the actor; z.Seq is the sequence of the case at which it
// was looked at. The same thing again is put off anew, by another command.
func (s *Store) Snooze(ctx context.Context, actor string, z inbox.Snooze, c inbox.SnoozeCommand) error {
	kind, n := snoozeKey(z)
	key, err := s.caseKey(ctx, z.CaseID, true)
	if err != nil {
		return err
	}
	sealed, err := key.Encrypt([]byte(z.Note), []byte(z.CaseID+"/"+snoozeText(actor, kind, n)))
	if err != nil {
		return fmt.Errorf("encrypt a reason: %w", err)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := keepSnooze(ctx, tx, actor, c, z.Until); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM snoozes WHERE actor = $1 AND until <= $2`, actor, day(rehab.DateOf(z.Since))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO snoozes (actor, case_id, kind, n, until, since, seq, ciphertext) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (actor, case_id, kind, n) DO UPDATE SET until = excluded.until, since = excluded.since, seq = excluded.seq, ciphertext = excluded.ciphertext`,
			actor, z.CaseID, kind, n, day(z.Until), z.Since, z.Seq, sealed)
		return err
	})
	if err != nil {
		return fmt.Errorf("snooze: %w", unavailable(err))
	}
	return nil
}

// unsnoozeKept is for how many days a command is known that brought a thing back.
const unsnoozeKept = 90

// Unsnooze brings a thing back; false when it was not put off.
func (s *Store) Unsnooze(ctx context.Context, actor string, z inbox.Snooze, c inbox.SnoozeCommand) (bool, error) {
	kind, n := snoozeKey(z)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM snoozes WHERE actor = $1 AND case_id = $2 AND kind = $3 AND n = $4`, actor, z.CaseID, kind, n)
		if err != nil {
			return err
		}
		c.Known = tag.RowsAffected() > 0
		return keepSnooze(ctx, tx, actor, c, rehab.DateOf(c.Since).AddDays(unsnoozeKept))
	})
	if err != nil {
		return false, fmt.Errorf("unsnooze: %w", unavailable(err))
	}
	return c.Known, nil
}

const selectSnoozed = `SELECT s.case_id, s.kind, s.n, s.until, s.since, s.ciphertext, o.due, c.place, c.worker
FROM snoozes s JOIN cases c USING (case_id) LEFT JOIN obligations o ON o.case_id = s.case_id AND o.kind = s.kind AND o.n = s.n
  LEFT JOIN escalations e ON e.case_id = s.case_id AND s.kind = '' AND e.id = s.n
WHERE s.actor = $2 AND c.` + notVoid + ` AND (s.until, s.case_id, s.kind, s.n) > ($4, $5, $6, $7)
  AND (o.status = 'open' AND o.due > $3 OR e.closed_at IS NULL AND e.promise IS NULL AND e.id IS NOT NULL) AND` + asleep + ` AND `

// Snoozed lists what the actor has put off and what is still hidden, the first to come back first.
func (s *Store) Snoozed(ctx context.Context, f inbox.Filter) ([]inbox.Snoozed, error) {
	where, who := scope(f, "c")
	rows, err := s.pool.Query(ctx, selectSnoozed+where+` ORDER BY s.until, s.case_id, s.kind, s.n LIMIT $8`,
		who, f.Actor, day(f.Today), from(f.After.Day), f.After.CaseID, string(f.After.Kind), f.After.N, limit(f.Limit))
	var sealed [][]byte
	list, err := collect(rows, err, "list snoozed", func(row pgx.CollectableRow) (inbox.Snoozed, error) {
		var z inbox.Snoozed
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
		if unreadable(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list[i].Note = string(plain)
	}
	return list, err
}
