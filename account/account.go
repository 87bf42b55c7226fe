// Package account holds who may sign in, and the rules about it: roles of administrators,
// passwords, the wait after failures. It is pure: package signin acts on it.
package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"guitu/rehab"
)

// Account is one person who signs in under the id of the registry, with one role.
type Account struct {
	rehab.Actor
	Name          string
	Password      string // argon2id; empty: none
	MustChange    bool
	PasswordUntil time.Time // of a one-time password; zero: no end
	TOTP          string    // secret; empty: none
	TOTPConfirmed bool
	Disabled      bool
	CreatedAt     time.Time

	// Passkeys counts those of the account. It is read, never written.
	Passkeys int
	// Post is what the registry says of the person today. It is read, never written.
	Post Post
}

// Post is what the registry of workers says of a person on a day.
type Post struct {
	Known  bool   // the registry has the person
	Active bool   // and the person has a post today
	Place  string // of the post
}

// Ended reports why the account opens nothing now; nil where it does. A worker's account ends
// with the person's post, and so does that of anybody whom the registry knows; a head whose
// post went to another place waits for a new grant.
func (a Account) Ended() *rehab.Error {
	switch {
	case a.Disabled:
		return &rehab.Error{Code: rehab.Forbidden, Message: "the account is disabled"}
	case a.Post.Known && !a.Post.Active, a.Role == rehab.WorkerRole && !a.Post.Known:
		return &rehab.Error{Code: rehab.Forbidden, Message: "the registry has no post for this account today"}
	case a.Role == rehab.StationHead && a.Post.Known && a.Post.Place != a.Place:
		return &rehab.Error{Code: rehab.Forbidden, Message: "the registry has a post of another place for this account: it needs a new grant"}
	}
	return nil
}

// Acting is the actor that the account is today: a worker goes with the post.
func (a Account) Acting() rehab.Actor {
	out := a.Actor
	if a.Role == rehab.WorkerRole && rehab.PlaceCode(a.Post.Place).IsStreet() {
		out.Place = a.Post.Place
	}
	return out
}

// Enrolled reports whether the account has a second factor.
func (a Account) Enrolled() bool { return a.TOTPConfirmed || a.Passkeys > 0 }

// Factor says how it stands with the second factor of an account.
type Factor string

// FactorRequired: the account opens nothing before one is enrolled.
const (
	FactorNone     Factor = "none"
	FactorEnrolled Factor = "enrolled"
	FactorRequired Factor = "required"
)

// Session is a sign-in that holds.
type Session struct {
	ID          string
	Account     Account
	Created     time.Time
	Seen        time.Time
	IdleEnd     time.Time
	AbsoluteEnd time.Time
	Address     string
	Agent       string
	Factor      Factor
}

// Open reports whether the session opens more than what makes it whole: a password of one's
// own, and the second factor where one is required.
func (s Session) Open() bool { return !s.Account.MustChange && s.Factor != FactorRequired }

// Attempt is what somebody brings to sign in.
type Attempt struct {
	Account  string
	Password string
	Code     string // of the second factor; may be empty
	Address  string
	Agent    string
}

// By is who changes accounts, and from where.
type By struct {
	rehab.Actor
	Address string
}

type requestKey struct{}

// WithRequest keeps the id of the request, which the audit log names.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the id of the request, or empty.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Passkey is a credential of an account.
type Passkey struct {
	ID         []byte
	Account    string
	Label      string
	Credential []byte // JSON
	Created    time.Time
	Used       time.Time
}

// Errors of a sign-in. ErrWrong never says what was wrong; ErrSecondFactor says that the
// password was right and the second factor is missing or wrong.
var (
	ErrWrong        = errors.New("account or password is wrong, or the account is disabled")
	ErrSecondFactor = errors.New("the second factor is missing or wrong")
	ErrNoSession    = errors.New("there is no such session, or it has ended")
)

// TooMany refuses an attempt that comes too early after failures.
type TooMany struct{ After time.Duration }

func (e *TooMany) Error() string { return fmt.Sprintf("too many failures: wait %s", e.After) }

// Administrators are the three of 三员分立. None of them sees a file, and nobody is two of them.
func Administrators() []rehab.Role {
	return []rehab.Role{rehab.SystemAdmin, rehab.SecurityAdmin, rehab.Auditor}
}

// IsAdministrator reports whether the role is one of the three.
func IsAdministrator(r rehab.Role) bool { return slices.Contains(Administrators(), r) }

// CheckActor refuses an actor that an account or a token cannot have.
func CheckActor(a rehab.Actor) *rehab.Error {
	if err := rehab.CheckActorID("id", a.ID); err != nil {
		return err
	}
	placed := slices.Contains([]rehab.Role{rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice}, a.Role)
	switch {
	case placed && rehab.PlaceCode(a.Place).Level() != a.Role.Level():
		return rehab.InvalidField("place", "the role %s needs a place code of %d digits", a.Role, a.Role.Level())
	case a.Role == rehab.PartnerRole && (a.Organisation == "" || len(a.Organisation) > 64 || a.Place != ""):
		return rehab.InvalidField("organisation", "a partner has an organisation of 1 to 64 characters, and no place")
	case a.Role != rehab.PartnerRole && a.Organisation != "":
		return rehab.InvalidField("organisation", "only a partner has one")
	case !placed && a.Role != rehab.Admin && a.Role != rehab.IntegrationRole && a.Role != rehab.PartnerRole && !IsAdministrator(a.Role):
		return rehab.InvalidField("role", "%q is not one of worker, station_head, district, city, admin, integration, partner, system_admin, security_admin, auditor", a.Role)
	}
	return nil
}

// CheckAccount refuses what a person cannot sign in as: systems have tokens, and admin is for
// the installation alone.
func CheckAccount(a rehab.Actor) *rehab.Error {
	if err := CheckActor(a); err != nil {
		return err
	}
	if a.Role == rehab.Admin || a.Role == rehab.IntegrationRole {
		return rehab.InvalidField("role", "the role %s has no account, only tokens", a.Role)
	}
	return nil
}

// CheckGrant refuses a second role to who has one that is kept apart: an administrator is
// nothing else, and nobody else becomes one under the same id.
func CheckGrant(held []rehab.Role, asked rehab.Role) *rehab.Error {
	for _, h := range held {
		if h != asked && (IsAdministrator(h) || IsAdministrator(asked)) {
			return &rehab.Error{
				Code: rehab.Refused, Field: "role",
				Message: fmt.Sprintf("who is %s is not %s as well: administrators are kept apart", h, asked),
			}
		}
	}
	return nil
}

// Token is a bearer token without its secret.
type Token struct {
	ID      string
	Actor   rehab.Actor // whom it speaks for
	Label   string
	MadeBy  string
	Created time.Time
	Expires time.Time
	Revoked time.Time
}
