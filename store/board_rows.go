package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"guitu/board"
)

// onBoard are the cases of a board.RowFilter.
const onBoard = `place LIKE $1 AND ($2::text[] IS NULL OR worker = ANY($2) OR worker = '' AND place = $3) AND ($4::text[] IS NULL OR case_id = ANY($4)) AND ` + readable

func rowArgs(f board.RowFilter) []any {
	return []any{prefix(f.Place), f.Workers, f.FreeAt, f.Cases}
}

// selectBoardRows has days as their numbers, so that nothing has to be converted a hundred thousand times.
const selectBoardRows = `SELECT case_id, place, worker, measure, phase, risk, engagement, next_kind, top_rung,
  coalesce(served_on - DATE '1970-01-01', 0), coalesce(term_end - DATE '1970-01-01', 0), coalesce(next_due - DATE '1970-01-01', 0), overdue, escalations, crises
FROM cases WHERE ` + onBoard

// BoardRows reads all cases of the filter, in the order of their ids.
func (s *Store) BoardRows(ctx context.Context, f board.RowFilter) ([]board.Row, error) {
	rows, err := s.pool.Query(ctx, selectBoardRows, rowArgs(f)...)
	list, err := collect(rows, err, "read the rows of a board", func(row pgx.CollectableRow) (board.Row, error) {
		var r board.Row
		err := row.Scan(&r.CaseID, &r.Place, &r.Worker, (*string)(&r.Measure), (*string)(&r.Phase), (*string)(&r.Risk), (*string)(&r.Engagement), (*string)(&r.NextKind), (*string)(&r.TopRung),
			(*int32)(&r.ServedOn), (*int32)(&r.TermEnd), (*int32)(&r.NextDue), &r.Overdue, &r.Escalations, &r.Crises)
		return r, err
	})
	slices.SortFunc(list, func(a, b board.Row) int { return strings.Compare(a.CaseID, b.CaseID) })
	return list, err
}

// CountBoardRows counts them.
func (s *Store) CountBoardRows(ctx context.Context, f board.RowFilter) (n int, err error) {
	if err = s.pool.QueryRow(ctx, `SELECT count(*) FROM cases WHERE `+onBoard, rowArgs(f)...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the rows of a board: %w", unavailable(err))
	}
	return n, nil
}
