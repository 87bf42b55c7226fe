package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

// away hands the case to the other street.
func (b *bench) away(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.cases[id]
	b.record(c, []rehab.Event{{Seq: c.Seq + 1, RecordedAt: b.now(), OccurredAt: b.now(), Actor: actors["city"], Data: rehab.StationMoved{From: c.Place, To: otherStreet}}})
}

func TestASupervisionGoesWithItsCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("head", "POST", "/v1/supervisions", `{"case_id":"`+id+`","topic":"crisis","help":"internal"}`)
	require.Equal(t, 201, a.StatusCode, a.text)
	path := "/v1/supervisions/" + a.json["id"].(string)
	b.away(id)
	b.call("head", "GET", path, nil).problem(t, 404, "not_found", "")
	b.call("district", "GET", path+"/history", nil).problem(t, 404, "not_found", "")
	b.call("head", "POST", path+"/cancel", `{"reason":"x"}`).problem(t, 404, "not_found", "")
	require.Equal(t, 200, b.call("other-head", "GET", path, nil).StatusCode)
	require.Equal(t, 200, b.call("other-head", "POST", path+"/cancel", `{"reason":"x"}`).StatusCode)
}

func TestARepeatedOrderDoesNotTellWhereTheCaseIsNow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.away(id)
	a := b.call("district", "POST", "/v1/cases", order(1, "worker", "w-1"))
	a.problem(t, 409, "conflict", "order_no")
	require.NotContains(t, a.text, otherStreet)
	require.Equal(t, 200, b.call("city", "POST", "/v1/cases", order(1, "worker", "w-1")).StatusCode)
}

func TestWhoeverOpensACaseDoesNotPickItsPolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	refs := b.rules.Refs()
	other := map[string]any{"id": refs[1].ID, "version": refs[1].Version}
	for _, who := range []string{"head", "integration"} {
		b.call(who, "POST", "/v1/cases", order(1, "policy", other)).problem(t, 403, "forbidden", "policy")
	}
	require.Equal(t, 201, b.call("head", "POST", "/v1/cases", order(2, "policy", map[string]any{"id": refs[0].ID, "version": refs[0].Version})).StatusCode)
	require.Equal(t, 201, b.call("district", "POST", "/v1/cases", order(3, "policy", other)).StatusCode)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.MayPick = func(p rehab.PolicyRef) bool { return p == refs[1] } }))
	require.NoError(t, err)
	b.handler = handler
	require.Equal(t, 201, b.call("head", "POST", "/v1/cases", order(4, "policy", other)).StatusCode)
}

func TestAnAdminOfADistrictHearsTheDistrictAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actors := map[string]rehab.Actor{"admin-of": {ID: "a-2", Role: rehab.Admin, Place: "110101"}}
	handler, err := api.New(b.deps(func(d *api.Deps) { d.Tokens = some(actors) }))
	require.NoError(t, err)
	b.handler = handler
	url := b.serve(t)
	f := follow(t, t.Context(), url, "admin-of", "")
	b.mu.Lock()
	for _, place := range []string{"11", "110102", street} {
		b.tx++
		b.notices = append(b.notices, board.NoticeRow{Tx: b.tx, Position: int64(len(b.notices) + 1), CaseID: "c-1", CreatedAt: now, Notice: rehab.Notice{Role: rehab.CityOffice, Place: place}})
	}
	b.mu.Unlock()
	e := f.next()
	require.Equal(t, street, e.data["place"], "those of the city and of another district came before and were passed over")
}

// some are the tokens of a test, each its own name.
type some map[string]rehab.Actor

func (s some) Actor(_ context.Context, token string) (rehab.Actor, error) {
	if a, ok := s[token]; ok {
		return a, nil
	}
	return rehab.Actor{}, notFound("token")
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tokens := &ending{}
	handler, err := api.New(b.deps(func(d *api.Deps) { d.Tokens = tokens }))
	require.NoError(t, err)
	b.handler = handler
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	f := follow(t, ctx, b.serve(t), "any", "")
	f.beat()
	tokens.revoked.Store(true)
	f.ended()
	require.NoError(t, ctx.Err(), "the server ended it")
}

func TestOneAccountDoesNotTakeAllStreams(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url := b.serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 20 {
		require.Equal(t, 200, follow(t, ctx, url, "head", "").status)
	}
	req, err := http.NewRequestWithContext(ctx, "GET", url+"/v1/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer head")
	res, err := noKeepAlive.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
	require.Equal(t, 200, follow(t, ctx, url, "district", "").status, "others have theirs")
}

func TestOneAccountDoesNotTakeAllExportsAndSimulations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	last := func(method, path string, body any) answer {
		for range 30 {
			require.Equal(t, 2, b.call("city", method, path, body).StatusCode/100)
		}
		return b.call("city", method, path, body)
	}
	for _, a := range []answer{
		last("GET", "/v1/evaluation.xlsx?period=2026-Q3&level=city&purpose=report", nil),
		last("POST", "/v1/simulations", `{}`),
	} {
		a.problem(t, 429, "too_many", "")
		require.NotEmpty(t, a.Header.Get("Retry-After"))
	}
	require.Equal(t, 202, b.call("district", "POST", "/v1/simulations", `{}`).StatusCode)
}
