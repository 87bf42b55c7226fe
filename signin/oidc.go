package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"guitu/account"
	"guitu/rehab"
)

// OIDC is a provider that people sign in at. Claim holds the id of their account.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Claim        string
	Callback     string // address of ours to which it sends people back
}

// relying is what we know of the provider, once it answered.
type relying struct {
	mu       sync.Mutex
	provider *oidc.Provider
}

// roundTrip is what has to come back from the provider.
type roundTrip struct{ State, Nonce, Verifier string }

// HasOIDC reports whether people can sign in at a provider.
func (d *Desk) HasOIDC() bool { return d.rules.OIDC.Issuer != "" }

// HasPasskeys reports whether people can sign in with passkeys.
func (d *Desk) HasPasskeys() bool { return d.passkeys != nil }

// client asks the provider for its addresses and keys, once it answers.
func (d *Desk) client(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	o := d.rules.OIDC
	if o.Issuer == "" {
		return nil, nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no single sign-on here"}
	}
	d.relying.mu.Lock()
	defer d.relying.mu.Unlock()
	if d.relying.provider == nil {
		p, err := oidc.NewProvider(context.WithoutCancel(ctx), o.Issuer) // it keeps the context for its keys
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", &rehab.Error{Code: rehab.Unavailable, Message: "the single sign-on does not answer"}, err)
		}
		d.relying.provider = p
	}
	return d.relying.provider, &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, RedirectURL: o.Callback, Endpoint: d.relying.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, nil
}

// BeginOIDC answers where to send the browser, and the key that it has to bring back.
func (d *Desk) BeginOIDC(ctx context.Context) (address, key string, err error) {
	_, c, err := d.client(ctx)
	if err != nil {
		return "", "", err
	}
	trip, now := roundTrip{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}, d.now()
	key = strings.ToLower(rand.Text())
	if err := d.store.SaveCeremony(ctx, "oidc "+key, trip, now, now.Add(ceremonyFor)); err != nil {
		return "", "", err
	}
	return c.AuthCodeURL(trip.State, oidc.Nonce(trip.Nonce), oauth2.S256ChallengeOption(trip.Verifier)), key, nil
}

// FinishOIDC opens a session for whom the provider vouches for: account.ErrWrong where it does
// not, or where there is no such account.
func (d *Desk) FinishOIDC(ctx context.Context, key, state, code, address, agent string) (token string, s account.Session, err error) {
	attempt := account.Attempt{Address: address, Agent: agent}
	var trip roundTrip
	if d.store.TakeCeremony(ctx, "oidc "+key, d.now(), &trip) != nil || subtle.ConstantTimeCompare([]byte(trip.State), []byte(state)) != 1 {
		return "", s, d.refuse(ctx, account.Account{}, attempt, "single sign-on: nobody asked for this answer", account.ErrWrong)
	}
	id, strong, err := d.vouched(ctx, trip, code)
	if err != nil {
		if rehab.CodeOf(err) == rehab.Unavailable {
			return "", s, err
		}
		return "", s, d.refuse(ctx, account.Account{}, attempt, "single sign-on: the answer does not hold", account.ErrWrong)
	}
	a, known, err := d.find(ctx, id)
	switch {
	case err != nil:
		return "", s, err
	case !known:
		return "", s, d.refuse(ctx, account.Account{}, attempt, "single sign-on: there is no such account", account.ErrWrong)
	case a.Ended() != nil:
		return "", s, d.refuse(ctx, a, attempt, a.Ended().Message, account.ErrWrong)
	case d.requires(a.Actor) && !strong:
		return "", s, d.refuse(ctx, a, attempt, "single sign-on: without a second factor", account.ErrSecondFactor)
	}
	return d.open(ctx, a, "single sign-on", address, agent)
}

// vouched answers the account that the provider names, and whether it saw a second factor.
func (d *Desk) vouched(ctx context.Context, trip roundTrip, code string) (id string, strong bool, err error) {
	provider, c, err := d.client(ctx)
	if err != nil {
		return "", false, err
	}
	tokens, err := c.Exchange(ctx, code, oauth2.VerifierOption(trip.Verifier))
	if err != nil {
		return "", false, fmt.Errorf("exchange the code: %w", err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	verified, err := provider.VerifierContext(context.WithoutCancel(ctx), &oidc.Config{ClientID: d.rules.OIDC.ClientID, Now: d.now}).Verify(ctx, raw)
	if err != nil {
		return "", false, fmt.Errorf("verify the token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(trip.Nonce)) != 1 {
		return "", false, fmt.Errorf("the token answers another request")
	}
	claims := make(map[string]any)
	if err := verified.Claims(&claims); err != nil {
		return "", false, err
	}
	id, named := claims[d.rules.OIDC.Claim].(string)
	if !named {
		info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
		if err != nil || info.Subject != verified.Subject {
			return "", false, fmt.Errorf("ask who it is: %w", err)
		}
		more := make(map[string]any)
		if err := info.Claims(&more); err != nil {
			return "", false, err
		}
		id, _ = more[d.rules.OIDC.Claim].(string)
	}
	methods, _ := claims["amr"].([]any)
	return id, slices.ContainsFunc(methods, func(m any) bool { return m == "mfa" || m == "otp" || m == "hwk" }), nil
}
