package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/office"
	"guitu/rehab"
)

// Fleets keeps operations on many cases, and what became of each case.
type Fleets interface {
	// SaveFleet keeps a fleet with its cases. The same again changes nothing, another under
	// its id is a Conflict.
	SaveFleet(ctx context.Context, f office.Fleet, digest string, changes []office.Change) error
	Fleet(ctx context.Context, id string) (office.Fleet, error)
	// Fleets of the place and all below it, the latest first.
	Fleets(ctx context.Context, place string, limit int) ([]office.Fleet, error)
	// SaveUndo notes who takes the fleet back: only cases in that account's area are.
	SaveUndo(ctx context.Context, id string, by rehab.Actor) error
	// FleetItems lists the cases after the n-th, at the outcome where one is named.
	FleetItems(ctx context.Context, id string, outcome office.Outcome, after, limit int) ([]office.FleetItem, error)
	// LiveCases lists the live cases of the place and all below it, paged by the last id
	// seen; with ids, those of them alone.
	LiveCases(ctx context.Context, place string, ids []string, after string, limit int) ([]rehab.Summary, error)
}

// FleetEngine runs fleets.
type FleetEngine interface {
	// StartFleet starts the fleet, or finds that it runs.
	StartFleet(ctx context.Context, f office.Fleet, undoWindow time.Duration) error
	// TellFleet says "pause", "continue", "cancel" or "undo".
	TellFleet(ctx context.Context, id, wish string) error
}

// FleetOrder says what is to be done to which cases.
type FleetOrder struct {
	Kind        office.FleetKind  `json:"kind"`
	Place       string            `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"All live cases of the place and below it; for assign-worker, those of assignments."`
	Assignments []FleetAssignment `json:"assignments,omitempty" maxItems:"8000" nullable:"false" doc:"For assign-worker: who gets which case."`
	Policy      *rehab.PolicyRef  `json:"policy,omitempty" doc:"For migrate-policy: the version to go to."`
	To          string            `json:"to,omitempty" maxLength:"9" doc:"For move-station: the street that takes over."`
	UndoHours   int               `json:"undo_hours,omitempty" minimum:"0" maximum:"168" doc:"How long the whole can be undone; 24 by default."`
	DryRun      bool              `json:"dry_run,omitempty" doc:"Say what would be done, and do nothing."`
}

// FleetAssignment gives a case to a worker.
type FleetAssignment struct {
	CaseID string `json:"case_id" minLength:"1" maxLength:"128"`
	Worker string `json:"worker" minLength:"1" maxLength:"64"`
}

// FleetView is a fleet and how far it is.
type FleetView struct {
	office.Fleet
	DryRun bool `json:"dry_run,omitempty"`
}

// FleetList is a list of fleets, the latest first.
type FleetList struct {
	Fleets []office.Fleet `json:"fleets" nullable:"false"`
}

// FleetItems is a page of the cases of a fleet. Next is the value of after for the next page.
type FleetItems struct {
	Items []office.FleetItem `json:"items" nullable:"false"`
	Next  int                `json:"next,omitempty"`
}

func (s *server) fleetRoutes() {
	tag := []string{"fleets"}
	operation(s, huma.Operation{OperationID: "start-fleet", Method: http.MethodPost, Path: "/v1/fleets", Tags: tag, DefaultStatus: http.StatusAccepted,
		Summary: "Do one thing to many cases: reassign, migrate, apply a calendar, move to another station"}, s.startFleet)
	operation(s, huma.Operation{OperationID: "list-fleets", Method: http.MethodGet, Path: "/v1/fleets", Tags: tag, Summary: "List fleets, the latest first"}, s.fleets)
	operation(s, huma.Operation{OperationID: "get-fleet", Method: http.MethodGet, Path: "/v1/fleets/{id}", Tags: tag, Summary: "Show how far a fleet is"}, s.fleet)
	operation(s, huma.Operation{OperationID: "list-fleet-items", Method: http.MethodGet, Path: "/v1/fleets/{id}/items", Tags: tag,
		Summary: "List what became of each case of a fleet"}, s.fleetItems)
	for wish, summary := range map[string]string{
		"pause": "Begin no further case", "continue": "Go on after a pause", "cancel": "Leave the cases alone whose turn has not come",
		"undo": "Take the whole fleet back, while its window is open",
	} {
		operation(s, huma.Operation{OperationID: wish + "-fleet", Method: http.MethodPost, Path: "/v1/fleets/{id}/" + wish, Tags: tag, DefaultStatus: http.StatusAccepted, Summary: summary},
			func(ctx context.Context, a rehab.Actor, in *fleetInput) (*fleetOutput, error) {
				return s.tellFleet(ctx, a, in.ID, wish)
			})
	}
}

