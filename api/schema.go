package api

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"guitu/bulk"
	"guitu/casework"
	"guitu/evaluation"
	"guitu/notify"
	"guitu/office"
	"guitu/rehab"
)

// newSchemas is a registry that knows how the core's own types look on the wire.
func newSchemas() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", schemaName)
	alias[rehab.Date, dateSchema](r)
	alias[rehab.ObligationID, obligationSchema](r)
	codes[rehab.Measure](r)
	codes[rehab.Risk](r)
	codes[rehab.ServiceMethod](r)
	codes[rehab.Channel](r)
	codes[rehab.Outcome](r)
	codes[rehab.TestMethod](r)
	codes[rehab.TestResult](r)
	codes[rehab.TestSite](r)
	codes[rehab.Sex](r)
	codes[rehab.Signature](r)
	codes[rehab.SkipReason](r)
	codes[rehab.HelpAnswer](r)
	codes[rehab.Circumstance](r)
	codes[rehab.Phase](r)
	codes[rehab.Role](r)
	codes[rehab.JustifiedReason](r)
	codes[rehab.Excuse](r)
	codes[rehab.Who](r)
	codes[rehab.Mood](r)
	codes[rehab.Engagement](r)
	codes[rehab.CrisisKind](r)
	codes[rehab.SupervisionForm](r)
	codes[rehab.GroupRole](r)
	codes[rehab.Stage](r)
	codes[rehab.GoalCode](r)
	codes[rehab.GoalStatus](r)
	codes[rehab.HelpClass](r)
	codes[rehab.HelpKind](r)
	codes[rehab.PositiveKind](r)
	codes[rehab.Agency](r)
	codes[rehab.ReferralKind](r)
	codes[rehab.ReferralState](r)
	codes[rehab.DeclineReason](r)
	codes[rehab.PlacementKind](r)
	codes[rehab.PlacementEnd](r)
	codes[rehab.TransferState](r)
	codes[rehab.TransferReason](r)
	codes[rehab.ReturnReason](r)
	codes[rehab.AmendmentKind](r)
	codes[rehab.HoldReason](r)
	codes[rehab.VolunteerState](r)
	alias[notify.SubscriptionKind, subscriptionKindSchema](r)
	alias[notify.DeliveryState, deliveryStateSchema](r)
	listEnums(r)
	r.Schema(reflect.TypeFor[Problem](), true, "")
	return r
}

// schemaNames are those of types that were called otherwise when their schema was published:
// a name of the contract never changes.
var schemaNames = map[reflect.Type]string{
	reflect.TypeFor[rehab.BreachStepRule]():    "MeasureRule",
	reflect.TypeFor[office.Assignment]():       "Move",
	reflect.TypeFor[office.LoadChange]():       "Shift",
	reflect.TypeFor[office.AssignmentPlan]():   "Handover",
	reflect.TypeFor[bulk.Order]():              "HandoverOrder",
	reflect.TypeFor[bulk.Operation]():          "Fleet",
	reflect.TypeFor[bulk.Item]():               "FleetItem",
	reflect.TypeFor[casework.BulkOrder]():      "FleetOrder",
	reflect.TypeFor[casework.BulkAssignment](): "FleetAssignment",
	reflect.TypeFor[BulkView]():                "FleetView",
	reflect.TypeFor[BulkList]():                "FleetList",
	reflect.TypeFor[evaluation.Metric]():       "EvaluationMeasure",
	reflect.TypeFor[BulkItems]():               "FleetItems",
}

// schemaName keeps the types of the core's neighbours apart from those of the core.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if published, ok := schemaNames[t]; ok {
		return published
	}
	switch t.PkgPath() {
	case "guitu/registers":
		return "Practice" + name
	case "guitu/evaluation":
		return "Evaluation" + name
	}
	return name
}

func alias[T, As any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[As]())
}

// codes gives a type of the core the values of its enum.
func codes[T ~string](r huma.Registry) { alias[T, codesOf[T]](r) }

type codesOf[T ~string] struct{}

func (codesOf[T]) Schema(huma.Registry) *huma.Schema {
	e, ok := rehab.EnumOf[T]()
	if !ok {
		panic("the core has no enum of " + reflect.TypeFor[T]().String())
	}
	return enum(e.Sent()...)
}

type (
	dateSchema       struct{}
	obligationSchema struct{}

	subscriptionKindSchema struct{}
	deliveryStateSchema    struct{}
)

func (dateSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Description: "A day in Asia/Shanghai.", Examples: []any{"2026-10-08"}}
}

func (obligationSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Pattern: `^[a-z_]{1,40}-[1-9][0-9]{0,8}$`, PatternDescription: "kind and number of an obligation, such as test-7",
		Description: "An obligation of the case: its kind and number.", Examples: []any{"test-7"},
	}
}

func (subscriptionKindSchema) Schema(huma.Registry) *huma.Schema {
	return enum(notify.ByMail, notify.ByWebhook, notify.ByWeCom, notify.ByDingTalk)
}

func (deliveryStateSchema) Schema(huma.Registry) *huma.Schema {
	return enum(notify.DeliveryWaiting, notify.Delivered, notify.DeliveryFailed)
}

func enum[T ~string](values ...T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

func statusText(code int) string { return strconv.Itoa(code) }

// answers documents that an operation may also answer with the same body under these
// statuses, beside its default one.
func answers[Body any](s *server, codes ...int) map[string]*huma.Response {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Body](), true, "")
	out := make(map[string]*huma.Response)
	for _, code := range codes {
		out[statusText(code)] = &huma.Response{
			Description: http.StatusText(code),
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schema}},
		}
	}
	return out
}
