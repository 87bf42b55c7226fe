package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/bulk"
	"guitu/casework"
	"guitu/rehab"
	"guitu/words"
)

// BulkStore keeps operations on many cases, and what became of each case.
type BulkStore interface {
	casework.BulkStore
	// BulkOperations of the place and all below it, the latest first.
	BulkOperations(ctx context.Context, place string, limit int) ([]bulk.Operation, error)
	// BulkItems lists the cases after the n-th, at the outcome where one is named.
	BulkItems(ctx context.Context, id string, outcome bulk.Outcome, after, limit int) ([]bulk.Item, error)
}

// BulkView is an operation and how far it is.
type BulkView struct {
	bulk.Operation
	DryRun bool        `json:"dry_run,omitempty"`
	Tried  []BulkTrial `json:"tried,omitempty" nullable:"false" doc:"Of a dry run with try: what would become of each case."`
	Next   int         `json:"next,omitempty" doc:"The value of try_after for the next page of tried."`
}

// BulkTrial is what would become of one case of a bulk operation.
type BulkTrial struct {
	N       int          `json:"n"`
	CaseID  string       `json:"case_id"`
	Outcome bulk.Outcome `json:"outcome" enum:"done,refused"`
	Body    string       `json:"body" doc:"JSON of the command's body."`
	Problem *Problem     `json:"problem,omitempty" doc:"What the case would be answered."`
}

func (v BulkView) in(lang words.Lang) any {
	v.Tried = slices.Clone(v.Tried)
	for i := range v.Tried {
		if p := v.Tried[i].Problem; p != nil {
			v.Tried[i].Problem = p.in(lang)
		}
	}
	return v
}

// BulkList is a list of operations, the latest first.
type BulkList struct {
	Operations []bulk.Operation `json:"fleets" nullable:"false"`
}

// BulkItems is a page of the cases of an operation. Next is the value of after for the next page.
type BulkItems struct {
	Items []bulk.Item `json:"items" nullable:"false"`
	Next  int         `json:"next,omitempty"`
}

func (s *server) bulkRoutes() {
	tag := []string{"fleets"}
	operation(s, huma.Operation{OperationID: "start-fleet", Method: http.MethodPost, Path: "/v1/fleets", Tags: tag, DefaultStatus: http.StatusAccepted,
		Summary: "Do one thing to many cases: reassign, migrate, apply a calendar, move to another station", Responses: answers[BulkView](s, http.StatusOK),
		Description: "With dry_run nothing is done, and with try as well so many cases are tried one by one: by the very decision that each command takes. " +
			"An assignment that cannot be made is refused by itself then, where the operation would not begin."}, s.startBulk)
	operation(s, huma.Operation{OperationID: "list-fleets", Method: http.MethodGet, Path: "/v1/fleets", Tags: tag, Summary: "List fleets, the latest first"}, s.bulkList)
	operation(s, huma.Operation{OperationID: "get-fleet", Method: http.MethodGet, Path: "/v1/fleets/{id}", Tags: tag, Summary: "Show how far a fleet is"}, s.bulk)
	operation(s, huma.Operation{OperationID: "list-fleet-items", Method: http.MethodGet, Path: "/v1/fleets/{id}/items", Tags: tag,
		Summary: "List what became of each case of a fleet"}, s.bulkItems)
	for action, summary := range map[string]string{
		"pause": "Begin no further case", "continue": "Go on after a pause", "cancel": "Leave the cases alone whose turn has not come",
		"undo": "Take the whole fleet back, while its window is open",
	} {
		operation(s, huma.Operation{OperationID: action + "-fleet", Method: http.MethodPost, Path: "/v1/fleets/{id}/" + action, Tags: tag, DefaultStatus: http.StatusAccepted, Summary: summary},
			func(ctx context.Context, a rehab.Actor, in *bulkInput) (*bulkOutput, error) {
				return s.signalBulk(ctx, a, in.ID, action)
			})
	}
}

