package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"guitu/account"
	"guitu/rehab"
)

// SingleSignOn lets people in whom another party vouches for.
type SingleSignOn interface {
	HasOIDC() bool
	HasPasskeys() bool
	// BeginOIDC answers where to send the browser, and the key that it has to bring back.
	BeginOIDC(ctx context.Context) (address, key string, err error)
	FinishOIDC(ctx context.Context, key, state, code, address, agent string) (token string, s account.Session, err error)
}

// oidcCookie holds the key of a round trip to the provider. It comes back from another site, so
// that it cannot be strict.
const oidcCookie = "__Host-guitu-oidc"

const roundTripFor = 5 * time.Minute

// Ways are the ways to sign in.
type Ways struct {
	Password bool `json:"password"`
	Passkeys bool `json:"passkeys"`
	OIDC     bool `json:"oidc" doc:"By a link to /auth/oidc/start, which comes back to /, with ?sign_in=refused, second_factor or unavailable where it failed."`
}

type waysOutput struct{ Body Ways }

func (s *server) ways(context.Context, rehab.Actor, *struct{}) (*waysOutput, error) {
	return &waysOutput{Ways{Password: true, Passkeys: s.Desk.HasPasskeys(), OIDC: s.Desk.HasOIDC()}}, nil
}

// oidcRoutes are no operations: a browser follows them by itself.
func (s *server) oidcRoutes(router *gin.Engine) {
	if !s.Desk.HasOIDC() {
		return
	}
	router.GET("/auth/oidc/start", s.oidcStart)
	router.GET("/auth/oidc/callback", s.oidcCallback)
}

func (s *server) oidcStart(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), answerTimeout)
	defer cancel()
	address, key, err := s.Desk.BeginOIDC(ctx)
	if err != nil {
		s.back(c, err)
		return
	}
	tripCookie(c, key, roundTripFor)
	c.Redirect(http.StatusSeeOther, address)
}

func tripCookie(c *gin.Context, key string, life time.Duration) {
	x := cookie(key, life) //nolint:gosec // it is Secure and HttpOnly; a provider sends the browser back from another site
	x.Name, x.SameSite = oidcCookie, http.SameSiteLaxMode
	http.SetCookie(c.Writer, &x)
}

func (s *server) oidcCallback(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), answerTimeout)
	defer cancel()
	key, err := c.Cookie(oidcCookie)
	if err != nil {
		s.back(c, account.ErrWrong)
		return
	}
	tripCookie(c, "", 0)
	token, x, err := s.Desk.FinishOIDC(tracked(ctx), key, c.Query("state"), c.Query("code"), cut(c.ClientIP(), 64), agent(c.GetHeader("User-Agent")))
	if err != nil {
		s.back(c, err)
		return
	}
	in := cookie(token, x.AbsoluteEnd.Sub(s.Wall()))
	http.SetCookie(c.Writer, &in)
	c.Redirect(http.StatusSeeOther, "/")
}

// back sends the browser to the page where people sign in.
func (s *server) back(c *gin.Context, err error) {
	why := "unavailable"
	switch {
	case errors.Is(err, account.ErrWrong):
		why = "refused"
	case errors.Is(err, account.ErrSecondFactor):
		why = "second_factor"
	default:
		_ = s.fault(c.Request.Context(), err) // it is logged
	}
	c.Redirect(http.StatusSeeOther, "/?sign_in="+why)
}
