package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
	"guitu/suite"
)

// errSealed is all that is said of a sealed case (封存).
var errSealed = &rehab.Error{Code: rehab.Refused, Message: "the record is sealed"}

// unreadable reports whether the case has no key that may be opened: it never had one, or it
// is sealed.
func unreadable(err error) bool { return errors.Is(err, errNoKey) || errors.Is(err, errSealed) }

// queueSeal marks the key of the case as sealed, in the transaction that closes it, and
// reports whether it does.
func queueSeal(b *pgx.Batch, caseID string, events []rehab.Event) (seals bool) {
	for _, e := range events {
		if _, ok := e.Data.(rehab.CaseSealed); ok {
			b.Queue(`UPDATE case_keys SET sealed_at = $2 WHERE case_id = $1 AND sealed_at IS NULL`, caseID, e.RecordedAt)
			b.Queue(forgetTerms, caseID)
			seals = true
		}
	}
	return seals
}

// wrappedKey is a row of the keys.
type wrappedKey struct {
	caseID   string
	wrapped  []byte
	sealedAt pgtype.Timestamptz
}

// caseKey gives the case's key; with create, a new one where there is none. The row is read
// each time, so that a seal holds in every process at once.
func (s *Store) caseKey(ctx context.Context, caseID string, create bool) (suite.AEAD, error) {
	if key, ok := s.seal.inHand[caseID]; ok {
		return key, nil
	}
	k := wrappedKey{caseID: caseID}
	err := s.pool.QueryRow(ctx, `SELECT wrapped, sealed_at FROM case_keys WHERE case_id = $1`, caseID).Scan(&k.wrapped, &k.sealedAt)
	if errors.Is(err, pgx.ErrNoRows) { // none, or one that is shut to the request
		at, sealed := s.SealedAt(ctx, caseID)
		switch {
		case sealed != nil:
			return nil, sealed
		case !at.IsZero():
			s.forgetKey(caseID)
			return nil, errSealed
		case !create:
			return nil, errNoKey
		}
		k.wrapped, err = s.newCaseKey(ctx, caseID)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of case %s: %w", caseID, unavailable(err))
	}
	return s.unwrap(k)
}

// unwrap opens a key, or finds it among those opened last.
func (s *Store) unwrap(k wrappedKey) (suite.AEAD, error) {
	if k.sealedAt.Valid {
		s.forgetKey(k.caseID)
		return nil, errSealed
	}
	s.seal.mu.Lock()
	cached, ok := s.seal.cache[k.caseID]
	s.seal.mu.Unlock()
	if ok && bytes.Equal(cached.wrapped, k.wrapped) {
		return cached.key, nil
	}
	key, err := suite.Unwrap(s.keys.master, k.wrapped, []byte(k.caseID))
	if err != nil {
		return nil, fmt.Errorf("open the key of case %s, is the master key the right one: %w", k.caseID, err)
	}
	s.seal.mu.Lock()
	defer s.seal.mu.Unlock()
	if len(s.seal.cache) >= cachedKeys {
		clear(s.seal.cache)
	}
	s.seal.cache[k.caseID] = openedKey{bytes.Clone(k.wrapped), key}
	return key, nil
}

// forgetKey takes the key of a case out of the memory of this process.
func (s *Store) forgetKey(caseID string) {
	s.seal.mu.Lock()
	defer s.seal.mu.Unlock()
	delete(s.seal.cache, caseID)
}

// SealedAt is when the case was sealed; the zero instant where it is not. The key of a sealed case
// is out of every scope, when it was sealed is not.
func (s *Store) SealedAt(ctx context.Context, caseID string) (time.Time, error) {
	var at pgtype.Timestamptz
	if err := s.pool.QueryRow(ctx, `SELECT sealed_since($1)`, caseID).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("look for a seal: %w", unavailable(err))
	}
	return timeOf(at), nil
}
