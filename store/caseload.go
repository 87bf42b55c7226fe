package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// whoWorks are the workers who are active on the day at a place that fits one of the
// patterns, and those who have open cases there, registered or not.
const whoWorks = `SELECT worker FROM (
  SELECT worker FROM worker_periods WHERE place LIKE ANY($1) AND from_day <= $2 AND (to_day IS NULL OR to_day >= $2)
  UNION SELECT worker FROM cases WHERE place LIKE ANY($1) AND ` + underWay + `
) w WHERE worker > $3 AND ($4 = '' OR worker = $4) ORDER BY worker LIMIT $5`

// Loads counts what the workers of a place carry, wherever their cases are, in order of
// the ids. Limits are the workers' own; Weigh completes them.
func (s *Store) Loads(ctx context.Context, f office.LoadFilter) ([]office.Load, error) {
	patterns := []string{prefix(f.Place)}
	for _, street := range f.Streets { // and the offices above each: their workers may take its cases
		at := rehab.PlaceCode(street)
		patterns = append(patterns, street, string(at.At(rehab.DistrictLevel)), string(at.At(rehab.CityLevel)))
	}
	if len(f.Streets) > 0 {
		patterns = patterns[1:]
	}
	rows, err := s.pool.Query(ctx, whoWorks, patterns, day(f.On), f.After, f.Worker, limit(f.Limit))
	ids, err := collect(rows, err, "list workers", pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	loads := make([]office.Load, len(ids))
	of := make(map[string]*office.Load, len(ids))
	for i, id := range ids {
		loads[i] = office.Load{Worker: id, Places: []string{}, ByRisk: make(map[rehab.Risk]int)}
		of[id] = &loads[i]
	}
	if err := s.fillDuties(ctx, of, ids, f.On); err != nil {
		return nil, err
	}
	return loads, s.countCases(ctx, of, ids)
}

// fillDuties says where each may take cases on the day, until when, and the own limit.
func (s *Store) fillDuties(ctx context.Context, of map[string]*office.Load, ids []string, on rehab.Date) error {
	rows, err := s.pool.Query(ctx, `SELECT worker, from_day, to_day, place, post, qualification, case_limit FROM worker_periods
WHERE worker = ANY($1) ORDER BY worker, from_day`, ids)
	staff := make(map[string]*office.Worker)
	_, err = collect(rows, err, "read the registry", func(row pgx.CollectableRow) (struct{}, error) {
		id, p, err := scanPeriod(row)
		if staff[id] == nil {
			staff[id] = &office.Worker{ID: id}
		}
		staff[id].Periods = append(staff[id].Periods, p)
		return struct{}{}, err
	})
	for id, w := range staff {
		l := of[id]
		l.Registered = true
		if at, active := w.On(on); active {
			l.Places, l.Until, l.Limit, l.Post = []string{at.Place}, w.Stays(on), at.Limit, at.Post
		}
	}
	return err
}

// countCases counts the open cases of each. Who is not in the registry may take cases
// where there are some already.
func (s *Store) countCases(ctx context.Context, of map[string]*office.Load, ids []string) error {
	rows, err := s.pool.Query(ctx, `SELECT worker, place, risk, count(*)::int FROM cases
WHERE worker = ANY($1) AND `+underWay+` GROUP BY worker, place, risk ORDER BY worker, place, risk`, ids)
	type group struct {
		Worker, Place string
		Risk          rehab.Risk
		N             int
	}
	list, err := collect(rows, err, "count cases", pgx.RowToStructByPos[group])
	for _, g := range list {
		l := of[g.Worker]
		l.ByRisk[g.Risk] += g.N
		l.Cases += g.N
		if !l.Registered && !slices.Contains(l.Places, g.Place) {
			l.Places = append(l.Places, g.Place)
		}
	}
	return err
}

// Unassigned lists the open cases that nobody has at the place or below it.
func (s *Store) Unassigned(ctx context.Context, place string) ([]office.UnassignedCase, error) {
	rows, err := s.pool.Query(ctx, `SELECT case_id, place, risk, worker FROM cases WHERE worker = '' AND place LIKE $1 AND `+underWay+` ORDER BY case_id LIMIT $2`, prefix(place), maxRows)
	return collect(rows, err, "list cases", pgx.RowToStructByPos[office.UnassignedCase])
}

// CasesToAssign lists the open cases of the ids, or all that a worker has, at the place or below it.
func (s *Store) CasesToAssign(ctx context.Context, place string, ids []string, worker string) ([]office.UnassignedCase, error) {
	rows, err := s.pool.Query(ctx, `SELECT case_id, place, risk, worker FROM cases
WHERE (case_id = ANY($1) OR worker = $2) AND place LIKE $3 AND `+underWay+` ORDER BY case_id LIMIT $4`,
		ids, pgtype.Text{String: worker, Valid: worker != ""}, prefix(place), maxRows)
	return collect(rows, err, "list cases", pgx.RowToStructByPos[office.UnassignedCase])
}

const selectDue = `SELECT worker, status, CASE status WHEN 'open' THEN due END AS day, kind, count(*)::int FROM waiting
WHERE place LIKE $1 AND ($2::text[] IS NULL OR worker = ANY($2)) AND due <= $4 AND (status = 'missed' OR due >= $3)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`

// DueByDay counts the open duties by worker, day and kind, and the misses by worker and kind,
// in the order of the workers.
func (s *Store) DueByDay(ctx context.Context, f board.CalendarFilter) ([]board.DueCount, error) {
	rows, err := s.pool.Query(ctx, selectDue, prefix(f.Place), f.Workers, day(f.From), day(f.To))
	return collect(rows, err, "count what is due", func(row pgx.CollectableRow) (board.DueCount, error) {
		var n board.DueCount
		var on pgtype.Date
		err := row.Scan(&n.Worker, &n.Status, &on, &n.Kind, &n.N)
		n.On = dateOf(on)
		return n, err
	})
}
