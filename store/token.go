package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/account"
	"guitu/rehab"
)

// CreateToken makes a bearer token for an actor. It is shown once: only its hash is kept.
// Errors are Invalid where the actor or the day cannot be right, NotFound where there is no such place.
func (s *Store) CreateToken(ctx context.Context, a rehab.Actor, label string, expires time.Time) (string, error) {
	if err := account.CheckActor(a); err != nil {
		return "", err
	}
	if !expires.After(time.Now()) {
		return "", rehab.InvalidField("days", "the token would have expired already")
	}
	if a.Place != "" {
		if _, err := basePlace(ctx, s.pool, a.Place); err != nil {
			return "", err
		}
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	token := "gt_" + base64.RawURLEncoding.EncodeToString(secret)
	return token, s.KeepToken(ctx, token, a, label, expires)
}

// KeepToken accepts a token made elsewhere; the same again renews it. The login of the API and
// the workers may not: it is no member of guitu_tokens.
func (s *Store) KeepToken(ctx context.Context, token string, a rehab.Actor, label string, expires time.Time) error {
	hash := sha256.Sum256([]byte(token))
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL ROLE guitu_tokens`); err != nil {
			return err
		}
		before, err := tokensMade.row(ctx, tx, `hash = $1`, hash[:])
		if err != nil {
			return err
		}
		return s.written(ctx, tx, tokensMade, before, `INSERT INTO tokens (hash, actor, role, place, organisation, label, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at`, hash[:], a.ID, a.Role, a.Place, a.Organisation, label, expires)
	})
	if denied(err) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "this login of the database may not make tokens: use the owner's, as guitu migrate does"}
	}
	if err != nil {
		return fmt.Errorf("keep a token: %w", unavailable(err))
	}
	return nil
}

// selectActor finds whom a token speaks for. One of the registry who has left has none.
const selectActor = `SELECT t.id, actor, role, place, organisation, label, expires_at, mac FROM tokens t WHERE hash = $1 AND expires_at > now() AND revoked_at IS NULL
AND (NOT EXISTS (SELECT FROM worker_periods p WHERE p.worker = t.actor)
  OR EXISTS (SELECT FROM worker_periods p WHERE p.worker = t.actor AND (p.to_day IS NULL OR p.to_day >= (now() AT TIME ZONE 'Asia/Shanghai')::date)))`

// Actor of a token; NotFound when nobody has it, it has expired or was revoked, or its worker has left.
func (s *Store) Actor(ctx context.Context, token string) (rehab.Actor, error) {
	hash := sha256.Sum256([]byte(token))
	var t account.Token
	var mac []byte
	a := &t.Actor
	err := s.pool.QueryRow(ctx, selectActor, hash[:]).Scan(&t.ID, &a.ID, &a.Role, &a.Place, &a.Organisation, &t.Label, &t.Expires, &mac)
	if errors.Is(err, pgx.ErrNoRows) {
		return *a, &rehab.Error{Code: rehab.NotFound, Message: "the token is unknown or has expired"}
	}
	if err != nil {
		return *a, fmt.Errorf("find the token: %w", unavailable(err))
	}
	// One without a signature was made by the owner of the database: no other login can.
	if mac != nil && !hmac.Equal(mac, s.signToken(hash[:], t)) {
		return rehab.Actor{}, fmt.Errorf("the token %s was put in past the engine", t.ID)
	}
	return *a, nil
}

func (s *Store) signToken(hash []byte, t account.Token) []byte {
	return s.keys.sign("token", hash, []byte(t.ID), []byte(t.Actor.ID), []byte(t.Actor.Role), []byte(t.Actor.Place), []byte(t.Actor.Organisation), []byte(t.Label),
		strconv.AppendInt(nil, t.Expires.UnixMicro(), 10))
}

// AddToken keeps a token that the API made, signed.
func (s *Store) AddToken(ctx context.Context, token string, t account.Token) error {
	if t.Actor.Place != "" {
		if _, err := basePlace(ctx, s.pool, t.Actor.Place); err != nil {
			return err
		}
	}
	hash := sha256.Sum256([]byte(token))
	t.Expires = t.Expires.UTC().Truncate(time.Microsecond)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT add_token($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			t.ID, hash[:], t.Actor.ID, t.Actor.Role, t.Actor.Place, t.Actor.Organisation, t.Label, t.MadeBy, t.Expires, s.signToken(hash[:], t))
		if err != nil {
			return err
		}
		made, err := tokensMade.row(ctx, tx, `id = $1`, t.ID)
		if err != nil {
			return err
		}
		return s.sign(ctx, tx, tokensMade, rowState{}, made)
	})
	return wrapAccount("keep a token", err)
}

const tokenColumns = `id, actor, role, place, organisation, label, made_by, created_at, expires_at, revoked_at`

func scanToken(row pgx.CollectableRow) (account.Token, error) {
	var t account.Token
	var revoked pgtype.Timestamptz
	err := row.Scan(&t.ID, &t.Actor.ID, &t.Actor.Role, &t.Actor.Place, &t.Actor.Organisation, &t.Label, &t.MadeBy, &t.Created, &t.Expires, &revoked)
	t.Created, t.Expires = t.Created.UTC(), t.Expires.UTC()
	if revoked.Valid {
		t.Revoked = revoked.Time.UTC()
	}
	return t, err
}

// TokenList lists tokens of a place and below it after the id, those that ended too.
func (s *Store) TokenList(ctx context.Context, place, after string, n int) ([]account.Token, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+tokenColumns+` FROM tokens WHERE place LIKE $1 AND id > $2 ORDER BY id LIMIT $3`, prefix(place), after, limit(n))
	return collect(rows, err, "list tokens", scanToken)
}

// RevokeToken ends a token of the place or below it: NotFound where there is none that holds.
func (s *Store) RevokeToken(ctx context.Context, place, id string, now time.Time) (account.Token, error) {
	var out account.Token
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		before, err := tokensMade.row(ctx, tx, `place LIKE $1 AND id = $2 AND revoked_at IS NULL`, prefix(place), id)
		if err == nil && before.key == "" {
			return &rehab.Error{Code: rehab.NotFound, Message: "there is no such token, or it was revoked"}
		}
		if err != nil {
			return err
		}
		if err := s.written(ctx, tx, tokensMade, before, `UPDATE tokens SET revoked_at = $2 WHERE id = $1`, id, now); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT `+tokenColumns+` FROM tokens WHERE id = $1`, id)
		if err != nil {
			return err
		}
		out, err = pgx.CollectExactlyOneRow(rows, scanToken)
		return err
	})
	return out, wrapAccount("revoke a token", err)
}
