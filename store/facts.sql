-- The facts behind every measure of package evaluation: each belongs to a place and, where
-- it is of a case, to the worker who had the case at that instant. @place is a pattern.
WITH mine AS MATERIALIZED (
  SELECT case_id FROM cases WHERE place LIKE @place AND phase <> 'void' -- there never was such a case
  UNION
  SELECT case_id FROM case_events JOIN cases USING (case_id) WHERE type = 'transfer_accepted' AND data->>'from' LIKE @place AND phase <> 'void'
),
revised AS MATERIALIZED (
  SELECT DISTINCT case_id FROM case_events WHERE type = 'life_revised'
),
ev AS MATERIALIZED (
  -- id is what others refer to the event by, and told is when it was first told: those of
  -- the event whose place it took.
  -- A life that was lived again has its order from when things happened, and not from when
  -- they were told: turn is the place in it.
  SELECT e.case_id, e.seq, coalesce(w.seq, e.seq) AS id, e.type, e.occurred_at, e.data,
    CASE WHEN w.seq IS NULL THEN e.recorded_at
      ELSE (SELECT f.recorded_at FROM case_events f WHERE f.case_id = w.case_id AND f.seq = w.seq) END AS told,
    CASE WHEN r.case_id IS NOT NULL THEN e.occurred_at ELSE e.recorded_at END AS turn
  FROM mine JOIN case_events e USING (case_id) LEFT JOIN revised r USING (case_id)
  LEFT JOIN taken_back w ON w.case_id = e.case_id AND w.instead = e.seq
  WHERE (e.type = ANY(@lasting) OR e.type = ANY(@types) AND e.recorded_at >= @since)
    AND NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.case_id = e.case_id AND t.seq = e.seq)
),

-- Who had the case when, and where.
step AS MATERIALIZED (
  SELECT case_id, seq, CASE type WHEN 'case_opened' THEN '-infinity' ELSE occurred_at END AS since,
    CASE type WHEN 'case_opened' THEN data->>'place' WHEN 'transfer_accepted' THEN nullif(data->>'to', '') END AS place,
    CASE type WHEN 'case_opened' THEN coalesce(data->>'worker', '') WHEN 'transfer_accepted' THEN '' ELSE data->>'worker' END AS worker
  FROM ev WHERE type IN ('case_opened', 'worker_assigned', 'transfer_accepted')
),
holding AS MATERIALIZED (
  -- Most cases have one step. In the others, the place and the worker of a step that names none
  -- are those of the last one before it that does.
  SELECT case_id, min(since) AS since, 'infinity'::timestamptz AS until, min(place) AS place, min(worker) AS worker
  FROM step GROUP BY case_id HAVING count(*) = 1
  UNION ALL
  SELECT case_id, since, coalesce(lead(since) OVER w, 'infinity'),
    (array_agg(place) FILTER (WHERE place IS NOT NULL) OVER w)[count(place) OVER w],
    (array_agg(worker) FILTER (WHERE worker IS NOT NULL) OVER w)[count(worker) OVER w]
  FROM step WHERE case_id IN (SELECT case_id FROM step GROUP BY case_id HAVING count(*) > 1)
  WINDOW w AS (PARTITION BY case_id ORDER BY since, seq)
),

