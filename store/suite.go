package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// beginSuite writes down the suite at the first start, with the key of the system, and refuses
// another suite ever after: blind indexes and chains of two do not fit together.
func (s *Store) beginSuite(ctx context.Context) error {
	own := s.keys.suite.Name()
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `INSERT INTO crypto (suite) VALUES ($1) ON CONFLICT DO NOTHING`, own)
		if err != nil {
			return fmt.Errorf("write down the suite: %w", unavailable(err))
		}
		if tag.RowsAffected() > 0 {
			if err := s.newSystemKey(ctx, tx); err != nil {
				return fmt.Errorf("make the key of the system: %w", unavailable(err))
			}
		}
		var kept string
		if err := tx.QueryRow(ctx, `SELECT suite FROM crypto`).Scan(&kept); err != nil {
			return fmt.Errorf("read the suite: %w", unavailable(err))
		}
		if kept != own {
			return fmt.Errorf("crypto.suite: this database was begun under the suite %s, and not %s: it is chosen at the first start, for good", kept, own)
		}
		if _, err := tx.Exec(ctx, `SELECT end_inquiries()`); err != nil {
			return fmt.Errorf("end inquiries: %w", unavailable(err))
		}
		return s.loadSystemKeys(ctx, tx)
	})
}
