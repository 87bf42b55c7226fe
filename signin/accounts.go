package signin

import (
	"context"
	"errors"
	"strings"

	"guitu/account"
	"guitu/rehab"
)

// Accounts lists those of a place and below it after the id.
func (d *Desk) Accounts(ctx context.Context, place, after string, n int) ([]account.Account, error) {
	return d.store.Accounts(ctx, place, after, n)
}

// Account of a person: NotFound where there is none.
func (d *Desk) Account(ctx context.Context, id string) (account.Account, error) {
	return d.store.Account(ctx, id)
}

// Create makes an account with a one-time password, which it answers and nobody can ask for again.
func (d *Desk) Create(ctx context.Context, by account.By, a account.Account) (password string, err error) {
	if err := account.CheckAccount(a.Actor); err != nil {
		return "", err
	}
	held, err := d.store.RolesOf(ctx, a.ID)
	if err != nil {
		return "", err
	}
	if err := account.CheckGrant(held, a.Role); err != nil {
		return "", err
	}
	if a.Post, err = d.store.Post(ctx, a.ID); err != nil {
		return "", err
	}
	if a.Role == rehab.WorkerRole && !a.Post.Active {
		return "", rehab.InvalidField("id", "the registry has no post for this person: register it first")
	}
	if password, err = d.oneTime(ctx, &a); err != nil {
		return "", err
	}
	a.CreatedAt = d.now()
	if err := d.note(ctx, by.Actor, "account-created", a.ID, granted(a.Actor), by.Address); err != nil {
		return "", err
	}
	return password, d.store.CreateAccount(ctx, a)
}

// oneTime gives the account a password that has to be changed.
func (d *Desk) oneTime(ctx context.Context, a *account.Account) (password string, err error) {
	password = account.OneTime()
	a.Password, err = d.newHash(ctx, password)
	a.MustChange, a.PasswordUntil = true, d.now().Add(account.OneTimeFor)
	return password, err
}

func granted(a rehab.Actor) string {
	return strings.TrimSpace(string(a.Role) + " " + a.Place + a.Organisation)
}

// Reset gives the account a one-time password and takes its second factors away: for who lost
// either. All its sessions end.
func (d *Desk) Reset(ctx context.Context, by account.By, id string) (password string, err error) {
	if err := notOneself(by, id); err != nil {
		return "", err
	}
	fresh := account.Account{}
	if password, err = d.oneTime(ctx, &fresh); err != nil {
		return "", err
	}
	if err := d.note(ctx, by.Actor, "account-reset", id, "", by.Address); err != nil {
		return "", err
	}
	keys, err := d.store.Passkeys(ctx, id)
	if err != nil {
		return "", err
	}
	_, err = d.store.ChangeAccount(ctx, id, "", func(a *account.Account) error {
		a.Password, a.MustChange, a.PasswordUntil = fresh.Password, true, fresh.PasswordUntil
		a.TOTP, a.TOTPConfirmed = "", false
		return nil
	})
	for _, k := range keys {
		err = errors.Join(err, d.store.RemovePasskey(ctx, id, k.ID))
	}
	return password, err
}

// Grant gives the account another role or place. All its sessions end.
func (d *Desk) Grant(ctx context.Context, by account.By, to rehab.Actor) (account.Account, error) {
	if err := notOneself(by, to.ID); err != nil {
		return account.Account{}, err
	}
	if err := account.CheckAccount(to); err != nil {
		return account.Account{}, err
	}
	held, err := d.store.RolesOf(ctx, to.ID)
	if err != nil {
		return account.Account{}, err
	}
	if err := account.CheckGrant(held, to.Role); err != nil {
		return account.Account{}, err
	}
	if err := d.note(ctx, by.Actor, "account-granted", to.ID, granted(to), by.Address); err != nil {
		return account.Account{}, err
	}
	return d.store.ChangeAccount(ctx, to.ID, "", func(a *account.Account) error {
		if err := account.CheckGrant([]rehab.Role{a.Role}, to.Role); err != nil {
			return err
		}
		a.Actor = to
		return nil
	})
}

// Disable shuts the account, and ends its sessions; Enable opens it again.
func (d *Desk) Disable(ctx context.Context, by account.By, id string, disabled bool) (account.Account, error) {
	if err := notOneself(by, id); err != nil {
		return account.Account{}, err
	}
	what := "account-enabled"
	if disabled {
		what = "account-disabled"
	}
	if err := d.note(ctx, by.Actor, what, id, "", by.Address); err != nil {
		return account.Account{}, err
	}
	return d.store.ChangeAccount(ctx, id, "", func(a *account.Account) error {
		a.Disabled = disabled
		return nil
	})
}

// EndAll ends every session of another account.
func (d *Desk) EndAll(ctx context.Context, by account.By, id string) error {
	list, err := d.store.Sessions(ctx, id, d.now())
	if err != nil {
		return err
	}
	if err := d.note(ctx, by.Actor, "sessions-ended", id, "", by.Address); err != nil {
		return err
	}
	for _, s := range list {
		if err := d.store.EndSession(ctx, id, s.ID); err != nil && rehab.CodeOf(err) != rehab.NotFound {
			return err
		}
	}
	return nil
}

// notOneself keeps administrators from changing what they may do themselves.
func notOneself(by account.By, id string) error {
	if by.ID != id {
		return nil
	}
	return &rehab.Error{Code: rehab.Forbidden, Field: "id", Message: "nobody changes the rights of the own account"}
}

// CommandLine is who acts where the operator of the machine does.
func CommandLine() account.By {
	return account.By{Actor: rehab.Actor{ID: "command-line", Role: rehab.SystemRole}}
}

// Bootstrap makes the first security administrator. Where there is one it is refused, unless
// again says that nobody can sign in as one any more: then the account is reset.
func (d *Desk) Bootstrap(ctx context.Context, id string, again bool) (password string, err error) {
	by := CommandLine()
	there, err := d.store.CountAccounts(ctx, rehab.SecurityAdmin)
	switch {
	case err != nil:
		return "", err
	case again:
		a, err := d.store.Account(ctx, id)
		if err != nil {
			return "", err
		}
		if a.Role != rehab.SecurityAdmin {
			return "", rehab.InvalidField("id", "is the account of another role: its security administrator resets it")
		}
		if a.Disabled {
			if _, err := d.Disable(ctx, by, id, false); err != nil {
				return "", err
			}
		}
		return d.Reset(ctx, by, id)
	case there > 0:
		return "", &rehab.Error{Code: rehab.Refused, Message: "there is a security administrator, who makes all other accounts"}
	}
	return d.Create(ctx, by, account.Account{Actor: rehab.Actor{ID: id, Role: rehab.SecurityAdmin}})
}

// Provide makes an account with a password that stays, where there is none of the id: for
// demonstrations alone.
func (d *Desk) Provide(ctx context.Context, a account.Account, password string) error {
	_, err := d.store.Account(ctx, a.ID)
	if err == nil || rehab.CodeOf(err) != rehab.NotFound {
		return err
	}
	if err := account.CheckAccount(a.Actor); err != nil {
		return err
	}
	if a.Password, err = d.newHash(ctx, password); err != nil {
		return err
	}
	a.CreatedAt = d.now()
	if err := d.note(ctx, rehab.Actor{ID: "demonstration", Role: rehab.SystemRole}, "account-created", a.ID, granted(a.Actor), ""); err != nil {
		return err
	}
	return d.store.CreateAccount(ctx, a)
}
