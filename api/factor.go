package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/account"
	"guitu/rehab"
)

// TOTPSecret is a new secret for an authenticator. It holds once a code of it was shown.
type TOTPSecret struct {
	Secret string `json:"secret" doc:"To be typed in, base32."`
	URI    string `json:"uri" doc:"To be shown as a QR code (otpauth)."`
}

// TOTPCode confirms it.
type TOTPCode struct {
	Code string `json:"code" pattern:"^[0-9]{6}$" patternDescription:"6 digits"`
}

// PasskeyOptions are what the browser is asked with.
type PasskeyOptions struct {
	Ceremony string         `json:"ceremony" doc:"Comes back with the credential, within 5 minutes."`
	Options  map[string]any `json:"options" doc:"For navigator.credentials: create() or get(), by PublicKeyCredential.parse…OptionsFromJSON(options.publicKey)."`
}

// PasskeyAnswer is what the browser answered.
type PasskeyAnswer struct {
	Ceremony   string `json:"ceremony" maxLength:"64"`
	Credential string `json:"credential" maxLength:"65536" doc:"JSON.stringify(credential.toJSON()): a string."`
}

// NewPasskey is the answer of the browser, with a name for the device.
type NewPasskey struct {
	PasskeyAnswer
	Label string `json:"label,omitempty" maxLength:"64"`
}

// PasskeyRow is one of the own passkeys.
type PasskeyRow struct {
	ID        string    `json:"id"`
	Label     string    `json:"label"`
	CreatedAt time.Time `json:"created_at"`
	UsedAt    time.Time `json:"used_at,omitzero"`
}

// PasskeyList are the own passkeys.
type PasskeyList struct {
	Passkeys []PasskeyRow `json:"passkeys" nullable:"false"`
}

func (s *server) factorRoutes() {
	tag, open := []string{"session"}, []map[string][]string{}
	operation(s, huma.Operation{OperationID: "begin-totp", Method: http.MethodPost, Path: "/v1/session/totp", Tags: tag,
		Summary: "Get a secret for an authenticator"}, s.beginTOTP)
	operation(s, huma.Operation{OperationID: "confirm-totp", Method: http.MethodPut, Path: "/v1/session/totp", Tags: tag, Errors: []int{http.StatusTooManyRequests},
		Summary: "Enrol it with a code that it shows", DefaultStatus: http.StatusNoContent}, s.confirmTOTP)
	operation(s, huma.Operation{OperationID: "begin-passkey", Method: http.MethodPost, Path: "/v1/session/passkeys/register-options", Tags: tag,
		Summary: "Get the options of a new passkey"}, s.beginPasskey)
	operation(s, huma.Operation{OperationID: "register-passkey", Method: http.MethodPost, Path: "/v1/session/passkeys/register", Tags: tag,
		Summary: "Keep a new passkey", DefaultStatus: http.StatusCreated}, s.registerPasskey)
	operation(s, huma.Operation{OperationID: "list-passkeys", Method: http.MethodGet, Path: "/v1/session/passkeys", Tags: tag,
		Summary: "List the own passkeys"}, s.listPasskeys)
	operation(s, huma.Operation{OperationID: "remove-passkey", Method: http.MethodDelete, Path: "/v1/session/passkeys/{id}", Tags: tag,
		Summary: "Remove one of the own passkeys", DefaultStatus: http.StatusNoContent}, s.removePasskey)
	refusals := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests}
	operation(s, huma.Operation{OperationID: "begin-passkey-sign-in", Method: http.MethodPost, Path: "/v1/session/passkeys/sign-in-options", Tags: tag, Security: open, Errors: refusals,
		Summary: "Get the options to sign in with a passkey"}, s.beginPasskeySignIn)
	operation(s, huma.Operation{OperationID: "sign-in-by-passkey", Method: http.MethodPost, Path: "/v1/session/passkeys/sign-in", Tags: tag, Security: open, Errors: refusals,
		Summary: "Sign in with a passkey", Description: "It counts as both factors. The answer sets the cookie as POST /v1/session does."}, s.signInByPasskey)
}

type totpOutput struct{ Body TOTPSecret }

func (s *server) beginTOTP(ctx context.Context, _ rehab.Actor, _ *struct{}) (*totpOutput, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	secret, uri, err := s.Desk.BeginTOTP(tracked(ctx), x)
	return &totpOutput{TOTPSecret{secret, uri}}, err
}

type totpInput struct{ Body TOTPCode }

func (s *server) confirmTOTP(ctx context.Context, _ rehab.Actor, in *totpInput) (*struct{}, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	x.Address = askedFrom(ctx)
	err = s.Desk.ConfirmTOTP(tracked(ctx), x, in.Body.Code)
	s.revoked()
	return nil, err
}

type optionsOutput struct{ Body PasskeyOptions }

func optionsOf(ceremony string, raw []byte, err error) (*optionsOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &optionsOutput{PasskeyOptions{Ceremony: ceremony}}
	return out, json.Unmarshal(raw, &out.Body.Options)
}

func (s *server) beginPasskey(ctx context.Context, _ rehab.Actor, _ *struct{}) (*optionsOutput, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	return optionsOf(s.Desk.BeginPasskey(tracked(ctx), x))
}

type newPasskeyInput struct{ Body NewPasskey }

type passkeyOutput struct{ Body PasskeyRow }

func (s *server) registerPasskey(ctx context.Context, _ rehab.Actor, in *newPasskeyInput) (*passkeyOutput, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	k, err := s.Desk.RegisterPasskey(tracked(ctx), x, in.Body.Ceremony, in.Body.Label, in.Body.Credential)
	s.revoked()
	return &passkeyOutput{passkeyRow(k)}, err
}

func passkeyRow(k account.Passkey) PasskeyRow {
	return PasskeyRow{ID: base64.RawURLEncoding.EncodeToString(k.ID), Label: k.Label, CreatedAt: k.Created, UsedAt: k.Used}
}

type passkeysOutput struct{ Body PasskeyList }

func (s *server) listPasskeys(ctx context.Context, a rehab.Actor, _ *struct{}) (*passkeysOutput, error) {
	list, err := s.Desk.Passkeys(ctx, a.ID)
	out := &passkeysOutput{PasskeyList{[]PasskeyRow{}}}
	for _, k := range list {
		out.Body.Passkeys = append(out.Body.Passkeys, passkeyRow(k))
	}
	return out, err
}

type passkeyID struct {
	ID string `path:"id" maxLength:"1400" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"the id of a passkey"`
}

func (s *server) removePasskey(ctx context.Context, _ rehab.Actor, in *passkeyID) (*struct{}, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	id, err := base64.RawURLEncoding.DecodeString(in.ID)
	if err != nil {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no such passkey"}
	}
	x.Address = askedFrom(ctx)
	err = s.Desk.RemovePasskey(tracked(ctx), x, id)
	s.revoked()
	return nil, err
}

func (s *server) beginPasskeySignIn(ctx context.Context, _ rehab.Actor, _ *struct{}) (*optionsOutput, error) {
	return optionsOf(s.Desk.BeginPasskeySignIn(ctx))
}

type passkeySignInInput struct {
	Agent string `header:"User-Agent" hidden:"true"`
	Body  PasskeyAnswer
}

func (s *server) signInByPasskey(ctx context.Context, _ rehab.Actor, in *passkeySignInInput) (*signedIn, error) {
	token, x, err := s.Desk.SignInByPasskey(tracked(ctx), in.Body.Ceremony, in.Body.Credential, askedFrom(ctx), agent(in.Agent))
	return s.welcome(ctx, token, x, err)
}
