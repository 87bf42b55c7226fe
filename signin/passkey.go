package signin

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"guitu/account"
	"guitu/rehab"
)

// ceremonyFor is how long a browser may take over the steps of a passkey.
const ceremonyFor = 5 * time.Minute

const maxPasskeys = 20

var errNoPasskeys = &rehab.Error{Code: rehab.Refused, Message: "passkeys are off: auth.origin is not set"}

// holder is an account as the library wants it.
type holder struct {
	account.Account
	keys []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.ID) }
func (h holder) WebAuthnName() string                       { return h.ID }
func (h holder) WebAuthnDisplayName() string                { return h.ID }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (d *Desk) holderOf(ctx context.Context, a account.Account) (holder, []account.Passkey, error) {
	list, err := d.store.Passkeys(ctx, a.ID)
	h := holder{Account: a, keys: make([]webauthn.Credential, len(list))}
	for i, k := range list {
		if err := json.Unmarshal(k.Credential, &h.keys[i]); err != nil {
			return h, nil, err
		}
	}
	return h, list, err
}

// Passkeys of an account.
func (d *Desk) Passkeys(ctx context.Context, id string) ([]account.Passkey, error) {
	return d.store.Passkeys(ctx, id)
}

// BeginPasskey asks the browser for a new passkey, one that verifies its user.
func (d *Desk) BeginPasskey(ctx context.Context, s account.Session) (ceremony string, options []byte, err error) {
	if d.passkeys == nil {
		return "", nil, errNoPasskeys
	}
	h, _, err := d.holderOf(ctx, s.Account)
	if err != nil {
		return "", nil, err
	}
	if len(h.keys) >= maxPasskeys {
		return "", nil, &rehab.Error{Code: rehab.Refused, Message: "the account has as many passkeys as it may: remove one first"}
	}
	creation, data, err := d.passkeys.BeginRegistration(h,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		}),
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return "", nil, err
	}
	return d.begin(ctx, "register", data, creation)
}

// begin keeps the state of a ceremony under a new name.
func (d *Desk) begin(ctx context.Context, kind string, data *webauthn.SessionData, options any) (ceremony string, raw []byte, err error) {
	ceremony = strings.ToLower(rand.Text())
	now := d.now()
	if err := d.store.SaveCeremony(ctx, kind+" "+ceremony, data, now, now.Add(ceremonyFor)); err != nil {
		return "", nil, err
	}
	raw, err = json.Marshal(options)
	return ceremony, raw, err
}

var errCeremony = &rehab.Error{Code: rehab.Refused, Field: "ceremony", Message: "there is no such ceremony, or it took too long: begin again"}

// RegisterPasskey keeps what the browser made.
func (d *Desk) RegisterPasskey(ctx context.Context, s account.Session, ceremony, label, credential string) (account.Passkey, error) {
	var data webauthn.SessionData
	now := d.now()
	if d.passkeys == nil || d.store.TakeCeremony(ctx, "register "+ceremony, now, &data) != nil {
		return account.Passkey{}, errCeremony
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(credential))
	if err != nil {
		return account.Passkey{}, rehab.InvalidField("credential", "is not what a browser answers")
	}
	h, _, err := d.holderOf(ctx, s.Account)
	if err != nil {
		return account.Passkey{}, err
	}
	made, err := d.passkeys.CreateCredential(h, data, parsed)
	if err != nil {
		return account.Passkey{}, rehab.InvalidField("credential", "does not answer what was asked")
	}
	k := account.Passkey{ID: made.ID, Account: s.Account.ID, Label: label, Created: now}
	if k.Credential, err = json.Marshal(made); err != nil {
		return k, err
	}
	if err := d.note(ctx, s.Account.Acting(), "second-factor-enrolled", s.Account.ID, "passkey", s.Address); err != nil {
		return k, err
	}
	return k, d.store.SavePasskey(ctx, k)
}

// RemovePasskey takes a passkey away.
func (d *Desk) RemovePasskey(ctx context.Context, s account.Session, id []byte) error {
	if err := d.store.RemovePasskey(ctx, s.Account.ID, id); err != nil {
		return err
	}
	return d.note(ctx, s.Account.Acting(), "passkey-removed", s.Account.ID, "", s.Address)
}

// BeginPasskeySignIn asks the browser for any passkey of this site.
func (d *Desk) BeginPasskeySignIn(ctx context.Context) (ceremony string, options []byte, err error) {
	if d.passkeys == nil {
		return "", nil, errNoPasskeys
	}
	assertion, data, err := d.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", nil, err
	}
	return d.begin(ctx, "sign-in", data, assertion)
}

// SignInByPasskey opens a session for who holds a passkey and was verified by its device: that
// is both factors. account.ErrWrong says nothing more.
func (d *Desk) SignInByPasskey(ctx context.Context, ceremony, credential, address, agent string) (token string, s account.Session, err error) {
	var data webauthn.SessionData
	if d.passkeys == nil || d.store.TakeCeremony(ctx, "sign-in "+ceremony, d.now(), &data) != nil {
		return "", s, errCeremony
	}
	attempt := account.Attempt{Address: address, Agent: agent}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(credential))
	if err != nil {
		return "", s, d.refuse(ctx, account.Account{}, attempt, "passkey cannot be read", account.ErrWrong)
	}
	var h holder
	var keys []account.Passkey
	_, used, err := d.passkeys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		a, err := d.store.Account(ctx, string(handle))
		if err != nil {
			return nil, err
		}
		h, keys, err = d.holderOf(ctx, a)
		return h, err
	}, data, parsed)
	switch {
	case err != nil:
		return "", s, d.refuse(ctx, h.Account, attempt, "passkey is not valid", account.ErrWrong)
	case h.Ended() != nil:
		return "", s, d.refuse(ctx, h.Account, attempt, h.Ended().Message, account.ErrWrong)
	case used.Authenticator.CloneWarning:
		return "", s, d.refuse(ctx, h.Account, attempt, "passkey was copied: its counter went back", account.ErrWrong)
	}
	for _, k := range keys {
		if string(k.ID) != string(used.ID) {
			continue
		}
		k.Used = d.now()
		if k.Credential, err = json.Marshal(used); err != nil {
			return "", s, err
		}
		if err := d.store.SavePasskey(ctx, k); err != nil {
			return "", s, err
		}
	}
	return d.open(ctx, h.Account, "passkey", address, agent)
}
