package api_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func item(id, caseID, typ, at string, body map[string]any) map[string]any {
	return map[string]any{"id": id, "case_id": caseID, "type": typ, "occurred_at": at, "body": body}
}

func TestABatchTakesEachItemByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.opened(1), b.opened(2)
	items := []any{
		item("s-1", one, "sign-agreement", "2026-10-14T10:00:00+08:00", nil), // happened last
		item("r-1", one, "report-in", "2026-10-13T10:00:00+08:00", nil),      // happened first
		item("v-1", two, "visit-completed", "2026-10-14", nil),
		item("x-1", two, "record-contact", "2026-10-14", map[string]any{"channel": "phone", "outcome": "dancing"}),
		item("x-2", "c-nobody", "report-in", "2026-10-14", nil),
		item("x-3", two, "report-in", "2031-01-01", nil),
		item("x-4", two, "fly", "2026-10-14", nil),
		item("x-5", two, "record-contact", "2026-10-14", map[string]any{"colour": "red"}),
		item("x-6", two, "dismiss-miss", "2026-10-14", map[string]any{"obligation": "test-1"}), // without a reason
	}
	a := b.call("head", "POST", "/v1/commands", map[string]any{"items": items})
	require.Equal(t, 200, a.StatusCode, a.text)
	require.EqualValues(t, 3, a.json["taken"], a.text)
	require.EqualValues(t, 6, a.json["refused"])
	status := func(i int) any { return dig(nth(a, i), "status") }
	for i, want := range []int{200, 200, 200, 422, 404, 422, 422, 422, 422} {
		require.EqualValues(t, want, status(i), "item %d: %s", i, a.text)
	}
	require.Equal(t, "items[3].outcome", dig(nth(a, 3), "problem", "field"))
	require.Equal(t, "items[5].occurred_at", dig(nth(a, 5), "problem", "field"))

	again := b.call("head", "POST", "/v1/commands", map[string]any{"items": items[:3]})
	for i := range 3 {
		require.Equal(t, true, dig(nth(again, i), "receipt", "duplicate"), again.text)
	}
	alone := b.call("head", "POST", "/v1/cases/"+one+"/report-in", `{"occurred_at":"2026-10-13T10:00:00+08:00"}`, "Idempotency-Key", "r-1")
	require.Equal(t, true, alone.json["duplicate"], "the same command by another door: "+alone.text)
}

func TestTheOrderInWhichOfflineEvidenceArrivesDoesNotMatter(t *testing.T) {
	t.Parallel()
	var want any
	for round := range 6 {
		b := setup(t)
		id := b.opened(1)
		items := []any{item("r", id, "report-in", "2026-10-12", nil), item("s", id, "sign-agreement", "2026-10-12T12:00:00+08:00", nil)}
		for i := range 6 {
			items = append(items, item(fmt.Sprint("c", i), id, "record-contact", fmt.Sprintf("2026-10-%dT09:00:00+08:00", 13+i/3), map[string]any{"channel": "talk", "outcome": "met"}))
		}
		class := rehab.HelpClasses()[0]
		items = append(items,
			item("a", id, "record-assessment", "2026-10-15", nil), item("p", id, "record-positive-event", "2026-10-16", map[string]any{"kind": rehab.PositiveKinds()[0]}),
			item("h", id, "give-help", "2026-10-16", map[string]any{"class": class, "kind": rehab.HelpKinds(class)[0]}))
		rand.New(rand.NewPCG(uint64(round), 1)).Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		a := b.call("head", "POST", "/v1/commands", map[string]any{"items": items})
		require.EqualValues(t, len(items), a.json["taken"], a.text)
		got := b.call("head", "GET", "/v1/cases/"+id, nil).json["obligations"]
		if want == nil {
			want = got
		}
		require.Equal(t, want, got)
	}
}

func TestABatchShowsNoCaseOutsideTheScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("other-head", "POST", "/v1/commands", map[string]any{"items": []any{item("r", id, "report-in", "2026-10-14", nil)}})
	require.EqualValues(t, 404, dig(nth(a, 0), "status"), a.text)
	b.call("head", "POST", "/v1/commands", `{"items":[]}`).problem(t, 422, "invalid", "items")
	b.call("head", "POST", "/v1/commands", `{"items":[{"id":"a"}]}`)
}

// nth item of a batch's answer.
func nth(a answer, i int) any {
	items, _ := a.json["items"].([]any)
	if i >= len(items) {
		return nil
	}
	return items[i]
}
