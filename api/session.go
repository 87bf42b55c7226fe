package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/account"
	"guitu/input"
	"guitu/rehab"
)

// Desk is where people sign in. Errors are those of package account, or *rehab.Error.
type Desk interface {
	SingleSignOn
	SignIn(ctx context.Context, t account.Attempt) (token string, s account.Session, err error)
	// Session that a token opens, and holds it open; Peek holds nothing open.
	Session(ctx context.Context, token string) (account.Session, error)
	Peek(ctx context.Context, token string) (account.Session, error)
	Sessions(ctx context.Context, id string) ([]account.Session, error)
	End(ctx context.Context, by account.Session, id string) error
	ChangePassword(ctx context.Context, s account.Session, was, next string) error

	BeginTOTP(ctx context.Context, s account.Session) (secret, uri string, err error)
	ConfirmTOTP(ctx context.Context, s account.Session, code string) error

	// Options of passkeys are JSON for the browser; the ceremony is named when it comes back.
	BeginPasskey(ctx context.Context, s account.Session) (ceremony string, options []byte, err error)
	RegisterPasskey(ctx context.Context, s account.Session, ceremony, label, credential string) (account.Passkey, error)
	BeginPasskeySignIn(ctx context.Context) (ceremony string, options []byte, err error)
	SignInByPasskey(ctx context.Context, ceremony, credential, address, agent string) (token string, s account.Session, err error)
	Passkeys(ctx context.Context, id string) ([]account.Passkey, error)
	RemovePasskey(ctx context.Context, s account.Session, id []byte) error
}

// sessionCookie is sent over TLS alone, to this host alone, and never with a request that
// another site makes.
const sessionCookie = "__Host-guitu"

// SessionView is who is signed in.
type SessionView struct {
	Account            string         `json:"account"`
	Name               string         `json:"name"`
	Role               rehab.Role     `json:"role"`
	Place              string         `json:"place"`
	PlaceName          string         `json:"place_name"`
	Organisation       string         `json:"organisation,omitempty"`
	MustChangePassword bool           `json:"must_change_password" doc:"Nothing else opens before PUT /v1/session/password."`
	SecondFactor       account.Factor `json:"second_factor" enum:"none,enrolled,required" doc:"required: nothing else opens before one is enrolled."`
	IdleEnd            time.Time      `json:"idle_end,omitzero" doc:"When the session ends if nothing is asked. A bearer token has none."`
	AbsoluteEnd        time.Time      `json:"absolute_end,omitzero" doc:"When it ends whatever is asked."`
}

// SignInRequest is what signs in.
type SignInRequest struct {
	Account  string `json:"account" minLength:"1" maxLength:"64"`
	Password string `json:"password" minLength:"1" maxLength:"256"`
	Code     string `json:"code,omitempty" maxLength:"16" doc:"Of the second factor: asked for by 401 with the code second_factor."`
}

// PasswordChange is a new password.
type PasswordChange struct {
	Password    string `json:"password" minLength:"1" maxLength:"256" doc:"The one that holds."`
	NewPassword string `json:"new_password" minLength:"1" maxLength:"256" doc:"12 to 128 characters, not the account, none that is guessed first."`
}

// SessionRow is one of the own sessions.
type SessionRow struct {
	ID          string    `json:"id"`
	Current     bool      `json:"current"`
	CreatedAt   time.Time `json:"created_at"`
	SeenAt      time.Time `json:"seen_at"`
	IdleEnd     time.Time `json:"idle_end"`
	AbsoluteEnd time.Time `json:"absolute_end"`
	Address     string    `json:"address"`
	Agent       string    `json:"agent"`
}

// SessionList are the own sessions, the latest first.
type SessionList struct {
	Sessions []SessionRow `json:"sessions" nullable:"false"`
}

// DemoAccount is an account of a demonstration, with its password.
type DemoAccount struct {
	Account  string     `json:"account"`
	Password string     `json:"password"`
	Role     rehab.Role `json:"role"`
	Name     string     `json:"name"`
	Place    string     `json:"place"`
}

