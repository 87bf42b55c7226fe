package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/account"
	"guitu/rehab"
)

func accountAD(id, what string) []byte { return []byte("account/" + id + "/" + what) }

// accountRow is an account as it is kept.
type accountRow struct {
	account.Account
	name, totp, mac []byte
	until           pgtype.Timestamptz
}

const (
	accountColumns = `a.id, a.role, a.place, a.organisation, a.name, a.password, a.must_change, a.password_until, a.totp, a.totp_confirmed, a.disabled, a.created_at, a.mac`
	// What the registry says today: the post that holds, else the next one.
	accountPost = `(SELECT count(*) FROM passkeys k WHERE k.account = a.id), EXISTS (SELECT FROM worker_periods p WHERE p.worker = a.id), p.place
FROM accounts a LEFT JOIN LATERAL (
  SELECT p.place FROM worker_periods p, (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today) d
  WHERE p.worker = a.id AND (p.to_day IS NULL OR p.to_day >= d.today)
  ORDER BY p.from_day <= d.today DESC, CASE WHEN p.from_day <= d.today THEN p.from_day END DESC, p.from_day LIMIT 1) p ON true`
)

// fields are where the columns of an account go.
func (r *accountRow) fields(post *pgtype.Text) []any {
	return []any{
		&r.ID, &r.Role, &r.Place, &r.Organisation, &r.name, &r.Password, &r.MustChange, &r.until, &r.totp, &r.TOTPConfirmed, &r.Disabled, &r.CreatedAt, &r.mac,
		&r.Passkeys, &r.Post.Known, post,
	}
}

// open checks the signature and decrypts. A row that was not written here is a fault, and
// opens nothing.
func (s *Store) openAccount(ctx context.Context, r *accountRow, post pgtype.Text) (account.Account, error) {
	r.PasswordUntil, r.CreatedAt = r.until.Time.UTC(), r.CreatedAt.UTC()
	if !r.until.Valid {
		r.PasswordUntil = time.Time{}
	}
	r.Post.Active, r.Post.Place = post.Valid, post.String
	if !bytes.Equal(r.mac, s.signAccount(r)) {
		return account.Account{}, fmt.Errorf("the account %s was changed past the engine", r.ID)
	}
	for _, x := range []struct {
		what   string
		sealed []byte
		into   *string
	}{{"name", r.name, &r.Name}, {"totp", r.totp, &r.TOTP}} {
		if x.sealed == nil {
			continue
		}
		plain, err := s.reveal(ctx, x.sealed, accountAD(r.ID, x.what))
		if err != nil {
			return account.Account{}, fmt.Errorf("decrypt the %s of an account, is the master key the right one", x.what)
		}
		*x.into = string(plain)
	}
	return r.Account, nil
}

func (s *Store) signAccount(r *accountRow) []byte {
	flags := fmt.Sprint(r.MustChange, r.TOTPConfirmed, r.Disabled, r.PasswordUntil.UnixMicro())
	return s.keys.sign("account", []byte(r.ID), []byte(r.Role), []byte(r.Place), []byte(r.Organisation), r.name, []byte(r.Password), r.totp, []byte(flags))
}

// sealAccount is the account as it is kept.
func (s *Store) sealAccount(a account.Account) (*accountRow, error) {
	a.PasswordUntil = a.PasswordUntil.UTC().Truncate(time.Microsecond)
	r := &accountRow{Account: a, until: pgtype.Timestamptz{Time: a.PasswordUntil, Valid: !a.PasswordUntil.IsZero()}}
	for _, x := range []struct {
		what, plain string
		into        *[]byte
	}{{"name", a.Name, &r.name}, {"totp", a.TOTP, &r.totp}} {
		if x.plain == "" {
			continue
		}
		var err error
		if *x.into, err = s.hide([]byte(x.plain), accountAD(a.ID, x.what)); err != nil {
			return nil, fmt.Errorf("encrypt the %s of an account: %w", x.what, err)
		}
	}
	r.mac = s.signAccount(r)
	return r, nil
}

func missingAccount(id string) error {
	return &rehab.Error{Code: rehab.NotFound, Message: "there is no account " + id}
}

// Account of a person, with what the registry says of the post today. NotFound where there is none.
func (s *Store) Account(ctx context.Context, id string) (account.Account, error) {
	return s.accountOf(ctx, s.pool, id, "")
}

func (s *Store) accountOf(ctx context.Context, q querier, id, lock string) (account.Account, error) {
	var r accountRow
	var post pgtype.Text
	err := q.QueryRow(ctx, `SELECT `+accountColumns+`, `+accountPost+` WHERE a.id = $1`+lock, id).Scan(r.fields(&post)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return account.Account{}, missingAccount(id)
	}
	if err != nil {
		return account.Account{}, fmt.Errorf("read an account: %w", unavailable(err))
	}
	a, err := s.openAccount(ctx, &r, post)
	if err == nil && a.Name == "" && a.Post.Known {
		var names map[string]string
		names, err = s.names(ctx, []string{id})
		a.Name = names[id]
	}
	return a, err
}

