package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"guitu/account"
	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

const password = "槐花三月 and 42 steps"

// employ gives a worker an account with a password of the own.
func (b *bench) employ(a rehab.Actor) {
	b.t.Helper()
	if a.Role == rehab.WorkerRole {
		b.accounts.posts[a.ID] = account.Post{Known: true, Active: true, Place: a.Place}
	}
	require.NoError(b.t, b.desk.Provide(b.t.Context(), account.Account{Actor: a, Name: "子某"}, password))
}

// signIn opens a session and answers its cookie.
func (b *bench) signIn(id string, more ...string) (answer, *http.Cookie) {
	b.t.Helper()
	body := map[string]any{"account": id, "password": password}
	if len(more) > 0 {
		body["code"] = more[0]
	}
	a := b.call("", "POST", "/v1/session", body)
	if a.StatusCode != 200 {
		return a, nil
	}
	require.Len(b.t, a.Cookies(), 1)
	return a, a.Cookies()[0]
}

// as sends a request with the cookie, as a page of our own does.
func (b *bench) as(c *http.Cookie, method, path string, body any, headers ...string) answer {
	b.t.Helper()
	return b.call("", method, path, body, append([]string{"Cookie", c.Name + "=" + c.Value}, headers...)...)
}

func TestASessionOpensWhatATokenOpens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.registered("w-1")
	id := b.opened(1)
	b.employ(actors["worker"])
	a, c := b.signIn("w-1")
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "w-1", a.json["account"])
	require.Equal(t, "子某", a.json["name"])
	require.Equal(t, "worker", a.json["role"])
	require.Equal(t, street, a.json["place"])
	require.NotEmpty(t, a.json["place_name"])
	require.Equal(t, false, a.json["must_change_password"])
	require.Equal(t, "none", a.json["second_factor"])
	require.Equal(t, "__Host-guitu", c.Name)
	require.True(t, c.HttpOnly && c.Secure)
	require.Equal(t, http.SameSiteStrictMode, c.SameSite)
	require.Equal(t, "/", c.Path)
	require.Empty(t, c.Domain)
	require.NotContains(t, a.text, c.Value, "the token is in the cookie alone")

	require.Equal(t, b.call("worker", "GET", "/v1/cases/"+id, nil).text, b.as(c, "GET", "/v1/cases/"+id, nil).text)
	require.Equal(t, 200, b.as(c, "POST", "/v1/cases/"+id+"/record-contact", bodies["record-contact"]).StatusCode)
	last := b.events[id][len(b.events[id])-1]
	require.Equal(t, actors["worker"], last.Actor)
	reads, err := b.reads.Reads(t.Context(), board.ReadFilter{CaseID: id, Limit: 9})
	require.NoError(t, err)
	require.Equal(t, actors["worker"], reads[0].Actor, "the read of a session is in the log as that of a token")
	b.as(c, "GET", "/v1/audit", nil).problem(t, 403, "forbidden", "")

	require.Equal(t, "w-1", b.as(c, "GET", "/v1/session", nil).json["account"])
	require.Equal(t, "w-1", b.call("worker", "GET", "/v1/session", nil).json["account"])
	out := b.as(c, "DELETE", "/v1/session", nil)
	require.Equal(t, 204, out.StatusCode, out.text)
	require.Negative(t, out.Cookies()[0].MaxAge)
	b.as(c, "GET", "/v1/session", nil).problem(t, 401, "unauthenticated", "")
	b.call("worker", "DELETE", "/v1/session", nil).problem(t, 422, "refused", "")
}

func TestASignInNeverSaysWhatWasWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.employ(actors["worker"])
	b.employ(actors["head"])
	_, err := b.desk.Disable(t.Context(), account.By{Actor: actors["security"]}, "h-1", true)
	require.NoError(t, err)
	var texts []string
	for _, body := range []map[string]any{
		{"account": "w-1", "password": "wrong"}, {"account": "w-77", "password": password}, {"account": "h-1", "password": password}, {"account": "张某", "password": password},
	} {
		a := b.call("", "POST", "/v1/session", body)
		a.problem(t, 401, "unauthenticated", "")
		texts = append(texts, strings.ReplaceAll(a.text, a.json["request_id"].(string), ""))
	}
	for _, text := range texts {
		require.Equal(t, texts[0], text)
	}
	require.NotContains(t, b.log.String(), password)
	reads, err := b.reads.Reads(t.Context(), board.ReadFilter{Limit: 20})
	require.NoError(t, err)
	failed := 0
	for _, r := range reads {
		require.NotContains(t, r.Subject+r.Reason, "张某", "what is no account may be a name or a password: it is not kept")
		if r.Operation == "sign-in-failed" {
			failed++
		}
	}
	require.Equal(t, 4, failed)
}

func TestFailuresHaveToWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.employ(actors["worker"])
	for range account.FreeOfAccount {
		b.call("", "POST", "/v1/session", map[string]any{"account": "w-1", "password": "wrong"}).problem(t, 401, "unauthenticated", "")
	}
	a, _ := b.signIn("w-1")
	a.problem(t, 429, "too_many", "")
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	b.accounts.pass(31 * time.Second)
	a, _ = b.signIn("w-1")
	require.Equal(t, 200, a.StatusCode, a.text)
}

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*bench, *http.Cookie){
		"when nobody asks": func(b *bench, _ *http.Cookie) { b.accounts.pass(31 * time.Minute) },
		"when its account is disabled": func(b *bench, _ *http.Cookie) {
			require.Equal(b.t, 200, b.call("security", "POST", "/v1/accounts/w-1/disable", nil).StatusCode)
		},
		"when its account is reset": func(b *bench, _ *http.Cookie) {
			require.Equal(b.t, 200, b.call("security", "POST", "/v1/accounts/w-1/reset", nil).StatusCode)
		},
		"when it is ended from another": func(b *bench, c *http.Cookie) {
			_, other := b.signIn("w-1")
			list := b.as(other, "GET", "/v1/sessions", nil).json["sessions"].([]any)
			require.Len(b.t, list, 2)
			for _, x := range list {
				if x.(map[string]any)["current"] == false {
					require.Equal(b.t, 204, b.as(other, "DELETE", "/v1/sessions/"+x.(map[string]any)["id"].(string), nil).StatusCode)
				}
			}
			require.Equal(b.t, 200, b.as(other, "GET", "/v1/me", nil).StatusCode)
		},
		"when the security administrator ends it": func(b *bench, _ *http.Cookie) {
			require.Equal(b.t, 204, b.call("security", "DELETE", "/v1/accounts/w-1/sessions", nil).StatusCode)
		},
		"when the person leaves": func(b *bench, _ *http.Cookie) {
			b.accounts.mu.Lock()
			b.accounts.posts["w-1"] = account.Post{Known: true}
			b.accounts.mu.Unlock()
			b.accounts.pass(time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.employ(actors["worker"])
			_, c := b.signIn("w-1")
			end(b, c)
			b.as(c, "GET", "/v1/sessions", nil).problem(t, 401, "unauthenticated", "")
		})
	}
}

func TestASessionEndsAfterItsTimeWhateverIsAsked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.employ(actors["worker"])
	_, c := b.signIn("w-1")
	for range 24 {
		b.accounts.pass(29 * time.Minute)
		_, err := b.desk.Session(t.Context(), c.Value) // past the memory of the api, whose clock stands still
		require.NoError(t, err)
	}
	b.accounts.pass(29 * time.Minute)
	_, err := b.desk.Session(t.Context(), c.Value)
	require.ErrorIs(t, err, account.ErrNoSession)
}

func TestAnotherSiteCannotUseTheCookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.employ(actors["worker"])
	_, c := b.signIn("w-1")
	for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		b.as(c, "DELETE", "/v1/session", nil, from...).problem(t, 403, "forbidden", "")
		b.call("", "POST", "/v1/session", map[string]any{"account": "w-1", "password": password}, from...).problem(t, 403, "forbidden", "")
	}
	require.Equal(t, 200, b.call("head", "POST", "/v1/commands", map[string]any{"items": []any{item("k-1", "c", "record-contact", "2026-10-14", nil)}}, "Sec-Fetch-Site", "cross-site").StatusCode,
		"a token is nothing that a browser sends by itself")
	for _, from := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://guitu.example.cn"}} {
		_, c := b.signIn("w-1")
		require.Equal(t, 204, b.as(c, "DELETE", "/v1/session", nil, from...).StatusCode)
	}
}

