package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

// CheckCoverage takes the coverage of a whole city and acts on it, in one transaction: it remembers
// since when each gap has been there, tells the rungs of the ladder of those that live too long, has
// reviews of looks at identities that wait climb, and
// keeps the figures of every place where they changed. now is the cases' time. The cases
// it answers with have a timer that should have rung before late.
func (s *Store) CheckCoverage(ctx context.Context, city string, now time.Time, ladder []rehab.GapRung, late time.Time) (board.CoverageRound, error) {
	var out board.CoverageRound
	coverage, err := s.Coverage(ctx, city, now)
	if err != nil {
		return out, err
	}
	out.Open, out.Covered = coverage.Open, coverage.Covered
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7260)`); err != nil { // one round at a time
			return err
		}
		if err := rememberGaps(ctx, tx, now); err != nil {
			return err
		}
		if out.Told, err = tellOfGaps(ctx, tx, now, ladder); err != nil {
			return err
		}
		if err := tellOfReviews(ctx, tx, now); err != nil {
			return err
		}
		if err := keepFigures(ctx, tx, coverage); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT case_id FROM cases WHERE wake_at < $1 AND `+live+` ORDER BY wake_at LIMIT 500`, late)
		out.Late, err = collect(rows, err, "list late timers", pgx.RowTo[string])
		return err
	})
	if err != nil {
		return board.CoverageRound{}, fmt.Errorf("check the coverage: %w", unavailable(err))
	}
	return out, nil
}

// rememberGaps takes the gaps again, all of them, and not the part that an answer shows.
func rememberGaps(ctx context.Context, tx pgx.Tx, now time.Time) error {
	args, err := gapArgs(ctx, tx, "%", now)
	if err != nil {
		return err
	}
	args["now"] = now
	_, err = tx.Exec(ctx, `WITH found AS (SELECT DISTINCT ON (case_id, kind) kind, case_id, place, worker FROM (`+selectGaps+`) g),
gone AS (DELETE FROM coverage_gaps g WHERE NOT EXISTS (SELECT FROM found f WHERE f.case_id = g.case_id AND f.kind = g.kind))
INSERT INTO coverage_gaps (case_id, kind, place, worker, first_seen) SELECT case_id, kind, place, worker, @now::timestamptz FROM found
ON CONFLICT (case_id, kind) DO UPDATE SET place = excluded.place, worker = excluded.worker`, args)
	return err
}

// tellOfGaps tells each rung of the ladder of the gaps that have lived for its time and that
// the rung below was told of. Each is told once.
func tellOfGaps(ctx context.Context, tx pgx.Tx, now time.Time, ladder []rehab.GapRung) (int, error) {
	told := 0
	for i, rung := range ladder {
		tag, err := tx.Exec(ctx, `WITH due AS (UPDATE coverage_gaps SET told = $1 WHERE told = $1 - 1 AND first_seen <= $2 RETURNING case_id, kind, place, worker)
INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
SELECT d.case_id, c.seq, $3, $4, left(d.place, $5), d.worker, 'coverage_gap_' || d.kind, $6, 0, '' FROM due d JOIN cases c USING (case_id)`,
			i+1, now.Add(-rung.After), now, rung.Role, int(rung.Role.Level()), rehab.Inbox)
		if err != nil {
			return told, err
		}
		told += int(tag.RowsAffected())
	}
	return told, nil
}

// keepFigures adds a row for the city, each district and each street whose figures are
// not those of its last row.
func keepFigures(ctx context.Context, tx pgx.Tx, c board.Coverage) error {
	type figures struct {
		open, covered int
		gaps          map[board.GapKind]int
	}
	places := make(map[string]*figures)
	for _, street := range c.Streets {
		for _, office := range []rehab.Role{rehab.CityOffice, rehab.DistrictOffice, rehab.StationHead} {
			code := office.PlaceOver(street.Place)
			f := places[code]
			if f == nil {
				f = &figures{gaps: map[board.GapKind]int{}}
				places[code] = f
			}
			f.open += street.Open
			f.covered += street.Covered
			for kind, n := range street.Gaps {
				f.gaps[kind] += n
			}
		}
	}
	rows, err := tx.Query(ctx, watched+`SELECT r.place `+lastFigures+`WHERE r.open > 0`, "", c.TakenAt)
	before, err := collect(rows, err, "list places", pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, code := range before {
		if places[code] == nil { // no case of it is open any more
			places[code] = &figures{gaps: map[board.GapKind]int{}}
		}
	}
	b := &pgx.Batch{}
	for _, code := range slices.Sorted(maps.Keys(places)) {
		f := places[code]
		gaps, err := json.Marshal(f.gaps)
		if err != nil {
			return err
		}
		b.Queue(`INSERT INTO coverage_runs (place, taken_at, open, covered, gaps)
SELECT $1, $2, $3, $4, $5::json WHERE NOT EXISTS (SELECT FROM (SELECT open, covered, gaps FROM coverage_runs WHERE place = $1 ORDER BY taken_at DESC LIMIT 1) l
  WHERE l.open = $3 AND l.covered = $4 AND l.gaps::text = ($5::json)::text) ON CONFLICT DO NOTHING`, code, c.TakenAt, f.open, f.covered, string(gaps))
	}
	return tx.SendBatch(ctx, b).Close()
}

// watched steps from place to place over the figures below $1, of which there are many for each
// place; lastFigures are the last ones of each up to $2.
const (
	watched = `WITH RECURSIVE watched AS (
  SELECT min(place) AS place FROM coverage_runs WHERE place >= $1
  UNION ALL
  SELECT (SELECT min(r.place) FROM coverage_runs r WHERE r.place > w.place) FROM watched w WHERE starts_with(w.place, $1)
)
`
	lastFigures = `FROM watched w CROSS JOIN LATERAL (SELECT * FROM coverage_runs r WHERE r.place = w.place AND r.taken_at <= $2 ORDER BY r.taken_at DESC LIMIT 1) r `
)

// CoverageAt is how the places one level below a place stood at an instant, as the watch had
// last found them, in the order of their codes; a street is its own level.
func (s *Store) CoverageAt(ctx context.Context, place string, at time.Time) ([]board.CoverageRun, error) {
	below := rehab.StreetLevel
	if rehab.PlaceCode(place).Level() == rehab.CityLevel {
		below = rehab.DistrictLevel
	}
	rows, err := s.pool.Query(ctx, watched+`SELECT r.place, r.taken_at, r.open, r.covered, r.gaps `+lastFigures+`WHERE starts_with(r.place, $1) AND length(r.place) = $3 ORDER BY r.place`,
		place, at, int(below))
	return collect(rows, err, "list coverage", coverageRun)
}

// CoverageRuns lists the figures of a place before the instant, the latest first.
func (s *Store) CoverageRuns(ctx context.Context, place string, before time.Time, n int) ([]board.CoverageRun, error) {
	rows, err := s.pool.Query(ctx, `SELECT place, taken_at, open, covered, gaps FROM coverage_runs WHERE place = $1 AND taken_at < $2 ORDER BY taken_at DESC LIMIT $3`, place, before, limit(n))
	return collect(rows, err, "list coverage", coverageRun)
}

func coverageRun(row pgx.CollectableRow) (r board.CoverageRun, err error) {
	err = row.Scan(&r.Place, &r.TakenAt, &r.Open, &r.Covered, &r.Gaps)
	r.TakenAt = r.TakenAt.UTC()
	return r, err
}
