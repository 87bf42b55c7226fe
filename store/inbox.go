package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/inbox"
	"guitu/rehab"
)

// The scope of an inbox: $1 is a worker, or the pattern of a place.
const (
	ofWorker = `.worker = ANY($1)`
	ofPlace  = `.place LIKE $1`
)

// scope is the condition on the table that the alias names.
func scope(f inbox.Filter, alias string) (sql string, arg any) {
	if f.Worker != "" {
		return alias + ofWorker, append([]string{f.Worker}, f.Also...)
	}
	return alias + ofPlace, prefix(f.Place)
}

// asleep holds while a snooze s hides what it names: not from its day on, and not once
// the case has brought a miss or a climb since.
const asleep = ` s.until > $3 AND NOT EXISTS (SELECT 1 FROM case_events x
    WHERE x.case_id = s.case_id AND x.seq > s.seq AND x.type IN ('obligation_missed', 'escalation_opened', 'escalation_climbed'))`

// awake keeps out the open obligations that actor $2 put off and whose last day has not come by day $3.
const awake = ` AND (o.status <> 'open' OR o.due <= $3 OR NOT EXISTS (SELECT 1 FROM snoozes s
  WHERE s.actor = $2 AND s.case_id = o.case_id AND s.kind = o.kind AND s.n = o.n AND` + asleep + `))`

const (
	// What waits says which tasks there are; the rest of them is looked up for the page.
	selectTasks = `SELECT ` + obligationColumns + `, c.policy FROM (SELECT o.case_id, o.kind, o.n FROM waiting o
WHERE (o.due, o.case_id, o.kind, o.n) > ($4, $5, $6, $7) AND `
	inOrderOfTasks = ` ORDER BY o.due, o.case_id, o.kind, o.n LIMIT $8) w JOIN obligations o USING (case_id, kind, n) JOIN cases c USING (case_id)
ORDER BY o.due, o.case_id, o.kind, o.n`

	isDue     = ` AND o.status = 'open' AND o.due <= $9` + awake
	isOverdue = ` AND o.status = 'missed' AND o.due <= $3` + awake // what is missed was due, which an index knows
	// A task waits for the station head; for an office above, once the climb over it is
	// there, or at once where the station head may not settle the kind.
	isToSettle = ` AND o.status IN ('open', 'missed') AND o.due <= $9 AND (o.status = 'missed' OR o.kind = ANY($10))
  AND ($11 IN ('station_head', 'admin') OR o.kind = ANY($12) OR (o.case_id, o.kind) IN (SELECT e.case_id, split_part(e.obligation, '-', 1)
    FROM escalations e WHERE e.closed_at IS NULL AND e.role = $11))` + awake
)

// Due lists open obligations with a last day up to f.DueBy, without what the actor put off.
func (s *Store) Due(ctx context.Context, f inbox.Filter) ([]inbox.Task, error) {
	return s.tasks(ctx, f, isDue, day(f.DueBy))
}

// Overdue lists the provisional misses.
func (s *Store) Overdue(ctx context.Context, f inbox.Filter) ([]inbox.Task, error) {
	return s.tasks(ctx, f, isOverdue)
}

// ToSettle lists what f.Role has to settle itself: provisional misses, and of the kinds
// what is due up to f.DueBy. Those of the kinds above wait for no station head.
func (s *Store) ToSettle(ctx context.Context, f inbox.Filter, kinds, above []string) ([]inbox.Task, error) {
	return s.tasks(ctx, f, isToSettle, day(f.DueBy), kinds, string(f.Role), above)
}

func (s *Store) tasks(ctx context.Context, f inbox.Filter, which string, more ...any) ([]inbox.Task, error) {
	where, who := scope(f, "o")
	args := append([]any{who, f.Actor, day(f.Today), from(f.After.Day), f.After.CaseID, string(f.After.Kind), f.After.N, limit(f.Limit)}, more...)
	rows, err := s.pool.Query(ctx, selectTasks+where+which+inOrderOfTasks, args...)
	return collect(rows, err, "list tasks", func(row pgx.CollectableRow) (inbox.Task, error) {
		var t inbox.Task
		var policy string
		var err error
		if t.ObligationRow, err = scanObligationAnd(row, &policy); err == nil {
			t.Policy = policyRef(policy)
		}
		return t, err
	})
}

