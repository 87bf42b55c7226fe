package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/rehab"
)

// CreateToken makes a bearer token for an actor. It is shown once: only its hash is kept.
// Errors are Invalid where the actor or the day cannot be right, NotFound where there is no such place.
func (s *Store) CreateToken(ctx context.Context, a rehab.Actor, label string, expires time.Time) (string, error) {
	if err := checkActor(a); err != nil {
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
		_, err := tx.Exec(ctx, `INSERT INTO tokens (hash, actor, role, place, organisation, label, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at`, hash[:], a.ID, a.Role, a.Place, a.Organisation, label, expires)
		return err
	})
	if denied(err) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "this login of the database may not make tokens: use the owner's, as guitu migrate does"}
	}
	if err != nil {
		return fmt.Errorf("keep a token: %w", unavailable(err))
	}
	return nil
}

func checkActor(a rehab.Actor) error {
	if err := rehab.CheckActorID("id", a.ID); err != nil {
		return err
	}
	placed := slices.Contains([]rehab.Role{rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice}, a.Role)
	switch want := a.Role.Level(); {
	case placed && rehab.PlaceCode(a.Place).Level() != want:
		return rehab.InvalidField("place", "the role %s needs a place code of %d digits", a.Role, want)
	case a.Role == rehab.PartnerRole && (a.Organisation == "" || len(a.Organisation) > 64 || a.Place != ""):
		return rehab.InvalidField("organisation", "a partner has an organisation of 1 to 64 characters, and no place")
	case a.Role != rehab.PartnerRole && a.Organisation != "":
		return rehab.InvalidField("organisation", "only a partner has one")
	case !placed && a.Role != rehab.Admin && a.Role != rehab.IntegrationRole && a.Role != rehab.PartnerRole:
		return rehab.InvalidField("role", "%q is not one of worker, station_head, district, city, admin, integration, partner", a.Role)
	}
	return nil
}

// selectActor finds whom a token speaks for. One of the registry who has left has none.
const selectActor = `SELECT actor, role, place, organisation FROM tokens t WHERE hash = $1 AND expires_at > now()
AND (NOT EXISTS (SELECT FROM worker_periods p WHERE p.worker = t.actor)
  OR EXISTS (SELECT FROM worker_periods p WHERE p.worker = t.actor AND (p.to_day IS NULL OR p.to_day >= (now() AT TIME ZONE 'Asia/Shanghai')::date)))`

// Actor of a token; NotFound when nobody has it, it has expired, or its worker has left.
func (s *Store) Actor(ctx context.Context, token string) (rehab.Actor, error) {
	hash := sha256.Sum256([]byte(token))
	var a rehab.Actor
	err := s.pool.QueryRow(ctx, selectActor, hash[:]).
		Scan(&a.ID, &a.Role, &a.Place, &a.Organisation)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, &rehab.Error{Code: rehab.NotFound, Message: "the token is unknown or has expired"}
	}
	if err != nil {
		return a, fmt.Errorf("find the token: %w", unavailable(err))
	}
	return a, nil
}
