-- What waits in a scope, each thing once, in the order in which it has to be done. The first
-- part finds the things with the values of their order alone, for they may be many; a page of
-- them is then looked up.
WITH mine AS MATERIALIZED ( -- climbs that wait for an answer of the actor's role
  SELECT e.case_id, split_part(e.obligation, '-', 1) AS kind, split_part(e.obligation, '-', 2)::int AS n, e.id, e.rung, e.told_at, e.opened_at, /*risk*/ AS risk
  FROM escalations e JOIN cases c USING (case_id)
  WHERE e.closed_at IS NULL AND e.promise IS NULL AND (@role = 'admin' OR e.role = @role) AND split_part(e.obligation, '-', 1) <> ALL(@elsewhere) AND /*live*/ AND /*scope*/
    AND NOT EXISTS (SELECT 1 FROM snoozes s WHERE s.actor = @actor AND s.case_id = e.case_id AND s.kind = '' AND s.n = e.id AND /*asleep*/)
),
plain AS NOT MATERIALIZED ( -- open duties of the next days, which are most of all: they come last
  SELECT case_id, kind, n, risk, opens, due, CASE WHEN due <= @today THEN 6 ELSE 7 END AS step FROM waiting d
  WHERE status = 'open' AND due <= @soon AND opens <= @today AND kind <> ALL(@elsewhere) AND NOT /*decisions*/ AND /*scope*/
    AND NOT EXISTS (SELECT FROM mine m WHERE m.case_id = d.case_id AND m.kind = d.kind AND m.n = d.n)
    AND (due <= @today OR NOT EXISTS (SELECT FROM snoozes s WHERE s.actor = @actor AND s.case_id = d.case_id AND s.kind = d.kind AND s.n = d.n AND /*asleep*/))
),
special AS NOT MATERIALIZED ( -- the others: missed, decided by an office, with a limit in hours, or climbed over
  SELECT case_id, kind, n, risk, opens, due, due_at, status, cite, policy, unconfirmed FROM waiting
  WHERE status = 'missed' AND due <= @ahead AND (due <= @soon OR opens <= @today AND /*decisions*/ AND (kind = ANY(@decides) OR due_at IS NOT NULL)) AND kind <> ALL(@elsewhere) AND /*scope*/
  UNION ALL
  SELECT case_id, kind, n, risk, opens, due, due_at, status, cite, policy, unconfirmed FROM waiting
  WHERE status = 'open' AND /*decisions*/ AND due <= @ahead AND opens <= @today AND (due <= @soon OR kind = ANY(@decides) OR due_at IS NOT NULL) AND kind <> ALL(@elsewhere) AND /*scope*/
  UNION ALL
  SELECT d.case_id, d.kind, d.n, d.risk, d.opens, d.due, d.due_at, d.status, d.cite, d.policy, d.unconfirmed FROM mine JOIN waiting d USING (case_id, kind, n)
  WHERE d.status = 'open' AND d.due <= @soon AND d.opens <= @today AND NOT /*decisions*/
  UNION ALL -- a crisis is open until it is closed, whatever became of its follow-up
  SELECT c.case_id, o.kind, o.n, (/*risk*/)::smallint, o.opens, o.due, o.due_at, o.status, o.cite, c.policy, o.unconfirmed
  FROM cases c CROSS JOIN LATERAL (SELECT * FROM obligations o WHERE o.case_id = c.case_id AND o.kind = 'crisis_follow_up'
    AND o.status IN ('confirmed', 'dismissed', 'excused') OFFSET 0) o WHERE c.crises > 0 AND /*live*/ AND /*scope*/
),
duty AS MATERIALIZED ( -- one that was put off has no step
  SELECT 'duty'::text AS subject, case_id, kind, n::bigint AS n, risk::int AS risk, climb, step, CASE step
      WHEN 2 THEN extract(epoch FROM due_at)::bigint
      WHEN 3 THEN extract(epoch FROM told_at)::bigint - rung * 100000000000
      WHEN 4 THEN CASE WHEN cite = @statutory_cite OR policy || '/' || kind = ANY(@statutory) THEN 0 ELSE 1 END
      WHEN 5 THEN due - '2000-01-01'::date
      WHEN 7 THEN due - '2000-01-01'::date
      ELSE 0 END::bigint AS first,
    -- Beijing has been eight hours ahead since 1991: to say so is quicker than to look its zone up.
    CASE WHEN status = 'open' THEN opens::timestamp AT TIME ZONE INTERVAL '+08:00'
      ELSE coalesce(due_at, (due + 1)::timestamp AT TIME ZONE INTERVAL '+08:00') END AS since
  FROM (
    SELECT f.*, m.id AS climb, m.rung, m.told_at,
      CASE WHEN f.status = 'open' AND f.due > @today AND EXISTS (SELECT FROM snoozes s
          WHERE s.actor = @actor AND s.case_id = f.case_id AND s.kind = f.kind AND s.n = f.n AND /*asleep*/) THEN NULL
        WHEN f.kind = 'crisis_follow_up' THEN 1
        WHEN f.status = 'open' AND f.due_at IS NOT NULL THEN 2
        WHEN m.id IS NOT NULL THEN 3
        WHEN f.status = 'missed' THEN 4
        WHEN f.kind = ANY(@decides) AND (f.unconfirmed OR f.kind <> ALL(@drafts)) THEN 5
        WHEN f.due <= @today THEN 6
        WHEN f.due <= @soon THEN 7 END AS step
    FROM special f LEFT JOIN mine m USING (case_id, kind, n) OFFSET 0
  ) d
),
item AS NOT MATERIALIZED (
  SELECT subject, case_id, kind, n, risk, climb, step, first, since FROM duty WHERE step IS NOT NULL
  UNION ALL -- climbs over what is no provisional miss any more
  SELECT 'duty', case_id, kind, n, risk, id, 3, extract(epoch FROM told_at)::bigint - rung * 100000000000, opened_at
  FROM mine WHERE (case_id, id) NOT IN (SELECT case_id, climb FROM duty WHERE climb IS NOT NULL)
  UNION ALL
  SELECT 'leave', l.case_id, '', l.leave, /*risk*/, NULL, 5, l.from_day - '2000-01-01'::date, l.reported_at
  FROM leave_requests l JOIN cases c USING (case_id) WHERE @leaves AND /*live*/ AND /*scope*/
  UNION ALL -- what another station sent, which is no case of the scope yet
  SELECT 'transfer', t.case_id, '', t.id, /*risk*/, e.id, CASE WHEN e.id IS NULL THEN 5 ELSE 3 END,
    CASE WHEN e.id IS NULL THEN o.due - '2000-01-01'::date ELSE extract(epoch FROM e.told_at)::bigint - e.rung * 100000000000 END, t.forwarded_on::timestamp AT TIME ZONE INTERVAL '+08:00'
  FROM transfers t JOIN cases c USING (case_id)
    LEFT JOIN obligations o ON o.case_id = t.case_id AND o.kind = 'transfer_decision' AND o.status IN ('open', 'missed')
    LEFT JOIN escalations e ON e.case_id = t.case_id AND e.obligation = o.kind || '-' || o.n AND e.closed_at IS NULL AND e.promise IS NULL AND (@role = 'admin' OR e.role = @role)
  WHERE t.state = 'forwarded' AND t.to_place LIKE @place AND t.to_place LIKE @area AND t.to_place <> '' AND c.phase NOT IN ('sealed', 'void')
    AND @workers::text[] IS NULL AND @of = '' AND (@leaves OR e.id IS NOT NULL)
  UNION ALL
  SELECT 'client_change', x.case_id, '', x.n, /*risk*/, NULL, 5, (x.at AT TIME ZONE 'Asia/Shanghai')::date - '2000-01-01'::date, x.at
  FROM client_changes x JOIN cases c USING (case_id)
  WHERE @changes AND x.state = 'waiting' AND /*live*/ AND /*scope*/ AND split_part(x.actor, ' ', 3) <> @actor AND (@proposers::text[] IS NULL OR split_part(x.actor, ' ', 1) = ANY(@proposers))
),
urgent AS MATERIALIZED (
  SELECT * FROM item
  WHERE /*beyond*/
  ORDER BY /*order*/ LIMIT @limit
),
page AS ( -- the plain ones are looked at where the others leave room
  SELECT * FROM (
    SELECT * FROM urgent
    UNION ALL
    (SELECT * FROM (SELECT 'duty', case_id, kind, n::bigint, risk::int, NULL::bigint, step, CASE step WHEN 7 THEN due - '2000-01-01'::date ELSE 0 END::bigint,
        opens::timestamp AT TIME ZONE INTERVAL '+08:00' FROM plain) x (subject, case_id, kind, n, risk, climb, step, first, since)
      WHERE (SELECT count(*) FROM urgent WHERE step < 6) < @limit AND /*beyond*/
      ORDER BY /*order*/ LIMIT @limit)
  ) x ORDER BY /*order*/ LIMIT @limit
)
SELECT (SELECT coalesce(json_object_agg(step, n), '{}') FROM (
    SELECT step, sum(n)::bigint AS n FROM (SELECT step, count(*) AS n FROM item GROUP BY step UNION ALL SELECT step, count(*) FROM plain GROUP BY step) x GROUP BY step) counted),
  (SELECT coalesce(json_agg(row_to_json(shown) ORDER BY shown.step, shown.first, shown.risk_rank, shown.since, shown.case_id, shown.subject || shown.kind, shown.n), '[]') FROM (
    SELECT p.step, p.subject, p.case_id, CASE p.subject WHEN 'transfer' THEN t.to_place ELSE c.place END AS place,
      CASE p.subject WHEN 'transfer' THEN '' ELSE c.worker END AS worker, c.risk, c.policy, p.kind, p.n, coalesce(o.status, '') AS status,
      o.opens, CASE p.subject WHEN 'leave' THEN l.from_day WHEN 'transfer' THEN w.due ELSE o.due END AS due, o.due_at, coalesce(o.test, 0) AS about,
      coalesce(o.cite, w.cite, '') AS cite, coalesce(o.unconfirmed, false) AS draft, coalesce(t.from_place, '') AS from_place, l.to_day AS until, p.since,
      CASE WHEN p.step = 1 THEN (SELECT v.data->>'kind' FROM case_events v WHERE v.case_id = p.case_id
        AND v.seq = coalesce((SELECT b.instead FROM taken_back b WHERE b.case_id = p.case_id AND b.seq = o.test), o.test)) END AS crisis,
      coalesce((SELECT max(y.id) FROM transfers y WHERE y.case_id = p.case_id AND y.ended_on IS NULL), 0) AS pending,
      coalesce(e.id, 0) AS climb, coalesce(e.rung, 0) AS rung, coalesce(e.role, '') AS told, e.told_at, e.next_at, e.promise, coalesce(e.acked_by, '') AS acked_by, p.climb IS NOT NULL AS mine,
      p.first, p.risk AS risk_rank
    FROM page p JOIN cases c USING (case_id)
      LEFT JOIN obligations o ON p.subject = 'duty' AND o.case_id = p.case_id AND o.kind = p.kind AND o.n = p.n
      LEFT JOIN escalations e ON e.case_id = p.case_id AND CASE WHEN p.climb IS NOT NULL THEN e.id = p.climb ELSE p.subject = 'duty' AND e.obligation = p.kind || '-' || p.n AND e.closed_at IS NULL END
      LEFT JOIN leave_requests l ON p.subject = 'leave' AND l.case_id = p.case_id AND l.leave = p.n
      LEFT JOIN transfers t ON p.subject = 'transfer' AND t.case_id = p.case_id AND t.id = p.n
      LEFT JOIN obligations w ON p.subject = 'transfer' AND w.case_id = p.case_id AND w.kind = 'transfer_decision' AND w.status IN ('open', 'missed')
  ) shown)
