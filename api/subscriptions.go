package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/input"
	"guitu/notify"
	"guitu/rehab"
)

// Subscriptions keeps who has notices delivered outside the system, and what became of each.
type Subscriptions interface {
	// Subscribe keeps a subscription. The same again is known, another under its id is a Conflict.
	Subscribe(ctx context.Context, x notify.Subscription, sealed notify.Sealed, digest string) (known bool, err error)
	// Subscription is one, ended or not; NotFound where there is none.
	Subscription(ctx context.Context, id string) (notify.Subscription, error)
	// Subscriptions of the place and below it that go on, after the id.
	Subscriptions(ctx context.Context, place, after string, limit int) ([]notify.Subscription, error)
	// Unsubscribe ends one; one that has ended stays as it ended.
	Unsubscribe(ctx context.Context, id, by string, at time.Time) error
	// Deliveries before the position, the latest first; with a state, those alone.
	Deliveries(ctx context.Context, subscription string, state notify.DeliveryState, before int64, limit int) ([]notify.Delivery, error)
	DeliveryCounts(ctx context.Context) (map[notify.DeliveryState]int64, error)
}

// Targets knows where this installation sends to.
type Targets interface {
	// CheckTarget refuses an address, or answers with what may be shown of it.
	CheckTarget(kind notify.SubscriptionKind, target string) (shown string, err error)
	// NewSecret makes the key that a webhook is signed with.
	NewSecret() string
}

// SubscriptionOrder says whose notices, or what changes of cases, go where.
type SubscriptionOrder struct {
	Place    string                  `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Notices to this place and those below it; the actor's own by default."`
	Role     rehab.Role              `json:"role,omitempty" doc:"Of whom the notices are to: worker, station_head, district or city. Needed, save with events."`
	Worker   string                  `json:"worker,omitempty" maxLength:"64" doc:"With the role worker: the notices to this one alone."`
	Types    []noticeType            `json:"types,omitempty" maxItems:"50" nullable:"false" doc:"Types of notices (GET /v1/webhook-events); all where there are none."`
	Channels []string                `json:"channels,omitempty" maxItems:"20" nullable:"false" doc:"Channels by which the policy has a rung of a ladder told, as in its file; all where there are none. What no rung tells has the channel inbox."`
	Events   []eventType             `json:"events,omitempty" maxItems:"50" nullable:"false" doc:"Kinds of changes of cases (GET /v1/webhook-events), for a webhook: instead of notices. They go with no role, worker, types or channels."`
	Kind     notify.SubscriptionKind `json:"kind"`
	Target   string                  `json:"target" minLength:"3" maxLength:"500" doc:"A mail address, or the address of the webhook or robot. It is kept encrypted and not shown again."`
	Secret   string                  `json:"secret,omitempty" maxLength:"200" doc:"The key of a DingTalk robot that asks for signatures. That of a webhook is made here."`
	Language string                  `json:"language,omitempty" enum:"zh,en" doc:"Of mails and robots; zh by default."`
}

// SubscriptionView is a subscription; Secret is there once, in the answer that made it.
type SubscriptionView struct {
	notify.Subscription
	Secret string `json:"secret,omitempty" doc:"The key that deliveries to the webhook are signed with. It is not shown again."`
}

// SubscriptionList is a page of subscriptions. Next is the value of after for the next page.
type SubscriptionList struct {
	Subscriptions []notify.Subscription `json:"subscriptions" nullable:"false"`
	Next          string                `json:"next,omitempty"`
}

// noticeType and eventType are texts whose schema lists what there is.
type (
	noticeType string
	eventType  string
)

func (noticeType) Schema(huma.Registry) *huma.Schema { return enum(notify.NoticeTypes()...) }

func (eventType) Schema(huma.Registry) *huma.Schema {
	var types []string
	for _, e := range notify.Events() {
		types = append(types, e.Type)
	}
	return enum(types...)
}

func plain[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = string(list[i])
	}
	return out
}

// WebhookEvents is the catalogue of what a webhook can be subscribed to.
type WebhookEvents struct {
	Events  []notify.Event `json:"events" nullable:"false" doc:"Changes of cases, for events of a subscription."`
	Notices []string       `json:"notices" nullable:"false" doc:"Types of notices, for types of a subscription."`
}

// DeliveryList is a page of deliveries, the latest first. Next is the value of before for the next page.
type DeliveryList struct {
	Deliveries []notify.Delivery `json:"deliveries" nullable:"false"`
	Next       int64             `json:"next,omitempty"`
}

func (s *server) subscriptionRoutes() {
	tag := []string{"notices"}
	operation(s, huma.Operation{OperationID: "create-subscription", Method: http.MethodPost, Path: "/v1/subscriptions", Tags: tag, DefaultStatus: http.StatusCreated,
		Summary: "Have notices delivered by mail, to another system or to a group chat, or changes of cases to a webhook", Responses: answers[SubscriptionView](s, http.StatusOK)}, s.subscribe)
	operation(s, huma.Operation{OperationID: "list-webhook-events", Method: http.MethodGet, Path: "/v1/webhook-events", Tags: tag,
		Summary: "List what a webhook can be subscribed to"}, s.webhookEvents)
	operation(s, huma.Operation{OperationID: "list-subscriptions", Method: http.MethodGet, Path: "/v1/subscriptions", Tags: tag,
		Summary: "List the subscriptions of a place and below it"}, s.subscriptions)
	operation(s, huma.Operation{OperationID: "end-subscription", Method: http.MethodDelete, Path: "/v1/subscriptions/{id}", Tags: tag,
		Summary: "End a subscription and forget its target and secret"}, s.unsubscribe)
	operation(s, huma.Operation{OperationID: "list-deliveries", Method: http.MethodGet, Path: "/v1/subscriptions/{id}/deliveries", Tags: tag,
		Summary: "List what became of the notices of a subscription, the latest first"}, s.deliveries)
}