-- What a later event takes back.
retracted AS (
  SELECT DISTINCT case_id, data->>'id' AS id FROM ev WHERE type = 'miss_retracted'
),
withdrawn AS (
  SELECT DISTINCT ON (case_id, data->>'ground') case_id, data->>'ground' AS ground, turn, seq
  FROM ev WHERE type = 'violation_reached' AND data->>'withdrawn' = 'true' ORDER BY case_id, data->>'ground', turn DESC, seq DESC
),
-- A second examination that found no positive takes the relapse of its test back.
cleared AS (
  SELECT case_id, data->>'test' AS test FROM ev WHERE type = 'laboratory_reported' AND data->>'taken_back' = 'true'
),
event_fact AS (
  SELECT m.measure, e.case_id, e.seq::text AS detail, e.occurred_at AS at, 1::bigint AS value
  FROM ev e
  LEFT JOIN retracted r ON e.type = 'miss_confirmed' AND r.case_id = e.case_id AND r.id = e.data->>'id'
  LEFT JOIN withdrawn v ON e.type = 'violation_reached' AND v.case_id = e.case_id AND v.ground = e.data->>'ground' AND (v.turn, v.seq) >= (e.turn, e.seq)
  LEFT JOIN cleared x ON x.case_id = e.case_id AND x.test = CASE e.type WHEN 'test_recorded' THEN e.seq::text ELSE e.data->>'test' END
  CROSS JOIN LATERAL unnest(CASE e.type
    WHEN 'case_opened' THEN ARRAY['cases_opened']
    WHEN 'case_released' THEN ARRAY['cases_released']
    WHEN 'case_terminated' THEN ARRAY['cases_terminated']
    WHEN 'contact_recorded' THEN ARRAY['contact_attempts',
      CASE WHEN e.data->>'counts' = 'true' THEN 'contacts_made' END,
      CASE WHEN e.data->>'visit' = 'true' THEN 'home_visits_made' END]
    WHEN 'test_recorded' THEN CASE WHEN e.data->>'result' IN ('refused', 'evaded')
      THEN ARRAY[CASE WHEN e.data->>'counts' = 'true' THEN 'test_breaches' END]
      ELSE ARRAY['tests_taken',
        CASE WHEN e.data->>'unscheduled' = 'true' THEN 'tests_unscheduled' END,
        CASE WHEN e.data->>'relapse' = 'true' AND x.test IS NULL THEN 'relapses' END] END
    WHEN 'test_resolved' THEN ARRAY[CASE WHEN e.data->>'relapse' = 'true' AND x.test IS NULL THEN 'relapses' END]
    WHEN 'laboratory_reported' THEN ARRAY[CASE WHEN e.data->>'relapse' = 'true' AND x.test IS NULL THEN 'relapses' END]
    WHEN 'refusal_decided' THEN ARRAY[CASE WHEN e.data->>'counts' = 'true' AND e.data->>'instead_of' IS NULL THEN 'test_breaches' END]
    WHEN 'miss_confirmed' THEN CASE WHEN r.id IS NULL THEN ARRAY['misses_confirmed',
      CASE WHEN e.data->>'ground' = 'deemed_refusal' THEN 'deemed_refusals' END,
      CASE WHEN e.data->>'ground' = 'test_evasion' AND e.data->>'counts' = 'true' THEN 'test_breaches' END] END
    WHEN 'leaving_recorded' THEN ARRAY['leavings']
    WHEN 'violation_reached' THEN CASE WHEN v.seq IS NULL THEN ARRAY['violations'] END
    WHEN 'engagement_stalled' THEN ARRAY['engagements_stalled']
    WHEN 're_engaged' THEN ARRAY['re_engagements']
    WHEN 'lost_contact_confirmed' THEN ARRAY['lost_contacts']
    WHEN 'supervision_recorded' THEN ARRAY['case_supervisions']
    WHEN 'help_given' THEN ARRAY['help_given']
    WHEN 'positive_event' THEN ARRAY['positive_events']
    WHEN 'referral_made' THEN ARRAY['referrals_made']
    WHEN 'referral_replied' THEN ARRAY[CASE WHEN e.data->>'reply' <> 'waiting_list' THEN 'referrals_answered' END]
    WHEN 'placement_started' THEN ARRAY[CASE WHEN e.data->>'kind' = 'job' THEN 'placements' ELSE 'placements_other' END]
  END) AS m (measure)
  WHERE m.measure IS NOT NULL AND e.occurred_at >= @since AND e.occurred_at < @until
),

-- Cases open at the end of the period, or now where it is not over.
closed AS (
  SELECT case_id, min(occurred_at) AS at FROM ev WHERE type IN ('case_released', 'case_terminated', 'transferred_out') GROUP BY 1
),
open_fact AS (
  SELECT 'cases_open' AS measure, e.case_id, '' AS detail, @instant::timestamptz AS at, 1::bigint AS value
  FROM ev e LEFT JOIN closed c USING (case_id)
  WHERE e.type = 'case_opened' AND e.occurred_at <= @instant AND (c.at IS NULL OR c.at > @instant)
),

-- An answer is an acknowledgement, or an end that a person brought about.
answer AS (
  SELECT case_id, (data->>'id')::bigint AS id, min(turn) FILTER (WHERE answers) AS turn, min(told) FILTER (WHERE answers) AS at,
    min(turn) FILTER (WHERE type = 'escalation_climbed') AS climbed
  FROM (
    SELECT *, type = 'escalation_acknowledged' OR type = 'escalation_closed' AND data->>'closing' IN ('evidence', 'justification', 'dismissal') AS answers
    FROM ev WHERE type IN ('escalation_acknowledged', 'escalation_closed', 'escalation_climbed')
  ) x GROUP BY 1, 2
),
escalation_fact AS (
  SELECT m.measure, e.case_id, e.seq::text AS detail, e.occurred_at AS at, m.value::bigint AS value
  FROM ev e LEFT JOIN answer a ON a.case_id = e.case_id AND a.id = e.id
  CROSS JOIN LATERAL (VALUES
    ('escalations_opened', true, 1),
    ('escalations_answered', a.at IS NOT NULL, 1),
    ('escalations_answered_first', a.at IS NOT NULL AND (a.climbed IS NULL OR a.turn < a.climbed), 1),
    ('answer_minutes', a.at IS NOT NULL, floor(extract(epoch FROM a.at - e.told) / 60))
  ) AS m (measure, holds, value)
  WHERE e.type = 'escalation_opened' AND m.holds AND e.occurred_at >= @since AND e.occurred_at < @until
),

