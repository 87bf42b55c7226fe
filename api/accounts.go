package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/account"
	"guitu/casework"
	"guitu/rehab"
)

// Registrar keeps accounts and tokens, and writes down who changed them.
type Registrar interface {
	Accounts(ctx context.Context, place, after string, n int) ([]account.Account, error)
	Account(ctx context.Context, id string) (account.Account, error)
	// Create and Reset answer a one-time password.
	Create(ctx context.Context, by account.By, a account.Account) (password string, err error)
	Reset(ctx context.Context, by account.By, id string) (password string, err error)
	Grant(ctx context.Context, by account.By, to rehab.Actor) (account.Account, error)
	Disable(ctx context.Context, by account.By, id string, disabled bool) (account.Account, error)
	EndAll(ctx context.Context, by account.By, id string) error

	Tokens(ctx context.Context, place, after string, n int) ([]account.Token, error)
	// CreateToken answers the token, which nobody can ask for again.
	CreateToken(ctx context.Context, by account.By, t account.Token) (made account.Token, secret string, err error)
	RevokeToken(ctx context.Context, by account.By, id string) error
}

// AccountRow is an account without its secrets.
type AccountRow struct {
	Account            string         `json:"account"`
	Name               string         `json:"name"`
	Role               rehab.Role     `json:"role"`
	Place              string         `json:"place"`
	Organisation       string         `json:"organisation,omitempty"`
	State              string         `json:"state" enum:"active,disabled,ended" doc:"ended: the registry has no post that the account is for."`
	Detail             string         `json:"detail,omitempty" doc:"Why it is not active."`
	MustChangePassword bool           `json:"must_change_password"`
	SecondFactor       account.Factor `json:"second_factor" enum:"none,enrolled"`
	CreatedAt          time.Time      `json:"created_at"`
}

// AccountList is a page of accounts in the order of their ids.
type AccountList struct {
	Accounts []AccountRow `json:"accounts" nullable:"false"`
	Next     string       `json:"next,omitempty" doc:"The value of after for the next page."`
}

// NewAccount is an account to be made. A worker has to stand in the registry.
type NewAccount struct {
	Account      string     `json:"account" maxLength:"64" doc:"The id of the person in the registry; never a name."`
	Name         string     `json:"name,omitempty" maxLength:"64" doc:"Where the registry has none."`
	Role         rehab.Role `json:"role"`
	Place        string     `json:"place,omitempty" maxLength:"12" doc:"A worker's goes with the post of the registry."`
	Organisation string     `json:"organisation,omitempty" maxLength:"64"`
}

// Rights are what an account is granted in place of what it has.
type Rights struct {
	Role         rehab.Role `json:"role"`
	Place        string     `json:"place,omitempty" maxLength:"12"`
	Organisation string     `json:"organisation,omitempty" maxLength:"64"`
}

// OneTimePassword is told once: to the person alone.
type OneTimePassword struct {
	Account  string    `json:"account"`
	Password string    `json:"password" doc:"It opens the account once, to be changed."`
	Until    time.Time `json:"until"`
}

func (s *server) accountRoutes() {
	tag := []string{"accounts"}
	note := "For the security administrator. It ends every session of the account and stands in the audit log."
	operation(s, huma.Operation{OperationID: "list-accounts", Method: http.MethodGet, Path: "/v1/accounts", Tags: tag, Summary: "List accounts"}, s.listAccounts)
	operation(s, huma.Operation{OperationID: "get-account", Method: http.MethodGet, Path: "/v1/accounts/{account}", Tags: tag, Summary: "Show an account"}, s.getAccount)
	operation(s, huma.Operation{OperationID: "create-account", Method: http.MethodPost, Path: "/v1/accounts", Tags: tag, DefaultStatus: http.StatusCreated,
		Summary: "Make an account with a one-time password", Description: "For the security administrator. Nobody has two roles of which one is an administrator's."}, s.createAccount)
	operation(s, huma.Operation{OperationID: "grant-account", Method: http.MethodPost, Path: "/v1/accounts/{account}/grant", Tags: tag,
		Summary: "Give an account another role or place", Description: note}, s.grantAccount)
	operation(s, huma.Operation{OperationID: "disable-account", Method: http.MethodPost, Path: "/v1/accounts/{account}/disable", Tags: tag,
		Summary: "Shut an account", Description: note}, s.switchAccount(true))
	operation(s, huma.Operation{OperationID: "enable-account", Method: http.MethodPost, Path: "/v1/accounts/{account}/enable", Tags: tag,
		Summary: "Open an account again", Description: "For the security administrator."}, s.switchAccount(false))
	operation(s, huma.Operation{OperationID: "reset-account", Method: http.MethodPost, Path: "/v1/accounts/{account}/reset", Tags: tag,
		Summary: "Give an account a one-time password and take its second factors away", Description: note}, s.resetAccount)
	operation(s, huma.Operation{OperationID: "end-account-sessions", Method: http.MethodDelete, Path: "/v1/accounts/{account}/sessions", Tags: tag,
		Summary: "End all sessions of an account", Description: "For the security administrator.", DefaultStatus: http.StatusNoContent}, s.endAccountSessions)
}

// registrar admits the security administrator for the area, and the installation's admin.
func registrar(ctx context.Context, a rehab.Actor, place string) (account.By, error) {
	if a.Role != rehab.SecurityAdmin && a.Role != rehab.Admin {
		return account.By{}, &rehab.Error{Code: rehab.Forbidden, Message: "accounts and rights are for the security administrator"}
	}
	if !casework.Covers(a, place) {
		return account.By{}, &rehab.Error{Code: rehab.Forbidden, Message: "this place lies outside your area", Field: "place"}
	}
	return account.By{Actor: a, Address: askedFrom(ctx)}, nil
}