func (s *server) sessionRoutes() {
	tag, open := []string{"session"}, []map[string][]string{}
	refusals := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests}
	operation(s, huma.Operation{OperationID: "sign-in", Method: http.MethodPost, Path: "/v1/session", Tags: tag, Security: open, Errors: refusals,
		Summary:     "Sign in",
		Description: "The answer sets the cookie " + sessionCookie + ". 401 never says whether account or password was wrong; 401 with the code second_factor asks for code, or for a passkey; 429 says in Retry-After when to try again.",
	}, s.signIn)
	operation(s, huma.Operation{OperationID: "list-ways", Method: http.MethodGet, Path: "/v1/session/ways", Tags: tag, Security: open,
		Summary: "List the ways to sign in"}, s.ways)
	operation(s, huma.Operation{OperationID: "get-session", Method: http.MethodGet, Path: "/v1/session", Tags: tag, Summary: "Show who is signed in"}, s.session)
	operation(s, huma.Operation{OperationID: "end-session", Method: http.MethodDelete, Path: "/v1/session", Tags: tag, Summary: "Sign out",
		DefaultStatus: http.StatusNoContent}, s.signOut)
	operation(s, huma.Operation{OperationID: "list-sessions", Method: http.MethodGet, Path: "/v1/sessions", Tags: tag, Summary: "List the own sessions"}, s.listSessions)
	operation(s, huma.Operation{OperationID: "end-other-session", Method: http.MethodDelete, Path: "/v1/sessions/{id}", Tags: tag, Summary: "End one of the own sessions",
		DefaultStatus: http.StatusNoContent}, s.endSession)
	operation(s, huma.Operation{OperationID: "change-password", Method: http.MethodPut, Path: "/v1/session/password", Tags: tag, Errors: []int{http.StatusTooManyRequests},
		Summary: "Change the own password", Description: "All other sessions of the account end.", DefaultStatus: http.StatusNoContent}, s.changePassword)
	if len(s.DemoAccounts) > 0 {
		operation(s, huma.Operation{OperationID: "list-demo-accounts", Method: http.MethodGet, Path: "/v1/demo-accounts", Tags: tag, Security: open,
			Summary: "List the accounts of the demonstration with their passwords; the product has none"}, s.demoAccounts)
	}
}

type signInInput struct {
	Agent string `header:"User-Agent" hidden:"true"`
	Body  SignInRequest
}

type signedIn struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   SessionView
}

func (s *server) signIn(ctx context.Context, _ rehab.Actor, in *signInInput) (*signedIn, error) {
	token, x, err := s.Desk.SignIn(tracked(ctx), account.Attempt{
		Account: in.Body.Account, Password: in.Body.Password, Code: in.Body.Code, Address: askedFrom(ctx), Agent: agent(in.Agent),
	})
	return s.welcome(ctx, token, x, err)
}

// welcome answers a sign-in with its cookie.
func (s *server) welcome(ctx context.Context, token string, x account.Session, err error) (*signedIn, error) {
	if err != nil {
		return nil, err
	}
	view, err := s.viewOf(ctx, x)
	return &signedIn{cookie(token, x.AbsoluteEnd.Sub(s.Wall())), view}, err
}

