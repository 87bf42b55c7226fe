package api

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"guitu/office"
	"guitu/rehab"
)

// newSchemas is a registry that knows how the core's own types look on the wire.
func newSchemas() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", schemaName)
	alias[rehab.Date, dateSchema](r)
	alias[rehab.ObligationID, obligationSchema](r)
	alias[rehab.Measure, measureSchema](r)
	alias[rehab.Risk, riskSchema](r)
	alias[rehab.ServiceMethod, serviceSchema](r)
	alias[rehab.Channel, channelSchema](r)
	alias[rehab.Outcome, outcomeSchema](r)
	alias[rehab.TestMethod, testMethodSchema](r)
	alias[rehab.TestResult, testResultSchema](r)
	alias[rehab.TestSite, testSiteSchema](r)
	alias[rehab.Sex, sexSchema](r)
	alias[rehab.Signature, signatureSchema](r)
	alias[rehab.SkipReason, skipSchema](r)
	alias[rehab.HelpAnswer, helpAnswerSchema](r)
	alias[rehab.Circumstance, circumstanceSchema](r)
	alias[rehab.Phase, phaseSchema](r)
	alias[rehab.Role, roleSchema](r)
	alias[rehab.JustifiedReason, reasonSchema](r)
	helpSchemas(r)
	careSchemas(r)
	referralSchemas(r)
	alias[office.SubscriptionKind, subscriptionKindSchema](r)
	alias[office.DeliveryState, deliveryStateSchema](r)
	alias[rehab.TransferState, transferStateSchema](r)
	alias[rehab.TransferReason, transferReasonSchema](r)
	alias[rehab.AmendmentKind, amendmentKindSchema](r)
	alias[rehab.ReturnReason, returnReasonSchema](r)
	r.Schema(reflect.TypeFor[Problem](), true, "")
	return r
}

// schemaName keeps the types of the core's neighbours apart from those of the core.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.PkgPath() {
	case "guitu/practice":
		return "Practice" + name
	case "guitu/evaluation":
		return "Evaluation" + name
	}
	return name
}

func alias[T, As any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[As]())
}

// The schemas of the core's types. The lists are those of the core; a test compares them.
type (
	dateSchema       struct{}
	obligationSchema struct{}
	measureSchema    struct{}
	riskSchema       struct{}
	serviceSchema    struct{}
	channelSchema    struct{}
	outcomeSchema    struct{}
	testMethodSchema struct{}
	testResultSchema struct{}
	testSiteSchema   struct{}
	sexSchema        struct{}
	phaseSchema      struct{}
	roleSchema       struct{}
	reasonSchema     struct{}

	transferStateSchema  struct{}
	transferReasonSchema struct{}
	returnReasonSchema   struct{}
	amendmentKindSchema  struct{}

	subscriptionKindSchema struct{}
	deliveryStateSchema    struct{}

	signatureSchema    struct{}
	skipSchema         struct{}
	helpAnswerSchema   struct{}
	circumstanceSchema struct{}
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

func (measureSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Treatment, rehab.Rehabilitation)
}

func (riskSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.High, rehab.Medium, rehab.Low)
}

func (serviceSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.ServiceMethods()...)
}

func (channelSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Phone, rehab.SMS, rehab.Video, rehab.Talk, rehab.HomeVisit, rehab.FamilyVisit, rehab.JointVisit)
}

func (outcomeSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Met, rehab.NoAnswer, rehab.Declined, rehab.WrongNumber, rehab.FamilyMet, rehab.NotAtHome, rehab.MovedAway, rehab.Sent, rehab.Replied)
}

func (testMethodSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Urine, rehab.Saliva, rehab.Blood, rehab.Hair)
}

func (testResultSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Negative, rehab.PositiveProvisional, rehab.PositiveConfirmed, rehab.TestRefused, rehab.TestEvaded)
}

func (testSiteSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.AtStation, rehab.AtPolice, rehab.AtLaboratory)
}

func (sexSchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.Male, rehab.Female) }

func (phaseSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.AwaitingReportIn, rehab.AwaitingAgreement, rehab.InExecution, rehab.TermEnded, rehab.Released, rehab.Suspended, rehab.Terminated, rehab.AwaitingSealing, rehab.Sealed,
		rehab.TransferredAway, rehab.Void)
}

func (roleSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin, rehab.SystemRole, rehab.IntegrationRole, rehab.PartnerRole)
}

func (reasonSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.InCustody, rehab.Illness, rehab.Bereaved, rehab.Disaster, rehab.WorkReason, rehab.OtherCause)
}

func (transferStateSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.TransferIsRequested, rehab.TransferIsForwarded, rehab.TransferIsReturned, rehab.TransferIsAccepted, rehab.TransferIsMissed,
		rehab.TransferIsArrived, rehab.TransferIsWithdrawn, rehab.TransferIsOver, rehab.TransferIsOvertaken, rehab.TransferIsOut)
}

func (transferReasonSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.HouseholdMoved, rehab.ResidenceMoved)
}

func (returnReasonSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.NotResident, rehab.FileIncomplete, rehab.OtherStreet, rehab.OtherGround, rehab.Silence)
}

func (amendmentKindSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Correction, rehab.Withdrawal, rehab.Voiding)
}

func (subscriptionKindSchema) Schema(huma.Registry) *huma.Schema {
	return enum(office.ByMail, office.ByWebhook, office.ByWeCom, office.ByDingTalk)
}

func (deliveryStateSchema) Schema(huma.Registry) *huma.Schema {
	return enum(office.DeliveryWaiting, office.Delivered, office.DeliveryFailed)
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

func (signatureSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Signed, rehab.SignatureRefused, rehab.NotPresent)
}

func (skipSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.SkipSerious, rehab.SkipRepeated, rehab.SkipRelapse, rehab.SkipOther)
}

func (helpAnswerSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.HelpAccepted, rehab.HelpConsidered, rehab.HelpDeclined)
}

func (circumstanceSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Pregnant, rehab.Nursing, rehab.Under16)
}
