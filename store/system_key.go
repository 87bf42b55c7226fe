package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/rehab"
	"guitu/suite"
)

// What belongs to no case is encrypted under a key of the system, which the master key wraps.
// A database from before there was one has none until "guitu keys rotate" makes it; until then
// the master key encrypts by itself.

const systemKey = "system key"

// hide encrypts what belongs to no case.
func (s *Store) hide(plain, ad []byte) ([]byte, error) { return s.system.Load().Encrypt(plain, ad) }

// reveal decrypts it. A key that another process made meanwhile is read first.
func (s *Store) reveal(ctx context.Context, ciphertext, ad []byte) ([]byte, error) {
	plain, err := s.system.Load().Decrypt(ciphertext, ad)
	if !errors.Is(err, suite.ErrForeign) {
		return plain, err
	}
	if err := s.loadSystemKeys(ctx, s.pool); err != nil {
		return nil, err
	}
	return s.system.Load().Decrypt(ciphertext, ad)
}

// loadSystemKeys reads the keys: the one that writes first, then the others, then the masters.
func (s *Store) loadSystemKeys(ctx context.Context, q querier) error {
	rows, err := q.Query(ctx, `SELECT n, wrapped FROM system_keys ORDER BY writes DESC, n DESC`)
	list, err := collect(rows, err, "read the keys of the system", pgx.RowToStructByPos[systemKeyRow])
	if err != nil {
		return err
	}
	ring := make(suite.Ring, 0, len(list)+len(s.keys.master))
	for _, r := range list {
		key, err := suite.Unwrap(s.keys.master, r.Wrapped, []byte(systemKey))
		if err != nil {
			return fmt.Errorf("open key %d of the system, is the master key the right one: %w", r.N, err)
		}
		ring = append(ring, key)
	}
	ring = append(ring, s.keys.master...)
	s.system.Store(&ring)
	return nil
}

type systemKeyRow struct {
	N       int64
	Wrapped []byte
}

// addSystemKey keeps a key: a new one that writes, or one that is only read with.
func (s *Store) addSystemKey(ctx context.Context, tx pgx.Tx, key suite.Key, writes bool) error {
	wrapped, err := suite.Wrap(s.keys.master, key, []byte(systemKey))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO system_keys (wrapped, writes) VALUES ($1, $2)`, wrapped, writes)
	return err
}

// newSystemKey makes the first key that writes.
func (s *Store) newSystemKey(ctx context.Context, tx pgx.Tx) error {
	key, err := s.keys.suite.NewKey()
	if err != nil {
		return err
	}
	return s.addSystemKey(ctx, tx, key, true)
}

// asKeeper runs do as the role that changes keys, which the login of the API and the workers
// may not become: Forbidden.
func (s *Store) asKeeper(ctx context.Context, do func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.keeper, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL ROLE guitu_keys`); err != nil {
			return err
		}
		return do(tx)
	})
	if denied(err) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "this login of the database may not change keys: use the owner's, as guitu migrate does"}
	}
	return unavailable(err)
}
