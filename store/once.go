package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"guitu/once"
)

// acted reports whether the request has acted: find selects the digest that is kept under its
// key. Another request under the key is once.ErrUsed. The caller holds what keeps two of the
// same from acting at once: a lock, or the row itself.
func acted(ctx context.Context, q querier, r once.Request, find string, args ...any) (bool, error) {
	var digest string
	err := q.QueryRow(ctx, find, args...).Scan(&digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = r.Repeats(digest)
	}
	return err == nil, err
}
