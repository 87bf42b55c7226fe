package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/bulk"
	"guitu/casework"
	"guitu/rehab"
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
	DryRun bool `json:"dry_run,omitempty"`
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
		Summary: "Do one thing to many cases: reassign, migrate, apply a calendar, move to another station"}, s.startBulk)
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
	f, err := s.work.StartBulk(ctx, a, in.IdempotencyKey, in.Body)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		return &bulkOutput{http.StatusOK, BulkView{f, true}}, nil
	}
	return &bulkOutput{http.StatusAccepted, BulkView{Operation: f}}, nil
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
