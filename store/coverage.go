package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

// ofGaps are the misses that may be a gap: an index has them (migration 177), so that nobody
// looks through all that was ever due.
const ofGaps = `o.status IN ('missed', 'confirmed') AND o.kind IN ('agreement', 'working_group', 'help_plan')`

// selectGaps names what each open case lacks. What a gap is comes from package board, as arguments.
// Nearly all cases lack nothing: each kind is looked for by its own index and none reads them all
// twice. held are the workers and places that have cases, which are few beside the cases.
var selectGaps = `WITH open_cases AS NOT MATERIALIZED (SELECT * FROM cases WHERE place LIKE @place AND ` + underWay + `),
held AS MATERIALIZED (SELECT DISTINCT worker, place FROM open_cases)
SELECT @no_worker::text AS kind, c.case_id, c.place, c.worker, ` + sinceHeld + ` AS since FROM open_cases c WHERE worker = ''
UNION ALL
SELECT g.gap, c.case_id, c.place, c.worker, o.due + 1 FROM open_cases c JOIN obligations o USING (case_id)
  JOIN unnest(@gaps::text[], @duties::text[], @phases::text[]) AS g (gap, duty, phase) ON g.duty = o.kind AND g.phase IN ('', c.phase)
  WHERE ` + ofGaps + ` AND o.status = ANY(@undone)
UNION ALL
SELECT @no_next_step::text, case_id, place, worker, (SELECT ` + inBeijing(`e.recorded_at`) + ` FROM case_events e WHERE e.case_id = c.case_id AND e.seq = c.seq)
  FROM open_cases c WHERE wake_at IS NULL AND overdue = 0 AND escalations = 0
UNION ALL
SELECT DISTINCT ON (c.case_id) @unattended::text, c.case_id, c.place, c.worker, o.due + @unattended_days::int + 1 FROM open_cases c JOIN waiting o USING (case_id)
  WHERE o.status = @missed AND o.due < @unattended_since
UNION ALL
SELECT @unanswered::text, c.case_id, c.place, c.worker, ` + inBeijing(`e.told_at`) + ` FROM open_cases c JOIN escalations e USING (case_id)
  WHERE e.closed_at IS NULL AND e.role = @top AND e.promise IS NULL
UNION ALL` + staffGaps + `
ORDER BY since NULLS FIRST, case_id, kind`

// gapArgs are the arguments of selectGaps, for the cases of places that match the pattern.
func gapArgs(ctx context.Context, q querier, places string, now time.Time) (pgx.NamedArgs, error) {
	var gaps, duties, phases []string
	for _, g := range board.DutyGaps() {
		gaps, duties, phases = append(gaps, string(g.Gap)), append(duties, string(g.Duty)), append(phases, string(g.Phase))
	}
	args := pgx.NamedArgs{
		"place": places, "gaps": gaps, "duties": duties, "phases": phases, "undone": []rehab.Status{rehab.Missed, rehab.Confirmed},
		"missed": rehab.Missed, "unattended_since": day(rehab.DateOf(now).AddDays(-board.UnattendedDays)), "top": rehab.CityOffice,
		"no_worker": board.NoWorker, "no_next_step": board.NoNextStep, "unattended": board.MissUnattended, "unanswered": board.UnansweredAtTop,
		"unattended_days": board.UnattendedDays,
	}
	return args, staffArgs(ctx, q, args, rehab.DateOf(now))
}

const maxGaps = 1000

// Coverage takes the gaps of a place and all below it in one snapshot. now is the cases' time.
func (s *Store) Coverage(ctx context.Context, place string, now time.Time) (board.Coverage, error) {
	out := board.Coverage{TakenAt: now.UTC(), Place: place, Gaps: []board.Gap{}, Streets: []board.PlaceCoverage{}}
	err := s.snapshot(ctx, func(tx pgx.Tx) error {
		if err := streetsOf(ctx, tx, place, &out); err != nil {
			return err
		}
		args, err := gapArgs(ctx, tx, prefix(place), now)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectGaps, args)
		gaps, err := collect(rows, err, "list gaps", func(row pgx.CollectableRow) (board.Gap, error) {
			var g board.Gap
			var since pgtype.Date
			err := row.Scan(&g.Kind, &g.CaseID, &g.Place, &g.Worker, &since)
			g.Since = dateOf(since)
			return g, err
		})
		if err != nil {
			return err
		}
		count(&out, gaps)
		return nil
	})
	if err != nil {
		return board.Coverage{}, fmt.Errorf("take the coverage: %w", unavailable(err))
	}
	return out, nil
}

func streetsOf(ctx context.Context, q querier, place string, out *board.Coverage) error {
	rows, err := q.Query(ctx, `SELECT place, count(*)::int FROM cases WHERE place LIKE $1 AND `+underWay+` GROUP BY place ORDER BY place`, prefix(place))
	streets, err := collect(rows, err, "list streets", func(row pgx.CollectableRow) (board.PlaceCoverage, error) {
		var p board.PlaceCoverage
		return p, row.Scan(&p.Place, &p.Open)
	})
	for _, p := range streets {
		out.Streets = append(out.Streets, p)
		out.Open += p.Open
	}
	return err
}

// count adds the gaps up per street and cuts the list.
func count(out *board.Coverage, gaps []board.Gap) {
	street := make(map[string]int, len(out.Streets))
	lacking := make(map[string]map[string]bool, len(out.Streets))
	for i, p := range out.Streets {
		street[p.Place], lacking[p.Place] = i, make(map[string]bool)
	}
	cases := make(map[string]bool)
	for _, g := range gaps {
		cases[g.CaseID] = true
		p := &out.Streets[street[g.Place]]
		if p.Gaps == nil {
			p.Gaps = make(map[board.GapKind]int)
		}
		p.Gaps[g.Kind]++
		lacking[g.Place][g.CaseID] = true
	}
	for i := range out.Streets {
		p := &out.Streets[i]
		p.Covered = p.Open - len(lacking[p.Place])
	}
	out.Covered = out.Open - len(cases)
	out.Gaps = append(out.Gaps, gaps[:min(len(gaps), maxGaps)]...)
}
