package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// Place as it is on the day; NotFound when there is none.
func (s *Store) Place(ctx context.Context, code string, on rehab.Date) (office.Place, error) {
	p, _, err := placeOn(ctx, s.pool, code, on)
	return p, err
}

// PlaceHistory lists every change of a place, in the order in which they were recorded.
func (s *Store) PlaceHistory(ctx context.Context, code string) ([]office.PlaceFact, error) {
	list, err := placeFacts(ctx, s.pool, exactly(placeSubject+code))
	return list[code], err
}

// Places lists the whole organisation as it is on the day, parents before children.
func (s *Store) Places(ctx context.Context, on rehab.Date) ([]office.Place, error) {
	rows, err := s.pool.Query(ctx, `SELECT code, parent, level, name FROM places ORDER BY length(code), code`)
	bases, err := collect(rows, err, "list places", pgx.RowToStructByPos[board.Place])
	if err != nil {
		return nil, err
	}
	changes, err := placeFacts(ctx, s.pool, placeSubject+"%")
	if err != nil {
		return nil, err
	}
	out := make([]office.Place, len(bases))
	for i, b := range bases {
		out[i] = office.PlaceOn(b, changes[b.Code], on)
	}
	return out, nil
}

// ChangePlace adds a change to the history of a place. Open is how many open cases it
// has now, where it goes out of force.
func (s *Store) ChangePlace(ctx context.Context, cmd office.Command, code string, f office.PlaceFact) (office.Changed, error) {
	today, open := rehab.DateOf(cmd.At), 0
	check := func(tx pgx.Tx) error {
		_, history, err := placeOn(ctx, tx, code, f.From)
		if err != nil {
			return err
		}
		base, err := basePlace(ctx, tx, code)
		if err != nil {
			return err
		}
		var successor *office.Place
		var ends rehab.Date
		if f.Successor != "" {
			p, its, err := placeOn(ctx, tx, f.Successor, f.From)
			if err == nil {
				successor, ends = &p, office.Ends(its, f.From)
			} else if rehab.CodeOf(err) != rehab.NotFound {
				return err
			}
		}
		if err := office.CheckPlaceFact(base, history, f, successor, ends, today); err != nil {
			return err
		}
		if f.Change != office.Merged && f.Change != office.Closed {
			return nil
		}
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM cases WHERE place = $1 AND `+underWay, code).Scan(&open); err != nil {
			return err
		}
		return refusal(office.CheckHandover("the place "+code, open, f.From, today))
	}
	out, err := s.change(ctx, cmd, placeSubject+code, f.From, f, check, func(pgx.Tx) error { return nil })
	out.Open = open
	return out, err
}

func basePlace(ctx context.Context, q querier, code string) (board.Place, error) {
	var p board.Place
	err := q.QueryRow(ctx, `SELECT code, parent, level, name FROM places WHERE code = $1`, code).Scan(&p.Code, &p.Parent, &p.Level, &p.Name)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, &rehab.Error{Code: rehab.NotFound, Message: "there is no place " + code}
	}
	if err != nil {
		return p, fmt.Errorf("read place: %w", unavailable(err))
	}
	return p, nil
}

func placeOn(ctx context.Context, q querier, code string, on rehab.Date) (office.Place, []office.PlaceFact, error) {
	base, err := basePlace(ctx, q, code)
	if err != nil {
		return office.Place{}, nil, err
	}
	list, err := placeFacts(ctx, q, exactly(placeSubject+code))
	if err != nil {
		return office.Place{}, nil, err
	}
	return office.PlaceOn(base, list[code], on), list[code], nil
}

// placeFacts are the histories by code.
func placeFacts(ctx context.Context, q querier, pattern string) (map[string][]office.PlaceFact, error) {
	out := make(map[string][]office.PlaceFact)
	err := facts(ctx, q, pattern, func(subject string, r office.Record, data []byte) error {
		f := office.PlaceFact{}
		if err := json.Unmarshal(data, &f); err != nil {
			return err
		}
		f.Record = r
		code := strings.TrimPrefix(subject, placeSubject)
		out[code] = append(out[code], f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the history of places: %w", unavailable(err))
	}
	return out, nil
}
