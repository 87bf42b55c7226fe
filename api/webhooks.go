package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/notify"
	"guitu/rehab"
)

// exampleAt is when what the examples tell happened.
var exampleAt = time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)

// describeWebhooks adds to the document what is sent to the webhooks of subscriptions.
func (s *server) describeWebhooks() {
	document := s.api.OpenAPI()
	document.Webhooks = map[string]*huma.PathItem{
		"notice": {Post: s.hook("notice", "A notice to somebody, as GET /v1/inbox shows it", reflect.TypeFor[notify.NoticeHook](), notify.NoticeHook{
			Type: "notice", Timestamp: exampleAt, Data: board.NoticeRow{Position: 77, CaseID: "c-2q7zjk3r", Seq: 9, CreatedAt: exampleAt, Notice: rehab.Notice{
				Role: rehab.StationHead, Place: "110101001", Worker: "w-001", Type: "escalation_opened", Channel: rehab.Inbox, Escalation: 5, Obligation: rehab.ObligationID{Kind: rehab.TestDuty, N: 3},
			}},
		})},
	}
	for _, e := range notify.Events() {
		document.Webhooks[e.Type] = &huma.PathItem{Post: s.hook(e.Type, e.ZH+": "+e.EN, reflect.TypeFor[notify.ChangeHook](), notify.ChangeHook{
			Type: e.Type, Timestamp: exampleAt, Data: notify.HookChange{
				Position: 4711, CaseID: "c-2q7zjk3r", Seq: 9, Event: e.Ledger[0], Phase: rehab.InExecution, Place: "110101001", Worker: "w-001",
			},
		})}
	}
}

func (s *server) hook(name, summary string, body reflect.Type, example any) *huma.Operation {
	header := func(name, says, example string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: says, Schema: &huma.Schema{Type: huma.TypeString}, Example: example}
	}
	return &huma.Operation{
		OperationID: "webhook-" + name, Method: http.MethodPost, Tags: []string{tagWebhooks}, Summary: summary,
		Description: "Signed as Standard Webhooks says. Answer any 2xx within ten seconds, and drop an id that came before: a delivery may arrive twice.",
		Parameters: []*huma.Param{
			header("webhook-id", "The same at every try of a delivery.", "01j9subscription-77"),
			header("webhook-timestamp", "Seconds since 1970 at which it was sent; refuse one that is minutes old.", "1792468800"),
			header("webhook-signature", "v1, and the base64 of the HMAC-SHA256 of webhook-id.webhook-timestamp.body, under the bytes after whsec_ of the subscription's secret.", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(body, true, ""), Example: example}}},
		Responses: map[string]*huma.Response{
			"2XX": {Description: "It arrived."},
			"4XX": {Description: "It did not: it is sent again, later and later."},
		},
		Security: []map[string][]string{},
	}
}