func TestTheFirstPasswordOpensNothingButItsChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.accounts.posts["w-1"] = account.Post{Known: true, Active: true, Place: street}
	a := b.call("security", "POST", "/v1/accounts", map[string]any{"account": "w-1", "role": "worker", "place": street})
	require.Equal(t, 201, a.StatusCode, a.text)
	first := a.json["password"].(string)
	in := b.call("", "POST", "/v1/session", map[string]any{"account": "w-1", "password": first})
	require.Equal(t, true, in.json["must_change_password"], in.text)
	c := in.Cookies()[0]
	b.as(c, "GET", "/v1/cases", nil).problem(t, 403, "forbidden", "")
	for _, weak := range []string{"short", "aaaaaaaaaaaaaaaa", "my own w-1 password", "password1234", first} {
		b.as(c, "PUT", "/v1/session/password", map[string]any{"password": first, "new_password": weak}).problem(t, 422, "invalid", "new_password")
	}
	b.as(c, "PUT", "/v1/session/password", map[string]any{"password": "wrong", "new_password": password}).problem(t, 422, "invalid", "password")
	require.Equal(t, 204, b.as(c, "PUT", "/v1/session/password", map[string]any{"password": first, "new_password": password}).StatusCode)
	require.Equal(t, 200, b.as(c, "GET", "/v1/cases", nil).StatusCode)
	b.call("", "POST", "/v1/session", map[string]any{"account": "w-1", "password": first}).problem(t, 401, "unauthenticated", "")
}

func TestAnAdministratorNeedsASecondFactor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.employ(actors["auditor"])
	a, c := b.signIn("s-3")
	require.Equal(t, "required", a.json["second_factor"])
	b.as(c, "GET", "/v1/audit", nil).problem(t, 403, "forbidden", "")
	made := b.as(c, "POST", "/v1/session/totp", nil)
	require.Equal(t, 200, made.StatusCode, made.text)
	secret := made.json["secret"].(string)
	require.Contains(t, made.json["uri"], "otpauth://totp/")
	b.as(c, "PUT", "/v1/session/totp", map[string]any{"code": "000000"}).problem(t, 422, "invalid", "code")
	code, err := totp.GenerateCode(secret, b.accounts.now())
	require.NoError(t, err)
	require.Equal(t, 204, b.as(c, "PUT", "/v1/session/totp", map[string]any{"code": code}).StatusCode)
	require.Equal(t, 200, b.as(c, "GET", "/v1/audit", nil).StatusCode)

	a, _ = b.signIn("s-3")
	a.problem(t, 401, "second_factor", "")
	a, _ = b.signIn("s-3", code)
	a.problem(t, 401, "second_factor", "") // a code is good once
	b.accounts.pass(30 * time.Second)
	code, err = totp.GenerateCode(secret, b.accounts.now())
	require.NoError(t, err)
	a, _ = b.signIn("s-3", code)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "enrolled", a.json["second_factor"])
	b.as(c, "POST", "/v1/session/totp", nil).problem(t, 409, "conflict", "")
}

