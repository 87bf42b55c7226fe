package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/account"
	"guitu/rehab"
)

func (s *Store) signSession(hash []byte, x account.Session) []byte {
	return s.keys.sign("session", hash, []byte(x.ID), []byte(x.Account.ID), strconv.AppendInt(nil, x.AbsoluteEnd.UnixMicro(), 10))
}

// CreateSession keeps a sign-in under the hash of its token, and sweeps out those that have ended.
func (s *Store) CreateSession(ctx context.Context, token string, x account.Session) error {
	x.AbsoluteEnd = x.AbsoluteEnd.UTC().Truncate(time.Microsecond)
	hash := sha256.Sum256([]byte(token))
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM sessions WHERE absolute_end < $1 OR idle_end < $1`, x.Created)
	b.Queue(`INSERT INTO sessions (id, hash, account, created_at, seen_at, idle_end, absolute_end, address, agent, mac) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)`,
		x.ID, hash[:], x.Account.ID, x.Created, x.IdleEnd, x.AbsoluteEnd, x.Address, x.Agent, s.signSession(hash[:], x))
	return wrapAccount("keep a session", s.pool.SendBatch(ctx, b).Close())
}

const sessionColumns = `x.id, x.created_at, x.seen_at, x.idle_end, x.absolute_end, x.address, x.agent`

func sessionFields(x *account.Session) []any {
	return []any{&x.ID, &x.Created, &x.Seen, &x.IdleEnd, &x.AbsoluteEnd, &x.Address, &x.Agent}
}

// Session that a token opens at the instant: ErrNoSession where it opens none.
func (s *Store) Session(ctx context.Context, token string, now time.Time) (account.Session, error) {
	hash := sha256.Sum256([]byte(token))
	var x account.Session
	var r accountRow
	var post pgtype.Text
	var mac []byte
	err := s.pool.QueryRow(ctx, `SELECT `+sessionColumns+`, x.mac, `+accountColumns+`, `+accountPost+` JOIN sessions x ON x.account = a.id
WHERE x.hash = $1 AND x.idle_end > $2 AND x.absolute_end > $2`, hash[:], now).Scan(append(append(sessionFields(&x), &mac), r.fields(&post)...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return x, account.ErrNoSession
	}
	if err != nil {
		return x, wrapAccount("read a session", err)
	}
	if x.Account, err = s.openAccount(ctx, &r, post); err != nil {
		return x, err
	}
	if !bytes.Equal(mac, s.signSession(hash[:], x)) {
		return x, fmt.Errorf("the session %s was put in past the engine", x.ID)
	}
	if x.Account.Name == "" && x.Account.Post.Known {
		names, err := s.names(ctx, []string{x.Account.ID})
		if err != nil {
			return x, err
		}
		x.Account.Name = names[x.Account.ID]
	}
	return x, nil
}

// TouchSession moves the idle end of a session.
func (s *Store) TouchSession(ctx context.Context, id string, seen, idleEnd time.Time) error {
	_, err := s.pool.Exec(ctx, `UPDATE sessions SET seen_at = $2, idle_end = $3 WHERE id = $1`, id, seen, idleEnd)
	return wrapAccount("touch a session", err)
}

// Sessions of an account that hold at the instant, the latest first.
func (s *Store) Sessions(ctx context.Context, id string, now time.Time) ([]account.Session, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+sessionColumns+` FROM sessions x WHERE account = $1 AND idle_end > $2 AND absolute_end > $2 ORDER BY created_at DESC, id`, id, now)
	return collect(rows, err, "list sessions", func(row pgx.CollectableRow) (account.Session, error) {
		var x account.Session
		err := row.Scan(sessionFields(&x)...)
		x.Account.ID = id
		return x, err
	})
}

// EndSession ends one of the account's: NotFound where it has none of the id.
func (s *Store) EndSession(ctx context.Context, account, id string) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM sessions WHERE account = $1 AND id = $2`, account, id)
	if err == nil && tag.RowsAffected() == 0 {
		return &rehab.Error{Code: rehab.NotFound, Message: "there is no such session"}
	}
	return wrapAccount("end a session", err)
}

func (s *Store) signPasskey(k account.Passkey) []byte {
	return s.keys.sign("passkey", k.ID, []byte(k.Account), []byte(k.Label), k.Credential)
}

// Passkeys of an account, in the order in which they came.
func (s *Store) Passkeys(ctx context.Context, id string) ([]account.Passkey, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, label, credential, created_at, used_at, mac FROM passkeys WHERE account = $1 ORDER BY created_at, id`, id)
	return collect(rows, err, "list passkeys", func(row pgx.CollectableRow) (account.Passkey, error) {
		k, used, mac := account.Passkey{Account: id}, pgtype.Timestamptz{}, []byte(nil)
		if err := row.Scan(&k.ID, &k.Label, &k.Credential, &k.Created, &used, &mac); err != nil {
			return k, err
		}
		k.Created, k.Used = k.Created.UTC(), used.Time.UTC()
		if !bytes.Equal(mac, s.signPasskey(k)) {
			return k, fmt.Errorf("a passkey of the account %s was changed past the engine", id)
		}
		return k, nil
	})
}

// SavePasskey keeps a passkey, or what its use changed.
func (s *Store) SavePasskey(ctx context.Context, k account.Passkey) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO passkeys (id, account, label, credential, created_at, used_at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET credential = excluded.credential, used_at = excluded.used_at, mac = excluded.mac WHERE passkeys.account = excluded.account`,
		k.ID, k.Account, k.Label, k.Credential, k.Created, pgtype.Timestamptz{Time: k.Used, Valid: !k.Used.IsZero()}, s.signPasskey(k))
	return wrapAccount("keep a passkey", err)
}

// RemovePasskey of an account: NotFound where it has none of the id.
func (s *Store) RemovePasskey(ctx context.Context, account string, id []byte) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM passkeys WHERE account = $1 AND id = $2`, account, id)
	if err == nil && tag.RowsAffected() == 0 {
		return &rehab.Error{Code: rehab.NotFound, Message: "there is no such passkey"}
	}
	return wrapAccount("remove a passkey", err)
}