type startFleetInput struct {
	KeyInput
	Body FleetOrder
}

type fleetInput struct {
	ID string `path:"id" maxLength:"64"`
}

type fleetOutput struct {
	Status int
	Body   FleetView
}

// fleetPage is how many cases are read at a time.
const fleetPage = 1000

// leads lists who may act on many cases at once.
var leads = []rehab.Role{rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin}

func (s *server) startFleet(ctx context.Context, a rehab.Actor, in *startFleetInput) (*fleetOutput, error) {
	order := in.Body
	if err := permitFleet(a, order.Kind); err != nil {
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
	f := office.Fleet{ID: id, Kind: order.Kind, Place: place, By: a, CreatedAt: s.Now().UTC(), State: office.FleetRunning}
	digest, err := s.digest("fleet", "", a.ID, order, Facts{})
	if err != nil {
		return nil, err
	}
	var changes []office.Change
	if _, err := s.Fleets.Fleet(ctx, f.ID); rehab.CodeOf(err) == rehab.NotFound && err != nil { // not the second try of a fleet that is known
		if changes, err = s.planFleet(ctx, a, order, place); err != nil {
			return nil, err
		}
	}
	if order.DryRun {
		f.Total, f.Outcomes = len(changes), map[office.Outcome]int{office.Pending: len(changes)}
		return &fleetOutput{http.StatusOK, FleetView{f, true}}, nil
	}
	if err := s.Fleets.SaveFleet(ctx, f, digest, changes); err != nil {
		return nil, err
	}
	if f, err = s.Fleets.Fleet(ctx, f.ID); err != nil {
		return nil, err
	}
	hours := order.UndoHours
	if hours == 0 {
		hours = 24
	}
	if err := s.FleetEngine.StartFleet(ctx, f, time.Duration(hours)*time.Hour); err != nil {
		return nil, err
	}
	return &fleetOutput{http.StatusAccepted, FleetView{Fleet: f}}, nil
}

// permitFleet holds the role against the kind: what the command of each case needs.
func permitFleet(a rehab.Actor, kind office.FleetKind) error {
	if !slices.Contains(leads, a.Role) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " may not act on many cases at once"}
	}
	switch kind {
	case office.Reassign, office.Migrate, office.ApplyCalendar, office.MoveStation:
		return permit(a, string(kind))
	}
	return rehab.InvalidField("kind", "%q is not one of assign-worker, migrate-policy, apply-calendar, move-station", string(kind))
}

// planFleet finds the cases and what is to be done to each. Cases that have nothing to
// change are left out; a case that is named and not there is an error.
func (s *server) planFleet(ctx context.Context, a rehab.Actor, o FleetOrder, place string) ([]office.Change, error) {
	if o.Kind == office.Reassign {
		return s.planReassignment(ctx, o, place)
	}
	body, err := s.fleetBody(ctx, a, o)
	if err != nil {
		return nil, err
	}
	var out []office.Change
	for after := ""; ; {
		rows, err := s.Fleets.LiveCases(ctx, place, nil, after, fleetPage)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if c, ok := office.ChangeOf(row, body); ok {
				out = append(out, c)
			}
		}
		if len(rows) < fleetPage {
			return nonEmpty(out)
		}
		after = rows[len(rows)-1].CaseID
	}
}

func nonEmpty(changes []office.Change) ([]office.Change, error) {
	if len(changes) == 0 {
		return nil, &rehab.Error{Code: rehab.Refused, Field: "place", Message: "no case has anything to change"}
	}
	return changes, nil
}