// accountAnswers holds the answers about sessions, accounts and tokens against the document.
func (b *bench) accountAnswers(d *document) {
	b.employ(rehab.Actor{ID: "w-7", Role: rehab.WorkerRole, Place: street})
	a, c := b.signIn("w-7")
	d.check("POST", "/v1/session", a)
	d.check("POST", "/v1/session", b.call("", "POST", "/v1/session", map[string]any{"account": "w-7", "password": "wrong"}))
	for _, path := range []string{"/v1/session", "/v1/sessions", "/v1/session/passkeys"} {
		d.check("GET", path, b.as(c, "GET", path, nil))
	}
	begun := b.as(c, "POST", "/v1/session/totp", nil)
	d.check("POST", "/v1/session/totp", begun)
	d.check("PUT", "/v1/session/totp", b.as(c, "PUT", "/v1/session/totp", map[string]any{"code": "000000"}))
	code, err := totp.GenerateCode(begun.json["secret"].(string), b.accounts.now())
	require.NoError(b.t, err)
	d.check("PUT", "/v1/session/totp", b.as(c, "PUT", "/v1/session/totp", map[string]any{"code": code}))
	d.check("PUT", "/v1/session/password", b.as(c, "PUT", "/v1/session/password", map[string]any{"password": password, "new_password": "short"}))
	for _, step := range []string{"register-options", "sign-in-options"} {
		d.check("POST", "/v1/session/passkeys/"+step, b.as(c, "POST", "/v1/session/passkeys/"+step, nil))
	}
	d.check("GET", "/v1/session/ways", b.call("", "GET", "/v1/session/ways", nil))
	device := newAuthenticator(b.t)
	d.check("POST", "/v1/session/passkeys/register", b.enrolPasskey(c, device))
	d.check("GET", "/v1/session/passkeys", b.as(c, "GET", "/v1/session/passkeys", nil))
	d.check("POST", "/v1/session/passkeys/sign-in", b.bySignature(device, ourOrigin, 0x05))
	d.check("POST", "/v1/session/passkeys/sign-in", b.call("", "POST", "/v1/session/passkeys/sign-in", map[string]any{"ceremony": "x", "credential": "{}"}))

	d.check("POST", "/v1/accounts", b.call("security", "POST", "/v1/accounts", map[string]any{"account": "c-7", "role": "city", "place": "11", "name": "某某"}))
	d.check("POST", "/v1/accounts", b.call("security", "POST", "/v1/accounts", map[string]any{"account": "c-7", "role": "city", "place": "11"}))
	d.check("GET", "/v1/accounts", b.call("security", "GET", "/v1/accounts?limit=1", nil))
	d.check("GET", "/v1/accounts/{account}", b.call("security", "GET", "/v1/accounts/c-7", nil))
	d.check("POST", "/v1/accounts/{account}/grant", b.call("security", "POST", "/v1/accounts/c-7/grant", map[string]any{"role": "district", "place": "110101"}))
	for _, act := range []string{"disable", "enable", "reset"} {
		d.check("POST", "/v1/accounts/{account}/"+act, b.call("security", "POST", "/v1/accounts/c-7/"+act, nil))
	}
	made := b.call("security", "POST", "/v1/tokens", map[string]any{"actor": "i-7", "role": "integration", "place": "11", "label": "police", "days": 30})
	d.check("POST", "/v1/tokens", made)
	d.check("GET", "/v1/tokens", b.call("security", "GET", "/v1/tokens", nil))
	d.check("PUT", "/v1/session/password", b.as(c, "PUT", "/v1/session/password", map[string]any{"password": password, "new_password": "seven green boats"}))
}

func TestDemoAccountsAreNotInTheProduct(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("", "GET", "/v1/demo-accounts", nil).problem(t, 404, "not_found", "")
	handler, err := api.New(b.deps(func(d *api.Deps) {
		d.DemoAccounts = []api.DemoAccount{{Account: "w-1", Password: "x", Role: rehab.WorkerRole}}
	}))
	require.NoError(t, err)
	b.handler = handler
	require.Contains(t, b.call("", "GET", "/v1/demo-accounts", nil).text, `"account":"w-1"`)
}

func TestARevokedTokenEndsItsStreamAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.Heartbeat = time.Hour }))
	require.NoError(t, err)
	b.handler = handler
	made := b.call("security", "POST", "/v1/tokens", map[string]any{"actor": "w-5", "role": "worker", "place": street, "label": "phone", "days": 30})
	require.Equal(t, 201, made.StatusCode, made.text)
	server := httptest.NewServer(b.handler)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+made.json["token"].(string))
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	buf := make([]byte, 64)
	_, err = res.Body.Read(buf)
	require.NoError(t, err)
	require.Equal(t, 204, b.call("security", "DELETE", "/v1/tokens/"+made.json["id"].(string), nil).StatusCode)
	for err == nil {
		_, err = res.Body.Read(buf)
	}
	require.NoError(t, ctx.Err(), "the stream outlived its token")
	b.call(made.json["token"].(string), "GET", "/v1/me", nil).problem(t, 401, "unauthenticated", "")
}

