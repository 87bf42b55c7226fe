package casework

import (
	"context"
	"slices"
	"time"

	"guitu/bulk"
	"guitu/input"
	"guitu/once"
	"guitu/rehab"
)

// BulkOrder says what is to be done to which cases.
type BulkOrder struct {
	Kind        bulk.Kind        `json:"kind"`
	Place       string           `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"All live cases of the place and below it; for assign-worker, those of assignments."`
	Assignments []BulkAssignment `json:"assignments,omitempty" maxItems:"8000" nullable:"false" doc:"For assign-worker: who gets which case."`
	Policy      *rehab.PolicyRef `json:"policy,omitempty" doc:"For migrate-policy: the version to go to."`
	To          string           `json:"to,omitempty" maxLength:"9" doc:"For move-station: the street that takes over."`
	UndoHours   int              `json:"undo_hours,omitempty" minimum:"0" maximum:"168" doc:"How long the whole can be undone; 24 by default."`
	DryRun      bool             `json:"dry_run,omitempty" doc:"Say what would be done, and do nothing."`
	Try         int              `json:"try,omitempty" minimum:"0" maximum:"200" doc:"Of a dry run: so many cases are tried one by one, and what would become of each is said."`
	TryAfter    int              `json:"try_after,omitempty" minimum:"0" maximum:"2147483647" doc:"The number of the last case that was tried, for the next page."`
}

// BulkAssignment gives a case to a worker.
type BulkAssignment struct {
	CaseID string `json:"case_id" minLength:"1" maxLength:"128"`
	Worker string `json:"worker" minLength:"1" maxLength:"64"`
}

// BulkStore keeps operations on many cases.
type BulkStore interface {
	// SaveBulk keeps an operation with its cases. The same again changes nothing, another under
	// its id is a Conflict.
	SaveBulk(ctx context.Context, f bulk.Operation, digest string, changes []bulk.Change) error
	BulkOperation(ctx context.Context, id string) (bulk.Operation, error)
	// SaveUndo notes who takes the operation back: only cases in that account's area are.
	SaveUndo(ctx context.Context, id string, by rehab.Actor) error
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

// StartBulk plans the operation and starts it; a dry run only says how many cases it would
// change. The same key of the actor starts one operation.
func (s *Service) StartBulk(ctx context.Context, a rehab.Actor, key string, order BulkOrder) (bulk.Operation, error) {
	var none bulk.Operation
	if err := permitBulk(a, order.Kind); err != nil {
		return none, err
	}
	place, err := Narrow(a, order.Place)
	if err != nil {
		return none, err
	}
	if key, err = once.Key(key); err != nil {
		return none, err
	}
	f := bulk.Operation{ID: once.ID(a.ID, key), Kind: order.Kind, Place: place, By: a, CreatedAt: s.Now().UTC(), State: bulk.Running}
	order.Try, order.TryAfter = 0, 0
	digest, err := s.Digest("fleet", "", a.ID, order, Facts{})
	if err != nil {
		return none, err
	}
	var changes []bulk.Change
	if _, err := s.Bulk.BulkOperation(ctx, f.ID); rehab.CodeOf(err) == rehab.NotFound && err != nil { // not the second try of an operation that is known
		if changes, err = s.planBulk(ctx, a, order, place); err != nil {
			return none, err
		}
	}
	if order.DryRun {
		f.Total, f.Outcomes = len(changes), map[bulk.Outcome]int{bulk.Pending: len(changes)}
		return f, nil
	}
	if err := s.Bulk.SaveBulk(ctx, f, digest, changes); err != nil {
		return none, err
	}
	if f, err = s.Bulk.BulkOperation(ctx, f.ID); err != nil {
		return none, err
	}
	hours := order.UndoHours
	if hours == 0 {
		hours = 24
	}
	return f, s.BulkEngine.StartBulk(ctx, f, time.Duration(hours)*time.Hour)
}

// BulkInScope reads an operation. What reaches beyond the actor's area is not there.
func (s *Service) BulkInScope(ctx context.Context, a rehab.Actor, id string) (bulk.Operation, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such fleet"}
	if !Leads(a.Role) || !input.IsToken(id, 64) {
		return bulk.Operation{}, missing
	}
	f, err := s.Bulk.BulkOperation(ctx, id)
	if err == nil && !Covers(a, f.Place) {
		return bulk.Operation{}, missing
	}
	return f, err
}

// bulkActions are the states in which an operation can be told something.
var bulkActions = map[string][]bulk.State{
	"pause": {bulk.Running, bulk.Undoing}, "continue": {bulk.Running, bulk.Undoing},
	"cancel": {bulk.Running}, "undo": {bulk.Undoable},
}

// SignalBulk tells an operation to pause, continue, cancel or undo.
func (s *Service) SignalBulk(ctx context.Context, a rehab.Actor, id, action string) (bulk.Operation, error) {
	f, err := s.BulkInScope(ctx, a, id)
	if err != nil {
		return f, err
	}
	if err := permitBulk(a, f.Kind); err != nil {
		return f, err
	}
	if !slices.Contains(bulkActions[action], f.State) {
		return f, &rehab.Error{Code: rehab.Refused, Message: "the fleet is " + string(f.State) + ": it takes no " + action}
	}
	if action == "undo" {
		if err := s.Bulk.SaveUndo(ctx, id, a); err != nil {
			return f, err
		}
	}
	return f, s.BulkEngine.SignalBulk(ctx, id, action)
}

// Leads reports whether the role may act on many cases at once.
func Leads(r rehab.Role) bool {
	return r == rehab.StationHead || r == rehab.DistrictOffice || r == rehab.CityOffice || r == rehab.Admin
}

// permitBulk holds the role against the kind: what the command of each case needs.
func permitBulk(a rehab.Actor, kind bulk.Kind) error {
	if !Leads(a.Role) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " may not act on many cases at once"}
	}
	switch kind {
	case bulk.Reassign, bulk.Migrate, bulk.ApplyCalendar, bulk.MoveStation:
		return Permit(a, string(kind))
	}
	return rehab.InvalidField("kind", "%q is not one of assign-worker, migrate-policy, apply-calendar, move-station", string(kind))
}

