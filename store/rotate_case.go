package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/suite"
)

// RotateCase gives the case a new key and writes anew what stood under the one before. While
// that goes on both are kept, so that nobody is in the way: who read the old key a moment ago
// may still write under it. After the grace, which is longer than any such write takes, all is
// written under the new one and the old one is gone. Stopped in between, it goes on when it is
// called again. It answers with the number of texts. A sealed case is Refused.
func (s *Store) RotateCase(ctx context.Context, caseID string, grace time.Duration) (int, error) {
	begun, err := s.beginCaseKey(ctx, caseID)
	if err != nil {
		return 0, fmt.Errorf("change the key of case %s: %w", caseID, err)
	}
	if begun {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(grace):
		}
	}
	n, err := s.finishCaseKey(ctx, caseID)
	if err != nil {
		return 0, fmt.Errorf("change the key of case %s: %w", caseID, err)
	}
	return n, nil
}

// lockKey reads the key of a case and keeps others from changing it.
func (s *Store) lockKey(ctx context.Context, tx pgx.Tx, caseID string) (suite.Key, error) {
	var wrapped []byte
	var sealed pgtype.Timestamptz
	err := tx.QueryRow(ctx, `SELECT wrapped, sealed_at FROM case_keys WHERE case_id = $1 FOR UPDATE`, caseID).Scan(&wrapped, &sealed)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, errNoKey
	case err != nil:
		return nil, err
	case sealed.Valid:
		return nil, errSealed
	}
	return suite.Unwrap(s.keys.master, wrapped, []byte(caseID))
}

func (s *Store) keepCaseKey(ctx context.Context, tx pgx.Tx, caseID string, key suite.Key) error {
	wrapped, err := suite.Wrap(s.keys.master, key, []byte(caseID))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE case_keys SET wrapped = $2 WHERE case_id = $1`, caseID, wrapped)
	return err
}

// beginCaseKey puts a new key before the one there is; false where that was done before.
func (s *Store) beginCaseKey(ctx context.Context, caseID string) (begun bool, err error) {
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		old, err := s.lockKey(ctx, tx, caseID)
		if err != nil || suite.First(old) != old { // stopped in between
			return err
		}
		key, err := s.keys.suite.NewKey()
		if err != nil {
			return err
		}
		begun = true
		return s.keepCaseKey(ctx, tx, caseID, suite.Several(key, old))
	})
	return begun, err
}

// finishCaseKey writes all anew and lets the old key go.
func (s *Store) finishCaseKey(ctx context.Context, caseID string) (n int, err error) {
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		all, err := s.lockKey(ctx, tx, caseID)
		if err != nil {
			return err
		}
		first := suite.First(all)
		for _, c := range underCaseKey {
			changed, err := c.rewrite(ctx, tx, `case_id = $1`, first, all.Decrypt, caseID)
			if n += changed; err != nil {
				return err
			}
		}
		return s.keepCaseKey(ctx, tx, caseID, first)
	})
	return n, err
}
