// Package signin lets people in: it checks passwords, second factors and passkeys, opens and
// ends sessions, and lets the security administrator make and end accounts. What it does stands
// in the audit log before it answers.
package signin

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/go-webauthn/webauthn/webauthn"

	"guitu/account"
	"guitu/board"
	"guitu/rehab"
)

// Store keeps accounts and sessions. Errors are *rehab.Error, or those of package account.
type Store interface {
	Account(ctx context.Context, id string) (account.Account, error)
	Accounts(ctx context.Context, place, after string, n int) ([]account.Account, error)
	CountAccounts(ctx context.Context, role rehab.Role) (int, error)
	CreateAccount(ctx context.Context, a account.Account) error
	// ChangeAccount ends all sessions but the one to keep where the change takes rights or the password.
	ChangeAccount(ctx context.Context, id, keep string, change func(*account.Account) error) (account.Account, error)
	Post(ctx context.Context, id string) (account.Post, error)
	RolesOf(ctx context.Context, id string) ([]rehab.Role, error)

	TokenList(ctx context.Context, place, after string, n int) ([]account.Token, error)
	AddToken(ctx context.Context, token string, t account.Token) error
	RevokeToken(ctx context.Context, place, id string, now time.Time) (account.Token, error)

	CreateSession(ctx context.Context, token string, x account.Session) error
	Session(ctx context.Context, token string, now time.Time) (account.Session, error)
	TouchSession(ctx context.Context, id string, seen, idleEnd time.Time) error
	Sessions(ctx context.Context, id string, now time.Time) ([]account.Session, error)
	EndSession(ctx context.Context, account, id string) error

	UseCode(ctx context.Context, id string, step int64) (bool, error)
	Passkeys(ctx context.Context, id string) ([]account.Passkey, error)
	SavePasskey(ctx context.Context, k account.Passkey) error
	RemovePasskey(ctx context.Context, account string, id []byte) error
	SaveCeremony(ctx context.Context, key string, data any, now, until time.Time) error
	TakeCeremony(ctx context.Context, key string, now time.Time, data any) error

	TryBefore(ctx context.Context, id, address string, now time.Time) (wait time.Duration, err error)
	Succeeded(ctx context.Context, id, address string, now time.Time) error
}

// Audit keeps what happens here. An entry that is not taken stops what it is about.
type Audit interface{ Note(r board.Read) error }

// Rules of an installation.
type Rules struct {
	Idle         time.Duration // after which a session ends by itself
	Absolute     time.Duration // after which it ends whatever happens
	SecondFactor []rehab.Role  // beside the administrators, who must have a second factor
	Exempt       []string      // accounts of a demonstration, which need no second factor
	Origin       string        // of the web pages, like https://guitu.example.cn; empty: no passkeys
	OIDC         OIDC          // without an issuer: none
}

// Desk is where people sign in.
type Desk struct {
	store    Store
	audit    Audit
	now      func() time.Time
	rules    Rules
	passkeys *webauthn.WebAuthn // nil: none
	relying  relying
	hashing  chan struct{} // how many hashes are made at once: each takes its memory
	nobody   func() string // a hash for who is not there, so that an answer takes as long
}

// params are the first of OWASP's list for argon2id: 19 MiB, 2 passes.
func params() *argon2id.Params {
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// New makes the desk. The error says what is wrong with the rules.
func New(s Store, a Audit, now func() time.Time, r Rules) (*Desk, error) {
	d := &Desk{store: s, audit: a, now: now, rules: r, hashing: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))), nobody: sync.OnceValue(nobody)}
	if r.Origin == "" {
		return d, nil
	}
	origin, err := url.Parse(r.Origin)
	if err != nil {
		return nil, err
	}
	d.passkeys, err = webauthn.New(&webauthn.Config{RPID: origin.Hostname(), RPDisplayName: "归途", RPOrigins: []string{r.Origin}})
	return d, err
}

// nobody is a hash that no password has.
func nobody() string {
	hash, _ := argon2id.CreateHash(rand.Text(), params()) // it fails where the machine has no randomness: then nothing works
	return hash
}

