package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"guitu/rehab"
)

// errSealed is all that is said of a sealed case (封存).
var errSealed = &rehab.Error{Code: rehab.Refused, Message: "the record is sealed"}

// unreadable reports whether the case has no key that may be opened: it never had one, or it
// is sealed.
func unreadable(err error) bool { return errors.Is(err, errNoKey) || errors.Is(err, errSealed) }

// queueSeal puts the key of the case under seal, in the transaction that closes it.
func queueSeal(b *pgx.Batch, caseID string, events []rehab.Event) {
	for _, e := range events {
		if _, ok := e.Data.(rehab.CaseSealed); ok {
			b.Queue(`UPDATE case_keys SET sealed_at = $2 WHERE case_id = $1 AND sealed_at IS NULL`, caseID, e.RecordedAt)
		}
	}
}

// OpenForInquiry is the one way to the key of a sealed case: a lawful inquiry (治安管理处罚法
// 136). What it takes, two people, organ, ground and time, is not there yet, so it refuses.
func (s *Store) OpenForInquiry(context.Context, string) error { return errSealed }

// wrappedKey is a row of the keys.
type wrappedKey struct {
	caseID   string
	wrapped  []byte
	sealedAt pgtype.Timestamptz
}

// caseKey gives the case's key; with create, a new one where there is none. The row is read
// each time, so that a seal holds in every process at once.
func (s *Store) caseKey(ctx context.Context, caseID string, create bool) (tink.AEAD, error) {
	k := wrappedKey{caseID: caseID}
	err := s.pool.QueryRow(ctx, `SELECT wrapped, sealed_at FROM case_keys WHERE case_id = $1`, caseID).Scan(&k.wrapped, &k.sealedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		if !create {
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
func (s *Store) unwrap(k wrappedKey) (tink.AEAD, error) {
	if k.sealedAt.Valid {
		return nil, errSealed
	}
	s.seal.mu.Lock()
	cached, ok := s.seal.cache[k.caseID]
	s.seal.mu.Unlock()
	if ok && bytes.Equal(cached.wrapped, k.wrapped) {
		return cached.key, nil
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(k.wrapped)), s.keys.master, []byte(k.caseID))
	if err != nil {
		return nil, fmt.Errorf("open the key of case %s, is the master key the right one: %w", k.caseID, err)
	}
	key, err := aead.New(handle)
	if err != nil {
		return nil, err
	}
	s.seal.mu.Lock()
	defer s.seal.mu.Unlock()
	if len(s.seal.cache) >= cachedKeys {
		clear(s.seal.cache)
	}
	s.seal.cache[k.caseID] = openedKey{bytes.Clone(k.wrapped), key}
	return key, nil
}

// SealedAt is when the case was sealed; the zero instant where it is not.
func (s *Store) SealedAt(ctx context.Context, caseID string) (time.Time, error) {
	var at pgtype.Timestamptz
	err := s.pool.QueryRow(ctx, `SELECT sealed_at FROM case_keys WHERE case_id = $1`, caseID).Scan(&at)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, fmt.Errorf("look for a seal: %w", unavailable(err))
	}
	return timeOf(at), nil
}
