package api_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"guitu/account"
	"guitu/rehab"
	"guitu/signin"
)

// fakeAccounts are accounts and sessions in memory, behind the real desk.
type fakeAccounts struct {
	mu         sync.Mutex
	accounts   map[string]account.Account
	posts      map[string]account.Post
	sessions   map[string]account.Session // by token
	steps      map[string]int64
	passkeys   map[string]account.Passkey
	ceremonies map[string][]byte
	failures   map[string]int
	until      map[string]time.Time
	tokens     map[string]account.Token // by secret
	glasses    []account.Glass
	ahead      atomic.Int64 // how far the desk's clock is ahead of the world's, in ns
}

func (f *fakeAccounts) now() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }

// pass lets time go by at the desk.
func (f *fakeAccounts) pass(d time.Duration) { f.ahead.Add(int64(d)) }

func newFakeAccounts() *fakeAccounts {
	return &fakeAccounts{
		accounts: map[string]account.Account{}, posts: map[string]account.Post{}, sessions: map[string]account.Session{}, steps: map[string]int64{},
		passkeys: map[string]account.Passkey{}, ceremonies: map[string][]byte{}, failures: map[string]int{}, until: map[string]time.Time{}, tokens: map[string]account.Token{},
	}
}

var _ signin.Store = (*fakeAccounts)(nil)

func (f *fakeAccounts) Account(_ context.Context, id string) (account.Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.account(id)
}

func (f *fakeAccounts) account(id string) (account.Account, error) {
	a, ok := f.accounts[id]
	if !ok {
		return a, notFound("account")
	}
	a.Post = f.posts[id]
	for _, k := range f.passkeys {
		if k.Account == id {
			a.Passkeys++
		}
	}
	return a, nil
}

func (f *fakeAccounts) Accounts(_ context.Context, place, after string, n int) ([]account.Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []account.Account
	for _, id := range slices.Sorted(maps.Keys(f.accounts)) {
		if a, _ := f.account(id); id > after && strings.HasPrefix(a.Place, place) && len(out) < n {
			out = append(out, a)
		}
	}
	return out, nil
}

func (f *fakeAccounts) CountAccounts(_ context.Context, role rehab.Role) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.accounts {
		if a.Role == role && !a.Disabled {
			n++
		}
	}
	return n, nil
}

func (f *fakeAccounts) CreateAccount(_ context.Context, a account.Account) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.accounts[a.ID]; ok {
		return &rehab.Error{Code: rehab.Conflict, Field: "id", Message: "there is an account " + a.ID + " already"}
	}
	f.accounts[a.ID] = a
	return nil
}

func (f *fakeAccounts) ChangeAccount(_ context.Context, id, keep string, change func(*account.Account) error) (account.Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	was, err := f.account(id)
	if err != nil {
		return was, err
	}
	a := was
	if err := change(&a); err != nil {
		return a, err
	}
	f.accounts[id] = a
	if a.Password != was.Password || a.Actor != was.Actor || a.Disabled {
		maps.DeleteFunc(f.sessions, func(_ string, s account.Session) bool { return s.Account.ID == id && s.ID != keep })
	}
	return a, nil
}

func (f *fakeAccounts) Post(_ context.Context, id string) (account.Post, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.posts[id], nil
}

func (f *fakeAccounts) RolesOf(_ context.Context, id string) (out []rehab.Role, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a, ok := f.accounts[id]; ok {
		out = append(out, a.Role)
	}
	for _, t := range f.tokens {
		if t.Actor.ID == id && t.Revoked.IsZero() {
			out = append(out, t.Actor.Role)
		}
	}
	return out, nil
}

func (f *fakeAccounts) CreateSession(_ context.Context, token string, x account.Session) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sessions[token] = x
	return nil
}

func (f *fakeAccounts) Session(_ context.Context, token string, now time.Time) (account.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, ok := f.sessions[token]
	if !ok || !x.IdleEnd.After(now) || !x.AbsoluteEnd.After(now) {
		return x, account.ErrNoSession
	}
	var err error
	x.Account, err = f.account(x.Account.ID)
	return x, err
}

func (f *fakeAccounts) TouchSession(_ context.Context, id string, seen, idleEnd time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for token, x := range f.sessions {
		if x.ID == id {
			x.Seen, x.IdleEnd = seen, idleEnd
			f.sessions[token] = x
		}
	}
	return nil
}

