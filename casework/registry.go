package api

import (
	"context"
	"errors"

	"guitu/office"
	"guitu/rehab"
)

// checkStation refuses to hand the case to what is no street in force, or to one outside the
// actor's area into which the station of the case was not merged.
func (s *server) checkStation(ctx context.Context, a rehab.Actor, id, to string) error {
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

func (s *server) mayMove(ctx context.Context, a rehab.Actor, from, to string) *rehab.Error {
	if !isToken(to, 12) {
		return rehab.InvalidField("place", "is the code of a street: nine digits")
	}
	today := rehab.DateOf(s.Now())
	target, err := s.Places.Place(ctx, to, today)
	if err == nil {
		var station office.Place
		if station, err = s.Places.Place(ctx, from, today); err == nil || rehab.CodeOf(err) == rehab.NotFound {
			return office.CheckMove(station, target, covers(a, to))
		}
	}
	var e *rehab.Error
	switch {
	case rehab.CodeOf(err) == rehab.NotFound:
		return &rehab.Error{Code: rehab.NotFound, Field: "place", Message: "there is no street " + printable(to)}
	case errors.As(err, &e):
		return e
	}
	return &rehab.Error{Code: rehab.Internal, Message: err.Error()}
}
