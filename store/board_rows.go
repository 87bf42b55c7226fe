package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
)

// onBoard are the cases of a board.RowFilter.
const onBoard = `place LIKE $1 AND ($2::text[] IS NULL OR worker = ANY($2) OR worker = '' AND place = $3) AND ($4::text[] IS NULL OR case_id = ANY($4)) AND ` + readable

func rowArgs(f board.RowFilter) []any {
	return []any{prefix(f.Place), f.Workers, f.FreeAt, f.Cases}
}

// BoardRows reads all cases of the filter, in the order of their ids.
func (s *Store) BoardRows(ctx context.Context, f board.RowFilter) ([]board.Row, error) {
	rows, err := s.pool.Query(ctx, `SELECT case_id, place, worker, measure, phase, risk, engagement, next_kind, top_rung, served_on, term_end, next_due, overdue, escalations, crises
FROM cases WHERE `+onBoard+` ORDER BY case_id`, rowArgs(f)...)
	return collect(rows, err, "read the rows of a board", func(row pgx.CollectableRow) (board.Row, error) {
		var r board.Row
		var served, end, due pgtype.Date
		err := row.Scan(&r.CaseID, &r.Place, &r.Worker, &r.Measure, &r.Phase, &r.Risk, &r.Engagement, &r.NextKind, &r.TopRung, &served, &end, &due,
			&r.Overdue, &r.Escalations, &r.Crises)
		r.ServedOn, r.TermEnd, r.NextDue = dateOf(served), dateOf(end), dateOf(due)
		return r, err
	})
}

// CountBoardRows counts them.
func (s *Store) CountBoardRows(ctx context.Context, f board.RowFilter) (n int, err error) {
	if err = s.pool.QueryRow(ctx, `SELECT count(*) FROM cases WHERE `+onBoard, rowArgs(f)...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the rows of a board: %w", unavailable(err))
	}
	return n, nil
}