// from is a day of a key: no day is before all.
func from(d rehab.Date) pgtype.Date { return day(max(d, 1)) }

const selectTold = `SELECT ` + escalationColumns + ` FROM escalations e JOIN cases c USING (case_id)
WHERE e.closed_at IS NULL AND c.` + notVoid + ` AND e.promise IS NULL AND ($8 = 'admin' OR e.role = $8) AND (e.told_at, e.case_id, e.id) > ($4, $5, $6) AND `

const awakeEscalations = ` AND NOT EXISTS (SELECT 1 FROM snoozes s
  WHERE s.actor = $2 AND s.case_id = e.case_id AND s.kind = '' AND s.n = e.id AND` + asleep + `)
ORDER BY e.told_at, e.case_id, e.id LIMIT $7`

// Told lists the open escalations that wait for an answer of f.Role, the longest told first.
func (s *Store) Told(ctx context.Context, f inbox.Filter) ([]board.EscalationRow, error) {
	where, who := scope(f, "c")
	rows, err := s.pool.Query(ctx, selectTold+where+awakeEscalations, who, f.Actor, day(f.Today), f.After.At, f.After.CaseID, f.After.N, limit(f.Limit), string(f.Role))
	return collect(rows, err, "list escalations", scanEscalation)
}

const selectLeaves = `SELECT l.case_id, c.place, c.worker, l.leave, l.from_day, l.to_day, l.reported_at FROM leave_requests l JOIN cases c USING (case_id)
WHERE c.` + notVoid + ` AND (l.from_day, l.case_id, l.leave) > ($2, $3, $4) AND `

// LeaveRequests lists the leaves that nobody decided yet, the first to begin first.
func (s *Store) LeaveRequests(ctx context.Context, f inbox.Filter) ([]inbox.LeaveRequest, error) {
	where, who := scope(f, "c")
	rows, err := s.pool.Query(ctx, selectLeaves+where+` ORDER BY l.from_day, l.case_id, l.leave LIMIT $5`, who, from(f.After.Day), f.After.CaseID, f.After.N, limit(f.Limit))
	return collect(rows, err, "list leaves", func(row pgx.CollectableRow) (inbox.LeaveRequest, error) {
		var l inbox.LeaveRequest
		var from, to pgtype.Date
		err := row.Scan(&l.CaseID, &l.Place, &l.Worker, &l.Leave, &from, &to, &l.ReportedAt)
		l.From, l.To, l.ReportedAt = dateOf(from), dateOf(to), l.ReportedAt.UTC()
		return l, err
	})
}

// ofVoid keeps out what was said about a case that never should have been.
const ofVoid = ` NOT EXISTS (SELECT 1 FROM cases v WHERE v.case_id = n.case_id AND v.phase = '` + string(rehab.Void) + `')`

const selectNotices = `SELECT ` + noticeColumns + ` FROM notices n
WHERE ($1 = 0 OR position < $1) AND` + ofVoid + ` AND `

// NoticesTo lists the notices to f.Role at f.Place, or to the worker, the newest first, and
// those that came to workers for whom this one stands in, since they are away;
// f.After.N is the position of the last one seen.
func (s *Store) NoticesTo(ctx context.Context, f inbox.Filter) ([]board.NoticeRow, error) {
	which, args := `true`, []any{f.After.N, limit(f.Limit)}
	switch {
	case f.Role == rehab.WorkerRole:
		which, args = `role = 'worker' AND (worker = $3 OR EXISTS (SELECT FROM worker_absences a WHERE a.stand_in = $3 AND a.worker = n.worker
  AND $4 BETWEEN a.from_day AND a.to_day AND n.created_at >= a.from_day::timestamp AT TIME ZONE 'Asia/Shanghai'))`, append(args, f.Actor, day(f.Today))
	case f.Role != rehab.Admin:
		which, args = `role <> 'worker' AND role = $3 AND place = $4`, append(args, string(f.Role), f.Place)
	}
	rows, err := s.pool.Query(ctx, selectNotices+which+` ORDER BY position DESC LIMIT $2`, args...)
	return collect(rows, err, "read notices", scanNotice)
}
