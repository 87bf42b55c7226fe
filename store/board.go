package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

const caseColumns = `case_id, seq, measure, phase, place, worker, risk, policy, served_on, reported_on, term_end, released_on, last_contact,
  next_kind, next_due, overdue, escalations, top_rung, violations, wake_at, opened_at, engagement, outreach_step, crises`

// underWay are the phases of a measure that runs, those of rehab.OpenPhases. live are the
// cases to which something is still to come; in one that has ended, to put its record right.
// readable leaves out what nobody reads any more, notVoid a case that was opened by mistake,
// which is read by its id alone. TestTheQueriesNameThePhasesOfTheCore holds them to the core.
const (
	underWay = `phase IN ('` + string(rehab.AwaitingReportIn) + `', '` + string(rehab.AwaitingAgreement) + `', '` + string(rehab.InExecution) +
		`', '` + string(rehab.TermEnded) + `', '` + string(rehab.Suspended) + `')`
	endedPhases = `'` + string(rehab.Terminated) + `', '` + string(rehab.TransferredAway) + `'`
	shutPhases  = `'` + string(rehab.Sealed) + `', '` + string(rehab.Void) + `'`

	live     = `(phase NOT IN (` + endedPhases + `, ` + shutPhases + `) OR phase IN (` + endedPhases + `) AND (overdue > 0 OR next_due IS NOT NULL OR escalations > 0))`
	readable = `phase NOT IN (` + shutPhases + `)`
	unsealed = `phase <> '` + string(rehab.Sealed) + `'`
	notVoid  = `phase <> '` + string(rehab.Void) + `'`
)

const selectCases = `SELECT ` + caseColumns + ` FROM cases
WHERE place LIKE $1 AND ($2 = '' OR worker = $2) AND ($3 = '' AND ` + notVoid + ` OR phase = $3) AND ($4 = '' OR risk = $4) AND ($5 = '' OR measure = $5)
  AND (NOT $6 OR overdue > 0) AND (NOT $7 OR escalations > 0) AND (NOT $8 OR ` + underWay + `) AND case_id > $9
  AND ($10 = '' OR engagement = $10) AND (NOT $11 OR crises > 0)
ORDER BY case_id LIMIT $12`

func scanCase(row pgx.CollectableRow) (rehab.Summary, error) {
	var c rehab.Summary
	var policy string
	var served, reported, end, released, contact, due pgtype.Date
	var wake pgtype.Timestamptz
	err := row.Scan(&c.CaseID, &c.Seq, &c.Measure, &c.Phase, &c.Place, &c.Worker, &c.Risk, &policy, &served, &reported, &end, &released, &contact,
		&c.NextKind, &due, &c.Overdue, &c.Escalations, &c.TopRung, &c.Violations, &wake, &c.OpenedAt,
		&c.Engagement, &c.OutreachStep, &c.Crises)
	c.Policy = policyRef(policy)
	c.ServedOn, c.ReportedOn, c.TermEnd, c.ReleasedOn = dateOf(served), dateOf(reported), dateOf(end), dateOf(released)
	c.LastContact, c.NextDue, c.WakeAt, c.OpenedAt = dateOf(contact), dateOf(due), timeOf(wake), c.OpenedAt.UTC()
	return c, err
}

func policyRef(text string) rehab.PolicyRef {
	id, version, _ := strings.Cut(text, "@")
	return rehab.PolicyRef{ID: id, Version: version}
}

// Cases lists the rows of a board in order of their ids, paged by the last id seen. A void
// case is listed where its phase is asked for.
func (s *Store) Cases(ctx context.Context, f board.CaseFilter) ([]rehab.Summary, error) {
	rows, err := s.pool.Query(ctx, selectCases, prefix(f.Place), f.Worker, f.Phase, f.Risk, f.Measure, f.Overdue, f.Escalated, f.Open, f.After,
		f.Engaged, f.Crisis, limit(f.Limit))
	return collect(rows, err, "list cases", scanCase)
}

// CaseCounts counts the cases of a place as they stand now, without void and sealed ones.
func (s *Store) CaseCounts(ctx context.Context, place string) ([]board.CaseCount, error) {
	rows, err := s.pool.Query(ctx, `SELECT place, worker, phase, risk, count(*)::int, (count(*) FILTER (WHERE overdue > 0))::int,
  (count(*) FILTER (WHERE escalations > 0))::int, sum(escalations)::int FROM cases WHERE place LIKE $1 AND `+notVoid+` AND phase <> 'sealed'
GROUP BY place, worker, phase, risk`, prefix(place))
	return collect(rows, err, "count the cases of a place", pgx.RowToStructByPos[board.CaseCount])
}

