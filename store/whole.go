package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"guitu/board"
)

// Whole lists what does not hold of all tables together: what no look at a single case finds.
func (s *Store) Whole(ctx context.Context) ([]board.Broken, error) {
	var out []board.Broken
	for _, look := range []func(context.Context) ([]board.Broken, error){s.Misplaced, s.SignedHeads, s.VerifyAudit, s.SignedRows} {
		found, err := look(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func scanBroken(row pgx.CollectableRow) (board.Broken, error) {
	return pgx.RowToStructByPos[board.Broken](row)
}
