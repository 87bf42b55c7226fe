package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
)

// LateCases are the live cases of the place and below it that should have gone on before the
// instant; n of them are named.
func (s *Store) LateCases(ctx context.Context, place string, before time.Time, n int) (board.Late, error) {
	out := board.Late{List: []board.LateCase{}}
	rows, err := s.pool.Query(ctx, `SELECT case_id, place, wake_at, count(*) OVER ()::int FROM cases WHERE wake_at < $1 AND place LIKE $2 AND `+live+` ORDER BY wake_at, case_id LIMIT $3`,
		before, prefix(place), limit(n))
	list, err := collect(rows, err, "list late cases", func(row pgx.CollectableRow) (board.LateCase, error) {
		var x board.LateCase
		err := row.Scan(&x.CaseID, &x.Place, &x.WakeAt, &out.Cases)
		x.WakeAt = x.WakeAt.UTC()
		return x, err
	})
	if len(list) > 0 {
		out.Since, out.List = list[0].WakeAt, list
	}
	return out, err
}

// TransfersUnderWay counts those from and to the place and below it that have not ended.
func (s *Store) TransfersUnderWay(ctx context.Context, place string) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM transfers WHERE ended_on IS NULL AND (from_place LIKE $1 OR to_place LIKE $1)`, prefix(place)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count transfers: %w", unavailable(err))
	}
	return n, nil
}