// PolicyCounts counts the cases of a place by the version they are under, without void and sealed ones.
func (s *Store) PolicyCounts(ctx context.Context, place string) ([]board.PolicyCount, error) {
	rows, err := s.pool.Query(ctx, `SELECT policy, count(*)::int, (count(*) FILTER (WHERE `+underWay+`))::int FROM cases
WHERE place LIKE $1 AND `+notVoid+` AND phase <> 'sealed' GROUP BY policy ORDER BY policy`, prefix(place))
	return collect(rows, err, "count the cases by policy", func(row pgx.CollectableRow) (board.PolicyCount, error) {
		var x board.PolicyCount
		var policy string
		err := row.Scan(&policy, &x.Cases, &x.Open)
		x.Policy = policyRef(policy)
		return x, err
	})
}

// Case is the row of one case; NotFound when there is none.
func (s *Store) Case(ctx context.Context, caseID string) (rehab.Summary, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+caseColumns+` FROM cases WHERE case_id = $1`, caseID)
	list, err := collect(rows, err, "read case", scanCase)
	if err == nil && len(list) == 0 {
		return rehab.Summary{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	}
	if err != nil {
		return rehab.Summary{}, err
	}
	return list[0], nil
}

const obligationColumns = `o.case_id, c.place, c.worker, c.risk, o.kind, o.n, o.opens, o.due, o.due_at, o.expires, o.status, o.ground, o.test, o.cite, o.met_on, o.unconfirmed`

func scanObligation(row pgx.CollectableRow) (board.ObligationRow, error) {
	return scanObligationAnd(row)
}

// scanObligationAnd reads an obligation and the columns after it.
func scanObligationAnd(row pgx.CollectableRow, more ...any) (board.ObligationRow, error) {
	var o board.ObligationRow
	var opens, due, expires, met pgtype.Date
	var dueAt pgtype.Timestamptz
	err := row.Scan(append([]any{&o.CaseID, &o.Place, &o.Worker, &o.Risk, &o.ID.Kind, &o.ID.N, &opens, &due, &dueAt, &expires, &o.Status, &o.Ground, &o.About, &o.Citation, &met, &o.Unconfirmed}, more...)...)
	o.Opens, o.Due, o.Expires, o.MetOn, o.DueAt = dateOf(opens), dateOf(due), dateOf(expires), dateOf(met), timeOf(dueAt)
	return o, err
}

// Obligations lists every obligation the case ever had, the first due first.
func (s *Store) Obligations(ctx context.Context, caseID string) ([]board.ObligationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+obligationColumns+` FROM obligations o JOIN cases c USING (case_id) WHERE o.case_id = $1 ORDER BY o.due, o.kind, o.n`, caseID)
	return collect(rows, err, "list obligations", scanObligation)
}

// ObligationsOf lists every obligation that the cases ever had, case by case as Obligations does.
func (s *Store) ObligationsOf(ctx context.Context, caseIDs []string) ([]board.ObligationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+obligationColumns+` FROM obligations o JOIN cases c USING (case_id) WHERE o.case_id = ANY($1) AND c.case_id = ANY($1) ORDER BY o.case_id, o.due, o.kind, o.n`, caseIDs)
	return collect(rows, err, "list obligations", scanObligation)
}

// OpenEscalationsOf lists the open escalations of the cases.
func (s *Store) OpenEscalationsOf(ctx context.Context, caseIDs []string) ([]board.EscalationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+escalationColumns+` FROM escalations e JOIN cases c USING (case_id) WHERE e.case_id = ANY($1) AND c.case_id = ANY($1) AND e.closed_at IS NULL ORDER BY e.case_id, e.id`, caseIDs)
	return collect(rows, err, "list escalations", scanEscalation)
}

// Tasks lists what is open and due by the day, and what is missed and waits for a
// person, the first due first.
func (s *Store) Tasks(ctx context.Context, f board.TaskFilter) ([]board.ObligationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+obligationColumns+` FROM cases c JOIN obligations o USING (case_id)
WHERE c.place LIKE $1 AND ($2 = '' OR c.worker = $2) AND `+live+` AND (o.status = 'open' AND o.due <= $3 OR o.status = 'missed')
ORDER BY o.due, o.case_id, o.kind LIMIT $4`, prefix(f.Place), f.Worker, day(f.DueBy), limit(f.Limit))
	return collect(rows, err, "list tasks", scanObligation)
}

const escalationColumns = `e.case_id, c.place, c.worker, e.id, e.obligation, e.rung, e.role, e.opened_at, e.told_at, e.next_at, e.promise, e.acked_by, e.closed_at, e.closing`