// accountInArea finds an account that the registrar may change.
func (s *server) accountInArea(ctx context.Context, a rehab.Actor, id string) (account.Account, account.By, error) {
	if _, err := registrar(ctx, a, a.Place); err != nil {
		return account.Account{}, account.By{}, err
	}
	x, err := s.Registrar.Account(ctx, id)
	if err != nil {
		return x, account.By{}, err
	}
	by, err := registrar(ctx, a, x.Place)
	if err != nil {
		err = &rehab.Error{Code: rehab.NotFound, Message: "there is no account " + id}
	}
	return x, by, err
}

type accountsInput struct {
	After string `query:"after" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type accountsOutput struct{ Body AccountList }

func (s *server) listAccounts(ctx context.Context, a rehab.Actor, in *accountsInput) (*accountsOutput, error) {
	by, err := registrar(ctx, a, a.Place)
	if err != nil {
		return nil, err
	}
	list, err := s.Registrar.Accounts(ctx, by.Place, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &accountsOutput{AccountList{Accounts: []AccountRow{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(x account.Account) string { return x.ID })
	for _, x := range list {
		out.Body.Accounts = append(out.Body.Accounts, accountRow(x))
	}
	return out, nil
}

func accountRow(x account.Account) AccountRow {
	a := x.Acting()
	row := AccountRow{
		Account: a.ID, Name: x.Name, Role: a.Role, Place: a.Place, Organisation: a.Organisation, State: "active", MustChangePassword: x.MustChange,
		SecondFactor: account.FactorNone, CreatedAt: x.CreatedAt,
	}
	if x.Enrolled() {
		row.SecondFactor = account.FactorEnrolled
	}
	switch ended := x.Ended(); {
	case x.Disabled:
		row.State = "disabled"
	case ended != nil:
		row.State, row.Detail = "ended", ended.Message
	}
	return row
}

type accountInput struct {
	Account string `path:"account" maxLength:"64" pattern:"^[A-Za-z0-9._:-]+$" patternDescription:"an id"`
}

type accountOutput struct{ Body AccountRow }

func (s *server) getAccount(ctx context.Context, a rehab.Actor, in *accountInput) (*accountOutput, error) {
	x, _, err := s.accountInArea(ctx, a, in.Account)
	if err != nil {
		return nil, err
	}
	return &accountOutput{accountRow(x)}, nil
}

type newAccountInput struct{ Body NewAccount }

type oneTimeOutput struct{ Body OneTimePassword }

func (s *server) createAccount(ctx context.Context, a rehab.Actor, in *newAccountInput) (*oneTimeOutput, error) {
	by, err := registrar(ctx, a, in.Body.Place)
	if err != nil {
		return nil, err
	}
	password, err := s.Registrar.Create(tracked(ctx), by, account.Account{
		Actor: rehab.Actor{ID: in.Body.Account, Role: in.Body.Role, Place: in.Body.Place, Organisation: in.Body.Organisation}, Name: in.Body.Name,
	})
	return s.oneTime(in.Body.Account, password), err
}

func (s *server) oneTime(id, password string) *oneTimeOutput {
	return &oneTimeOutput{OneTimePassword{id, password, s.Wall().Add(account.OneTimeFor).UTC().Truncate(time.Second)}}
}

type grantInput struct {
	Account string `path:"account" maxLength:"64" pattern:"^[A-Za-z0-9._:-]+$" patternDescription:"an id"`
	Body    Rights
}

func (s *server) grantAccount(ctx context.Context, a rehab.Actor, in *grantInput) (*accountOutput, error) {
	_, by, err := s.accountInArea(ctx, a, in.Account)
	if err != nil {
		return nil, err
	}
	if _, err := registrar(ctx, a, in.Body.Place); err != nil {
		return nil, err
	}
	x, err := s.Registrar.Grant(tracked(ctx), by, rehab.Actor{ID: in.Account, Role: in.Body.Role, Place: in.Body.Place, Organisation: in.Body.Organisation})
	s.revoked()
	return &accountOutput{accountRow(x)}, err
}

func (s *server) switchAccount(off bool) func(context.Context, rehab.Actor, *accountInput) (*accountOutput, error) {
	return func(ctx context.Context, a rehab.Actor, in *accountInput) (*accountOutput, error) {
		_, by, err := s.accountInArea(ctx, a, in.Account)
		if err != nil {
			return nil, err
		}
		x, err := s.Registrar.Disable(tracked(ctx), by, in.Account, off)
		s.revoked()
		return &accountOutput{accountRow(x)}, err
	}
}

func (s *server) resetAccount(ctx context.Context, a rehab.Actor, in *accountInput) (*oneTimeOutput, error) {
	_, by, err := s.accountInArea(ctx, a, in.Account)
	if err != nil {
		return nil, err
	}
	password, err := s.Registrar.Reset(tracked(ctx), by, in.Account)
	s.revoked()
	return s.oneTime(in.Account, password), err
}

func (s *server) endAccountSessions(ctx context.Context, a rehab.Actor, in *accountInput) (*struct{}, error) {
	_, by, err := s.accountInArea(ctx, a, in.Account)
	if err != nil {
		return nil, err
	}
	err = s.Registrar.EndAll(tracked(ctx), by, in.Account)
	s.revoked()
	return nil, err
}
