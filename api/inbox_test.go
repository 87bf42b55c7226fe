package api_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

func TestTheInboxHoldsWhatWaitsForTheActor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	missed := b.opened(1)                          // report-in was due on 27 October
	b.opened(2, "worker", "w-2")                   // as was a colleague's
	soon := b.opened(3, "served_on", "2026-10-20") // due on 4 November
	b.pass(now.AddDate(0, 0, 8))

	parts := func(who, query string) map[string][]string {
		a := b.call(who, "GET", "/v1/inbox"+query, nil)
		require.Equal(t, 200, a.StatusCode, a.text)
		out := map[string][]string{}
		for _, part := range []string{"due", "overdue", "escalations", "notices"} {
			for _, row := range a.json[part].([]any) {
				out[part] = append(out[part], row.(map[string]any)["case_id"].(string))
			}
		}
		return out
	}
	require.Equal(t, map[string][]string{"overdue": {missed}, "escalations": {missed}, "notices": {missed}}, parts("worker", "?days=1"))
	require.Equal(t, []string{soon}, parts("worker", "?days=15")["due"])
	head := parts("head", "")
	require.Len(t, head["overdue"], 2)
	require.Empty(t, head["escalations"], "the worker's rung is not the head's")
	require.Empty(t, parts("other-head", ""))
	require.Len(t, parts("admin", "")["escalations"], 2)

	cut := b.call("head", "GET", "/v1/inbox?limit=1", nil)
	require.Len(t, cut.json["overdue"], 1)
	require.Equal(t, true, cut.json["more"])

	e := b.call("worker", "GET", "/v1/escalations", nil).json["escalations"].([]any)
	require.Len(t, e, 1)
	body := map[string]any{"escalation": e[0].(map[string]any)["id"], "promise": "2026-10-29", "note": "will visit"}
	a := b.call("worker", "POST", "/v1/cases/"+missed+"/acknowledge-escalation", body)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Empty(t, parts("worker", "")["escalations"], "it was answered")
	require.Len(t, b.call("worker", "GET", "/v1/escalations", nil).json["escalations"], 1, "it is open still")
}

func TestTextsAreShownToThoseWhoWorkWithThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.call("worker", "POST", "/v1/cases/"+id+"/visit-completed", `{"note":"met at home"}`)
	for who, shown := range map[string]bool{"worker": true, "head": true, "district": true, "city": true, "admin": false} {
		require.Equal(t, shown, contains(b.call(who, "GET", "/v1/cases/"+id+"/timeline", nil).text, "met at home"), who)
	}
}

func TestAWorkerFindsTheUnassignedCaseBehindManyOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 450 {
		id := fmt.Sprintf("c-%04d", i)
		b.cases[id] = &rehab.Case{ID: id, Seq: 1, Phase: rehab.InExecution, Measure: rehab.Treatment, Place: street, Worker: "w-2", Risk: rehab.Low}
	}
	b.cases["c-0003"].Worker, b.cases["c-0444"].Worker, b.cases["c-0100"].Worker = "", "", "w-1"
	var got []string
	for _, c := range b.call("worker", "GET", "/v1/cases", nil).json["cases"].([]any) {
		got = append(got, c.(map[string]any)["case_id"].(string))
	}
	require.Equal(t, []string{"c-0003", "c-0100", "c-0444"}, got)
}

func TestAnIdentityOutlivesATwinThatWasRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	handler, err := api.New(b.deps(func(d *api.Deps) { d.Engine = twin{b.world} }))
	require.NoError(t, err)
	b.handler = handler
	a := b.call("head", "POST", "/v1/cases", order(1))
	require.Equal(t, 201, a.StatusCode, a.text)
	require.Contains(t, b.identities, a.json["case_id"])
}

// twin is an engine under which another request drops the identity while one is opening.
type twin struct{ *world }

func (e twin) Do(ctx context.Context, id string, cmd rehab.Command) (board.Receipt, error) {
	_ = e.DropIdentity(ctx, id)
	return e.world.Do(ctx, id, cmd)
}