func scanEscalation(row pgx.CollectableRow) (board.EscalationRow, error) {
	var e board.EscalationRow
	var obligation string
	var promise pgtype.Date
	var next, closed pgtype.Timestamptz
	err := row.Scan(&e.CaseID, &e.Place, &e.Worker, &e.ID, &obligation, &e.Rung, &e.Role, &e.OpenedAt, &e.ToldAt, &next, &promise, &e.AckedBy, &closed, &e.Closing)
	e.OpenedAt, e.ToldAt, e.NextAt, e.Promise, e.ClosedAt = e.OpenedAt.UTC(), e.ToldAt.UTC(), timeOf(next), dateOf(promise), timeOf(closed)
	if err == nil {
		err = e.Obligation.UnmarshalText([]byte(obligation))
	}
	return e, err
}

// Escalations lists the open escalations of a place, the longest told first, paged by the
// last one seen. One that climbs meanwhile comes again, at the end.
func (s *Store) Escalations(ctx context.Context, f board.TaskFilter) ([]board.EscalationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+escalationColumns+` FROM escalations e JOIN cases c USING (case_id)
WHERE e.closed_at IS NULL AND c.`+notVoid+` AND c.place LIKE $1 AND ($2 = '' OR c.worker = $2) AND (e.told_at, e.case_id, e.id) > ($4, $5, $6)
ORDER BY e.told_at, e.case_id, e.id LIMIT $3`, prefix(f.Place), f.Worker, limit(f.Limit), f.AfterTold, f.AfterCase, f.AfterID)
	return collect(rows, err, "list escalations", scanEscalation)
}

// CaseEscalations lists every escalation the case ever had, open and closed.
func (s *Store) CaseEscalations(ctx context.Context, caseID string) ([]board.EscalationRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+escalationColumns+` FROM escalations e JOIN cases c USING (case_id) WHERE e.case_id = $1 ORDER BY e.id`, caseID)
	return collect(rows, err, "list escalations", scanEscalation)
}

// Counts are the cases per phase ("phase_in_execution"), and those overdue and escalated.
func (s *Store) Counts(ctx context.Context) (map[string]int64, error) {
	out := make(map[string]int64)
	rows, err := s.pool.Query(ctx, `WITH cases AS (SELECT * FROM cases WHERE `+notVoid+`) SELECT 'phase_' || phase, count(*) FROM cases GROUP BY phase
UNION ALL SELECT 'overdue', count(*) FROM cases WHERE overdue > 0 UNION ALL SELECT 'escalated', count(*) FROM cases WHERE escalations > 0
UNION ALL SELECT 'engagement_' || engagement, count(*) FROM cases WHERE engagement <> '' GROUP BY engagement UNION ALL SELECT 'in_crisis', count(*) FROM cases WHERE crises > 0`)
	if err != nil {
		return nil, fmt.Errorf("count cases: %w", unavailable(err))
	}
	var name string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error { out[name] = n; return nil })
	return out, unavailable(err)
}

func collect[T any](rows pgx.Rows, err error, doing string, scan pgx.RowToFunc[T]) ([]T, error) {
	if err == nil {
		var out []T
		if out, err = pgx.CollectRows(rows, scan); err == nil {
			return out, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", doing, unavailable(err))
}

// prefix makes a pattern of a place code. Codes are digits; anything else matches nothing.
func prefix(code string) string {
	if strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
		return "-"
	}
	return code + "%"
}

const maxRows = 1000

func limit(n int) int {
	if n <= 0 || n > maxRows {
		return maxRows
	}
	return n
}

// seedPlaces fills in the city of Beijing, its districts and their streets.
func seedPlaces(ctx context.Context, conn *pgx.Conn) error {
	codes, parents, levels, names := []string{"11"}, []string{""}, []string{"city"}, []string{"北京市"}
	seen := make(map[string]bool)
	for i, line := range strings.Split(strings.TrimSpace(placesCSV), "\n") {
		f := strings.Split(strings.TrimSpace(line), ",")
		if i == 0 || len(f) != 4 {
			continue
		}
		if !seen[f[0]] {
			seen[f[0]] = true
			codes, parents, levels, names = append(codes, f[0]), append(parents, "11"), append(levels, "district"), append(names, f[1])
		}
		codes, parents, levels, names = append(codes, f[2]), append(parents, f[0]), append(levels, "street"), append(names, f[3])
	}
	_, err := conn.Exec(ctx, `INSERT INTO places (code, parent, level, name) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT (code) DO NOTHING`,
		codes, parents, levels, names)
	if err != nil {
		return fmt.Errorf("fill in the places: %w", err)
	}
	return nil
}
