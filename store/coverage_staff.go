package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// inBeijing is the day of an instant at the offices, whatever zone the session is in.
func inBeijing(instant string) string { return `(` + instant + ` AT TIME ZONE 'Asia/Shanghai')::date` }

// ofHolding are the events that say who has a case and where: an index has them (migration 177).
const ofHolding = `e.type IN ('worker_assigned', 'transfer_accepted', 'station_moved')`

// sinceHeld is the day since which the case c is with its worker, and sinceThere the one
// since which it is at its place: that of the opening unless the ledger says later.
var (
	sinceHeld = `greatest(` + inBeijing(`c.opened_at`) + `, (SELECT max(` + inBeijing(`e.occurred_at`) + `) FROM case_events e WHERE e.case_id = c.case_id
    AND ` + ofHolding + ` AND (e.type = 'worker_assigned' AND e.data->>'worker' = c.worker OR e.type = 'transfer_accepted' AND c.worker = '')))`
	sinceThere = `greatest(` + inBeijing(`c.opened_at`) + `, (SELECT max(` + inBeijing(`e.occurred_at`) + `) FROM case_events e WHERE e.case_id = c.case_id
    AND ` + ofHolding + ` AND e.type IN ('transfer_accepted', 'station_moved') AND e.data->>'to' = c.place))`
)

// onDuty holds where the worker of the column is active today at a place that covers the street.
func onDuty(worker, street string) string {
	return `EXISTS (SELECT FROM worker_periods p WHERE p.worker = ` + worker + ` AND starts_with(` + street + `, p.place)
    AND p.from_day <= @today AND (p.to_day IS NULL OR p.to_day >= @today))`
}

// away holds where the worker of the column is absent today, by the absence named so.
func away(absence, worker string) string {
	return absence + `.worker = ` + worker + ` AND @today::date BETWEEN ` + absence + `.from_day AND ` + absence + `.to_day`
}

// staffGaps are the gaps of an open case whose worker is in no registry, has left the
// place, or is away with nobody who stands in, and of one whose place is no more. Whether a worker
// is there is asked once for a worker and a place, and not for each of their cases: OFFSET 0 keeps it so.
// Who stands in has to be at work, wherever that is.
var staffGaps = `
SELECT CASE WHEN w.first IS NULL THEN @unregistered::text ELSE @worker_left::text END, c.case_id, c.place, c.worker,
  greatest(` + sinceHeld + `, w.last + 1)
  FROM (SELECT h.worker, h.place, p.first, p.last FROM held h
    CROSS JOIN LATERAL (SELECT min(p.from_day) AS first, max(p.to_day) FILTER (WHERE starts_with(h.place, p.place) AND p.to_day < @today) AS last
      FROM worker_periods p WHERE p.worker = h.worker) p
    WHERE h.worker <> '' AND NOT ` + onDuty(`h.worker`, `h.place`) + ` OFFSET 0) w
  CROSS JOIN LATERAL (SELECT * FROM open_cases o WHERE o.worker = w.worker AND o.place = w.place OFFSET 0) c
UNION ALL
SELECT @worker_away::text, c.case_id, c.place, c.worker, greatest(` + sinceHeld + `, a.from_day, b.from_day,
  (SELECT max(p.to_day) + 1 FROM worker_periods p WHERE p.worker = a.stand_in AND p.to_day < @today))
  FROM open_cases c JOIN worker_absences a ON ` + away(`a`, `c.worker`) + ` LEFT JOIN worker_absences b ON ` + away(`b`, `a.stand_in`) + `
  WHERE ` + onDuty(`c.worker`, `c.place`) + ` AND (b.worker IS NOT NULL OR NOT ` + onDuty(`a.stand_in`, `p.place`) + `)
UNION ALL
SELECT @place_ended::text, c.case_id, c.place, c.worker, greatest(` + sinceThere + `, ended.since)
  FROM unnest(@ended_places::text[], @ended_since::date[]) AS ended (place, since)
  CROSS JOIN LATERAL (SELECT * FROM open_cases o WHERE o.place = ended.place OFFSET 0) c`

// staffArgs adds what staffGaps asks for. Places are few: their histories are folded here.
func staffArgs(ctx context.Context, q querier, args pgx.NamedArgs, today rehab.Date) error {
	changes, err := placeFacts(ctx, q, placeSubject+"%")
	if err != nil {
		return err
	}
	codes, since := []string{}, []pgtype.Date{}
	for code, facts := range changes {
		if p := office.PlaceOn(board.Place{Code: code}, facts, today); p.Status != office.InForce {
			codes, since = append(codes, code), append(since, day(p.Since))
		}
	}
	args["today"], args["ended_places"], args["ended_since"] = day(today), codes, since
	args["unregistered"], args["worker_left"] = board.WorkerUnknown, board.WorkerLeft
	args["worker_away"], args["place_ended"] = board.WorkerAway, board.PlaceEnded
	return nil
}