// planBulk finds the cases and what is to be done to each. Cases that have nothing to
// change are left out; a case that is named and not there is an error.
func (s *Service) planBulk(ctx context.Context, a rehab.Actor, o BulkOrder, place string) ([]bulk.Change, error) {
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
func (s *Service) bulkBody(ctx context.Context, a rehab.Actor, o BulkOrder) (rehab.CommandBody, error) {
	switch o.Kind {
	case bulk.Migrate:
		if o.Policy == nil {
			return nil, rehab.InvalidField("policy", "is missing")
		}
		if s.Policies.Policy(*o.Policy) == nil {
			return nil, &rehab.Error{Code: rehab.NotFound, Field: "policy", Message: "there is no policy " + o.Policy.String()}
		}
		if err := s.inUse("policy", *o.Policy); err != nil {
			return nil, err
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
func (s *Service) planReassignment(ctx context.Context, o BulkOrder, place string) ([]bulk.Change, error) {
	worker, ids, err := assigned(o)
	if err != nil {
		return nil, err
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

// assigned is which worker each case is to get, and the cases in the order in which they are named.
func assigned(o BulkOrder) (worker map[string]string, ids []string, err error) {
	if len(o.Assignments) == 0 {
		return nil, nil, rehab.InvalidField("assignments", "is missing")
	}
	worker = make(map[string]string, len(o.Assignments))
	for _, x := range o.Assignments {
		switch _, twice := worker[x.CaseID]; {
		case twice:
			return nil, nil, rehab.InvalidField("assignments", "the case %s is there twice", input.Printable(x.CaseID))
		case !input.IsWorker(x.Worker):
			return nil, nil, rehab.InvalidField("assignments", input.NotAWorker)
		}
		worker[x.CaseID] = x.Worker
		ids = append(ids, x.CaseID)
	}
	return worker, ids, nil
}

// bulkPage is how many cases are read at a time.
const bulkPage = 1000