// SignIn opens a session. Errors are account.ErrWrong, which never says what was wrong,
// account.ErrSecondFactor, *account.TooMany, or a *rehab.Error.
func (d *Desk) SignIn(ctx context.Context, t account.Attempt) (token string, s account.Session, err error) {
	now := d.now()
	wait, err := d.store.TryBefore(ctx, t.Account, t.Address, now)
	if err != nil {
		return "", s, err
	}
	a, known, err := d.find(ctx, t.Account)
	if err != nil {
		return "", s, err
	}
	if wait > 0 {
		return "", s, d.refuse(ctx, a, t, "too many failures", &account.TooMany{After: wait})
	}
	right, err := d.matches(ctx, t.Password, a.Password)
	switch {
	case err != nil:
		return "", s, err
	case !known || !right:
		return "", s, d.refuse(ctx, a, t, "wrong account or password", account.ErrWrong)
	case a.Ended() != nil:
		return "", s, d.refuse(ctx, a, t, a.Ended().Message, account.ErrWrong)
	case !a.PasswordUntil.IsZero() && now.After(a.PasswordUntil):
		return "", s, d.refuse(ctx, a, t, "the one-time password has expired", account.ErrWrong)
	}
	if ok, err := d.second(ctx, a, t.Code, now); err != nil || !ok {
		if err != nil {
			return "", s, err
		}
		return "", s, d.refuse(ctx, a, t, "second factor missing or wrong", account.ErrSecondFactor)
	}
	return d.open(ctx, a, "password", t.Address, t.Agent)
}

// find answers the account, or one that nobody can open, so that both take as long.
func (d *Desk) find(ctx context.Context, id string) (a account.Account, known bool, err error) {
	a, err = d.store.Account(ctx, id)
	switch {
	case rehab.CodeOf(err) == rehab.NotFound && err != nil:
		return account.Account{Password: d.nobody()}, false, nil //nolint:nilerr // known says it
	case err == nil && a.Password == "":
		a.Password = d.nobody()
	}
	return a, err == nil, err
}