// Accounts lists those of a place and below it after the id, without their secrets.
func (s *Store) Accounts(ctx context.Context, place, after string, n int) ([]account.Account, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+accountColumns+`, `+accountPost+` WHERE a.place LIKE $1 AND a.id > $2 ORDER BY a.id LIMIT $3`, prefix(place), after, limit(n))
	list, err := collect(rows, err, "list accounts", func(row pgx.CollectableRow) (account.Account, error) {
		var r accountRow
		var post pgtype.Text
		if err := row.Scan(r.fields(&post)...); err != nil {
			return account.Account{}, err
		}
		return s.openAccount(ctx, &r, post)
	})
	if err != nil {
		return nil, err
	}
	var nameless []string
	for _, a := range list {
		if a.Name == "" && a.Post.Known {
			nameless = append(nameless, a.ID)
		}
	}
	names, err := s.names(ctx, nameless)
	for i := range list {
		if name, ok := names[list[i].ID]; ok && list[i].Name == "" {
			list[i].Name = name
		}
	}
	return list, err
}

// CountAccounts counts those of a role that are not disabled.
func (s *Store) CountAccounts(ctx context.Context, role rehab.Role) (n int, err error) {
	if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM accounts WHERE role = $1 AND NOT disabled`, role).Scan(&n); err != nil {
		return 0, fmt.Errorf("count accounts: %w", unavailable(err))
	}
	return n, nil
}

// CreateAccount keeps a new account: Conflict where there is one of the id.
func (s *Store) CreateAccount(ctx context.Context, a account.Account) error {
	if a.Place != "" {
		if _, err := basePlace(ctx, s.pool, a.Place); err != nil {
			return err
		}
	}
	r, err := s.sealAccount(a)
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		return s.written(ctx, tx, accountsMade, rowState{}, `INSERT INTO accounts (id, role, place, organisation, name, password, must_change, password_until, totp, totp_confirmed, disabled, created_at, mac)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			r.ID, r.Role, r.Place, r.Organisation, r.name, r.Password, r.MustChange, r.until, r.totp, r.TOTPConfirmed, r.Disabled, r.CreatedAt, r.mac)
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return &rehab.Error{Code: rehab.Conflict, Field: "id", Message: "there is an account " + a.ID + " already"}
	}
	if err != nil {
		return fmt.Errorf("keep an account: %w", unavailable(err))
	}
	return nil
}

// ChangeAccount lets change act on the account under a lock, and keeps what it left. Where the
// password changed, or endSessions is said, all sessions but the one to keep end with it.
func (s *Store) ChangeAccount(ctx context.Context, id, keep string, change func(*account.Account) error) (account.Account, error) {
	var out account.Account
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		was, err := s.accountOf(ctx, tx, id, ` FOR UPDATE OF a`)
		if err != nil {
			return err
		}
		out = was
		if err := change(&out); err != nil {
			return err
		}
		if out.Place != was.Place && out.Place != "" {
			if _, err := basePlace(ctx, tx, out.Place); err != nil {
				return err
			}
		}
		r, err := s.sealAccount(out)
		if err != nil {
			return err
		}
		before, err := accountsMade.row(ctx, tx, `id = $1`, id)
		if err != nil {
			return err
		}
		err = s.written(ctx, tx, accountsMade, before, `UPDATE accounts SET role = $2, place = $3, organisation = $4, name = $5, password = $6, must_change = $7, password_until = $8, totp = $9, totp_confirmed = $10, disabled = $11, mac = $12
WHERE id = $1`, id, r.Role, r.Place, r.Organisation, r.name, r.Password, r.MustChange, r.until, r.totp, r.TOTPConfirmed, r.Disabled, r.mac)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		if out.Password != was.Password || out.Actor != was.Actor || out.Disabled {
			b.Queue(`DELETE FROM sessions WHERE account = $1 AND id <> $2`, id, keep)
		}
		if was.TOTP != "" && out.TOTP == "" { // a reset: nothing of before opens the account
			b.Queue(`DELETE FROM passkeys WHERE account = $1`, id)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return out, wrapAccount("change an account", err)
}

// wrapAccount says what was done, where the error is none for the caller.
func wrapAccount(doing string, err error) error {
	var own *rehab.Error
	if err == nil || errors.As(err, &own) || errors.Is(err, account.ErrWrong) || errors.Is(err, account.ErrNoSession) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, unavailable(err))
}

