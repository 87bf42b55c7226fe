package store

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/account"
	"guitu/rehab"
)

func glassAD(id string) []byte { return []byte("glass/" + id) }

func (s *Store) signGlass(g account.Glass, actor string, reason []byte) []byte {
	return s.keys.sign("glass", []byte(g.ID), []byte(g.CaseID), []byte(actor), reason, strconv.AppendInt(nil, g.At.UnixMicro(), 10), strconv.AppendInt(nil, g.Until.UnixMicro(), 10))
}

// BreakGlass keeps the look, and tells the worker of the case and the head of its station, in
// one transaction: nobody looks unseen.
func (s *Store) BreakGlass(ctx context.Context, g account.Glass) error {
	g.At, g.Until = g.At.UTC().Truncate(time.Microsecond), g.Until.UTC().Truncate(time.Microsecond)
	actor, err := encodeActor(g.Actor)
	if err != nil {
		return err
	}
	reason, err := s.hide([]byte(g.Reason), glassAD(g.ID))
	if err != nil {
		return fmt.Errorf("encrypt a reason: %w", err)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		err := s.written(ctx, tx, looksTaken, rowState{}, `INSERT INTO break_glass (id, case_id, actor_id, actor, place, reason, at, until, due, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			g.ID, g.CaseID, g.Actor.ID, actor, g.Actor.Place, reason, g.At, g.Until, g.Due, s.signGlass(g, actor, reason))
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
SELECT case_id, seq, $2, role, place, CASE WHEN role = $3 THEN worker ELSE '' END, $5, $6, 0, '' FROM cases, unnest(ARRAY[$3, $4]) AS r (role) WHERE case_id = $1 AND (role <> $3 OR worker <> '')`,
			g.CaseID, g.At, string(rehab.WorkerRole), string(rehab.StationHead), account.GlassOpened, rehab.Inbox)
		if err == nil && tag.RowsAffected() == 0 {
			return &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
		}
		return err
	})
	return wrapAccount("keep a look at an identity", err)
}

// GlassOpen reports whether the actor looks at the identity of the case at the instant.
func (s *Store) GlassOpen(ctx context.Context, actor, caseID string, now time.Time) (bool, error) {
	list, err := s.glasses(ctx, `WHERE actor_id = $1 AND case_id = $2 AND at <= $3 AND until > $3`, actor, caseID, now)
	return len(list) > 0, err
}

// Glasses lists the looks of actors of a place and below it, or of one actor, the latest first;
// waiting are those without a review.
func (s *Store) Glasses(ctx context.Context, place, actor string, waiting bool, before time.Time, n int) ([]account.Glass, error) {
	return s.glasses(ctx, `WHERE place LIKE $1 AND ($2 = '' OR actor_id = $2) AND (NOT $3 OR reviewed_at IS NULL) AND at < $4 ORDER BY at DESC, id LIMIT $5`,
		prefix(place), actor, waiting, before, limit(n))
}

// Glass is one of them: NotFound where there is none of the id.
func (s *Store) Glass(ctx context.Context, place, id string) (account.Glass, error) {
	list, err := s.glasses(ctx, `WHERE place LIKE $1 AND id = $2`, prefix(place), id)
	if err == nil && len(list) == 0 {
		return account.Glass{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such look at an identity"}
	}
	if err != nil {
		return account.Glass{}, err
	}
	return list[0], nil
}

func (s *Store) glasses(ctx context.Context, where string, args ...any) ([]account.Glass, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, case_id, actor, reason, at, until, due, reviewed_at, reviewer, finding, note, rung, mac FROM break_glass `+where, args...)
	return collect(rows, err, "list looks at identities", func(row pgx.CollectableRow) (account.Glass, error) {
		var g account.Glass
		var actor string
		var reason, note, mac []byte
		var reviewed pgtype.Timestamptz
		if err := row.Scan(&g.ID, &g.CaseID, &actor, &reason, &g.At, &g.Until, &g.Due, &reviewed, &g.Reviewer, &g.Finding, &note, &g.Rung, &mac); err != nil {
			return g, err
		}
		g.At, g.Until, g.Due = g.At.UTC(), g.Until.UTC(), g.Due.UTC()
		if reviewed.Valid {
			g.ReviewedAt = reviewed.Time.UTC()
		}
		if !bytes.Equal(mac, s.signGlass(g, actor, reason)) {
			return g, fmt.Errorf("the look %s at an identity was changed past the engine", g.ID)
		}
		var err error
		if g.Actor, err = decodeActor(actor); err != nil {
			return g, err
		}
		for _, x := range []struct {
			sealed []byte
			into   *string
		}{{reason, &g.Reason}, {note, &g.Note}} {
			if x.sealed == nil {
				continue
			}
			plain, err := s.reveal(ctx, x.sealed, glassAD(g.ID))
			if err != nil {
				return g, fmt.Errorf("decrypt a reason, is the master key the right one: %w", err)
			}
			*x.into = string(plain)
		}
		return g, nil
	})
}

// ReviewGlass keeps what the review found, once: Conflict where it was reviewed before.
func (s *Store) ReviewGlass(ctx context.Context, g account.Glass) error {
	note, err := s.hide([]byte(g.Note), glassAD(g.ID))
	if err != nil {
		return fmt.Errorf("encrypt a note: %w", err)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		before, err := looksTaken.row(ctx, tx, `id = $1 AND reviewed_at IS NULL`, g.ID)
		if err == nil && before.key == "" {
			return &rehab.Error{Code: rehab.Conflict, Message: "this look was reviewed before"}
		}
		if err != nil {
			return err
		}
		return s.written(ctx, tx, looksTaken, before, `UPDATE break_glass SET reviewed_at = $2, reviewer = $3, finding = $4, note = $5 WHERE id = $1`, g.ID, g.ReviewedAt, g.Reviewer, g.Finding, note)
	})
	return wrapAccount("keep a review", err)
}

// tellOfReviews has each look that nobody has reviewed climb: rung after rung, each told once, and
// the last one again and again. What an outage skipped is told on return.
func tellOfReviews(ctx context.Context, tx pgx.Tx, now time.Time) error {
	ladder := account.ReviewLadder()
	for i, rung := range ladder {
		if err := tellRung(ctx, tx, now, rung, i+1, `rung = $2 - 1 AND at <= $3`, now.Add(-rung.After)); err != nil {
			return err
		}
	}
	return tellRung(ctx, tx, now, ladder[len(ladder)-1], len(ladder), `rung = $2 AND told_at <= $3`, now.Add(-account.ReviewAgain))
}

// tellRung tells the roles of a rung of the looks that the condition names.
func tellRung(ctx context.Context, tx pgx.Tx, now time.Time, rung account.ReviewRung, n int, which string, since time.Time) error {
	var roles []string
	var levels []int
	for _, r := range rung.Tells {
		level := int(r.Level())
		if r == rehab.Auditor {
			level = int(rehab.CityLevel)
		}
		roles, levels = append(roles, string(r)), append(levels, level)
	}
	_, err := tx.Exec(ctx, `WITH due AS (UPDATE break_glass SET rung = $2, told_at = $1 WHERE reviewed_at IS NULL AND `+which+` RETURNING case_id)
INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
SELECT d.case_id, c.seq, $1, r.role, left(c.place, r.level), '', $6, $7, 0, '' FROM due d JOIN cases c USING (case_id), unnest($4::text[], $5::int[]) AS r (role, level)`,
		now, n, since, roles, levels, string(rung.Notice), rehab.Inbox)
	return err
}
