package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/evaluation"
	"guitu/rehab"
)

// selectTrend counts as due_fact of facts.sql does, for many months at once. Nearly every duty is of
// a case that never left its place and did not become void: those are counted as they stand. Of the
// others, which are few, it asks the ledger where the case was, and whether they were missed before.
const selectTrend = `WITH moved AS MATERIALIZED (
  SELECT DISTINCT e.case_id FROM case_events e JOIN cases c USING (case_id) WHERE e.type = 'transfer_accepted' AND c.phase <> 'void'
),
stands AS (
  SELECT o.due, o.kind, count(*) AS n, count(*) FILTER (WHERE o.status = 'met' AND o.met_on <= o.due) AS in_time
  FROM obligations o JOIN cases c USING (case_id)
  WHERE o.due BETWEEN @first AND @over AND o.kind = ANY(@kinds) AND o.status IN ('open', 'missed', 'confirmed', 'met') AND c.phase <> 'void' AND c.place LIKE @place
    AND NOT (o.status = 'open' AND c.phase = 'suspended' AND o.kind = ANY(@standing)) AND c.case_id NOT IN (SELECT case_id FROM moved)
  GROUP BY 1, 2
),
rest AS MATERIALIZED (
  SELECT o.case_id, o.kind, o.n, o.due, o.status, false AS in_time, false AS moved
  FROM obligations o JOIN cases c USING (case_id)
  WHERE o.due BETWEEN @first AND @over AND o.kind = ANY(@kinds) AND o.status = 'superseded' AND c.phase <> 'void' AND c.place LIKE @place AND c.case_id NOT IN (SELECT case_id FROM moved)
  UNION ALL
  SELECT o.case_id, o.kind, o.n, o.due, o.status, coalesce(o.status = 'met' AND o.met_on <= o.due, false), true
  FROM moved m JOIN cases c USING (case_id) JOIN obligations o USING (case_id)
  WHERE o.due BETWEEN @first AND @over AND o.kind = ANY(@kinds) AND o.status IN ('open', 'missed', 'confirmed', 'met', 'superseded')
    AND NOT (o.status = 'open' AND c.phase = 'suspended' AND o.kind = ANY(@standing))
),
told AS MATERIALIZED (
  SELECT e.case_id, e.type, e.data, e.occurred_at, CASE WHEN EXISTS (SELECT FROM case_events r WHERE r.case_id = e.case_id AND r.type = 'life_revised') THEN e.occurred_at ELSE e.recorded_at END AS turn
  FROM (SELECT DISTINCT case_id FROM rest WHERE status = 'superseded') v JOIN case_events e USING (case_id)
  WHERE e.type IN ('obligation_missed', 'case_suspended') AND e.recorded_at >= @since AND NOT EXISTS (SELECT FROM taken_back t WHERE t.case_id = e.case_id AND t.seq = e.seq)
),
missed AS (
  SELECT case_id, data->>'id' AS id, max(turn) AS turn, max((occurred_at - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM told WHERE type = 'obligation_missed' GROUP BY 1, 2
),
step AS MATERIALIZED (
  SELECT e.case_id, e.seq, CASE e.type WHEN 'case_opened' THEN '-infinity' ELSE e.occurred_at END AS since, coalesce(nullif(e.data->>'to', ''), e.data->>'place') AS place
  FROM moved JOIN case_events e USING (case_id)
  WHERE (e.type = 'case_opened' OR e.type = 'transfer_accepted' AND e.data->>'to' <> '') AND NOT EXISTS (SELECT FROM taken_back t WHERE t.case_id = e.case_id AND t.seq = e.seq)
),
counted AS (
  SELECT d.due, d.kind, d.in_time FROM rest d LEFT JOIN missed x ON d.status = 'superseded' AND x.case_id = d.case_id AND x.id = d.kind || '-' || d.n
  WHERE (d.status <> 'superseded' OR x.day = d.due AND NOT EXISTS (
      SELECT FROM told s WHERE s.type = 'case_suspended' AND s.case_id = d.case_id AND s.turn > x.turn AND (s.data->>'on')::date <= d.due))
    AND (NOT d.moved OR (SELECT place FROM step s WHERE s.case_id = d.case_id AND s.since <= (d.due + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond'
      ORDER BY s.since DESC, s.seq DESC LIMIT 1) LIKE @place)
)
SELECT date_trunc('month', due)::date, kind, sum(n)::bigint, sum(in_time)::bigint FROM (
  SELECT due, kind, n, in_time FROM stands UNION ALL SELECT due, kind, 1, in_time::int FROM counted
) x GROUP BY 1, 2 ORDER BY 1, 2`

// Trend counts the duties of a place that fell due, and those done in time, by month and kind: the
// same numbers as Tallies gives for each month.
func (s *Store) Trend(ctx context.Context, q evaluation.TrendQuery) ([]evaluation.DueMonth, error) {
	kinds, _ := evaluation.Duties()
	args := pgx.NamedArgs{
		"place": prefix(q.Place), "kinds": kinds, "standing": rehab.ClientDuties(), "since": q.From.Start(), "first": day(q.From), "over": day(min(q.To, rehab.DateOf(q.Now).AddDays(-1))),
	}
	var out []evaluation.DueMonth
	err := s.snapshot(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectTrend, args)
		out, err = collect(rows, err, "count by month", func(row pgx.CollectableRow) (m evaluation.DueMonth, err error) {
			var month time.Time
			err = row.Scan(&month, &m.Kind, &m.Due, &m.InTime)
			m.Month = rehab.NewDate(month.Date())
			return m, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count by month: %w", unavailable(err))
	}
	return out, nil
}
