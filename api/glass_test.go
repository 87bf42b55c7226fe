package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
)

func TestAnOfficeSeesAnIdentityByBreakGlassAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, other := b.opened(1), b.opened(2)
	require.Equal(t, true, b.call("city", "GET", "/v1/cases/"+id, nil).json["masked"])
	a := b.call("city", "POST", "/v1/break-glass", map[string]any{"case_id": id, "reason": "信访核查", "hours": 2})
	require.Equal(t, 201, a.StatusCode, a.text)
	look := a.json["id"].(string)

	seen := b.call("city", "GET", "/v1/cases/"+id, nil)
	require.NotEqual(t, true, seen.json["masked"])
	require.Equal(t, "赵某001", dig(seen.json, "identity", "name"))
	require.Equal(t, true, b.call("city", "GET", "/v1/cases/"+other, nil).json["masked"], "of that case alone")
	require.Equal(t, true, b.call("district", "GET", "/v1/cases/"+id, nil).json["masked"], "for who asked alone")
	reads, err := b.reads.Reads(t.Context(), board.ReadFilter{CaseID: id, Actor: "c-1", Limit: 20})
	require.NoError(t, err)
	found := false
	for _, r := range reads {
		found = found || r.Operation == "break-glass" && r.Reason == "信访核查"
	}
	require.True(t, found, "it is in the read log with its reason")

	later := b.now().Add(2 * time.Hour)
	b.clock.Store(&later)
	require.Equal(t, true, b.call("city", "GET", "/v1/cases/"+id, nil).json["masked"], "until its end alone")

	list := b.call("auditor", "GET", "/v1/break-glass?waiting=true", nil)
	require.Equal(t, 200, list.StatusCode, list.text)
	require.Len(t, list.json["looks"], 1)
	require.Len(t, b.call("city", "GET", "/v1/break-glass", nil).json["looks"], 1)
	require.Empty(t, b.call("district", "GET", "/v1/break-glass", nil).json["looks"])
	for _, who := range []string{"worker", "head", "security", "settings", "admin", "partner", "integration"} {
		b.call(who, "GET", "/v1/break-glass", nil).problem(t, 403, "forbidden", "")
		b.call(who, "POST", "/v1/break-glass", map[string]any{"case_id": id, "reason": "信访核查"}).problem(t, 403, "forbidden", "")
	}
	b.call("other-office", "POST", "/v1/break-glass", map[string]any{"case_id": id, "reason": "信访核查"}).problem(t, 404, "not_found", "")
	b.call("city", "POST", "/v1/break-glass", map[string]any{"case_id": id, "reason": "信访核查", "hours": 4}).problem(t, 422, "invalid", "hours")
	b.call("city", "POST", "/v1/break-glass", map[string]any{"case_id": id, "reason": "    "}).problem(t, 422, "invalid", "reason")

	late := later.Add(8 * 24 * time.Hour)
	b.clock.Store(&late)
	require.Contains(t, b.call("auditor", "GET", "/v1/break-glass", nil).text, `"overdue":true`)
	b.call("city", "POST", "/v1/break-glass/"+look+"/review", map[string]any{"finding": "justified"}).problem(t, 403, "forbidden", "")
	require.Equal(t, 200, b.call("auditor", "POST", "/v1/break-glass/"+look+"/review", map[string]any{"finding": "questioned", "note": "事由不足"}).StatusCode)
	b.call("auditor", "POST", "/v1/break-glass/"+look+"/review", map[string]any{"finding": "justified"}).problem(t, 409, "conflict", "")
	require.Empty(t, b.call("auditor", "GET", "/v1/break-glass?waiting=true", nil).json["looks"])
}

// An auditor has no inbox: what an auditor hears goes out by a subscription, and nothing else does.
func TestAnAuditorSubscribesToNoticesToAuditorsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mail := func(role string) map[string]any {
		return map[string]any{"kind": "mail", "target": "audit@example.cn", "role": role}
	}
	a := b.must(201, "auditor", "POST", "/v1/subscriptions", mail("auditor"))
	id := a.json["id"].(string)
	office := b.must(201, "city", "POST", "/v1/subscriptions", mail("city")).json["id"].(string)
	b.call("auditor", "POST", "/v1/subscriptions", mail("city")).problem(t, 403, "forbidden", "role")
	b.call("auditor", "POST", "/v1/subscriptions", map[string]any{"kind": "webhook", "target": "https://hooks.example.cn/x", "events": []string{"case_opened"}}).problem(t, 403, "forbidden", "role")
	b.call("city", "POST", "/v1/subscriptions", mail("auditor")).problem(t, 403, "forbidden", "role")
	for who, own := range map[string]string{"auditor": id, "city": office} {
		list := b.must(200, who, "GET", "/v1/subscriptions", nil).json["subscriptions"].([]any)
		require.Len(t, list, 1, who)
		require.Equal(t, own, dig(list[0], "id"))
	}
	b.call("city", "GET", "/v1/subscriptions/"+id+"/deliveries", nil).problem(t, 404, "not_found", "")
	b.call("auditor", "DELETE", "/v1/subscriptions/"+office, nil).problem(t, 404, "not_found", "")
	b.must(200, "auditor", "DELETE", "/v1/subscriptions/"+id, nil)
}

func (b *bench) glassAnswers(d *document, id string) {
	a := b.call("city", "POST", "/v1/break-glass", map[string]any{"case_id": id, "reason": "信访核查"})
	d.check("POST", "/v1/break-glass", a)
	d.check("GET", "/v1/break-glass", b.call("auditor", "GET", "/v1/break-glass", nil))
	d.check("POST", "/v1/break-glass/{id}/review", b.call("auditor", "POST", "/v1/break-glass/"+a.json["id"].(string)+"/review", map[string]any{"finding": "justified"}))
}
