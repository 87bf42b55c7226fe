package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/notify"
	"guitu/once"
	"guitu/rehab"
)

func subscriptionAD(id string) []byte { return []byte("subscription/" + id) }

// Subscribe keeps a subscription, from the notices that come after now on: those of later
// transactions than its own. The same again changes nothing and is known; another request
// under its id is a Conflict.
func (s *Store) Subscribe(ctx context.Context, x notify.Subscription, sealed notify.Sealed, digest string) (known bool, err error) {
	plain, err := json.Marshal(sealed) //nolint:gosec // it is encrypted before it is kept
	if err != nil {
		return false, err
	}
	cipher, err := s.hide(plain, subscriptionAD(x.ID))
	if err != nil {
		return false, fmt.Errorf("encrypt a target: %w", err)
	}
	if x.Types == nil {
		x.Types = []string{}
	}
	if x.Channels == nil {
		x.Channels = []string{}
	}
	if x.Events == nil {
		x.Events = []string{}
	}
	tag, err := s.pool.Exec(ctx, `INSERT INTO subscriptions (id, place, role, worker, types, kind, target, sealed, language, digest, created_at, created_by, channels, events, ledger, cursor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, ledger_tx() + 1) ON CONFLICT (id) DO NOTHING`, x.ID, x.Place, x.Role, x.Worker, x.Types, x.Kind, x.Target, cipher, x.Language, digest, x.CreatedAt, x.By, x.Channels,
		x.Events, notify.LedgerTypes(x.Events))
	if err != nil || tag.RowsAffected() > 0 {
		return false, wrapSubscribe(err)
	}
	known, err = acted(ctx, s.pool, once.Request{Key: x.ID, Digest: digest}, `SELECT digest FROM subscriptions WHERE id = $1`, x.ID)
	return known, wrapSubscribe(err)
}

func wrapSubscribe(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("keep a subscription: %w", unavailable(err))
}

const selectSubscriptions = `SELECT id, place, role, worker, types, channels, events, kind, target, language, created_at, created_by, ended_at IS NULL FROM subscriptions `

func scanSubscription(row pgx.CollectableRow) (notify.Subscription, error) {
	var x notify.Subscription
	err := row.Scan(&x.ID, &x.Place, &x.Role, &x.Worker, &x.Types, &x.Channels, &x.Events, &x.Kind, &x.Target, &x.Language, &x.CreatedAt, &x.By, &x.Active)
	x.CreatedAt = x.CreatedAt.UTC()
	return x, err
}

// Subscription reads one, ended or not; NotFound where there is none.
func (s *Store) Subscription(ctx context.Context, id string) (notify.Subscription, error) {
	rows, err := s.pool.Query(ctx, selectSubscriptions+`WHERE id = $1`, id)
	list, err := collect(rows, err, "read a subscription", scanSubscription)
	if err == nil && len(list) == 0 {
		err = &rehab.Error{Code: rehab.NotFound, Message: "there is no such subscription"}
	}
	if err != nil {
		return notify.Subscription{}, err
	}
	return list[0], nil
}

// Subscriptions lists those of the place and below it that go on, after the id.
func (s *Store) Subscriptions(ctx context.Context, place, after string, n int) ([]notify.Subscription, error) {
	rows, err := s.pool.Query(ctx, selectSubscriptions+`WHERE ended_at IS NULL AND place LIKE $1 AND id > $2 ORDER BY id LIMIT $3`, prefix(place), after, limit(n))
	return collect(rows, err, "list subscriptions", scanSubscription)
}

// Unsubscribe ends a subscription and forgets its target and secret. What it has not
// delivered is not delivered any more. One that has ended stays as it ended.
func (s *Store) Unsubscribe(ctx context.Context, id, by string, at time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE subscriptions SET ended_at = $2, ended_by = $3, sealed = NULL WHERE id = $1 AND ended_at IS NULL`, id, at, by)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE deliveries SET state = 'failed', code = 'ended', next_at = NULL, done_at = $2 WHERE subscription = $1 AND state = 'waiting'`, id, at)
		return err
	})
	if err != nil {
		return fmt.Errorf("end a subscription: %w", unavailable(err))
	}
	return nil
}

// unsealTarget opens what is kept of a subscription and never shown.
func (s *Store) unsealTarget(ctx context.Context, id string, cipher []byte) (notify.Sealed, error) {
	var out notify.Sealed
	if cipher == nil {
		return out, errors.New("the subscription has ended")
	}
	plain, err := s.reveal(ctx, cipher, subscriptionAD(id))
	if err != nil {
		return out, fmt.Errorf("open the target of subscription %s, is the master key the right one: %w", id, err)
	}
	return out, json.Unmarshal(plain, &out)
}
