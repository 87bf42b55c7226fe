package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

// verificationsKept is how many checks are remembered.
const verificationsKept = 100

// KeepVerification notes what a check has found, and forgets the oldest.
func (s *Store) KeepVerification(ctx context.Context, v board.Verification) error {
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO verifications (at, result) VALUES ($1, $2) ON CONFLICT (at) DO UPDATE SET result = excluded.result`, v.At, v)
	b.Queue(`DELETE FROM verifications WHERE at <= (SELECT at FROM verifications ORDER BY at DESC OFFSET $1 LIMIT 1)`, verificationsKept)
	if err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, b).Close() }); err != nil {
		return fmt.Errorf("note a verification: %w", unavailable(err))
	}
	return nil
}

// LastVerification is the latest check of the place, or of one above it; ok is false where there
// was none. It names the cases of the place alone.
func (s *Store) LastVerification(ctx context.Context, place string) (v board.Verification, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT result FROM verifications WHERE starts_with($1, coalesce(result->>'place', '')) ORDER BY at DESC LIMIT 1`, place).Scan(&v)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return v, false, nil
	case err != nil:
		return v, false, fmt.Errorf("read the last verification: %w", unavailable(err))
	}
	v.First = slices.DeleteFunc(v.First, func(f board.Finding) bool { return len(place) > len("11") && !strings.HasPrefix(f.Place, place) })
	return v, true, nil
}

// silence is how long a verification may be silent before it counts as lost.
const silence = `interval '2 minutes'`

// BeginVerification notes that one was asked for: Conflict while another is under way.
func (s *Store) BeginVerification(ctx context.Context, j board.VerificationJob) error {
	tag, err := s.pool.Exec(ctx, `INSERT INTO verification_jobs AS v (id, place, every_case, asked_by, started_at, seen_at) VALUES ($1, $2, $3, $4, now(), now())
ON CONFLICT (slot) DO UPDATE SET (id, place, every_case, asked_by, started_at, seen_at, done, total, ended_at) = ($1, $2, $3, $4, now(), now(), 0, 0, NULL)
WHERE v.ended_at IS NOT NULL OR v.seen_at < now() - `+silence, j.ID, j.Place, j.Full, j.By)
	switch {
	case err != nil:
		return fmt.Errorf("note a verification: %w", unavailable(err))
	case tag.RowsAffected() == 0:
		return &rehab.Error{Code: rehab.Conflict, Message: "a verification is under way: wait for its result"}
	}
	return nil
}

// VerificationProgress notes how far the verification is.
func (s *Store) VerificationProgress(ctx context.Context, id string, done, total int) error {
	return s.saveVerification(ctx, `UPDATE verification_jobs SET seen_at = now(), done = $2, total = $3 WHERE id = $1`, id, done, total)
}

// EndVerification notes that it has ended, whatever came of it.
func (s *Store) EndVerification(ctx context.Context, id string) error {
	return s.saveVerification(ctx, `UPDATE verification_jobs SET seen_at = now(), ended_at = now() WHERE id = $1`, id)
}

func (s *Store) saveVerification(ctx context.Context, sql string, args ...any) error {
	if _, err := s.pool.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("note how far a verification is: %w", unavailable(err))
	}
	return nil
}

// Verification is the one that was asked for last; ok is false where none was.
func (s *Store) Verification(ctx context.Context) (j board.VerificationJob, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT id, place, every_case, asked_by, started_at, seen_at, done, total,
  CASE WHEN ended_at IS NOT NULL THEN 'ended' WHEN seen_at < now() - `+silence+` THEN 'lost' ELSE 'running' END FROM verification_jobs`).
		Scan(&j.ID, &j.Place, &j.Full, &j.By, &j.StartedAt, &j.SeenAt, &j.Done, &j.Total, &j.State)
	j.StartedAt, j.SeenAt = j.StartedAt.UTC(), j.SeenAt.UTC()
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return j, false, nil
	case err != nil:
		return j, false, fmt.Errorf("read how far a verification is: %w", unavailable(err))
	}
	return j, true, nil
}

// CasesToVerify counts the cases of the place and below it, open and closed.
func (s *Store) CasesToVerify(ctx context.Context, place string) (n int, err error) {
	if err = s.pool.QueryRow(ctx, `SELECT count(*) FROM cases WHERE place LIKE $1`, prefix(place)).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the cases to verify: %w", unavailable(err))
	}
	return n, nil
}
