package casework

import (
	"context"
	"errors"
	"fmt"

	"guitu/input"
	"guitu/office"
	"guitu/rehab"
)

// checkStation refuses to hand the case to what is no street in force, or to one outside the
// actor's area into which the station of the case was not merged.
func (s *Service) checkStation(ctx context.Context, a rehab.Actor, id, to string) error {
	row, err := s.Board.Case(ctx, id)
	if err != nil {
		return err
	}
	if row.Place == to {
		return nil // the core says that it is there already
	}
	if no := s.mayMove(ctx, a, row.Place, to); no != nil {
		return no
	}
	return nil
}

// mayMove holds a move of a case between stations against the organisation.
func (s *Service) mayMove(ctx context.Context, a rehab.Actor, from, to string) *rehab.Error {
	if !input.IsToken(to, 12) {
		return rehab.InvalidField("place", "is the code of a street: nine digits")
	}
	today := rehab.DateOf(s.Now())
	target, err := s.Places.Place(ctx, to, today)
	if err == nil {
		var station office.Place
		if station, err = s.Places.Place(ctx, from, today); err == nil || rehab.CodeOf(err) == rehab.NotFound {
			return office.CheckMove(station, target, Covers(a, to))
		}
	}
	var e *rehab.Error
	switch {
	case rehab.CodeOf(err) == rehab.NotFound:
		return &rehab.Error{Code: rehab.NotFound, Field: "place", Message: "there is no street " + input.Printable(to)}
	case errors.As(err, &e):
		return e
	}
	return &rehab.Error{Code: rehab.Internal, Message: err.Error()}
}

// PolicyAt is the policy under which cases are opened at the place.
func (s *Service) PolicyAt(place string) *rehab.Policy {
	if p := s.Policies.Policy(s.DefaultPolicy(place)); p != nil {
		return p
	}
	return &rehab.Policy{}
}

// assignable holds an assignment against the registry: an error where its rules say no,
// warnings where the worker then has more cases than the limit. Other commands pass.
func (s *Service) assignable(ctx context.Context, row rehab.Summary, body rehab.CommandBody) ([]string, error) {
	b, ok := body.(rehab.AssignWorker)
	if !ok {
		return nil, nil
	}
	return s.mayTake(ctx, b.Worker, row.Place, row.Worker == b.Worker)
}

// openable holds an order to be opened against organisation and registry. An order that
// was opened before is known, whatever they say now.
func (s *Service) openable(ctx context.Context, caseID string, o *Order) ([]string, error) {
	warnings, err := s.opening(ctx, o)
	if err == nil || rehab.CodeOf(err) != rehab.Refused {
		return warnings, err
	}
	if _, missing := s.Board.Case(ctx, caseID); missing == nil {
		return nil, nil
	}
	return nil, err
}

func (s *Service) opening(ctx context.Context, o *Order) ([]string, error) {
	p, err := s.Places.Place(ctx, o.ExecutionStreet, rehab.DateOf(s.Now()))
	if err != nil {
		return nil, err
	}
	if p.Status != office.InForce {
		e := &rehab.Error{Code: rehab.Refused, Field: "execution_street", Message: fmt.Sprintf("%s was %s from %s on", p.Code, p.Status, p.Since)}
		if p.Successor != "" {
			e.Message += ": its successor is " + p.Successor
		}
		return nil, e
	}
	if o.Worker == "" {
		return nil, nil
	}
	return s.mayTake(ctx, o.Worker, o.ExecutionStreet, false)
}

// mayTake asks the registry about a worker. One it does not know may take cases unless
// it is strict. has: the case is the worker's already.
func (s *Service) mayTake(ctx context.Context, worker, street string, has bool) ([]string, error) {
	today := rehab.DateOf(s.Now())
	w, err := s.Registry.Worker(ctx, worker)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.NotFound && s.StrictRegistry:
		return nil, &rehab.Error{Code: rehab.Refused, Field: "worker", Message: "the registry does not know the worker " + worker}
	case err != nil && rehab.CodeOf(err) != rehab.NotFound:
		return nil, err
	case err == nil:
		if no := w.MayTake(street, today); no != nil {
			return nil, no
		}
	}
	loads, err := s.Loads.Loads(ctx, office.LoadFilter{Worker: worker, On: today, Limit: 1})
	if err != nil || len(loads) == 0 || has {
		return nil, err
	}
	l := loads[0]
	l.Weigh(s.PolicyAt(street))
	if l.Cases < l.Limit {
		return nil, nil
	}
	return []string{fmt.Sprintf("%s now has %d open cases, the limit is %d", worker, l.Cases+1, l.Limit)}, nil
}

// IsStreet reports whether the code is that of a street or town today.
func (s *Service) IsStreet(ctx context.Context, code string) (bool, error) {
	if !input.IsToken(code, 12) {
		return false, nil
	}
	p, err := s.Places.Place(ctx, code, rehab.DateOf(s.Now()))
	if err != nil && rehab.CodeOf(err) == rehab.NotFound {
		return false, nil
	}
	return p.Level == "street", err
}