// matches compares under the limit of hashes at once.
func (d *Desk) matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := d.hash(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// hash waits for its turn.
func (d *Desk) hash(ctx context.Context) (done func(), err error) {
	select {
	case d.hashing <- struct{}{}:
		return func() { <-d.hashing }, nil
	case <-ctx.Done():
		return nil, &rehab.Error{Code: rehab.Unavailable, Message: "too many sign in at once"}
	}
}

// second reports whether the second factor is as it has to be. Who must have one and has none
// yet gets in to enrol it, and nowhere else; who has a passkey alone signs in with it.
func (d *Desk) second(ctx context.Context, a account.Account, code string, now time.Time) (bool, error) {
	if !a.TOTPConfirmed {
		return !d.requires(a.Actor) || a.Passkeys == 0, nil
	}
	step, ok := stepOf(a.TOTP, code, now)
	if !ok {
		return false, nil
	}
	return d.store.UseCode(ctx, a.ID, step)
}

func (d *Desk) requires(a rehab.Actor) bool {
	return (account.IsAdministrator(a.Role) || slices.Contains(d.rules.SecondFactor, a.Role)) && !slices.Contains(d.rules.Exempt, a.ID)
}

// open opens a session for who has shown to be the account.
func (d *Desk) open(ctx context.Context, a account.Account, how, address, agent string) (token string, s account.Session, err error) {
	now := d.now()
	if err := d.store.Succeeded(ctx, a.ID, address, now); err != nil {
		return "", s, err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", s, err
	}
	token = "gs_" + base64.RawURLEncoding.EncodeToString(secret)
	s = account.Session{
		ID: strings.ToLower(rand.Text()[:16]), Account: a, Created: now, Seen: now, AbsoluteEnd: now.Add(d.rules.Absolute), IdleEnd: now.Add(d.rules.Idle),
		Address: address, Agent: agent,
	}
	if err := d.note(ctx, a.Acting(), "sign-in", a.ID, how, address); err != nil {
		return "", s, err
	}
	if err := d.store.CreateSession(ctx, token, s); err != nil {
		return "", s, err
	}
	return token, d.whole(s), nil
}

// whole fills in what follows from the account.
func (d *Desk) whole(s account.Session) account.Session {
	switch {
	case s.Account.Enrolled():
		s.Factor = account.FactorEnrolled
	case d.requires(s.Account.Actor):
		s.Factor = account.FactorRequired
	default:
		s.Factor = account.FactorNone
	}
	return s
}

// touchEvery is how old the mark of a session may be: a busy page costs one write a minute.
const touchEvery = time.Minute

// Session that the token opens, and holds it open: account.ErrNoSession where it opens none,
// or its account has ended since.
func (d *Desk) Session(ctx context.Context, token string) (account.Session, error) {
	s, err := d.Peek(ctx, token)
	if now := d.now(); err == nil && now.Sub(s.Seen) >= touchEvery {
		s.Seen, s.IdleEnd = now, now.Add(d.rules.Idle)
		err = d.store.TouchSession(ctx, s.ID, s.Seen, s.IdleEnd)
	}
	return s, err
}

// Peek is Session for who only watches: it does not hold the session open.
func (d *Desk) Peek(ctx context.Context, token string) (account.Session, error) {
	s, err := d.store.Session(ctx, token, d.now())
	if err != nil {
		return s, err
	}
	if s.Account.Ended() != nil {
		return s, account.ErrNoSession
	}
	return d.whole(s), nil
}

// Sessions of the account that hold, the latest first.
func (d *Desk) Sessions(ctx context.Context, id string) ([]account.Session, error) {
	return d.store.Sessions(ctx, id, d.now())
}

// End ends a session of the account.
func (d *Desk) End(ctx context.Context, by account.Session, id string) error {
	if err := d.store.EndSession(ctx, by.Account.ID, id); err != nil {
		return err
	}
	return d.note(ctx, by.Account.Acting(), "sign-out", by.Account.ID, id, by.Address)
}

// ChangePassword gives the account another one. All its other sessions end.
func (d *Desk) ChangePassword(ctx context.Context, s account.Session, was, next string) error {
	if err := account.CheckPassword("new_password", s.Account.ID, next); err != nil {
		return err
	}
	now := d.now()
	if wait, err := d.store.TryBefore(ctx, s.Account.ID, s.Address, now); err != nil || wait > 0 {
		return errors.Join(err, tooMany(wait))
	}
	right, err := d.matches(ctx, was, s.Account.Password)
	switch {
	case err != nil:
		return err
	case !right:
		return d.refuse(ctx, s.Account, account.Attempt{Address: s.Address}, "wrong password at its change", rehab.InvalidField("password", "is not the password of the account"))
	case was == next:
		return rehab.InvalidField("new_password", "is the password that the account has already")
	}
	hash, err := d.newHash(ctx, next)
	if err != nil {
		return err
	}
	if err := d.note(ctx, s.Account.Acting(), "password-changed", s.Account.ID, "", s.Address); err != nil {
		return err
	}
	_, err = d.store.ChangeAccount(ctx, s.Account.ID, s.ID, func(a *account.Account) error {
		a.Password, a.MustChange, a.PasswordUntil = hash, false, time.Time{}
		return nil
	})
	if err != nil {
		return err
	}
	return d.store.Succeeded(ctx, s.Account.ID, s.Address, now)
}

func tooMany(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	return &account.TooMany{After: wait}
}

func (d *Desk) newHash(ctx context.Context, password string) (string, error) {
	done, err := d.hash(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, params())
}

// refuse notes a failure and answers with it. Of an account that is not there nothing is kept:
// what was typed may be a password, or a name.
func (d *Desk) refuse(ctx context.Context, a account.Account, t account.Attempt, why string, answer error) error {
	if a.ID == "" {
		a.Actor = rehab.Actor{Role: "nobody"}
	}
	if err := d.note(ctx, a.Actor, "sign-in-failed", a.ID, why, t.Address); err != nil {
		return err
	}
	return answer
}

// note writes into the audit log what an account did, or what was done to one.
func (d *Desk) note(ctx context.Context, by rehab.Actor, what, subject, detail, address string) error {
	return d.audit.Note(board.Read{At: d.now(), Actor: by, Operation: what, Subject: subject, Reason: detail, Address: address, RequestID: account.RequestOf(ctx)})
}
