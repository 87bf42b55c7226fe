package signin

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"

	"guitu/account"
	"guitu/rehab"
)

// Tokens lists those of a place and below it after the id.
func (d *Desk) Tokens(ctx context.Context, place, after string, n int) ([]account.Token, error) {
	return d.store.TokenList(ctx, place, after, n)
}

// CreateToken makes a bearer token: for a system, or for a person whose account has the same role.
func (d *Desk) CreateToken(ctx context.Context, by account.By, t account.Token) (account.Token, string, error) {
	if err := notOneself(by, t.Actor.ID); err != nil {
		return t, "", err
	}
	if err := account.CheckActor(t.Actor); err != nil {
		return t, "", err
	}
	if t.Actor.Role == rehab.Admin {
		return t, "", rehab.InvalidField("role", "the role admin is for installation alone: the command line makes its tokens")
	}
	held, err := d.store.RolesOf(ctx, t.Actor.ID)
	if err != nil {
		return t, "", err
	}
	if err := account.CheckGrant(held, t.Actor.Role); err != nil {
		return t, "", err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return t, "", err
	}
	token := "gt_" + base64.RawURLEncoding.EncodeToString(secret)
	t.ID, t.Created, t.MadeBy = strings.ToLower(rand.Text()[:16]), d.now(), by.ID
	if err := d.note(ctx, by.Actor, "token-created", t.Actor.ID, t.ID+" "+granted(t.Actor), by.Address); err != nil {
		return t, "", err
	}
	return t, token, d.store.AddToken(ctx, token, t)
}

// RevokeToken ends a token of the area: NotFound where it has none of the id.
func (d *Desk) RevokeToken(ctx context.Context, by account.By, id string) error {
	t, err := d.store.RevokeToken(ctx, by.Place, id, d.now())
	if err != nil {
		return err
	}
	return d.note(ctx, by.Actor, "token-revoked", t.Actor.ID, id+" "+granted(t.Actor), by.Address)
}