// cookie holds a session for a time; none removes it.
func cookie(token string, life time.Duration) http.Cookie {
	age := int(life / time.Second)
	if age <= 0 {
		age = -1
	}
	return http.Cookie{Name: sessionCookie, Value: token, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

// tracked tells the desk under which request it is asked.
func tracked(ctx context.Context) context.Context { return account.WithRequest(ctx, requestID(ctx)) }

func askedFrom(ctx context.Context) string {
	a, _ := ctx.Value(askingKey).(asking)
	return a.address
}

// agent is the header as it may be kept and shown. What tells one browser from another stands at
// its end, behind what all of them say.
func agent(header string) string { return input.PrintableTo(header, 320) }

// signInProblem says what is wrong with a sign-in; nil where the error is none of those.
func signInProblem(err error) *Problem {
	var wait *account.TooMany
	switch {
	case errors.As(err, &wait):
		return later(wait.After, problem(http.StatusTooManyRequests, "too many failed attempts: try again later"))
	case errors.Is(err, account.ErrSecondFactor):
		p := problem(http.StatusUnauthorized, "the second factor is missing or wrong")
		p.setCode("second_factor")
		return p
	case errors.Is(err, account.ErrWrong):
		return problem(http.StatusUnauthorized, "account or password is wrong, or the account is disabled")
	case errors.Is(err, account.ErrNoSession):
		return problem(http.StatusUnauthorized, "the session has ended: sign in again")
	}
	return nil
}

func (s *server) viewOf(ctx context.Context, x account.Session) (SessionView, error) {
	a := x.Account.Acting()
	v := SessionView{
		Account: a.ID, Name: x.Account.Name, Role: a.Role, Place: a.Place, Organisation: a.Organisation, MustChangePassword: x.Account.MustChange,
		SecondFactor: x.Factor, IdleEnd: x.IdleEnd, AbsoluteEnd: x.AbsoluteEnd,
	}
	var err error
	v.PlaceName, err = s.placeName(ctx, a.Place)
	return v, err
}

func (s *server) placeName(ctx context.Context, code string) (string, error) {
	if code == "" {
		return "", nil
	}
	p, err := s.Places.Place(ctx, code, rehab.DateOf(s.Now()))
	if rehab.CodeOf(err) == rehab.NotFound {
		return "", nil
	}
	return p.Name, err
}

type sessionOutput struct{ Body SessionView }

func (s *server) session(ctx context.Context, a rehab.Actor, _ *struct{}) (*sessionOutput, error) {
	if who := callerOf(ctx); who.credential.session {
		v, err := s.viewOf(ctx, who.session)
		return &sessionOutput{v}, err
	}
	v := SessionView{Account: a.ID, Role: a.Role, Place: a.Place, Organisation: a.Organisation, SecondFactor: account.FactorNone}
	w, err := s.Registry.Worker(ctx, a.ID)
	if err != nil && rehab.CodeOf(err) != rehab.NotFound {
		return nil, err
	}
	v.Name = w.Name
	v.PlaceName, err = s.placeName(ctx, a.Place)
	return &sessionOutput{v}, err
}

// own is the session of the request: a token has none.
func (s *server) ownSession(ctx context.Context) (account.Session, error) {
	who := callerOf(ctx)
	if !who.credential.session {
		return who.session, &rehab.Error{Code: rehab.Refused, Message: "this is for who signed in with an account: a token has no session"}
	}
	// Past the memory, so that what was changed a moment ago counts.
	return s.Desk.Peek(ctx, who.credential.token)
}

type goodbye struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

func (s *server) signOut(ctx context.Context, _ rehab.Actor, _ *struct{}) (*goodbye, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Desk.End(tracked(ctx), x, x.ID)
	s.revoked()
	return &goodbye{cookie("", 0)}, err
}

type sessionsOutput struct{ Body SessionList }

func (s *server) listSessions(ctx context.Context, a rehab.Actor, _ *struct{}) (*sessionsOutput, error) {
	list, err := s.Desk.Sessions(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	out := &sessionsOutput{SessionList{make([]SessionRow, len(list))}}
	for i, x := range list {
		out.Body.Sessions[i] = SessionRow{
			ID: x.ID, Current: x.ID == callerOf(ctx).session.ID, CreatedAt: x.Created, SeenAt: x.Seen, IdleEnd: x.IdleEnd, AbsoluteEnd: x.AbsoluteEnd,
			Address: x.Address, Agent: x.Agent,
		}
	}
	return out, nil
}

type sessionID struct {
	ID string `path:"id" maxLength:"64" pattern:"^[a-z0-9]+$" patternDescription:"the id of a session"`
}

func (s *server) endSession(ctx context.Context, _ rehab.Actor, in *sessionID) (*struct{}, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Desk.End(tracked(ctx), x, in.ID)
	s.revoked()
	return nil, err
}

type passwordInput struct{ Body PasswordChange }

func (s *server) changePassword(ctx context.Context, _ rehab.Actor, in *passwordInput) (*struct{}, error) {
	x, err := s.ownSession(ctx)
	if err != nil {
		return nil, err
	}
	x.Address = askedFrom(ctx)
	err = s.Desk.ChangePassword(tracked(ctx), x, in.Body.Password, in.Body.NewPassword)
	s.revoked()
	return nil, err
}

type demoOutput struct {
	Body []DemoAccount `nullable:"false"`
}

func (s *server) demoAccounts(context.Context, rehab.Actor, *struct{}) (*demoOutput, error) {
	return &demoOutput{s.DemoAccounts}, nil
}