-- What was due. The end of a case makes void what was missed before: it was due all the
-- same on the day of its last miss, unless that day was moved since, or a suspension that
-- was recorded later had stopped the clock by then.
missed AS (
  SELECT case_id, data->>'id' AS id, max(turn) AS turn, max((occurred_at - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM ev WHERE type = 'obligation_missed' GROUP BY 1, 2
),
suspended AS (
  SELECT case_id, turn, (data->>'on')::date AS day FROM ev WHERE type = 'case_suspended'
),
due_fact AS (
  SELECT d.name || m.suffix AS measure, o.case_id, o.kind || '-' || o.n AS detail,
    (o.due + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond' AS at, 1::bigint AS value
  FROM mine JOIN cases c USING (case_id) JOIN obligations o USING (case_id) JOIN unnest(@kinds::text[], @names::text[]) AS d (kind, name) ON d.kind = o.kind
  LEFT JOIN missed x ON x.case_id = o.case_id AND x.id = o.kind || '-' || o.n
  CROSS JOIN LATERAL (VALUES ('_due', true), ('_in_time', o.status = 'met' AND o.met_on <= o.due)) AS m (suffix, holds)
  WHERE m.holds AND o.due BETWEEN @first AND @over
    AND NOT (o.status = 'open' AND c.phase = 'suspended' AND o.kind = ANY(@standing))
    AND (o.status IN ('open', 'missed', 'confirmed', 'met') OR o.status = 'superseded' AND x.day = o.due AND NOT EXISTS (
      SELECT 1 FROM suspended s WHERE s.case_id = o.case_id AND s.turn > x.turn AND s.day <= o.due))
),

-- The work that is no case.
record AS (
  SELECT *, kind = 'supervision' AND data->>'status' IN ('held', 'closed') AS held FROM practice p
  WHERE NOT withdrawn AND NOT EXISTS (SELECT 1 FROM cases v WHERE v.case_id = p.case_id AND v.phase = 'void')
),
record_fact AS (
  SELECT m.measure, r.id, '' AS detail, m.day, r.place, '' AS worker, m.value::bigint AS value
  FROM record r CROSS JOIN LATERAL (VALUES
    ('supervisions_requested', r.kind = 'supervision', (r.data->>'requested_on')::date, 1),
    ('supervisions_held', r.held, r.day, 1),
    ('supervision_minutes', r.held, r.day, (r.data->>'minutes')::int),
    ('supervisions_of_cases', r.held AND r.case_id <> '', r.day, 1),
    ('training_sessions', r.kind = 'session', r.day, 1),
    ('publicity_activities', r.kind = 'publicity', r.day, 1),
    ('publicity_reached', r.kind = 'publicity', r.day, (r.data->>'reached')::int)
  ) AS m (measure, holds, day, value)
  WHERE m.holds
  UNION ALL
  SELECT 'supervised', r.id, w, r.day, r.place, w, 1 FROM record r, jsonb_array_elements_text(r.data->'supervisees') AS w WHERE r.held
  UNION ALL
  SELECT m.measure, r.id, a->>'worker', r.day, coalesce(nullif(a->>'place', ''), r.place), a->>'worker', m.value
  FROM record r, jsonb_array_elements(r.data->'attendance') AS a CROSS JOIN LATERAL (VALUES
    ('training_invited', a->>'invited' = 'true', 1),
    ('training_attended', a->>'presence' = 'attended', 1),
    ('training_minutes', a->>'presence' = 'attended', coalesce((a->>'minutes')::int, (r.data->>'minutes')::int))
  ) AS m (measure, holds, value)
  WHERE r.kind = 'session' AND m.holds
),

fact AS (
  SELECT f.measure, f.case_id, '' AS record, f.detail, (f.at AT TIME ZONE 'Asia/Shanghai')::date AS day, h.place, h.worker, f.value
  FROM (SELECT * FROM event_fact UNION ALL SELECT * FROM open_fact UNION ALL SELECT * FROM escalation_fact UNION ALL SELECT * FROM due_fact) f
  JOIN holding h ON h.case_id = f.case_id AND f.at >= h.since AND f.at < h.until
  UNION ALL
  SELECT measure, '', id, detail, day, place, worker, value FROM record_fact WHERE day BETWEEN @first AND @today
),
placed AS (
  SELECT *, CASE WHEN @length = 0 THEN nullif(worker, '') WHEN length(place) >= @length THEN left(place, @length) END AS unit,
    measure || '/' || case_id || record || '/' || detail AS key
  FROM fact WHERE place LIKE @place AND measure = ANY(@measures)
)