// fleetBody is the command that all cases get alike.
func (s *server) fleetBody(ctx context.Context, a rehab.Actor, o FleetOrder) (rehab.CommandBody, error) {
	switch o.Kind {
	case office.Migrate:
		if o.Policy == nil {
			return nil, rehab.InvalidField("policy", "is missing")
		}
		if s.Policies.Policy(*o.Policy) == nil {
			return nil, &rehab.Error{Code: rehab.NotFound, Field: "policy", Message: "there is no policy " + o.Policy.String()}
		}
		return rehab.MigratePolicy{To: *o.Policy}, nil
	case office.MoveStation:
		if len(o.Place) != 9 {
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
func (s *server) planReassignment(ctx context.Context, o FleetOrder, place string) ([]office.Change, error) {
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
	var out []office.Change
	found, asked := 0, make(map[[2]string]bool)
	for part := range slices.Chunk(ids, fleetPage) {
		rows, err := s.Fleets.LiveCases(ctx, place, part, "", fleetPage)
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
			if c, ok := office.ChangeOf(row, body); ok {
				out = append(out, c)
			}
		}
	}
	if found != len(ids) {
		return nil, &rehab.Error{Code: rehab.NotFound, Field: "assignments", Message: "some of the cases are not there or closed"}
	}
	return nonEmpty(out)
}

// fleetInScope reads a fleet. What reaches beyond the actor's area is not there.
func (s *server) fleetInScope(ctx context.Context, a rehab.Actor, id string) (office.Fleet, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such fleet"}
	if !slices.Contains(leads, a.Role) || !isToken(id, 64) {
		return office.Fleet{}, missing
	}
	f, err := s.Fleets.Fleet(ctx, id)
	if err == nil && !covers(a, f.Place) {
		return office.Fleet{}, missing
	}
	return f, err
}

func (s *server) fleet(ctx context.Context, a rehab.Actor, in *fleetInput) (*fleetOutput, error) {
	f, err := s.fleetInScope(ctx, a, in.ID)
	return &fleetOutput{http.StatusOK, FleetView{Fleet: f}}, err
}

// wishes are the states in which a fleet can be told something.
var wishes = map[string][]office.FleetState{
	"pause": {office.FleetRunning, office.FleetUndoing}, "continue": {office.FleetRunning, office.FleetUndoing},
	"cancel": {office.FleetRunning}, "undo": {office.FleetUndoable},
}

func (s *server) tellFleet(ctx context.Context, a rehab.Actor, id, wish string) (*fleetOutput, error) {
	f, err := s.fleetInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := permitFleet(a, f.Kind); err != nil {
		return nil, err
	}
	if !slices.Contains(wishes[wish], f.State) {
		return nil, &rehab.Error{Code: rehab.Refused, Message: "the fleet is " + string(f.State) + ": it takes no " + wish}
	}
	if wish == "undo" {
		if err := s.Fleets.SaveUndo(ctx, id, a); err != nil {
			return nil, err
		}
	}
	if err := s.FleetEngine.TellFleet(ctx, id, wish); err != nil {
		return nil, err
	}
	return &fleetOutput{http.StatusAccepted, FleetView{Fleet: f}}, nil
}

type fleetsInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type fleetsOutput struct{ Body FleetList }

func (s *server) fleets(ctx context.Context, a rehab.Actor, in *fleetsInput) (*fleetsOutput, error) {
	if !slices.Contains(leads, a.Role) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " does not see fleets"}
	}
	place, err := narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	list, err := s.Fleets.Fleets(ctx, place, in.Limit)
	return &fleetsOutput{FleetList{append([]office.Fleet{}, list...)}}, err
}

type fleetItemsInput struct {
	ID      string         `path:"id" maxLength:"64"`
	Outcome office.Outcome `query:"outcome" enum:",pending,done,refused,left,kept,undone,not_undone"`
	After   int            `query:"after" minimum:"0"`
	Limit   int            `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type fleetItemsOutput struct{ Body FleetItems }

func (s *server) fleetItems(ctx context.Context, a rehab.Actor, in *fleetItemsInput) (*fleetItemsOutput, error) {
	if _, err := s.fleetInScope(ctx, a, in.ID); err != nil {
		return nil, err
	}
	items, err := s.Fleets.FleetItems(ctx, in.ID, in.Outcome, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &fleetItemsOutput{FleetItems{Items: append([]office.FleetItem{}, items...)}}
	out.Body.Items, out.Body.Next = upTo(out.Body.Items, in.Limit, func(x office.FleetItem) int { return x.N })
	return out, nil
}
