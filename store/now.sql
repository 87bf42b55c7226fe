-- What waits in a scope, each thing once, in the order in which it has to be done. The first
-- part finds the things with the values of their order alone, for they may be many; a page of
-- them is then looked up.
WITH scope AS MATERIALIZED (
  SELECT case_id, policy, crises, CASE risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END AS risk
  FROM cases WHERE place LIKE @place AND (@workers::text[] IS NULL OR worker = ANY(@workers)) AND /*live*/
    AND place LIKE @area AND (@of = '' OR worker = @of)
),
duty AS (
  SELECT o.case_id, s.policy, s.risk, o.kind, o.n, o.opens, o.due, o.due_at, o.status, o.cite, o.unconfirmed
  FROM scope s JOIN obligations o USING (case_id)
  WHERE o.status IN ('open', 'missed') AND o.due <= @soon AND (o.status = 'missed' OR o.opens <= @today) AND o.kind <> ALL(@elsewhere)
  UNION ALL
  SELECT o.case_id, s.policy, s.risk, o.kind, o.n, o.opens, o.due, o.due_at, o.status, o.cite, o.unconfirmed
  FROM scope s JOIN obligations o USING (case_id)
  WHERE o.status IN ('open', 'missed') AND /*decisions*/
    AND o.due > @soon AND o.due <= @ahead AND o.opens <= @today AND (o.kind = ANY(@decides) OR o.due_at IS NOT NULL)
  UNION ALL -- a crisis is open until it is closed, whatever became of its follow-up
  SELECT o.case_id, s.policy, s.risk, o.kind, o.n, o.opens, o.due, o.due_at, o.status, o.cite, o.unconfirmed
  FROM scope s CROSS JOIN LATERAL (SELECT * FROM obligations o WHERE o.case_id = s.case_id AND o.kind = 'crisis_follow_up'
    AND o.status IN ('confirmed', 'dismissed', 'excused') OFFSET 0) o WHERE s.crises > 0
),
climb AS (
  SELECT e.case_id, e.id, e.obligation, e.rung, e.told_at, e.opened_at, s.risk, (@role = 'admin' OR e.role = @role) AND e.promise IS NULL
    AND NOT EXISTS (SELECT 1 FROM snoozes s WHERE s.actor = @actor AND s.case_id = e.case_id AND s.kind = '' AND s.n = e.id AND /*asleep*/) AS mine
  FROM scope s JOIN escalations e USING (case_id) WHERE e.closed_at IS NULL AND split_part(e.obligation, '-', 1) <> ALL(@elsewhere)
),
item AS (
  SELECT 'duty' AS subject, d.case_id, d.kind, d.n::bigint AS n, d.risk, c.id AS climb, coalesce(c.mine, false) AS mine, c.rung, c.told_at, d.due, d.due_at,
    d.cite = @statutory_cite OR d.policy || '/' || d.kind = ANY(@statutory) AS statutory,
    CASE WHEN d.status = 'open' THEN d.opens::timestamp AT TIME ZONE 'Asia/Shanghai'
      ELSE coalesce(d.due_at, (d.due + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') END AS since,
    CASE WHEN d.kind = 'crisis_follow_up' THEN 1
      WHEN d.status = 'open' AND d.due_at IS NOT NULL THEN 2
      WHEN c.mine THEN 3
      WHEN d.status = 'missed' THEN 4
      WHEN d.kind = ANY(@decides) AND (d.unconfirmed OR d.kind <> ALL(@drafts)) THEN 5
      WHEN d.due <= @today THEN 6
      WHEN d.due <= @soon THEN 7 END AS step
  FROM duty d LEFT JOIN climb c ON c.case_id = d.case_id AND c.obligation = d.kind || '-' || d.n
  WHERE d.status <> 'open' OR d.due <= @today OR NOT EXISTS (SELECT 1 FROM snoozes s
    WHERE s.actor = @actor AND s.case_id = d.case_id AND s.kind = d.kind AND s.n = d.n AND /*asleep*/)
  UNION ALL -- climbs over what is no provisional miss any more
  SELECT 'duty', c.case_id, split_part(c.obligation, '-', 1), split_part(c.obligation, '-', 2)::bigint, c.risk, c.id, true, c.rung, c.told_at, NULL, NULL, false, c.opened_at, 3
  FROM climb c WHERE c.mine AND NOT EXISTS (SELECT 1 FROM duty d WHERE d.case_id = c.case_id AND c.obligation = d.kind || '-' || d.n)
  UNION ALL
  SELECT 'leave', l.case_id, '', l.leave, s.risk, NULL, false, NULL, NULL, l.from_day, NULL, true, l.reported_at, 5
  FROM scope s JOIN leave_requests l USING (case_id) WHERE @leaves
  UNION ALL -- what another station sent, which is no case of the scope yet
  SELECT 'transfer', t.case_id, '', t.id, CASE v.risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, e.id, e.id IS NOT NULL, e.rung, e.told_at, o.due, NULL, false,
    t.forwarded_on::timestamp AT TIME ZONE 'Asia/Shanghai', CASE WHEN e.id IS NULL THEN 5 ELSE 3 END
  FROM transfers t JOIN cases v USING (case_id)
    LEFT JOIN obligations o ON o.case_id = t.case_id AND o.kind = 'transfer_decision' AND o.status IN ('open', 'missed')
    LEFT JOIN escalations e ON e.case_id = t.case_id AND e.obligation = o.kind || '-' || o.n AND e.closed_at IS NULL AND e.promise IS NULL AND (@role = 'admin' OR e.role = @role)
  WHERE t.state = 'forwarded' AND t.to_place LIKE @place AND t.to_place LIKE @area AND t.to_place <> '' AND v.phase NOT IN ('sealed', 'void')
    AND @workers::text[] IS NULL AND @of = '' AND (@leaves OR e.id IS NOT NULL)
  UNION ALL
  SELECT 'client_change', x.case_id, '', x.n, s.risk, NULL, false, NULL, NULL, (x.at AT TIME ZONE 'Asia/Shanghai')::date, NULL, false, x.at, 5
  FROM scope s JOIN client_changes x USING (case_id)
  WHERE @changes AND x.state = 'waiting' AND split_part(x.actor, ' ', 3) <> @actor AND (@proposers::text[] IS NULL OR split_part(x.actor, ' ', 1) = ANY(@proposers))
),
ranked AS MATERIALIZED (
  SELECT subject, case_id, kind, n, risk, climb, mine, since, step, CASE step
    WHEN 2 THEN extract(epoch FROM due_at)::bigint
    WHEN 3 THEN extract(epoch FROM told_at)::bigint - rung * 100000000000
    WHEN 4 THEN CASE WHEN statutory THEN 0 ELSE 1 END
    WHEN 5 THEN due - '2000-01-01'::date
    WHEN 7 THEN due - '2000-01-01'::date
    ELSE 0 END::bigint AS first
  FROM item WHERE step IS NOT NULL
),
page AS (
  SELECT * FROM ranked
  WHERE (@step = 0 OR step = @step) AND (step, first, risk, since, case_id, subject || kind, n) > (@k_step::int, @k_first::bigint, @k_risk::int, @k_since::timestamptz, @k_case::text, @k_kind::text, @k_n::bigint)
  ORDER BY step, first, risk, since, case_id, subject || kind, n LIMIT @limit
)
SELECT (SELECT coalesce(json_object_agg(step, n), '{}') FROM (SELECT step, count(*) AS n FROM ranked GROUP BY step) counted),
  (SELECT coalesce(json_agg(row_to_json(shown) ORDER BY shown.step, shown.first, shown.risk_rank, shown.since, shown.case_id, shown.subject || shown.kind, shown.n), '[]') FROM (
    SELECT p.step, p.subject, p.case_id, CASE p.subject WHEN 'transfer' THEN t.to_place ELSE c.place END AS place,
      CASE p.subject WHEN 'transfer' THEN '' ELSE c.worker END AS worker, c.risk, c.policy, p.kind, p.n, coalesce(o.status, '') AS status,
      o.opens, CASE p.subject WHEN 'leave' THEN l.from_day WHEN 'transfer' THEN w.due ELSE o.due END AS due, o.due_at, coalesce(o.test, 0) AS about,
      coalesce(o.cite, w.cite, '') AS cite, coalesce(o.unconfirmed, false) AS draft, coalesce(t.from_place, '') AS from_place, l.to_day AS until, p.since,
      CASE WHEN p.step = 1 THEN (SELECT v.data->>'kind' FROM case_events v WHERE v.case_id = p.case_id
        AND v.seq = coalesce((SELECT b.instead FROM taken_back b WHERE b.case_id = p.case_id AND b.seq = o.test), o.test)) END AS crisis,
      coalesce((SELECT max(y.id) FROM transfers y WHERE y.case_id = p.case_id AND y.ended_on IS NULL), 0) AS pending,
      coalesce(e.id, 0) AS climb, coalesce(e.rung, 0) AS rung, coalesce(e.role, '') AS told, e.told_at, e.next_at, e.promise, coalesce(e.acked_by, '') AS acked_by, p.mine,
      p.first, p.risk AS risk_rank
    FROM page p JOIN cases c USING (case_id)
      LEFT JOIN obligations o ON p.subject = 'duty' AND o.case_id = p.case_id AND o.kind = p.kind AND o.n = p.n
      LEFT JOIN escalations e ON e.case_id = p.case_id AND e.id = p.climb
      LEFT JOIN leave_requests l ON p.subject = 'leave' AND l.case_id = p.case_id AND l.leave = p.n
      LEFT JOIN transfers t ON p.subject = 'transfer' AND t.case_id = p.case_id AND t.id = p.n
      LEFT JOIN obligations w ON p.subject = 'transfer' AND w.case_id = p.case_id AND w.kind = 'transfer_decision' AND w.status IN ('open', 'missed')
  ) shown)