// UseCode takes the step of a code that was right: false where it, or a later one, was used.
func (s *Store) UseCode(ctx context.Context, id string, step int64) (bool, error) {
	tag, err := s.pool.Exec(ctx, `UPDATE accounts SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, id, step)
	return tag.RowsAffected() == 1, wrapAccount("take a code", err)
}

// SaveCeremony keeps what a sign-in in several steps has to remember, under its key.
func (s *Store) SaveCeremony(ctx context.Context, key string, data any, now, until time.Time) error {
	plain, err := json.Marshal(data)
	if err != nil {
		return err
	}
	hash := s.keys.blind("ceremony", key)
	sealed, err := s.hide(plain, hash)
	if err != nil {
		return fmt.Errorf("encrypt a ceremony: %w", err)
	}
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM ceremonies WHERE until < $1`, now)
	b.Queue(`INSERT INTO ceremonies (hash, data, until) VALUES ($1, $2, $3)`, hash, sealed, until)
	return wrapAccount("keep a ceremony", s.pool.SendBatch(ctx, b).Close())
}

// TakeCeremony gives it back, once: ErrNoSession where there is none, or its time is over.
func (s *Store) TakeCeremony(ctx context.Context, key string, now time.Time, data any) error {
	hash := s.keys.blind("ceremony", key)
	var sealed []byte
	err := s.pool.QueryRow(ctx, `DELETE FROM ceremonies WHERE hash = $1 AND until > $2 RETURNING data`, hash, now).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return account.ErrNoSession
	}
	if err != nil {
		return wrapAccount("take a ceremony", err)
	}
	plain, err := s.reveal(ctx, sealed, hash)
	if err != nil {
		return account.ErrNoSession // put there by somebody without the key
	}
	return json.Unmarshal(plain, data)
}

// TryBefore counts an attempt as failed before it is made, so that many at once are no way
// around the wait, and answers how long to wait where it may not be made.
func (s *Store) TryBefore(ctx context.Context, id, address string, now time.Time) (wait time.Duration, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, x := range []struct {
			subject []byte
			free    int
		}{{s.addressSubject(address), account.FreeOfAddress}, {s.accountSubject(id), account.FreeOfAccount}} {
			left, err := countFailure(ctx, tx, x.subject, x.free, now)
			if err != nil {
				return err
			}
			wait = max(wait, left)
		}
		return nil
	})
	return wait, wrapAccount("count an attempt", err)
}

func (s *Store) accountSubject(id string) []byte {
	return s.keys.blind("sign-in account", strings.ToLower(id))
}
func (s *Store) addressSubject(address string) []byte {
	return s.keys.blind("sign-in address", address)
}

// countFailure counts one, unless the time to wait is not over: then it answers how much is left.
func countFailure(ctx context.Context, tx pgx.Tx, subject []byte, free int, now time.Time) (time.Duration, error) {
	var failures int
	err := tx.QueryRow(ctx, `INSERT INTO sign_in_failures AS f (subject, failures, last_at, until) VALUES ($1, 1, $2, $2)
ON CONFLICT (subject) DO UPDATE SET failures = CASE WHEN f.last_at < $3 THEN 1 ELSE f.failures + 1 END, last_at = $2
WHERE f.until <= $2 RETURNING failures`, subject, now, now.Add(-account.ForgetAfter)).Scan(&failures)
	if errors.Is(err, pgx.ErrNoRows) {
		var until time.Time
		err = tx.QueryRow(ctx, `SELECT until FROM sign_in_failures WHERE subject = $1`, subject).Scan(&until)
		return max(until.Sub(now), time.Second), err
	}
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE sign_in_failures SET until = $2 WHERE subject = $1`, subject, now.Add(account.WaitAfter(failures, free)))
	return 0, err
}

// Succeeded takes back what TryBefore counted: all of the account, one of the address.
func (s *Store) Succeeded(ctx context.Context, id, address string, now time.Time) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM sign_in_failures WHERE subject = $1 OR last_at < $2`, s.accountSubject(id), now.Add(-account.ForgetAfter))
	b.Queue(`UPDATE sign_in_failures SET failures = greatest(failures - 1, 0), until = CASE WHEN failures <= $3 THEN $2 ELSE until END WHERE subject = $1`,
		s.addressSubject(address), now, account.FreeOfAddress)
	return wrapAccount("forget failures", s.pool.SendBatch(ctx, b).Close())
}

// Post is what the registry says of a person today.
func (s *Store) Post(ctx context.Context, id string) (account.Post, error) {
	var p account.Post
	var place pgtype.Text
	err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM worker_periods p WHERE p.worker = $1),
(SELECT p.place FROM worker_periods p WHERE p.worker = $1 AND (p.to_day IS NULL OR p.to_day >= (now() AT TIME ZONE 'Asia/Shanghai')::date) LIMIT 1)`, id).Scan(&p.Known, &place)
	p.Active, p.Place = place.Valid, place.String
	return p, wrapAccount("look for a post", err)
}

// RolesOf are those that an id has already, as an account or by a token that holds.
func (s *Store) RolesOf(ctx context.Context, id string) ([]rehab.Role, error) {
	rows, err := s.pool.Query(ctx, `SELECT role FROM tokens WHERE actor = $1 AND expires_at > now() AND revoked_at IS NULL UNION SELECT role FROM accounts WHERE id = $1`, id)
	return collect(rows, err, "look for roles", pgx.RowTo[rehab.Role])
}
