package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/account"
	"guitu/rehab"
)

// TokenRow is a bearer token without its secret.
type TokenRow struct {
	ID           string     `json:"id"`
	Actor        string     `json:"actor" doc:"Whom it speaks for."`
	Role         rehab.Role `json:"role"`
	Place        string     `json:"place"`
	Organisation string     `json:"organisation,omitempty"`
	Label        string     `json:"label"`
	MadeBy       string     `json:"made_by,omitempty" doc:"Empty where the command line made it."`
	CreatedAt    time.Time  `json:"created_at"`
	ExpiresAt    time.Time  `json:"expires_at"`
	RevokedAt    time.Time  `json:"revoked_at,omitzero"`
}

// TokenList is a page of tokens in the order of their ids.
type TokenList struct {
	Tokens []TokenRow `json:"tokens" nullable:"false"`
	Next   string     `json:"next,omitempty" doc:"The value of after for the next page."`
}

// NewToken is a token to be made, for a person or a system.
type NewToken struct {
	Actor        string     `json:"actor" maxLength:"64" doc:"The id of the person in the registry, or of the system; never a name."`
	Role         rehab.Role `json:"role"`
	Place        string     `json:"place,omitempty" maxLength:"12"`
	Organisation string     `json:"organisation,omitempty" maxLength:"64"`
	Label        string     `json:"label" minLength:"1" maxLength:"100" doc:"What it is for."`
	Days         int        `json:"days" minimum:"1" maximum:"366"`
}

// MadeToken is told once.
type MadeToken struct {
	TokenRow
	Token string `json:"token"`
}

func (s *server) tokenRoutes() {
	tag := []string{"accounts"}
	operation(s, huma.Operation{OperationID: "list-tokens", Method: http.MethodGet, Path: "/v1/tokens", Tags: tag, Summary: "List bearer tokens, those that ended too"}, s.listTokens)
	operation(s, huma.Operation{OperationID: "create-token", Method: http.MethodPost, Path: "/v1/tokens", Tags: tag, DefaultStatus: http.StatusCreated,
		Summary: "Make a bearer token", Description: "For the security administrator. The token is told once."}, s.createToken)
	operation(s, huma.Operation{OperationID: "revoke-token", Method: http.MethodDelete, Path: "/v1/tokens/{id}", Tags: tag, DefaultStatus: http.StatusNoContent,
		Summary: "Revoke a bearer token", Description: "For the security administrator. It opens nothing more at once, and its live streams end."}, s.revokeToken)
}

func tokenRow(t account.Token) TokenRow {
	return TokenRow{
		ID: t.ID, Actor: t.Actor.ID, Role: t.Actor.Role, Place: t.Actor.Place, Organisation: t.Actor.Organisation, Label: t.Label, MadeBy: t.MadeBy,
		CreatedAt: t.Created, ExpiresAt: t.Expires, RevokedAt: t.Revoked,
	}
}

type tokensOutput struct{ Body TokenList }

func (s *server) listTokens(ctx context.Context, a rehab.Actor, in *accountsInput) (*tokensOutput, error) {
	by, err := registrar(ctx, a, a.Place)
	if err != nil {
		return nil, err
	}
	list, err := s.Registrar.Tokens(ctx, by.Place, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &tokensOutput{TokenList{Tokens: []TokenRow{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(t account.Token) string { return t.ID })
	for _, t := range list {
		out.Body.Tokens = append(out.Body.Tokens, tokenRow(t))
	}
	return out, nil
}

type newTokenInput struct{ Body NewToken }

type madeTokenOutput struct{ Body MadeToken }

func (s *server) createToken(ctx context.Context, a rehab.Actor, in *newTokenInput) (*madeTokenOutput, error) {
	b := in.Body
	by, err := registrar(ctx, a, b.Place)
	if err != nil {
		return nil, err
	}
	t, secret, err := s.Registrar.CreateToken(tracked(ctx), by, account.Token{
		Actor: rehab.Actor{ID: b.Actor, Role: b.Role, Place: b.Place, Organisation: b.Organisation}, Label: b.Label, Expires: s.Wall().AddDate(0, 0, b.Days),
	})
	return &madeTokenOutput{MadeToken{tokenRow(t), secret}}, err
}

type tokenID struct {
	ID string `path:"id" maxLength:"64" pattern:"^[a-z0-9]+$" patternDescription:"the id of a token"`
}

func (s *server) revokeToken(ctx context.Context, a rehab.Actor, in *tokenID) (*struct{}, error) {
	by, err := registrar(ctx, a, a.Place)
	if err != nil {
		return nil, err
	}
	err = s.Registrar.RevokeToken(tracked(ctx), by, in.ID)
	s.revoked()
	return nil, err
}
