package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/identity"
	"guitu/rehab"
)

// What an account may ask for by order numbers: a system that keeps up with its own orders
// needs no more, and whoever tries numbers soon gets none.
var (
	findCaseLimit = limit{atOnce: 8, times: 1200, in: 10 * time.Minute}
	missedLimit   = limit{atOnce: 8, times: 30, in: 10 * time.Minute} // of numbers without a case
)

func (s *server) findCaseRoutes() {
	operation(s, huma.Operation{
		OperationID: "find-case", Method: http.MethodPost, Path: "/v1/cases/find", Tags: []string{"cases"},
		Summary: "Find the id of a case by its order number", Responses: notFoundToo(),
		Description: "For other systems and offices, in their own area, by the whole number. The number is in the body, so that it stands in no address. Sealed and void cases " +
			"are not found. Each case that is found is in the read log; who asks for many numbers without a case is answered 429.",
	}, s.findCase)
}

// notFoundToo documents a 404 of an operation whose path names nothing.
func notFoundToo() map[string]*huma.Response {
	return map[string]*huma.Response{"404": {
		Description: http.StatusText(http.StatusNotFound),
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}}
}

// CaseByOrder is the order that a case was opened with.
type CaseByOrder struct {
	OrderNo string `json:"order_no" minLength:"4" maxLength:"64" example:"京公戒字〔2026〕200001号"`
}

// FoundCase is the case of an order.
type FoundCase struct {
	CaseID string `json:"case_id"`
}

type findCaseInput struct{ Body CaseByOrder }

type findCaseOutput struct{ Body FoundCase }

func (o *findCaseOutput) listed() []string { return []string{o.Body.CaseID} }

// findCase answers the same whether there is no case, or none in the actor's scope.
func (s *server) findCase(ctx context.Context, a rehab.Actor, in *findCaseInput) (*findCaseOutput, error) {
	if a.Role == rehab.Admin || a.Role == rehab.PartnerRole || a.Role == rehab.SystemRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " looks for no case"}
	}
	if err := s.limits.spent(a, "find-case-missed", missedLimit); err != nil {
		return nil, err
	}
	done, err := s.limits.take(a, "find-case", findCaseLimit)
	if err != nil {
		return nil, err
	}
	defer done()
	number, _ := identity.OrderNumber(in.Body.OrderNo)
	row, err := s.Board.Case(ctx, s.Identities.CaseIDFor(number))
	if err != nil && rehab.CodeOf(err) != rehab.NotFound {
		return nil, err
	}
	if err != nil || !casework.Sees(a, row.Place, row.Worker) || row.Phase == rehab.Sealed || row.Phase == rehab.Void {
		if missed, err := s.limits.take(a, "find-case-missed", missedLimit); err == nil {
			missed()
		}
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no case of this order number in your area"}
	}
	return &findCaseOutput{FoundCase{CaseID: row.CaseID}}, nil
}