type startBulkInput struct {
	KeyInput
	Body casework.BulkOrder
}

type bulkInput struct {
	ID string `path:"id" maxLength:"64"`
}

type bulkOutput struct {
	Status int
	Body   BulkView
}

func (s *server) startBulk(ctx context.Context, a rehab.Actor, in *startBulkInput) (*bulkOutput, error) {
	if in.Body.DryRun && in.Body.Try > 0 {
		return s.tryBulk(ctx, a, in.Body)
	}
	f, err := s.work.StartBulk(ctx, a, in.IdempotencyKey, in.Body)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		return &bulkOutput{http.StatusOK, BulkView{Operation: f, DryRun: true}}, nil
	}
	return &bulkOutput{http.StatusAccepted, BulkView{Operation: f}}, nil
}

// tryBulk says what would become of each case.
func (s *server) tryBulk(ctx context.Context, a rehab.Actor, order casework.BulkOrder) (*bulkOutput, error) {
	found, err := s.work.TryBulk(ctx, a, order)
	if err != nil {
		return nil, err
	}
	out := BulkView{DryRun: true, Next: found.Next, Operation: bulk.Operation{
		Kind: order.Kind, Place: found.Place, By: a, CreatedAt: s.Now().UTC(), State: bulk.Running, Total: found.Total, Outcomes: map[bulk.Outcome]int{bulk.Pending: found.Total - found.Refused},
	}}
	if found.Refused > 0 {
		out.Outcomes[bulk.Refused] = found.Refused
	}
	for _, t := range found.Tried {
		body, err := json.Marshal(t.Body)
		if err != nil {
			return nil, err
		}
		x := BulkTrial{N: t.N, CaseID: t.CaseID, Outcome: bulk.Acted, Body: string(body)}
		if t.Refusal != nil {
			x.Outcome, x.Problem = bulk.Refused, problemOf(t.Refusal)
		}
		out.Tried = append(out.Tried, x)
	}
	return &bulkOutput{http.StatusOK, out}, nil
}

func (s *server) bulk(ctx context.Context, a rehab.Actor, in *bulkInput) (*bulkOutput, error) {
	f, err := s.work.BulkInScope(ctx, a, in.ID)
	return &bulkOutput{http.StatusOK, BulkView{Operation: f}}, err
}

func (s *server) signalBulk(ctx context.Context, a rehab.Actor, id, action string) (*bulkOutput, error) {
	f, err := s.work.SignalBulk(ctx, a, id, action)
	if err != nil {
		return nil, err
	}
	return &bulkOutput{http.StatusAccepted, BulkView{Operation: f}}, nil
}

type bulkListInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type bulkListOutput struct{ Body BulkList }

func (s *server) bulkList(ctx context.Context, a rehab.Actor, in *bulkListInput) (*bulkListOutput, error) {
	if !casework.Leads(a.Role) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " does not see fleets"}
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	list, err := s.Bulk.BulkOperations(ctx, place, in.Limit)
	return &bulkListOutput{BulkList{append([]bulk.Operation{}, list...)}}, err
}

type bulkItemsInput struct {
	ID      string       `path:"id" maxLength:"64"`
	Outcome bulk.Outcome `query:"outcome" enum:",pending,done,refused,left,kept,undone,not_undone"`
	After   int          `query:"after" minimum:"0" maximum:"2147483647"`
	Limit   int          `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type bulkItemsOutput struct{ Body BulkItems }

func (s *server) bulkItems(ctx context.Context, a rehab.Actor, in *bulkItemsInput) (*bulkItemsOutput, error) {
	if _, err := s.work.BulkInScope(ctx, a, in.ID); err != nil {
		return nil, err
	}
	items, err := s.Bulk.BulkItems(ctx, in.ID, in.Outcome, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &bulkItemsOutput{BulkItems{Items: append([]bulk.Item{}, items...)}}
	out.Body.Items, out.Body.Next = upTo(out.Body.Items, in.Limit, func(x bulk.Item) int { return x.N })
	return out, nil
}
