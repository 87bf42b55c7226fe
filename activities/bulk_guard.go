package activities

import (
	"context"
	"fmt"

	"guitu/bulk"
	"guitu/office"
	"guitu/rehab"
)

// Offices knows the organisation and the registry. *store.Store is it.
type Offices interface {
	Worker(ctx context.Context, id string) (office.Worker, error)
	Place(ctx context.Context, code string, on rehab.Date) (office.Place, error)
}

// stillFits asks permissions, scope and registry once more when a case has its turn: days
// may lie between the order and its continuation or its undoing, and whoever gave it may
// have moved or left. The refusal says what no longer fits. A case that is as the command
// leaves it is let through: the command may have acted before its outcome was noted.
func (a *Activities) stillFits(ctx context.Context, by rehab.Actor, item bulk.Item, body rehab.CommandBody) (*rehab.Error, error) {
	if a.Offices == nil {
		return nil, nil
	}
	row, err := a.Bulk.Case(ctx, item.CaseID)
	if err != nil || bulk.Untouched(row, body) {
		return nil, err
	}
	if no := rehab.PermitType(by, item.Type); no != nil {
		return no, nil
	}
	if !by.Area().Contains(rehab.PlaceCode(row.Place)) {
		return &rehab.Error{Code: rehab.Forbidden, Message: fmt.Sprintf("the case is at %s now, outside the area of %s", row.Place, by.ID)}, nil
	}
	today := rehab.DateOf(a.Now())
	if no, err := a.mayStill(ctx, by.ID, row.Place, today, false); no != nil || err != nil {
		return no, err
	}
	switch b := body.(type) {
	case rehab.AssignWorker:
		return a.mayStill(ctx, b.Worker, row.Place, today, a.StrictRegistry)
	case rehab.MoveStation:
		p, err := a.Offices.Place(ctx, b.Place, today)
		if err == nil && p.Status != office.InForce {
			return &rehab.Error{Code: rehab.Refused, Field: "place", Message: fmt.Sprintf("%s was %s from %s on", p.Code, p.Status, p.Since)}, nil
		}
		return nil, err
	}
	return nil, nil
}

// mayStill asks the registry whether somebody works for the street today. One whom it does
// not know does, unless strict.
func (a *Activities) mayStill(ctx context.Context, id, street string, today rehab.Date, strict bool) (*rehab.Error, error) {
	w, err := a.Offices.Worker(ctx, id)
	switch {
	case err == nil:
		return w.MayTake(street, today), nil
	case rehab.CodeOf(err) != rehab.NotFound:
		return nil, err
	case strict:
		return &rehab.Error{Code: rehab.Refused, Field: "worker", Message: "the registry does not know the worker " + id}, nil
	}
	return nil, nil
}