func (f *fakeAccounts) Sessions(_ context.Context, id string, now time.Time) (out []account.Session, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.sessions {
		if x.Account.ID == id && x.IdleEnd.After(now) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b account.Session) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (f *fakeAccounts) EndSession(_ context.Context, account, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for token, x := range f.sessions {
		if x.Account.ID == account && x.ID == id {
			delete(f.sessions, token)
			return nil
		}
	}
	return notFound("session")
}

func (f *fakeAccounts) UseCode(_ context.Context, id string, step int64) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.steps[id] >= step {
		return false, nil
	}
	f.steps[id] = step
	return true, nil
}

func (f *fakeAccounts) Passkeys(_ context.Context, id string) (out []account.Passkey, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.passkeys {
		if k.Account == id {
			out = append(out, k)
		}
	}
	return out, nil
}

func (f *fakeAccounts) SavePasskey(_ context.Context, k account.Passkey) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.passkeys[string(k.ID)] = k
	return nil
}

func (f *fakeAccounts) RemovePasskey(_ context.Context, account string, id []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k, ok := f.passkeys[string(id)]; !ok || k.Account != account {
		return notFound("passkey")
	}
	delete(f.passkeys, string(id))
	return nil
}

func (f *fakeAccounts) SaveCeremony(_ context.Context, key string, data any, _, _ time.Time) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ceremonies[key], err = json.Marshal(data)
	return err
}

func (f *fakeAccounts) TakeCeremony(_ context.Context, key string, _ time.Time, data any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	raw, ok := f.ceremonies[key]
	if !ok {
		return account.ErrNoSession
	}
	delete(f.ceremonies, key)
	return json.Unmarshal(raw, data)
}

func (f *fakeAccounts) TryBefore(_ context.Context, id, _ string, now time.Time) (time.Duration, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if left := f.until[id].Sub(now); left > 0 {
		return left, nil
	}
	f.failures[id]++
	f.until[id] = now.Add(account.WaitAfter(f.failures[id], account.FreeOfAccount))
	return 0, nil
}

func (f *fakeAccounts) Succeeded(_ context.Context, id, _ string, _ time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.failures, id)
	delete(f.until, id)
	return nil
}

func (f *fakeAccounts) TokenList(_ context.Context, place, after string, n int) (out []account.Token, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.tokens {
		if strings.HasPrefix(t.Actor.Place, place) && t.ID > after {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b account.Token) int { return strings.Compare(a.ID, b.ID) })
	return out[:min(n, len(out))], nil
}

func (f *fakeAccounts) AddToken(_ context.Context, token string, t account.Token) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[token] = t
	return nil
}

func (f *fakeAccounts) RevokeToken(_ context.Context, place, id string, now time.Time) (account.Token, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for secret, t := range f.tokens {
		if t.ID == id && strings.HasPrefix(t.Actor.Place, place) && t.Revoked.IsZero() {
			t.Revoked = now
			f.tokens[secret] = t
			return t, nil
		}
	}
	return account.Token{}, notFound("token")
}

func (f *fakeAccounts) BreakGlass(_ context.Context, g account.Glass) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.glasses = append(f.glasses, g)
	return nil
}

func (f *fakeAccounts) GlassOpen(_ context.Context, actor, caseID string, now time.Time) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.glasses, func(g account.Glass) bool {
		return g.Actor.ID == actor && g.CaseID == caseID && !now.Before(g.At) && now.Before(g.Until)
	}), nil
}

func (f *fakeAccounts) Glasses(_ context.Context, place, actor string, waiting bool, before time.Time, n int) (out []account.Glass, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, g := range slices.Backward(f.glasses) {
		if strings.HasPrefix(g.Actor.Place, place) && (actor == "" || g.Actor.ID == actor) && (!waiting || g.ReviewedAt.IsZero()) && g.At.Before(before) && len(out) < n {
			out = append(out, g)
		}
	}
	return out, nil
}

func (f *fakeAccounts) Glass(_ context.Context, place, id string) (account.Glass, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, g := range f.glasses {
		if g.ID == id && strings.HasPrefix(g.Actor.Place, place) {
			return g, nil
		}
	}
	return account.Glass{}, notFound("look at an identity")
}

func (f *fakeAccounts) ReviewGlass(_ context.Context, g account.Glass) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.glasses {
		if f.glasses[i].ID == g.ID {
			if !f.glasses[i].ReviewedAt.IsZero() {
				return &rehab.Error{Code: rehab.Conflict, Message: "this look was reviewed before"}
			}
			f.glasses[i] = g
			return nil
		}
	}
	return notFound("look at an identity")
}
