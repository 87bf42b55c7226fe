package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/bulk"
	"guitu/rehab"
)

// BulkStore keeps operations on many cases, and what became of each case.
type BulkStore interface {
	// SaveBulk keeps an operation with its cases. The same again changes nothing, another under
	// its id is a Conflict.
	SaveBulk(ctx context.Context, f bulk.Operation, digest string, changes []bulk.Change) error
	BulkOperation(ctx context.Context, id string) (bulk.Operation, error)
	// BulkOperations of the place and all below it, the latest first.
	BulkOperations(ctx context.Context, place string, limit int) ([]bulk.Operation, error)
	// SaveUndo notes who takes the operation back: only cases in that account's area are.
	SaveUndo(ctx context.Context, id string, by rehab.Actor) error
	// BulkItems lists the cases after the n-th, at the outcome where one is named.
	BulkItems(ctx context.Context, id string, outcome bulk.Outcome, after, limit int) ([]bulk.Item, error)
	// LiveCases lists the live cases of the place and all below it, paged by the last id
	// seen; with ids, those of them alone.
	LiveCases(ctx context.Context, place string, ids []string, after string, limit int) ([]rehab.Summary, error)
}

// BulkEngine runs operations.
type BulkEngine interface {
	// StartBulk starts the operation, or finds that it runs.
	StartBulk(ctx context.Context, f bulk.Operation, undoWindow time.Duration) error
	// SignalBulk says "pause", "continue", "cancel" or "undo".
	SignalBulk(ctx context.Context, id, action string) error
}

// BulkOrder says what is to be done to which cases.
type BulkOrder struct {
	Kind        bulk.Kind        `json:"kind"`
	Place       string           `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"All live cases of the place and below it; for assign-worker, those of assignments."`
	Assignments []BulkAssignment `json:"assignments,omitempty" maxItems:"8000" nullable:"false" doc:"For assign-worker: who gets which case."`
	Policy      *rehab.PolicyRef `json:"policy,omitempty" doc:"For migrate-policy: the version to go to."`
	To          string           `json:"to,omitempty" maxLength:"9" doc:"For move-station: the street that takes over."`
	UndoHours   int              `json:"undo_hours,omitempty" minimum:"0" maximum:"168" doc:"How long the whole can be undone; 24 by default."`
	DryRun      bool             `json:"dry_run,omitempty" doc:"Say what would be done, and do nothing."`
}

// BulkAssignment gives a case to a worker.
type BulkAssignment struct {
	CaseID string `json:"case_id" minLength:"1" maxLength:"128"`
	Worker string `json:"worker" minLength:"1" maxLength:"64"`
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
	Body BulkOrder
}

type bulkInput struct {
	ID string `path:"id" maxLength:"64"`
}

type bulkOutput struct {
	Status int
	Body   BulkView
}

// bulkPage is how many cases are read at a time.
const bulkPage = 1000

// leads lists who may act on many cases at once.
var leads = []rehab.Role{rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin}

func (s *server) startBulk(ctx context.Context, a rehab.Actor, in *startBulkInput) (*bulkOutput, error) {
	order := in.Body
	if err := permitBulk(a, order.Kind); err != nil {
		return nil, err
	}
	place, err := narrow(a, order.Place)
	if err != nil {
		return nil, err
	}
	id, err := in.id(a)
	if err != nil {
		return nil, err
	}
	f := bulk.Operation{ID: id, Kind: order.Kind, Place: place, By: a, CreatedAt: s.Now().UTC(), State: bulk.Running}
	digest, err := s.digest("fleet", "", a.ID, order, Facts{})
	if err != nil {
		return nil, err
	}
	var changes []bulk.Change
	if _, err := s.Bulk.BulkOperation(ctx, f.ID); rehab.CodeOf(err) == rehab.NotFound && err != nil { // not the second try of an operation that is known
		if changes, err = s.planBulk(ctx, a, order, place); err != nil {
			return nil, err
		}
	}
	if order.DryRun {
		f.Total, f.Outcomes = len(changes), map[bulk.Outcome]int{bulk.Pending: len(changes)}
		return &bulkOutput{http.StatusOK, BulkView{f, true}}, nil
	}
	if err := s.Bulk.SaveBulk(ctx, f, digest, changes); err != nil {
		return nil, err
	}
	if f, err = s.Bulk.BulkOperation(ctx, f.ID); err != nil {
		return nil, err
	}
	hours := order.UndoHours
	if hours == 0 {
		hours = 24
	}
	if err := s.BulkEngine.StartBulk(ctx, f, time.Duration(hours)*time.Hour); err != nil {
		return nil, err
	}
	return &bulkOutput{http.StatusAccepted, BulkView{Operation: f}}, nil
}

// permitBulk holds the role against the kind: what the command of each case needs.
func permitBulk(a rehab.Actor, kind bulk.Kind) error {
	if !slices.Contains(leads, a.Role) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " may not act on many cases at once"}
	}
	switch kind {
	case bulk.Reassign, bulk.Migrate, bulk.ApplyCalendar, bulk.MoveStation:
		return permit(a, string(kind))
	}
	return rehab.InvalidField("kind", "%q is not one of assign-worker, migrate-policy, apply-calendar, move-station", string(kind))
}

