package store

import (
	"context"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// misplaced refuses a record that hands the case to a place that is no street, or to one
// outside the area of who gave the command: whichever door the command came through.
func misplaced(ctx context.Context, q querier, r rehab.Record) (*rehab.Error, error) {
	for _, e := range r.Events {
		moved, ok := e.Data.(rehab.StationMoved)
		if !ok {
			continue
		}
		on := rehab.DateOf(e.RecordedAt)
		to, _, err := placeOn(ctx, q, moved.To, on)
		if err != nil && rehab.CodeOf(err) == rehab.NotFound {
			return &rehab.Error{Code: rehab.NotFound, Field: "place", Message: "there is no street " + moved.To}, nil
		}
		if err != nil {
			return nil, err
		}
		from, _, err := placeOn(ctx, q, moved.From, on)
		if err != nil && rehab.CodeOf(err) != rehab.NotFound {
			return nil, err
		}
		if !e.Actor.Area().Contains(rehab.PlaceCode(moved.From)) {
			return &rehab.Error{Code: rehab.Forbidden, Field: "place", Message: "the case lies outside your area"}, nil
		}
		if no := office.CheckMove(from, to, e.Actor.Area().Contains(rehab.PlaceCode(moved.To))); no != nil && !r.Revises() {
			return no, nil
		}
	}
	return nil, nil
}

// Misplaced are the cases that stand at a place that is no street of the organisation: no
// list of an office shows them.
func (s *Store) Misplaced(ctx context.Context) ([]board.Broken, error) {
	rows, err := s.pool.Query(ctx, `SELECT c.case_id, 'every case is at a street', 'it is at ' || c.place || ', which is none' FROM cases c
LEFT JOIN places p ON p.code = c.place WHERE p.code IS NULL OR p.level <> 'street' ORDER BY c.case_id`)
	return collect(rows, err, "look for cases at no place", scanBroken)
}
