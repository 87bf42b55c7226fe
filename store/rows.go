package store

import (
	"github.com/jackc/pgx/v5"

	"guitu/rehab"
)

// tablesOfRows are the tables that rehab.Rows fill.
var tablesOfRows = []string{"obligations", "escalations", "leave_requests", "referrals", "transfers", "taken_back"}

// writeRows queues the rows of the case: what changed of them, or all. What they are is the
// core's to say: here each table has its one statement. A record changes few rows, for which
// plain values are quicker than arrays that the server plans anew each time.
func writeRows(b *pgx.Batch, caseID string, r *rehab.Rows) {
	if r.Whole {
		for _, table := range tablesOfRows {
			b.Queue(`DELETE FROM `+table+` WHERE case_id = $1`, caseID)
		}
	}
	for i := range r.Obligations {
		o := &r.Obligations[i]
		b.Queue(upsertObligation, caseID, o.ID.Kind, o.ID.N, day(o.Opens), day(o.Due), instant(o.DueAt), day(o.Expires), o.Status, o.Ground, o.About, o.Citation,
			day(o.MetOn), o.Unconfirmed)
	}
	if r.Ended {
		b.Queue(voidForgotten, caseID, append([]rehab.Kind{}, r.Spared...))
	}
	for i := range r.Escalations {
		e := &r.Escalations[i]
		b.Queue(upsertEscalation, caseID, e.ID, e.Obligation.String(), e.Rung, e.Role, instant(e.OpenedAt), instant(e.ToldAt), instant(e.NextAt), day(e.Promise), e.AckedBy,
			instant(e.ClosedAt), e.Closing)
	}
	for _, l := range r.Leaves {
		b.Queue(insertLeave, caseID, l.ID, day(l.From), day(l.To), l.ReportedAt)
	}
	if len(r.Decided) > 0 {
		b.Queue(`DELETE FROM leave_requests WHERE case_id = $1 AND leave = ANY($2)`, caseID, r.Decided)
	}
	for _, x := range r.Referrals {
		b.Queue(upsertReferral, caseID, x.ID, x.Agency, x.Kind, x.State, day(x.On), day(x.ReplyBy), day(x.RepliedOn), x.Reason)
	}
	for i := range r.Transfers {
		t := &r.Transfers[i]
		b.Queue(upsertTransfer, caseID, t.ID, t.From, t.To, t.State, t.Reason, t.ReturnedFor, day(t.RequestedOn), day(t.ForwardedOn), day(t.AnsweredOn), day(t.ArrivedOn), day(t.EndedOn))
	}
	for _, x := range r.Struck {
		b.Queue(`INSERT INTO taken_back (case_id, seq, instead) VALUES ($1, $2, nullif($3::bigint, 0))`, caseID, x.Seq, x.Instead)
	}
}

const upsertObligation = `INSERT INTO obligations (case_id, kind, n, opens, due, due_at, expires, status, ground, test, cite, met_on, unconfirmed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (case_id, kind, n) DO UPDATE SET opens = excluded.opens, due = excluded.due, due_at = excluded.due_at, expires = excluded.expires, status = excluded.status,
  ground = excluded.ground, test = excluded.test, cite = excluded.cite, met_on = excluded.met_on, unconfirmed = excluded.unconfirmed`

// voidForgotten ends the confirmed misses of a case that ended, also those that the case
// itself has forgotten since they take no evidence any more.
const voidForgotten = `UPDATE obligations SET status = 'superseded' WHERE case_id = $1 AND status = 'confirmed' AND kind <> ALL($2)`

// The instant at which an escalation opened comes with the record that opened it.
const upsertEscalation = `INSERT INTO escalations (case_id, id, obligation, rung, role, opened_at, told_at, next_at, promise, acked_by, closed_at, closing)
VALUES ($1, $2, $3, $4, $5, coalesce($6, $7::timestamptz), $7, $8, $9, $10, $11, $12)
ON CONFLICT (case_id, id) DO UPDATE SET rung = excluded.rung, role = excluded.role, told_at = excluded.told_at, next_at = excluded.next_at,
  promise = excluded.promise, acked_by = excluded.acked_by, closed_at = excluded.closed_at, closing = excluded.closing`

const insertLeave = `INSERT INTO leave_requests (case_id, leave, from_day, to_day, reported_at) VALUES ($1, $2, $3, $4, $5)`

const upsertReferral = `INSERT INTO referrals (case_id, id, agency, kind, state, made_on, reply_by, replied_on, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (case_id, id) DO UPDATE SET state = excluded.state, reply_by = excluded.reply_by, replied_on = excluded.replied_on, reason = excluded.reason`

// What a record does not say of a transfer the row has already: only the first one says why
// and when it was asked for.
const upsertTransfer = `INSERT INTO transfers AS t (case_id, id, from_place, to_place, state, reason, returned_for, requested_on, forwarded_on, answered_on, arrived_on, ended_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, $10::date), $9, $10, $11, $12)
ON CONFLICT (case_id, id) DO UPDATE SET state = excluded.state, returned_for = coalesce(nullif(excluded.returned_for, ''), t.returned_for),
  forwarded_on = coalesce(excluded.forwarded_on, t.forwarded_on), answered_on = coalesce(excluded.answered_on, t.answered_on),
  arrived_on = coalesce(excluded.arrived_on, t.arrived_on), ended_on = coalesce(excluded.ended_on, t.ended_on)`