type webhookEventsOutput struct{ Body WebhookEvents }

func (*server) webhookEvents(context.Context, rehab.Actor, *struct{}) (*webhookEventsOutput, error) {
	return &webhookEventsOutput{WebhookEvents{Events: notify.Events(), Notices: notify.NoticeTypes()}}, nil
}

type subscribeInput struct {
	KeyInput
	Body SubscriptionOrder
}

type subscriptionInput struct {
	ID string `path:"id" maxLength:"64"`
}

type subscriptionOutput struct {
	Status int
	Body   SubscriptionView
}

// subscribe answers with the secret of a webhook the first time alone.
func (s *server) subscribe(ctx context.Context, a rehab.Actor, in *subscribeInput) (*subscriptionOutput, error) {
	o := in.Body
	if err := permitSubscriptions(a); err != nil {
		return nil, err
	}
	prefix, _ := casework.Area(a)
	if o.Place == "" {
		o.Place = prefix
	}
	if !casework.Covers(a, o.Place) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "this place lies outside your area", Field: "place"}
	}
	digest, err := s.work.Digest("subscription", "", a.ID, o, casework.Facts{})
	if err != nil {
		return nil, err
	}
	if o.Language == "" {
		o.Language = "zh"
	}
	id, err := in.id(a)
	if err != nil {
		return nil, err
	}
	x := notify.Subscription{ID: id, Place: o.Place, Role: o.Role, Worker: o.Worker, Types: plain(o.Types), Events: plain(o.Events), Channels: append([]string{}, o.Channels...), Kind: o.Kind, Language: o.Language,
		CreatedAt: s.Now().UTC(), By: a.ID, Active: true}
	if err := notify.CheckSubscription(x, o.Secret); err != nil {
		return nil, err
	}
	if x.Target, err = s.Targets.CheckTarget(o.Kind, o.Target); err != nil {
		return nil, err
	}
	sealed, out := notify.Sealed{Target: o.Target, Secret: o.Secret}, &subscriptionOutput{Status: http.StatusCreated}
	if o.Kind == notify.ByWebhook {
		sealed.Secret = s.Targets.NewSecret()
		out.Body.Secret = sealed.Secret
	}
	known, err := s.Subscriptions.Subscribe(ctx, x, sealed, digest)
	if err != nil {
		return nil, err
	}
	if known {
		out.Status, out.Body.Secret = http.StatusOK, ""
	}
	out.Body.Subscription, err = s.Subscriptions.Subscription(ctx, x.ID)
	return out, err
}

func permitSubscriptions(a rehab.Actor) error {
	if !slices.Contains([]rehab.Role{rehab.DistrictOffice, rehab.CityOffice, rehab.Admin}, a.Role) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "subscriptions are kept by the offices of district and city"}
	}
	return nil
}

type subscriptionsInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	After string `query:"after" maxLength:"64" pattern:"^[!-~]*$" patternDescription:"visible ASCII characters" doc:"The id of the last one seen."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type subscriptionsOutput struct{ Body SubscriptionList }

func (s *server) subscriptions(ctx context.Context, a rehab.Actor, in *subscriptionsInput) (*subscriptionsOutput, error) {
	if err := permitSubscriptions(a); err != nil {
		return nil, err
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	list, err := s.Subscriptions.Subscriptions(ctx, place, in.After, in.Limit)
	out := &subscriptionsOutput{SubscriptionList{Subscriptions: append([]notify.Subscription{}, list...)}}
	if len(list) == in.Limit {
		out.Body.Next = list[len(list)-1].ID
	}
	return out, err
}

// subscriptionInScope reads one of the actor's area. What lies outside is not there.
func (s *server) subscriptionInScope(ctx context.Context, a rehab.Actor, id string) (notify.Subscription, error) {
	if err := permitSubscriptions(a); err != nil {
		return notify.Subscription{}, err
	}
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such subscription"}
	if !input.IsToken(id, 64) {
		return notify.Subscription{}, missing
	}
	x, err := s.Subscriptions.Subscription(ctx, id)
	if err == nil && !casework.Covers(a, x.Place) {
		err = missing
	}
	return x, err
}

func (s *server) unsubscribe(ctx context.Context, a rehab.Actor, in *subscriptionInput) (*subscriptionOutput, error) {
	x, err := s.subscriptionInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.Subscriptions.Unsubscribe(ctx, x.ID, a.ID, s.Now()); err != nil {
		return nil, err
	}
	x.Active = false
	return &subscriptionOutput{http.StatusOK, SubscriptionView{Subscription: x}}, nil
}

type deliveriesInput struct {
	ID     string               `path:"id" maxLength:"64"`
	State  notify.DeliveryState `query:"state" enum:"waiting,delivered,failed" doc:"Those in this state alone."`
	Before int64                `query:"before" minimum:"0" doc:"The position of the last one seen."`
	Limit  int                  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type deliveriesOutput struct{ Body DeliveryList }

func (s *server) deliveries(ctx context.Context, a rehab.Actor, in *deliveriesInput) (*deliveriesOutput, error) {
	x, err := s.subscriptionInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Subscriptions.Deliveries(ctx, x.ID, in.State, in.Before, in.Limit)
	out := &deliveriesOutput{DeliveryList{Deliveries: append([]notify.Delivery{}, list...)}}
	if len(list) == in.Limit {
		out.Body.Next = list[len(list)-1].Position
	}
	return out, err
}
