package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/evaluation"
	"guitu/rehab"
)

// touching is what was told after x.at and changed what was counted from x.first to x.until
// at x.place: what happened then and was told later, what a revision took back, added or
// moved, and cases that were open then and turned out to be void. The condition that comes
// first is that of an index.
const touching = ` FROM case_events e JOIN cases c USING (case_id)
WHERE (e.command <> '' AND e.recorded_at - e.occurred_at > interval '24 hours' OR e.type IN ('life_revised', 'case_voided')) AND e.recorded_at > x.at
  AND (c.place LIKE x.place OR EXISTS (SELECT 1 FROM case_events t WHERE t.case_id = e.case_id AND t.type = 'transfer_accepted' AND t.data->>'from' LIKE x.place))
  AND CASE e.type
    WHEN 'case_voided' THEN EXISTS (SELECT 1 FROM case_events o WHERE o.case_id = e.case_id AND o.occurred_at < x.until)
      AND NOT EXISTS (SELECT 1 FROM case_events o WHERE o.case_id = e.case_id AND o.type IN ('case_released', 'case_terminated', 'transferred_out') AND o.occurred_at < x.first)
    WHEN 'life_revised' THEN c.` + notVoid + ` AND (
      EXISTS (SELECT 1 FROM json_array_elements(e.data->'taken_back') k JOIN case_events o ON o.case_id = e.case_id AND o.seq = (k->>'seq')::bigint
        WHERE o.type = ANY($1) AND o.recorded_at <= x.at AND o.occurred_at >= x.first AND o.occurred_at < x.until)
      OR EXISTS (SELECT 1 FROM case_events o
        WHERE o.case_id = e.case_id AND o.seq > e.seq AND o.seq <= (e.data->>'last')::bigint AND o.type = ANY($1) AND o.occurred_at >= x.first AND o.occurred_at < x.until)
      OR EXISTS (SELECT 1 FROM json_array_elements(e.data->'moved') k
        WHERE (k->>'from')::date BETWEEN x.first_day AND x.last_day OR (k->>'to')::date BETWEEN x.first_day AND x.last_day))
    ELSE c.` + notVoid + ` AND e.type = ANY($1) AND e.occurred_at >= x.first AND e.occurred_at < x.until END`

func countable() []string { return slices.Concat(lastingEvents, countedEvents) }

// Revised counts what was told since the period of the query was over and changed what is
// counted in it.
func (s *Store) Revised(ctx context.Context, q evaluation.Query) (int, error) {
	end := q.To.End()
	var n int
	err := timed(func() error {
		return s.pool.QueryRow(ctx, `SELECT count(DISTINCT (told.case_id, told.recorded_at)) FROM
  (SELECT $2::text AS place, $3::timestamptz AS first, $4::timestamptz AS until, $4::timestamptz AS at, $5::date AS first_day, $6::date AS last_day) x,
  LATERAL (SELECT e.case_id, e.recorded_at`+touching+`) told`, countable(), prefix(q.Place), q.From.Start(), end, day(q.From), day(q.To)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count what was revised: %w", unavailable(err))
	}
	return n, nil
}

// markOutdated says of each export whether its figures are others now. A period that was
// not over when they were taken away is looked at up to then.
func markOutdated(ctx context.Context, q querier, list []evaluation.Export) error {
	var positions []int64
	var places []string
	var first, until, at []time.Time
	var days [2][]time.Time
	for _, e := range list {
		p, err := evaluation.ParsePeriod(e.Filter["period"])
		if err != nil {
			continue // of a release that named periods otherwise
		}
		end := p.To.End()
		if e.At.Before(end) {
			end = e.At
		}
		positions, places, at = append(positions, e.Position), append(places, prefix(e.Place)), append(at, e.At)
		first, until = append(first, p.From.Start()), append(until, end)
		days[0], days[1] = append(days[0], day(p.From).Time), append(days[1], day(min(p.To, rehab.DateOf(e.At))).Time)
	}
	rows, err := q.Query(ctx, `SELECT x.position FROM unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::date[], $8::date[])
  AS x (position, place, first, until, at, first_day, last_day) WHERE EXISTS (SELECT 1`+touching+`)`, countable(), positions, places, first, until, at, days[0], days[1])
	if err != nil {
		return err
	}
	outdated, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for i := range list {
		list[i].Outdated = slices.Contains(outdated, list[i].Position)
	}
	return err
}
