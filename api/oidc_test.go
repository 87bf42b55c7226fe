package api_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"guitu/api"
	"guitu/rehab"
	"guitu/signin"
)

// sso is our API beside a provider that runs.
type sso struct {
	*bench
	ours, theirs string
	browser      *http.Client
}

// singleSignOn starts both. The claim of the provider names the account.
func singleSignOn(t *testing.T, claim string) *sso {
	t.Helper()
	b := setup(t)
	var provider, handler http.Handler
	theirs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	ours := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) })) // cookies are sent over TLS alone
	t.Cleanup(theirs.Close)
	t.Cleanup(ours.Close)
	callback := ours.URL + "/auth/oidc/callback"
	kept := storage.NewStorageWithClients(storage.NewUserStore(theirs.URL), map[string]*storage.Client{"guitu": storage.WebClient("guitu", "secret", callback)})
	provider = exampleop.SetupServer(theirs.URL, kept, nil, false, op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	desk, err := signin.New(b.accounts, b.reads, b.accounts.now, signin.Rules{
		Idle: time.Hour, Absolute: time.Hour, OIDC: signin.OIDC{Issuer: theirs.URL, ClientID: "guitu", ClientSecret: "secret", Claim: claim, Callback: callback},
	})
	require.NoError(t, err)
	handler, err = api.New(b.deps(func(d *api.Deps) { d.Desk, d.Registrar = desk, desk }))
	require.NoError(t, err)
	browser := ours.Client()
	browser.Jar, err = cookiejar.New(nil)
	require.NoError(t, err)
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &sso{b, ours.URL, theirs.URL, browser}
}

// follow asks for an address, and on through redirects until the answer is none, or leads home.
func (s *sso) follow(req *http.Request) (address, body string) {
	s.t.Helper()
	for {
		res, err := s.browser.Do(req)
		require.NoError(s.t, err)
		raw, err := io.ReadAll(res.Body)
		require.NoError(s.t, err)
		require.NoError(s.t, res.Body.Close())
		if res.StatusCode < 300 || res.StatusCode > 399 {
			return req.URL.String(), string(raw)
		}
		next, err := res.Location()
		require.NoError(s.t, err)
		if next.Path == "/" || next.Path == "/auth/oidc/callback" && req.URL.Path != "/auth/oidc/callback" {
			return next.String(), ""
		}
		req, err = http.NewRequestWithContext(s.t.Context(), http.MethodGet, next.String(), nil)
		require.NoError(s.t, err)
	}
}

func (s *sso) get(address string) (string, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	require.NoError(s.t, err)
	return s.follow(req)
}

// answered goes to the provider, signs in there, and answers where that sends the browser.
func (s *sso) answered() string {
	s.t.Helper()
	_, page := s.get(s.ours + "/auth/oidc/start")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)
	require.NotNil(s.t, id, page)
	form := url.Values{"id": {id[1]}, "username": {"test-user2"}, "password": {"verysecure"}}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.theirs+"/login/username", strings.NewReader(form.Encode()))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	back, _ := s.follow(req)
	require.Contains(s.t, back, "/auth/oidc/callback")
	return back
}

func TestAProviderVouchesForAnAccount(t *testing.T) { //nolint:paralleltest // the provider keeps globals
	for _, claim := range []string{"sub", "preferred_username"} {
		s := singleSignOn(t, claim)
		home, _ := s.get(s.answered())
		require.Equal(t, s.ours+"/?sign_in=refused", home, "there is no such account")
		s.employ(rehab.Actor{ID: map[string]string{"sub": "id2", "preferred_username": "test-user2"}[claim], Role: rehab.CityOffice, Place: "11"})
		back := s.answered()
		home, _ = s.get(back)
		require.Equal(t, s.ours+"/", home)
		_, who := s.get(s.ours + "/v1/session")
		require.Contains(t, who, `"role":"city"`)
		home, _ = s.get(back)
		require.Equal(t, s.ours+"/?sign_in=refused", home, "an answer is good once")
	}
}

func TestAnAnswerOfAProviderIsGoodForWhoAsked(t *testing.T) { //nolint:paralleltest // the provider keeps globals
	s := singleSignOn(t, "sub")
	s.employ(rehab.Actor{ID: "id2", Role: rehab.CityOffice, Place: "11"})
	back := s.answered()
	changed := regexp.MustCompile(`state=[^&]+`).ReplaceAllString(back, "state=another")
	home, _ := s.get(changed)
	require.Equal(t, s.ours+"/?sign_in=refused", home)

	back = s.answered()
	var err error
	s.browser.Jar, err = cookiejar.New(nil) // another browser
	require.NoError(t, err)
	home, _ = s.get(back)
	require.Equal(t, s.ours+"/?sign_in=refused", home)

	s.accounts.mu.Lock()
	a := s.accounts.accounts["id2"]
	a.Role = rehab.Auditor
	s.accounts.accounts["id2"] = a
	s.accounts.mu.Unlock()
	home, _ = s.get(s.answered())
	require.Equal(t, s.ours+"/?sign_in=second_factor", home, "an administrator needs a second factor at the provider")
}
