-- What waits in a scope, each thing once, in the order in which it has to be done. The first
-- part finds the things with the values of their order alone, for they may be many; a page of
-- them is then looked up.
WITH mine AS MATERIALIZED ( -- climbs that wait for an answer of the actor's role
  SELECT e.case_id, split_part(e.obligation, '-', 1) AS kind, split_part(e.obligation, '-', 2)::int AS n, e.id, e.rung, e.told_at, e.opened_at, /*risk*/ AS risk
  FROM escalations e JOIN cases c USING (case_id)
  WHERE e.closed_at IS NULL AND e.promise IS NULL AND (@role = 'admin' OR e.role = @role) AND split_part(e.obligation, '-', 1) <> ALL(@elsewhere) AND /*live*/ AND /*scope*/
    AND NOT EXISTS (SELECT 1 FROM snoozes s WHERE s.actor = @actor AND s.case_id = e.case_id AND s.kind = '' AND s.n = e.id AND /*asleep*/)
),
duty AS MATERIALIZED ( -- one that was put off has no step
  SELECT d.case_id, d.kind, d.n, d.risk, d.opens, d.due, d.due_at, d.status, d.cite, d.policy, m.id AS climb, m.rung, m.told_at,
    CASE WHEN d.status = 'open' AND d.due > @today AND EXISTS (SELECT 1 FROM snoozes s
        WHERE s.actor = @actor AND s.case_id = d.case_id AND s.kind = d.kind AND s.n = d.n AND /*asleep*/) THEN NULL
      WHEN d.kind = 'crisis_follow_up' THEN 1
      WHEN d.status = 'open' AND d.due_at IS NOT NULL THEN 2
      WHEN m.id IS NOT NULL THEN 3
      WHEN d.status = 'missed' THEN 4
      WHEN d.kind = ANY(@decides) AND (d.unconfirmed OR d.kind <> ALL(@drafts)) THEN 5
      WHEN d.due <= @today THEN 6
      WHEN d.due <= @soon THEN 7 END AS step
  FROM (
    SELECT case_id, kind, n, risk, opens, due, due_at, status, cite, policy, unconfirmed FROM waiting
    WHERE due <= @soon AND (status = 'missed' OR opens <= @today) AND kind <> ALL(@elsewhere) AND /*scope*/
    UNION ALL
    SELECT case_id, kind, n, risk, opens, due, due_at, status, cite, policy, unconfirmed FROM waiting
    WHERE due > @soon AND due <= @ahead AND opens <= @today AND /*decisions*/ AND (kind = ANY(@decides) OR due_at IS NOT NULL) AND /*scope*/
    UNION ALL -- a crisis is open until it is closed, whatever became of its follow-up
    SELECT c.case_id, o.kind, o.n, /*risk*/, o.opens, o.due, o.due_at, o.status, o.cite, c.policy, o.unconfirmed
    FROM cases c CROSS JOIN LATERAL (SELECT * FROM obligations o WHERE o.case_id = c.case_id AND o.kind = 'crisis_follow_up'
      AND o.status IN ('confirmed', 'dismissed', 'excused') OFFSET 0) o WHERE c.crises > 0 AND /*live*/ AND /*scope*/
  ) d LEFT JOIN mine m USING (case_id, kind, n)
),
item AS NOT MATERIALIZED ( -- Beijing has been eight hours ahead since 1991: to say so is quicker than to look its zone up
  SELECT 'duty' AS subject, case_id, kind, n::bigint AS n, risk, climb, step, CASE step
      WHEN 2 THEN extract(epoch FROM due_at)::bigint
      WHEN 3 THEN extract(epoch FROM told_at)::bigint - rung * 100000000000
      WHEN 4 THEN CASE WHEN cite = @statutory_cite OR policy || '/' || kind = ANY(@statutory) THEN 0 ELSE 1 END
      WHEN 5 THEN due - '2000-01-01'::date
      WHEN 7 THEN due - '2000-01-01'::date
      ELSE 0 END::bigint AS first,
    CASE WHEN status = 'open' THEN opens::timestamp AT TIME ZONE INTERVAL '+08:00'
      ELSE coalesce(due_at, (due + 1)::timestamp AT TIME ZONE INTERVAL '+08:00') END AS since
  FROM duty WHERE step IS NOT NULL
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
page AS (
  SELECT * FROM item
  WHERE (@step = 0 OR step = @step) AND (step, first, risk, since, case_id, subject || kind, n) > (@k_step::int, @k_first::bigint, @k_risk::int, @k_since::timestamptz, @k_case::text, @k_kind::text, @k_n::bigint)
  ORDER BY step, first, risk, since, case_id, subject || kind, n LIMIT @limit
)
SELECT (SELECT coalesce(json_object_agg(step, n), '{}') FROM (SELECT step, count(*) AS n FROM item GROUP BY step) counted),
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