// planBulk finds the cases and what is to be done to each. Cases that have nothing to
// change are left out; a case that is named and not there is an error.
func (s *server) planBulk(ctx context.Context, a rehab.Actor, o BulkOrder, place string) ([]bulk.Change, error) {
	if o.Kind == bulk.Reassign {
		return s.planReassignment(ctx, o, place)
	}
	body, err := s.bulkBody(ctx, a, o)
	if err != nil {
		return nil, err
	}
	var out []bulk.Change
	for after := ""; ; {
		rows, err := s.Bulk.LiveCases(ctx, place, nil, after, bulkPage)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if c, ok := bulk.ChangeOf(row, body); ok {
				out = append(out, c)
			}
		}
		if len(rows) < bulkPage {
			return nonEmpty(out)
		}
		after = rows[len(rows)-1].CaseID
	}
}

func nonEmpty(changes []bulk.Change) ([]bulk.Change, error) {
	if len(changes) == 0 {
		return nil, &rehab.Error{Code: rehab.Refused, Field: "place", Message: "no case has anything to change"}
	}
	return changes, nil
}

// bulkBody is the command that all cases get alike.
func (s *server) bulkBody(ctx context.Context, a rehab.Actor, o BulkOrder) (rehab.CommandBody, error) {
	switch o.Kind {
	case bulk.Migrate:
		if o.Policy == nil {
			return nil, rehab.InvalidField("policy", "is missing")
		}
		if s.Policies.Policy(*o.Policy) == nil {
			return nil, &rehab.Error{Code: rehab.NotFound, Field: "policy", Message: "there is no policy " + o.Policy.String()}
		}
		return rehab.MigratePolicy{To: *o.Policy}, nil
	case bulk.MoveStation:
		if !rehab.PlaceCode(o.Place).IsStreet() {
			return nil, rehab.InvalidField("place", "is the street whose station closes: nine digits")
		}
		err := s.mayMove(ctx, a, o.Place, o.To)
		if err != nil {
			at := *err
			at.Field = "to"
			return nil, &at
		}
		return rehab.MoveStation{Place: o.To}, nil
	}
	return rehab.ApplyCalendar{}, nil
}

// planReassignment holds every assignment against the scope and the registry before the
// first case is touched.
func (s *server) planReassignment(ctx context.Context, o BulkOrder, place string) ([]bulk.Change, error) {
	if len(o.Assignments) == 0 {
		return nil, rehab.InvalidField("assignments", "is missing")
	}
	worker := make(map[string]string, len(o.Assignments))
	var ids []string
	for _, x := range o.Assignments {
		switch _, twice := worker[x.CaseID]; {
		case twice:
			return nil, rehab.InvalidField("assignments", "the case %s is there twice", printable(x.CaseID))
		case !isWorker(x.Worker):
			return nil, rehab.InvalidField("assignments", notAWorker)
		}
		worker[x.CaseID] = x.Worker
		ids = append(ids, x.CaseID)
	}
	var out []bulk.Change
	found, asked := 0, make(map[[2]string]bool)
	for part := range slices.Chunk(ids, bulkPage) {
		rows, err := s.Bulk.LiveCases(ctx, place, part, "", bulkPage)
		if err != nil {
			return nil, err
		}
		found += len(rows)
		for _, row := range rows {
			body := rehab.AssignWorker{Worker: worker[row.CaseID]}
			if pair := [2]string{body.Worker, row.Place}; !asked[pair] {
				asked[pair] = true
				if _, err := s.mayTake(ctx, body.Worker, row.Place, true); err != nil {
					return nil, err
				}
			}
			if c, ok := bulk.ChangeOf(row, body); ok {
				out = append(out, c)
			}
		}
	}
	if found != len(ids) {
		return nil, &rehab.Error{Code: rehab.NotFound, Field: "assignments", Message: "some of the cases are not there or closed"}
	}
	return nonEmpty(out)
}

// bulkInScope reads an operation. What reaches beyond the actor's area is not there.
func (s *server) bulkInScope(ctx context.Context, a rehab.Actor, id string) (bulk.Operation, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such fleet"}
	if !slices.Contains(leads, a.Role) || !isToken(id, 64) {
		return bulk.Operation{}, missing
	}
	f, err := s.Bulk.BulkOperation(ctx, id)
	if err == nil && !covers(a, f.Place) {
		return bulk.Operation{}, missing
	}
	return f, err
}

func (s *server) bulk(ctx context.Context, a rehab.Actor, in *bulkInput) (*bulkOutput, error) {
	f, err := s.bulkInScope(ctx, a, in.ID)
	return &bulkOutput{http.StatusOK, BulkView{Operation: f}}, err
}

// bulkActions are the states in which an operation can be told something.
var bulkActions = map[string][]bulk.State{
	"pause": {bulk.Running, bulk.Undoing}, "continue": {bulk.Running, bulk.Undoing},
	"cancel": {bulk.Running}, "undo": {bulk.Undoable},
}

func (s *server) signalBulk(ctx context.Context, a rehab.Actor, id, action string) (*bulkOutput, error) {
	f, err := s.bulkInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := permitBulk(a, f.Kind); err != nil {
		return nil, err
	}
	if !slices.Contains(bulkActions[action], f.State) {
		return nil, &rehab.Error{Code: rehab.Refused, Message: "the fleet is " + string(f.State) + ": it takes no " + action}
	}
	if action == "undo" {
		if err := s.Bulk.SaveUndo(ctx, id, a); err != nil {
			return nil, err
		}
	}
	if err := s.BulkEngine.SignalBulk(ctx, id, action); err != nil {
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
	if !slices.Contains(leads, a.Role) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " does not see fleets"}
	}
	place, err := narrow(a, in.Place)
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
	if _, err := s.bulkInScope(ctx, a, in.ID); err != nil {
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