func TestTheThreeAdministratorsAreKeptApart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	for _, who := range []string{"settings", "security", "auditor"} {
		for _, path := range []string{"/v1/cases", "/v1/cases/" + id, "/v1/clients?q=赵某", "/v1/inbox", "/v1/events", "/v1/cases/" + id + "/timeline"} {
			b.call(who, "GET", path, nil).problem(t, 403, "forbidden", "")
		}
		b.call(who, "POST", "/v1/cases/"+id+"/record-contact", bodies["record-contact"]).problem(t, 403, "forbidden", "")
	}
	mays := map[string][]string{"settings": {"/v1/places"}, "security": {"/v1/accounts", "/v1/tokens"}, "auditor": {"/v1/audit"}}
	for who, paths := range mays {
		for _, path := range paths {
			for other := range mays {
				want := 403
				if other == who || other == "security" && path == "/v1/places" {
					want = 200
				}
				require.Equal(t, want, b.call(other, "GET", path, nil).StatusCode, other+" "+path)
			}
		}
	}
	// Nobody holds two of the roles, as an account or by a token.
	create := func(id, role string) answer {
		return b.call("security", "POST", "/v1/accounts", map[string]any{"account": id, "role": role, "place": "11"})
	}
	require.Equal(t, 201, create("p-1", "auditor").StatusCode)
	b.call("security", "POST", "/v1/accounts/p-1/grant", map[string]any{"role": "security_admin", "place": "11"}).problem(t, 422, "refused", "role")
	b.call("security", "POST", "/v1/accounts/p-1/grant", map[string]any{"role": "city", "place": "11"}).problem(t, 422, "refused", "role")
	b.call("security", "POST", "/v1/tokens", map[string]any{"actor": "p-1", "role": "city", "place": "11", "label": "x", "days": 1}).problem(t, 422, "refused", "role")
	require.Equal(t, 201, b.call("security", "POST", "/v1/tokens", map[string]any{"actor": "p-3", "role": "city", "place": "11", "label": "x", "days": 1}).StatusCode)
	create("p-3", "system_admin").problem(t, 422, "refused", "role")
	b.call("security", "POST", "/v1/accounts/s-2/grant", map[string]any{"role": "city", "place": "11"}).problem(t, 404, "not_found", "")
	b.employ(rehab.Actor{ID: "s-2", Role: rehab.SecurityAdmin, Place: "11"})
	for _, act := range []string{"disable", "reset"} {
		b.call("security", "POST", "/v1/accounts/s-2/"+act, nil).problem(t, 403, "forbidden", "id")
	}
	for _, who := range []string{"worker", "head", "district", "city", "integration", "partner", "settings", "auditor"} {
		b.call(who, "POST", "/v1/accounts", map[string]any{"account": "p-9", "role": "city", "place": "11"}).problem(t, 403, "forbidden", "")
		b.call(who, "GET", "/v1/tokens", nil).problem(t, 403, "forbidden", "")
	}
}

func TestAdminTokensAreForInstallationAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.RefuseAdmin = true }))
	require.NoError(t, err)
	b.handler = handler
	b.call("admin", "GET", "/v1/me", nil).problem(t, 403, "forbidden", "")
	b.call("security", "POST", "/v1/tokens", map[string]any{"actor": "x-9", "role": "admin", "place": "11", "label": "x", "days": 1}).problem(t, 422, "invalid", "role")
}

func TestTheAddressIsTheClientsWhereTheProxyIsOurs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		proxies []string
		want    string
	}{{nil, "192.0.2.1"}, {[]string{"192.0.2.0/24"}, "203.0.113.9"}, {[]string{"198.51.100.1"}, "192.0.2.1"}} {
		b := setup(t)
		handler, err := api.New(b.deps(func(d *api.Deps) { d.Proxies = row.proxies }))
		require.NoError(t, err)
		b.handler = handler
		b.employ(actors["worker"])
		in := b.call("", "POST", "/v1/session", map[string]any{"account": "w-1", "password": password}, "X-Forwarded-For", "203.0.113.66, 203.0.113.9")
		require.Equal(t, 200, in.StatusCode, in.text)
		list, err := b.desk.Sessions(t.Context(), "w-1")
		require.NoError(t, err)
		require.Equal(t, row.want, list[0].Address)
	}
}
